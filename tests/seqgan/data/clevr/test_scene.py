"""Scenes of CLEVR-SV: things stand apart, a seed draws the same ones, numbers and sentences are the published ones."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest

from seqgan.data.clevr.prepare import LEAST_SEEN, story_scene
from seqgan.data.clevr.render import seen_shares
from seqgan.data.clevr.scene import (
    CAMERA,
    CAMERA_SHIFT,
    LAMP_SHIFT,
    LAMPS,
    RIGHT,
    SIDES,
    Scene,
    Thing,
    stand_apart,
    story_dice,
)
from seqgan.data.clevr.telling import sentences, sides_of
from seqgan.data.clevr.vectors import check_vectors, labels_of, named_labels, scene_vectors, things_of
from seqgan.errors import DataError

CUBE = Thing(0, 1, 0, 1, 2.0, -2.5)  # the first of the released story 100, rounded
DRUM = Thing(2, 2, 1, 1, -1.5, -0.5)
SCENE = Scene((CUBE, DRUM, Thing(2, 7, 1, 0, -2.75, 2.25), Thing(1, 3, 1, 0, 1.5, -0.5)))
SENTENCE = re.compile(
    r"a (rubber|metal) (gray|red|blue|green|brown|purple|cyan|yellow) (large|small) (cube|sphere|cylinder) is "
    r"(in front of|behind|to the right of|to the left of) the (rubber|metal) \w+ (large|small) (cube|sphere|cylinder)"
)


def _one(size: int, at: int) -> list[float]:
    return [float(place == at) for place in range(size)]


def test_a_vector_is_the_published_one_to_the_number() -> None:
    vectors = scene_vectors(SCENE)
    cube = [*_one(3, 0), *_one(8, 1), *_one(2, 0), *_one(2, 1), 2.0, -2.5, 0.35]
    drum = [*_one(3, 2), *_one(8, 2), *_one(2, 1), *_one(2, 1), -1.5, -0.5, 0.35]
    camera = [0.6563113, 0.75449026, 0.0]
    expected = np.array([*cube, *drum, *[0.0] * 36, *camera], np.float32)
    assert vectors.shape == (4, 75) and vectors.dtype == np.float32
    np.testing.assert_array_equal(vectors[1], expected)
    third = [*_one(3, 2), *_one(8, 7), 0, 1, 1, 0, -2.75, 2.25, 0.7]
    np.testing.assert_array_equal(vectors[3, 36:54], np.array(third, np.float32))


def test_vectors_tell_what_was_there_before_and_one_thing_more() -> None:
    slots = scene_vectors(SCENE)[:, :72].reshape(4, 4, 18)
    for panel in range(4):
        assert not slots[panel, panel + 1 :].any()
        np.testing.assert_array_equal(slots[panel, : panel + 1], slots[3, : panel + 1])
    labels = labels_of(scene_vectors(SCENE))
    assert (np.diff(labels, axis=0) >= 0).all()
    assert named_labels(scene_vectors(SCENE)[1]) == {
        "shapes": ("cube", "cylinder"), "colours": ("red", "blue"), "materials": ("rubber", "metal"),
        "sizes": ("small",),
    }  # fmt: skip


def test_things_are_read_back_from_a_vector() -> None:
    assert things_of(scene_vectors(SCENE)[2]) == SCENE.things[:3]


def test_the_published_right_hand_is_that_of_the_camera() -> None:
    np.testing.assert_allclose(RIGHT, (0.6563113, 0.75449026), atol=1e-6)
    np.testing.assert_allclose(SIDES["behind"] @ RIGHT, 0, atol=1e-12)


@pytest.mark.parametrize(
    ("vectors", "told"),
    [(np.zeros((4, 16)), r"shape \(4, 16\); expected 75 numbers a panel: 4 slots of 18 \(shape 3, colour 8, "
      r"material 2, size 2, x, y, z\) and 3 of the camera"),
     (np.zeros(75), r"shape \(75,\)"), (np.full((4, 75), 0.5), "not one-hot"), (np.eye(4, 75), "not one-hot")],
)  # fmt: skip
def test_vectors_of_another_layout_are_refused(vectors: np.ndarray, told: str) -> None:
    with pytest.raises(DataError, match=told):
        check_vectors(vectors, "story 7")


def test_a_height_must_be_that_of_its_size() -> None:
    vector = scene_vectors(SCENE)[0].copy()
    vector[17] = 0.5
    with pytest.raises(DataError, match="height is 0.50; expected 0.35"):
        things_of(vector)


def test_sentences_are_the_published_ones() -> None:
    told = sentences(SCENE, np.random.default_rng(0))
    assert told[0] == "there is a rubber red small cube"
    assert told[1].startswith("a metal blue small cylinder is ") and told[1].endswith(" the rubber red small cube")
    for index in range(20):
        scene, told = story_scene(1, "train", index)
        assert told[0] == f"there is a {scene.things[0].description}"
        assert all(SENTENCE.fullmatch(sentence) for sentence in told[1:])


def test_sides_are_those_that_the_camera_sees() -> None:
    here = Thing(0, 0, 0, 0, 0.0, 0.0)

    def at(along: float, away: float) -> Thing:
        x, y = along * RIGHT + away * SIDES["behind"]
        return replace(here, x=float(x), y=float(y))

    assert sides_of(at(2, 0), here) == ("to the right of",)
    assert sides_of(at(-2, 1), here) == ("to the left of", "behind")
    assert sides_of(at(0, -1), here) == ("in front of",)
    assert sides_of(at(0.1, 0.05), here) == ("to the right of",)  # none is clear


def test_a_thing_is_told_from_one_that_a_description_means_alone() -> None:
    twin = replace(CUBE, x=-2.0)
    for seed in range(8):
        told = sentences(Scene((CUBE, twin, DRUM, replace(DRUM, x=2.5, colour=0))), np.random.default_rng(seed))
        assert told[3].endswith("the metal blue small cylinder")


def test_scenes_keep_the_rules_of_clevr() -> None:
    for index in range(25):
        scene, _ = story_scene(0, "test", index)
        for one, other in combinations(scene.things, 2):
            gap = np.hypot(one.x - other.x, one.y - other.y) - one.radius - other.radius
            apart = np.array([one.x - other.x, one.y - other.y])
            assert gap >= 0.25 and abs(apart @ RIGHT) >= 0.4 and abs(apart @ SIDES["behind"]) >= 0.4
        assert np.abs([(thing.x, thing.y) for thing in scene.things]).max() <= 3
        assert np.abs(scene.lamps - LAMPS).max() <= LAMP_SHIFT and np.abs(scene.camera - CAMERA).max() <= CAMERA_SHIFT
        assert min(seen_shares(scene)) >= LEAST_SEEN


def test_standing_apart_is_told_along_each_direction() -> None:
    assert stand_apart(CUBE, DRUM)
    assert not stand_apart(CUBE, replace(CUBE, x=CUBE.x + 0.5, y=CUBE.y + 0.5))  # too near
    ahead = 3 * SIDES["behind"]
    assert not stand_apart(CUBE, replace(CUBE, x=CUBE.x + ahead[0], y=CUBE.y + ahead[1]))  # neither left nor right


def test_attributes_are_drawn_evenly() -> None:
    numbers = np.array([thing.numbers for index in range(150) for thing in story_scene(2, "train", index)[0].things])
    for column, choices in enumerate((3, 8, 2, 2)):
        counts = np.bincount(numbers[:, column], minlength=choices) / len(numbers)
        assert np.abs(counts - 1 / choices).max() < 0.12


def test_a_story_is_of_its_seed_split_and_number_alone() -> None:
    one, again = story_scene(3, "val", 5), story_scene(3, "val", 5)
    assert one[1] == again[1] and one[0].things == again[0].things
    others = [story_scene(4, "val", 5), story_scene(3, "train", 5), story_scene(3, "val", 6)]
    assert all(other[0].things != one[0].things for other in others)
    with pytest.raises(DataError, match="split 'vol' does not exist"):
        story_dice(0, "vol", 1)
