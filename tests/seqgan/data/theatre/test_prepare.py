"""Preparing a data set: equal for any worker count, whole or nothing, and its text without pictures."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from seqgan.data.manifest import read_records, read_strip
from seqgan.data.theatre.pack import CastPack
from seqgan.data.theatre.prepare import pack_of, prepare, stage_of, story_counts, story_rng, story_texts
from seqgan.data.theatre.stage import Stage
from seqgan.data.theatre.world import Panel
from seqgan.errors import DataError
from seqgan.resources import asset

COUNTS = {"train": 5, "val": 1, "test": 2, "test_unseen": 2}
SIZE = (32, 56)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("data") / "theatre"
    prepare(asset("cast", "fluent"), out, COUNTS, SIZE, seed=3, progress=False)
    return out


def test_the_records_are_whole(folder: Path) -> None:
    records = list(read_records(folder))
    assert [record["split"] for record in records] == [split for split, n in COUNTS.items() for _ in range(n)]
    assert all(len(r["text"]) == len(r["panels"]) == len(r["told"]) == len(r["noise"]) for r in records)
    assert all(len(row) == 16 for record in records for row in record["noise"])
    about = json.loads((folder / "dataset.json").read_text(encoding="utf-8"))
    assert (about["format"], about["kind"], about["size"], about["counts"]) == (1, "story", [32, 56], COUNTS)
    assert len(about["hash"]) == 64


def test_a_picture_is_what_the_stage_draws(folder: Path) -> None:
    record = next(read_records(folder, "test"))
    strip, stage = read_strip(folder, record, SIZE), stage_of(folder)
    for panel, noise, pixels in zip(record["panels"], record["noise"], strip, strict=True):
        assert np.array_equal(stage.draw(Panel.from_dict(panel), np.array(noise)), pixels)


def test_workers_do_not_change_a_byte(folder: Path, tmp_path: Path) -> None:
    about = prepare(asset("cast", "fluent"), tmp_path / "two", COUNTS, SIZE, seed=3, workers=2, progress=False)
    assert about["hash"] == json.loads((folder / "dataset.json").read_text(encoding="utf-8"))["hash"]
    assert (tmp_path / "two" / "manifest.jsonl").read_bytes() == (folder / "manifest.jsonl").read_bytes()
    for path in sorted(folder.rglob("*.png")):
        assert (tmp_path / "two" / path.relative_to(folder)).read_bytes() == path.read_bytes()


def test_another_seed_is_another_set(folder: Path, tmp_path: Path) -> None:
    about = prepare(asset("cast", "fluent"), tmp_path / "other", {"train": 2}, SIZE, seed=4, progress=False)
    assert about["hash"] != json.loads((folder / "dataset.json").read_text(encoding="utf-8"))["hash"]


def test_texts_are_those_of_the_pictures(folder: Path) -> None:
    texts = [list(script.sentences) for script in story_texts(CastPack.shipped(), "train", 5, 3)]
    assert texts == [record["text"] for record in read_records(folder, "train")]


def test_a_data_set_is_replaced_whole(tmp_path: Path) -> None:
    out = tmp_path / "set"
    prepare(asset("cast", "fluent"), out, {"train": 3}, SIZE, progress=False)
    prepare(asset("cast", "fluent"), out, {"train": 1}, SIZE, progress=False)
    assert len(list(out.rglob("*.png"))) == len(list(read_records(out))) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["set"]


def test_nothing_half_written_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Stage, "draw", broken)
    with pytest.raises(KeyboardInterrupt):
        prepare(asset("cast", "fluent"), tmp_path / "set", {"train": 1}, SIZE, progress=False)
    assert list(tmp_path.iterdir()) == []


def test_other_peoples_folders_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("dear", encoding="utf-8")
    with pytest.raises(DataError, match="holds other files"):
        prepare(asset("cast", "fluent"), tmp_path, 1, SIZE, progress=False)
    with pytest.raises(DataError, match="is a file"):
        prepare(asset("cast", "fluent"), tmp_path / "letter.txt", 1, SIZE, progress=False)


def test_a_changed_pack_is_noticed(folder: Path, tmp_path: Path) -> None:
    about = json.loads((folder / "dataset.json").read_text(encoding="utf-8"))
    about["pack"] |= {"digest": "0" * 64, "folder": str(asset("cast", "fluent"))}
    (tmp_path / "dataset.json").write_text(json.dumps(about), encoding="utf-8")
    with pytest.raises(DataError, match="has changed since"):
        pack_of(tmp_path)


def test_counts() -> None:
    assert story_counts(1000) == {"train": 860, "val": 40, "test": 60, "test_unseen": 40}
    assert story_counts({"test": 3}) == {"train": 0, "val": 0, "test": 3, "test_unseen": 0}
    for wrong in (0, {"train": 0}, {"train": -1}):
        with pytest.raises(DataError, match="at least one story"):
            story_counts(wrong)
    with pytest.raises(DataError, match="'tset'"):
        story_counts({"tset": 3})
    with pytest.raises(DataError, match="split is 'dev'"):
        story_rng(0, "dev", 0)


def test_without_jitter_everything_stands_on_its_mark(tmp_path: Path) -> None:
    about = prepare(asset("cast", "fluent"), tmp_path / "still", {"train": 2}, (32, 48), 3, 1, False, 0.0)
    assert about["jitter"] == 0.0
    stage = Stage(CastPack.shipped(), (32, 48))
    for record in read_records(tmp_path / "still"):
        for picture, panel in zip(read_strip(tmp_path / "still", record, (32, 48)), record["panels"], strict=True):
            assert np.array_equal(picture, stage.draw(Panel.from_dict(panel), np.zeros(16)))
