"""Panels with labels: order, counts, and what is refused."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from seqgan.data.manifest import read_records, read_strip
from seqgan.data.panels import PanelData, space_of
from seqgan.data.theatre.labels import LabelSpace
from seqgan.data.theatre.prepare import prepare
from seqgan.errors import DataError
from seqgan.resources import asset


@pytest.fixture(scope="module")
def stories(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("theatre") / "data"
    prepare(asset("cast", "fluent"), folder, {"train": 3, "test": 4}, (32, 48), 5, 1, False)
    return folder


def test_panels_come_in_the_order_of_the_manifest(stories: Path) -> None:
    data = PanelData.open(stories, "test", space_of(stories))
    records = list(read_records(stories, "test"))
    assert len(data) == sum(len(record["text"]) for record in records) == len(data.told) == len(data.panels)
    for number, record in enumerate(records):
        rows = data.rows(number)
        np.testing.assert_array_equal(data.images[rows], read_strip(stories, record, (32, 48)))
        for row, panel in zip(range(rows.start, rows.stop), record["panels"], strict=True):
            for name, target in data.space.encode(panel).items():
                np.testing.assert_array_equal(data.targets[name][row], target)


def test_the_first_stories_alone(stories: Path) -> None:
    whole, part = (PanelData.open(stories, "test", space_of(stories), n) for n in (None, 2))
    assert [record["id"] for record in part.records] == [record["id"] for record in whole.records[:2]]
    assert len(part) == part.starts[-1] == whole.starts[2]


def test_several_splits_one_after_another(stories: Path) -> None:
    space = space_of(stories)
    test, train, both = (PanelData.open(stories, split, space) for split in ("test", "train", ("test", "train")))
    np.testing.assert_array_equal(both.images, np.concatenate([test.images, train.images]))
    assert both.records == test.records + train.records


def test_the_space_is_the_packs_own_in_order(stories: Path) -> None:
    space = space_of(stories)
    assert len(space.characters) == 12 and space.characters == tuple(sorted(space.characters))
    assert len(space.settings) == 10 and len(space.props) >= 24


def test_a_split_that_is_not_there_is_told(stories: Path) -> None:
    with pytest.raises(DataError, match="no story of split 'val'"):
        PanelData.open(stories, "val", space_of(stories))


def test_what_the_space_lacks_is_named(stories: Path) -> None:
    space = space_of(stories)
    panels = [panel for record in read_records(stories, "test") for panel in record["panels"]]
    missing = min(actor["who"] for panel in panels for actor in panel["actors"])
    smaller = LabelSpace(tuple(who for who in space.characters if who != missing), space.settings, space.props)
    with pytest.raises(DataError, match=f"shows {missing}, outside the label space"):
        PanelData.open(stories, "test", smaller)


def test_a_data_set_without_vocabulary_is_told(stories: Path, tmp_path: Path) -> None:
    about = json.loads((stories / "dataset.json").read_text(encoding="utf-8"))
    del about["vocabulary"]
    (tmp_path / "dataset.json").write_text(json.dumps(about), encoding="utf-8")
    with pytest.raises(DataError, match="has no vocabulary"):
        space_of(tmp_path)
