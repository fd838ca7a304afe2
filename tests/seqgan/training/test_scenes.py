"""Backgrounds of a data set: one for all frames, or one for each scene that labels tell apart."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from seqgan.data.sequences import Clip, Story, write_sequences
from seqgan.errors import ConfigError
from seqgan.metrics.regions import LEVEL
from seqgan.training.scenes import Scenes
from seqgan.training.story_pictures import StoryPictures, open_stories

GREY = {"beach": 200, "forest": 40}
GROUPS = {"who": ["Ann"], "empty": [], "place": list(GREY), "time": ["day", "night"]}


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> StoryPictures:
    """Six clips at the beach and three in the forest, each of its grey with a mark on the diagonal; what the last story
    shows is not learnt from."""
    places = [*5 * ["beach"], "forest", "beach", "forest", "forest", "beach"]
    clips = [_clip(number, place) for number, place in enumerate(places)]
    ids = [clip.id for clip in clips]
    stories = [Story(f"s{k}", "train", tuple(ids[k : k + 3]), "a") for k in range(0, 7, 3)]
    about = {"name": "two", "size": [32, 32], "length": 3, "groups": GROUPS, "seed": 0, "licence": "MIT"}
    folder = tmp_path_factory.mktemp("scenes") / "set"
    write_sequences(folder, clips, [*stories, Story("t", "test", (ids[9], *ids[:2]), "b")], about, progress=False)
    return open_stories(folder, "train", "sentences")


def _clip(number: int, place: str) -> Clip:
    frame = np.full((1, 32, 32, 3), GREY[place] if number < 9 else 0, np.uint8)
    frame[0, number, number] = 255 if place == "forest" else 0
    return Clip(str(number), frame, (f"Here is {number}.",), {"who": ("Ann",), "place": (place,), "time": ("day",)})


def test_without_groups_all_frames_have_one_background(data: StoryPictures) -> None:
    scenes = Scenes.of(data, (32, 32))
    assert scenes.backgrounds.shape == (1, 3, 32, 32) and (scenes.backgrounds == GREY["beach"]).all()
    frames = data.pictures(np.array([1]), (32, 32), None)[0]  # clips 3 to 5: two at the beach, one in the forest
    figure = scenes.figure(frames, data.stories[1])
    assert figure.shape == (3, 1, 32, 32) and figure.sum((1, 2, 3)).tolist() == [1, 1, 32 * 32]


@pytest.mark.parametrize("groups", [("place",), ("time", "place"), ("who", "place", "time")])
def test_every_scene_has_its_own(data: StoryPictures, groups: tuple[str, ...]) -> None:
    scenes = Scenes.of(data, (32, 32), groups)
    assert sorted(int(each.unique()) for each in scenes.backgrounds) == sorted(GREY.values())
    figure = scenes.figure(data.pictures(np.array([1]), (32, 32), None)[0], data.stories[1])
    assert [part.nonzero().tolist() for part in figure[:, 0]] == [[[n, n]] for n in (3, 4, 5)]


def test_a_thing_differs_by_more_than_the_level(data: StoryPictures) -> None:
    scenes = Scenes.of(data, (8, 16))
    frame = scenes.backgrounds.to(torch.uint8).clone()
    frame[0, 1, 2, 3] -= LEVEL
    frame[0, 2, 4, 5] -= LEVEL + 1
    assert scenes.figure(frame, np.array([0])).nonzero().tolist() == [[0, 0, 4, 5]]


def test_a_group_that_is_not_there(data: StoryPictures) -> None:
    for group in ("weather", "empty"):
        with pytest.raises(ConfigError, match=f"training.scene.*{group}"):
            Scenes.of(data, (32, 32), (group,))
