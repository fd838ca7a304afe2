"""Steady and moving cameras, flashes, and scenes without texture."""

from __future__ import annotations

import numpy as np
import pytest

from seqgan.data.videos.steady import FROZEN, changing, look, measure, problem
from tests.fixtures.make_videos import scene


def _problem(before: np.ndarray, after: np.ndarray, camera: bool = True) -> str:
    return problem(measure(look(before, camera), look(after, camera), camera))


@pytest.mark.parametrize(("pan", "why"), [(0, ""), (2, ""), (24, "camera")])
def test_a_camera_may_move_smoothly(pan: int, why: str) -> None:
    frames = scene(1, 2, (192, 128), pan=pan)
    pair = measure(look(frames[0]), look(frames[1]))
    assert problem(pair) == why
    assert pair.moved == pytest.approx(pan / np.hypot(192, 128), abs=0.01)


def test_another_scene_is_told_from_the_same() -> None:
    one, other = scene(1, 1)[0], scene(2, 1)[0]
    assert _problem(one, other) in ("camera", "few points")
    assert _problem(one, one) == ""


def test_a_flash_and_a_plain_wall() -> None:
    wall = np.full((64, 96, 3), 90, np.uint8)
    wall[20:40, 20:40] = 120
    assert _problem(wall, wall + 80) == "flash"
    assert _problem(wall, np.roll(wall, 3, 1)) == "few points"
    assert _problem(wall, wall) == ""
    assert _problem(wall, np.roll(wall, 3, 1), camera=False) == ""


def test_measures_do_not_hang_on_what_was_looked_at_before() -> None:
    frames = scene(1, 3, (192, 128), pan=3)
    seen = [look(frame) for frame in frames]
    first = measure(seen[0], seen[1])
    measure(seen[1], seen[2])
    assert measure(seen[0], seen[1]) == first


def test_noise_is_no_change() -> None:
    grey = np.full((64, 96), 90, np.uint8)
    assert changing(grey, [grey + 10, grey]) == 0.0 < FROZEN
    moved = grey.copy()
    moved[:8, :12] = 255
    assert changing(grey, [grey, moved]) == pytest.approx(1 / 64)
    assert changing(grey, []) == 0.0
