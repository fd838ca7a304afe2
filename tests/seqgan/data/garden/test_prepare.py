"""Preparing a garden: equal for any worker count and on every machine, whole or nothing."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from seqgan.data.garden.flower import flower_of
from seqgan.data.garden.prepare import garden_picture, picture_counts, prepare_garden
from seqgan.data.manifest import read_records
from seqgan.data.pictures import PictureData
from seqgan.errors import DataError

COUNTS = {"train": 6, "val": 2, "test": 3}
HASH = "dbfbd1fc8ae36ab5a213f94cc369d86c3676e363b2801a2c16d1547f922ee6ae"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("data") / "garden"
    prepare_garden(out, COUNTS, 32, seed=5, progress=False)
    return out


def test_the_set_says_what_it_is(folder: Path) -> None:
    about = json.loads((folder / "dataset.json").read_text(encoding="utf-8"))
    assert {key: about[key] for key in ("kind", "name", "size", "crop", "flip", "mismatch", "seed", "counts")} == {
        "kind": "picture", "name": "garden", "size": [32, 32], "crop": [32, 32], "flip": True, "mismatch": "caption",
        "seed": 5, "counts": COUNTS,
    }  # fmt: skip
    assert about["licence"] == "MIT (drawn by our code)"


def test_every_machine_draws_the_same_bytes(folder: Path) -> None:
    assert json.loads((folder / "dataset.json").read_text(encoding="utf-8"))["hash"] == HASH


def test_workers_do_not_change_a_byte(folder: Path, tmp_path: Path) -> None:
    prepare_garden(tmp_path / "two", COUNTS, 32, seed=5, workers=2, progress=False)
    for path in sorted(path for path in folder.rglob("*.*") if "cache" not in path.parts):
        assert (tmp_path / "two" / path.relative_to(folder)).read_bytes() == path.read_bytes()


def test_records_carry_labels_captions_and_combination(folder: Path) -> None:
    records = list(read_records(folder))
    assert [record["split"] for record in records] == [split for split, n in COUNTS.items() for _ in range(n)]
    for number, record in enumerate(records[:6]):
        flower = flower_of(5, "train", number)
        assert (record["labels"], record["source"]) == (flower.labels, flower.combination)
        assert len(record["text"]) == 10
    sources = {split: {record["source"] for record in records if record["split"] == split} for split in COUNTS}
    assert not sources["train"] & sources["val"] | sources["train"] & sources["test"] | sources["val"] & sources["test"]


def test_pictures_are_read_back(folder: Path) -> None:
    data = PictureData.open(folder, "test")
    for index in range(3):
        assert np.array_equal(data.images[index], garden_picture(5, 32, ("test", index)).pixels)


def test_a_picture_does_not_depend_on_how_many_there_are(folder: Path, tmp_path: Path) -> None:
    prepare_garden(tmp_path / "one", {"test": 1}, 32, seed=5, progress=False)
    assert np.array_equal(PictureData.open(tmp_path / "one", "test").images[0],
                          PictureData.open(folder, "test").images[0])  # fmt: skip


def test_counts() -> None:
    assert picture_counts(6000) == {"train": 4980, "val": 300, "test": 720}
    assert picture_counts(1) == {"train": 1, "val": 0, "test": 0}
    assert picture_counts({"test": 3}) == {"train": 0, "val": 0, "test": 3}
    for wrong in (0, -5, {"train": 0}, {"train": 3, "val": -1}):
        with pytest.raises(DataError, match="at least one picture"):
            picture_counts(wrong)
    with pytest.raises(DataError, match="'tset'"):
        picture_counts({"tset": 3})


@pytest.mark.parametrize(("words", "message"), [({"size": 8}, "size is 8"), ({"seed": -1}, "seed is -1")])
def test_bad_arguments_leave_nothing(words: dict[str, int], message: str, tmp_path: Path) -> None:
    with pytest.raises(DataError, match=message):
        prepare_garden(tmp_path / "set", 3, progress=False, **words)
    assert list(tmp_path.iterdir()) == []


def test_other_peoples_folders_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("dear", encoding="utf-8")
    with pytest.raises(DataError, match="holds other files"):
        prepare_garden(tmp_path, 1, progress=False)


def test_the_garden_needs_no_torch() -> None:
    code = "import sys, seqgan.data.garden.prepare, seqgan.data.garden.reading; print('torch' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
