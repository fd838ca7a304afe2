"""Stories in attribute vectors as training reads them: of a prepared set, refused where it is told otherwise."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from seqgan.data.attributes import read_stories, train_and_val, write_synthetic
from seqgan.data.clevr.prepare import prepare_clevr, story_scene
from seqgan.data.clevr.render import draw_story
from seqgan.data.clevr.vectors import scene_vectors, slots_of
from seqgan.errors import DataError


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("clevr") / "data"
    write_synthetic(made, 20)
    return made


def test_stories_are_read_as_they_were_drawn(folder: Path) -> None:
    stories = read_stories(folder, "train")
    assert stories.vectors.shape == (20, 4, 75) and stories.images.shape == (20, 4, 64, 64, 3)
    scene, _ = story_scene(0, "train", 7)
    np.testing.assert_array_equal(stories.vectors[7], scene_vectors(scene))
    np.testing.assert_array_equal(stories.images[7], draw_story(scene))
    np.testing.assert_array_equal(stories.labels[:, 3], slots_of(stories.vectors)[:, 3, :, :15].max(1))


def test_val_is_that_of_the_set_or_else_a_tenth(folder: Path, tmp_path: Path) -> None:
    train, val = train_and_val(folder)
    assert (len(train), len(val)) == (20, 2)
    prepare_clevr(tmp_path / "whole", {"train": 20}, progress=False)
    train, val = train_and_val(tmp_path / "whole")
    assert (len(train), len(val)) == (18, 2)


def test_a_synthetic_set_is_drawn_once(folder: Path) -> None:
    before = (folder / "dataset.json").read_bytes()
    write_synthetic(folder, 30)
    assert (folder / "dataset.json").read_bytes() == before


@pytest.mark.parametrize(
    ("change", "told"),
    [({"vector": 13}, "vectors of 13 numbers; expected 4 panels and 75 numbers a panel"), ({"length": 5}, "5 panels"),
     ({"size": [32, 32]}, "prepare them at 64")],
)  # fmt: skip
def test_what_is_told_otherwise_is_refused(tmp_path: Path, change: dict[str, object], told: str) -> None:
    prepare_clevr(tmp_path / "data", {"train": 1}, progress=False)
    about = json.loads((tmp_path / "data" / "dataset.json").read_text(encoding="utf-8"))
    (tmp_path / "data" / "dataset.json").write_text(json.dumps(about | change), encoding="utf-8")
    with pytest.raises(DataError, match=told):
        read_stories(tmp_path / "data", "train")
