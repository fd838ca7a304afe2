"""Pictures of scenes: what is told is seen where it stands, panels add, rubber is matt, metal mirrors, lamps shade."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from seqgan.data.clevr.camera import Camera
from seqgan.data.clevr.light import Lamps, covered, encoded, floor_light, shaded
from seqgan.data.clevr.prepare import story_scene
from seqgan.data.clevr.render import draw_story, seen_shares
from seqgan.data.clevr.scene import CAMERA, COLOURS, LAMPS, Scene, Thing
from seqgan.data.clevr.solids import distance, normals
from seqgan.data.clevr.surfaces import PAINTS
from seqgan.errors import DataError

BALL = Thing(1, 3, 0, 0, 0.0, 0.0)
SHAPES = [Thing(shape, 1, 0, 0, 0.3, -0.2, 0.4) for shape in range(3)]


def _floor() -> np.ndarray:
    """The floor alone: a scene whose only thing stands out of sight."""
    return draw_story(Scene((replace(BALL, x=60.0, y=-60.0),)))[0].astype(int)


@pytest.mark.parametrize("thing", SHAPES)
def test_rays_meet_surfaces_at_their_distance(thing: Thing) -> None:
    down = np.array([[0, 0, -1]], np.float32)
    above = np.array([[thing.x, thing.y, 5]], np.float32)
    np.testing.assert_allclose(distance(thing, above, down), 5 - 2 * thing.radius, rtol=1e-6)
    aside = above + np.array([[2 * thing.radius, 0, 0]], np.float32)
    assert np.isinf(distance(thing, aside, down)).all()
    assert np.isinf(distance(thing, above, -down)).all()


def test_a_cube_is_met_where_its_turn_puts_its_edge() -> None:
    cube = Thing(0, 1, 0, 0, 0.0, 0.0, np.pi / 4)
    side = np.array([[3, 0, 0.7]], np.float32)
    np.testing.assert_allclose(distance(cube, side, np.array([[-1, 0, 0]], np.float32)), 3 - 0.7 * 2**0.5, rtol=1e-5)


@pytest.mark.parametrize("thing", SHAPES)
def test_normals_look_outwards(thing: Thing) -> None:
    top = np.array([[thing.x, thing.y, 2 * thing.radius]], np.float32)
    np.testing.assert_allclose(normals(thing, top), [[0, 0, 1]], atol=1e-6)
    rng = np.random.default_rng(0)
    ways = rng.normal(size=(200, 3)).astype(np.float32)
    start = np.array([thing.x, thing.y, thing.radius], np.float32) - 5 * ways
    points = start + distance(thing, start, ways)[:, None] * ways
    facing = normals(thing, points)
    np.testing.assert_allclose(np.linalg.norm(facing, axis=1), 1, atol=1e-5)
    assert ((facing * ways).sum(1) < 0).mean() > 0.95  # all but on rounded edges


def test_the_camera_looks_at_the_middle_of_the_floor() -> None:
    camera = Camera.at(CAMERA)
    np.testing.assert_allclose(camera.project(np.zeros(3)), (0.5, 0.5))
    floor = camera.floor(16)
    places = camera.project(floor.astype(np.float64)) * 16
    down, along = np.mgrid[:16, :16] + 0.5
    np.testing.assert_allclose(places, np.stack([along.ravel(), down.ravel()], -1), atol=1e-3)
    np.testing.assert_allclose(floor[:, 2], 0, atol=1e-4)


def test_shade_falls_away_from_each_lamp() -> None:
    lamps = Lamps.at(LAMPS)
    towards = LAMPS * (1, 1, 0) / np.linalg.norm(LAMPS[:, :2], axis=1, keepdims=True)
    behind, before = ((far * towards).astype(np.float32) for far in (-0.4, 1.5))
    np.testing.assert_allclose(np.diag(shaded(BALL, behind, lamps)), 1, atol=1e-6)
    assert not np.diag(shaded(BALL, before, lamps)).any()
    taken = covered(BALL, np.array([[0.3, 0, 0], [4, 4, 0]], np.float32), np.array([0, 0, 1], np.float32))
    assert taken[0] > 0.7 and taken[1] < 0.01


def test_light_is_encoded_as_srgb() -> None:
    np.testing.assert_allclose(encoded(np.array([-1, 0, 0.002, 0.2140, 1, 2])), [0, 0, 0.02584, 0.5, 1, 1], atol=1e-3)
    assert floor_light(np.zeros((1, 3), np.float32), Lamps.at(LAMPS)).shape == (1, 3)


def test_a_floor_falls_off_from_the_front_to_the_back() -> None:
    floor = _floor()
    assert floor[60, 48].mean() > floor[32, 32].mean() + 5 > floor[2, 32].mean() + 15
    assert 90 < floor[2].mean() < 120


def test_every_panel_adds_a_thing_and_keeps_the_rest() -> None:
    for index in range(12):
        panels = draw_story(story_scene(5, "train", index)[0]).astype(int)
        changed = (np.abs(np.diff(panels, axis=0)).max(-1) > 12).mean((1, 2))
        assert panels.shape == (4, 64, 64, 3) and ((changed > 0.001) & (changed < 0.3)).all()


@pytest.mark.parametrize("material", [0, 1])
@pytest.mark.parametrize("shape", [0, 1, 2])
def test_a_colour_is_seen_where_its_thing_stands(shape: int, material: int) -> None:
    floor = _floor()
    for colour in range(len(COLOURS)):
        thing = Thing(shape, colour, material, 0, 0.5, -0.8, 0.3)
        panel = draw_story(Scene((thing,)))[0].astype(float)
        centre = Camera.at(CAMERA).project(np.array([thing.x, thing.y, thing.radius])) * 64
        column, row = (int(place) for place in centre)
        seen = panel[row - 2 : row + 3, column - 2 : column + 3].mean((0, 1))
        tint = seen / seen.sum() - PAINTS[colour] / PAINTS[colour].sum()
        others = [seen / seen.sum() - paint / paint.sum() for paint in PAINTS]
        assert min(np.linalg.norm(other) for other in others) > np.linalg.norm(tint) - 0.12
        away = np.abs(panel - floor).max(-1)
        assert away[row, column] > 12 and away[:4].max() <= 2


def test_metal_mirrors_and_rubber_does_not() -> None:
    there = Scene((replace(BALL, size=0), Thing(0, 1, 0, 0, 1.9, -0.9, 0.2)))
    where = np.s_[28:36, 28:38]
    changes = []
    for material in (0, 1):
        ball = replace(there.things[0], material=material)
        one, both = draw_story(Scene((ball, there.things[1]))).astype(int)
        changes.append(np.abs(both - one)[where].max())
    assert changes[1] > changes[0]


def test_what_stands_in_front_hides_what_is_behind() -> None:
    front, back = Thing(0, 1, 0, 0, 2.0, -1.7), Thing(1, 2, 0, 1, 0.4, -0.35)
    alone = seen_shares(Scene((back,)))[0]
    hidden = seen_shares(Scene((back, front)))
    assert hidden[0] < 0.5 * alone and hidden[1] > 0.02


def test_the_same_scene_is_the_same_picture_at_any_size() -> None:
    scene = story_scene(0, "train", 3)[0]
    np.testing.assert_array_equal(draw_story(scene), draw_story(scene))
    wide = draw_story(scene, 128).reshape(4, 64, 2, 64, 2, 3).mean((2, 4))
    assert np.abs(wide - draw_story(scene)).mean() < 1.5


def test_what_cannot_be_drawn_is_refused() -> None:
    with pytest.raises(DataError, match="size is 8, expected at least 16"):
        draw_story(Scene((BALL,)), 8)
    with pytest.raises(DataError, match="things of a scene is 0"):
        draw_story(Scene(()))
