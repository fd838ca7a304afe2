"""The theatre as clips: the same texts and pictures, five panels a story, and what sentences leave untold."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from seqgan.data.check import check_data
from seqgan.data.manifest import read_records, read_strip
from seqgan.data.panels import space_of
from seqgan.data.sequences import CLIPS, SequenceData
from seqgan.data.theatre.clips import LENGTH, long_enough, panel_labels, prepare_clips, untold_labels
from seqgan.data.theatre.pack import CastPack
from seqgan.data.theatre.prepare import prepare, story_texts
from seqgan.data.theatre.splits import held_in
from seqgan.data.theatre.stage import Stage
from seqgan.data.theatre.world import Actor, Look, Panel, Told
from seqgan.resources import asset

FLUENT = asset("cast", "fluent")
COUNTS, SIZE = {"train": 5, "val": 1, "test": 2, "test_unseen": 2}, (32, 48)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("clips") / "set"
    about = prepare_clips(FLUENT, out, COUNTS, SIZE, seed=3, progress=False)
    assert about["counts"] == COUNTS
    return out


def test_it_is_a_good_set_of_single_frames(folder: Path) -> None:
    assert check_data(folder) == []
    data = SequenceData.open(folder, "train")
    assert data.stories.shape == (5, LENGTH) and data.frames.shape == (25, *SIZE, 3)
    assert len(set(data.sources)) == 5
    assert len(data.about["groups"]["looks"]) == 12 * 8 and len(data.about["groups"]["sizes"]) == 12 * 2


def test_texts_and_pictures_are_those_of_the_theatre(folder: Path, tmp_path: Path) -> None:
    prepare(FLUENT, tmp_path / "whole", {"train": 12}, SIZE, seed=3, progress=False)
    data = SequenceData.open(folder, "train")
    stories = [record for record in read_records(tmp_path / "whole", "train") if len(record["text"]) >= LENGTH]
    for rows, known, record in zip(data.stories, data.records, stories, strict=False):
        assert known["id"] == known["source"] == record["id"]
        assert [data.captions[row] for row in rows] == [(text,) for text in record["text"][:LENGTH]]
        strip = read_strip(tmp_path / "whole", record, SIZE)
        np.testing.assert_array_equal(data.frames[data.middle[rows]], strip[:LENGTH])
    assert data.about["groups"] == {group: list(names) for group, names in space_of(tmp_path / "whole").names.items()}


def test_workers_do_not_change_a_byte(folder: Path, tmp_path: Path) -> None:
    prepare_clips(FLUENT, tmp_path / "two", COUNTS, SIZE, seed=3, workers=2, progress=False)
    for path in (path for path in sorted(folder.rglob("*")) if path.is_file() and path.parent.name != "cache"):
        assert (tmp_path / "two" / path.relative_to(folder)).read_bytes() == path.read_bytes()


def test_without_jitter_everything_stands_on_its_mark(tmp_path: Path) -> None:
    about = prepare_clips(FLUENT, tmp_path / "still", {"train": 1}, SIZE, seed=3, progress=False, jitter=0.0)
    assert about["jitter"] == 0.0
    data = SequenceData.open(tmp_path / "still", "train")
    script = next(each for each in story_texts(CastPack.shipped(), "train", 12, 3) if len(each.panels) >= LENGTH)
    stage = Stage(CastPack.shipped(), SIZE)
    marks = np.stack([stage.draw(panel, np.zeros(16)) for panel in script.panels[:LENGTH]])
    np.testing.assert_array_equal(data.frames[data.middle[data.stories[0]]], marks)


def test_labels_are_what_the_panel_shows_and_the_sentence_leaves() -> None:
    hat, big = Look("hat", "red"), Look("scarf", "blue", "big")
    actors = (Actor("mia", look=hat), Actor("max"), Actor("owl", look=big))
    panel = Panel(actors, "beach", "dusk", "rain", ("kite",)).to_dict()
    assert panel_labels(panel) == {
        "characters": ("mia", "max", "owl"), "props": ("kite",), "settings": ("beach",), "times": ("dusk",),
        "weathers": ("rain",), "looks": ("mia hat red", "owl scarf blue"), "sizes": ("owl big",),
    }  # fmt: skip
    assert not any(untold_labels(panel, Told().to_dict()).values())
    spoken = untold_labels(panel, Told(pronoun=True, carried=("owl",)).to_dict())
    assert spoken == {"characters": ("mia", "max", "owl"), "looks": ("owl scarf blue",), "sizes": ("owl big",)}


def test_nothing_untold_is_told_nowhere(folder: Path) -> None:
    told: dict[str, set[str]] = {}
    for clip in read_records(folder, name=CLIPS):
        story, names = clip["id"].split("/")[0], [name for group in clip["labels"].values() for name in group]
        silent = {name for group in clip.get("untold", {}).values() for name in group}
        assert silent <= told.setdefault(story, set())
        told[story] |= set(names) - silent
    assert any("untold" in clip for clip in read_records(folder, name=CLIPS))


def test_short_stories_are_passed_over_and_unseen_pairs_come_in_time() -> None:
    pack = CastPack.shipped()
    texts = list(story_texts(pack, "test_unseen", 40, 3))
    good = [len(each.panels) >= LENGTH and bool(held_in(pack, each.panels[:LENGTH])) for each in texts]
    assert long_enough(pack, "test_unseen", sum(good), 3) == np.flatnonzero(good).tolist()
    assert 0 < sum(good) < 40
