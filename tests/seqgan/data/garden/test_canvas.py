"""The canvas: its own sine and waves, and shapes where they belong."""

from __future__ import annotations

import math

import numpy as np
import pytest

from seqgan.data.garden.canvas import Blade, Canvas, Outline, Paint, circle, derivative, horner, smooth, wave

RED = Paint((100.0, 0.0, 0.0), (200.0, 0.0, 0.0), (250.0, 50.0, 50.0))
OVAL = Outline((-4.0, 4.0, 0.0))


@pytest.mark.parametrize("turns", [-3.3, -0.5, -0.2, 0.0, 0.1, 0.25, 0.49, 0.5, 7.77])
def test_circle_is_sine_and_cosine(turns: float) -> None:
    assert circle(turns) == pytest.approx((math.sin(math.tau * turns), math.cos(math.tau * turns)), abs=1e-12)


def test_polynomials_steps_and_waves() -> None:
    x = np.array([0.0, 1.0, 2.0])
    assert horner((2.0, -1.0, 3.0), x).tolist() == [3.0, 4.0, 9.0]
    assert derivative((2.0, -1.0, 3.0)) == (4.0, -1.0)
    assert smooth(np.array([0.0, 0.2, 0.3, 0.4, 1.0]), 0.2, 0.4) == pytest.approx([0, 0, 0.5, 1, 1])
    assert wave(np.array([0.0, 0.25, 0.5, 0.75, 1.25])) == pytest.approx([0, 1, 0, -1, 1])


def test_tones_go_from_dark_to_light() -> None:
    shown = RED.toned(np.array([[-2.0, -1.0, 0.0, 0.5, 1.0, 3.0]]))[0, 0]
    assert shown.tolist() == [100.0, 100.0, 200.0, 225.0, 250.0, 250.0]


def test_a_blade_covers_its_ellipse_and_nothing_else() -> None:
    canvas = Canvas(np.zeros((3, 100, 100)))
    canvas.blade(Blade((0.5, 0.9), (0.0, -0.8), 0.2, OVAL), RED.even, part=3)
    assert canvas.rgb[0].sum() / 200 == pytest.approx(math.pi * 0.4 * 0.2 * 100 * 100, rel=0.01)
    assert (canvas.parts == 3).sum() == pytest.approx(math.pi * 800, rel=0.02)
    assert canvas.parts[10:90].any(1).all()
    assert not canvas.parts[:9].any()
    assert np.array_equal(canvas.parts, canvas.parts[:, ::-1])


def test_a_blade_bulges_and_is_notched() -> None:
    straight, bent, cut = (Canvas(np.zeros((3, 80, 80))) for _ in range(3))
    straight.blade(Blade((0.5, 0.9), (0.0, -0.8), 0.2, OVAL), RED.even, part=1)
    bent.blade(blade := Blade((0.5, 0.9), (0.0, -0.8), 0.2, OVAL, bulge=0.1), RED.even, part=1)
    cut.blade(Blade((0.5, 0.9), (0.0, -0.8), 0.2, Outline(OVAL.square, notch=0.3)), RED.even, part=1)
    assert blade.at(0.5) == pytest.approx((0.6, 0.5))
    columns = [np.nonzero(each.parts)[1].mean() for each in (straight, bent)]
    assert columns[1] - columns[0] == pytest.approx(0.08 * 80, abs=1.0)
    assert not cut.parts[:25, 40].any()
    assert straight.parts[12:25, 40].all()


def test_what_lies_outside_the_frame_changes_nothing() -> None:
    canvas = Canvas(np.zeros((3, 20, 20)))
    canvas.blade(Blade((3.0, 3.0), (0.2, 0.2), 0.1, OVAL), RED.even, part=1)
    canvas.disc((-2.0, 0.5), (0.2, 0.2), RED.even, part=1)
    assert not canvas.rgb.any()
    assert not canvas.parts.any()


def test_a_shadow_darkens_around_a_shape() -> None:
    canvas = Canvas(np.full((3, 100, 100), 100.0))
    canvas.disc((0.5, 0.5), (0.2, 0.2), RED.even, part=2, shadow=0.5)
    assert canvas.rgb[1, 50, 50] == 0.0
    assert 50.0 < canvas.rgb[1, 50, 71] < canvas.rgb[1, 50, 72] < canvas.rgb[1, 50, 75] == 100.0
    assert (canvas.parts == 2).sum() == pytest.approx(math.pi * 400, rel=0.02)


def test_pixels_are_averaged_and_rounded() -> None:
    rgb = np.zeros((3, 4, 4))
    rgb[0, :2, :2] = [[10.0, 11.0], [12.0, 13.0]]
    rgb[1, 2:, 2:] = 300.0
    shown = Canvas(rgb).pixels(2)
    assert (shown.dtype, shown.shape) == (np.uint8, (2, 2, 3))
    assert (shown[0, 0, 0], shown[1, 1, 1], shown[0, 1, 0]) == (12, 255, 0)
    assert Canvas(rgb).pixels(1).shape == (4, 4, 3)
