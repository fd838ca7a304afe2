"""Clusters of panels that look alike."""

from __future__ import annotations

import numpy as np
import pytest

from seqgan.data.sequences import Clip, Story, write_sequences
from seqgan.errors import ConfigError
from seqgan.training.panel_clusters import clusters_of
from seqgan.training.story_pictures import StoryPictures, open_stories

LEVELS = {"night": 10, "day": 200, "noon": 250}


@pytest.fixture(scope="module")
def stories(tmp_path_factory: pytest.TempPathFactory) -> StoryPictures:
    """Dark, light and very light panels, a little unlike each other, in stories of three."""
    folder = tmp_path_factory.mktemp("lights") / "set"
    rng = np.random.default_rng(0)
    clips = [Clip(f"{name}/{k}", (level + rng.integers(-5, 6, (1, 32, 32, 3))).astype(np.uint8), (f"{name} {k}",), {})
             for k in range(5) for name, level in LEVELS.items()]  # fmt: skip
    told = [Story(str(k), "train", tuple(f"{name}/{k}" for name in LEVELS), str(k)) for k in range(5)]
    about = {"name": "lights", "size": [32, 32], "length": 3, "groups": {}, "seed": 0, "licence": "MIT"}
    write_sequences(folder, clips, told, about, progress=False)
    return open_stories(folder, "train", "sentences")


def test_panels_that_look_alike_are_of_one_cluster(stories: StoryPictures) -> None:
    found = clusters_of(stories, 3, seed=0)
    rows = found[stories.stories]  # (4, 3)
    assert (rows == rows[0]).all() and sorted(rows[0]) == [0, 1, 2]
    two = clusters_of(stories, 2, seed=0)[stories.stories]
    assert (two[:, 1] == two[:, 2]).all() and (two[:, 0] != two[:, 1]).all()


def test_the_same_seed_finds_the_same_and_clips_of_no_story_have_none(stories: StoryPictures) -> None:
    four = stories.of(np.arange(4))
    found = clusters_of(four, 5, seed=3)
    np.testing.assert_array_equal(found, clusters_of(four, 5, seed=3))
    assert (found == -1).sum() == 3 and set(found) == {-1, 0, 1, 2, 3, 4}


@pytest.mark.parametrize("count", [1, 16])
def test_there_must_be_as_many_panels_and_two_clusters(stories: StoryPictures, count: int) -> None:
    with pytest.raises(ConfigError, match=f"training.clusters is {count}, expected at least 2 and at most 15"):
        clusters_of(stories, count, seed=0)
