"""Picture data sets: written whole or not at all, and read back as they were."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from seqgan.data.pictures import Picture, PictureData, about_pictures, write_pictures
from seqgan.errors import DataError
from tests.seqgan.tiny_pictures import tiny_pictures

SIDES = {"size": [4, 6], "crop": [4, 6]}
ABOUT: dict[str, Any] = {"name": "t", **SIDES, "flip": False, "mismatch": "class", "licence": "x"}


def _picture(name: str = "a", split: str = "train", shade: int = 7, **labels: str) -> Picture:
    return Picture(name, split, (f"picture {name}",), np.full((4, 6, 3), shade, np.uint8), labels, name)


def _write(folder: Path, *pictures: Picture, **about: Any) -> Any:
    return write_pictures(folder / "set", pictures, ABOUT | about, progress=False)


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    about = _write(tmp_path, _picture("a", shade=1, kind="x"), _picture("b", shade=2), _picture("c", "test", kind="w"))
    assert about["counts"] == {"train": 2, "test": 1}
    assert about["labels"] == {"kind": ["w", "x"]}
    data = PictureData.open(tmp_path / "set", "train")
    assert len(data) == 2
    assert data.images[:, 0, 0, 0].tolist() == [1, 2]
    assert data.captions == [("picture a",), ("picture b",)]
    assert data.labels["kind"].tolist() == [1, -1]
    both = PictureData.open(tmp_path / "set", ("test", "train"))
    assert both.images[:, 0, 0, 0].tolist() == [7, 1, 2]
    assert len(set(both.sources.tolist())) == 3


def test_the_hash_is_of_pixels_and_lines(tmp_path: Path) -> None:
    first, same = (_write(tmp_path / name, _picture())["hash"] for name in "pq")
    assert first == same
    assert _write(tmp_path / "r", _picture(shade=8))["hash"] != first
    assert _write(tmp_path / "s", _picture(kind="x"))["hash"] != first


def test_a_cache_of_other_pixels_is_not_used(tmp_path: Path) -> None:
    for shade in (1, 2):
        _write(tmp_path, _picture(shade=shade))
        assert PictureData.open(tmp_path / "set", "train").images.max() == shade


@pytest.mark.parametrize(
    ("pictures", "about", "told"),
    [
        ([], {}, "not one picture"),
        ([_picture(), _picture()], {}, "two pictures have the id 'a'"),
        ([Picture("a", "train", (), np.zeros((4, 6, 3), np.uint8), {}, "a")], {}, "has no caption"),
        ([Picture("a", "train", (" ",), np.zeros((4, 6, 3), np.uint8), {}, "a")], {}, "has no caption"),
        ([Picture("a", "train", ("b",), np.zeros((5, 6, 3), np.uint8), {}, "a")], {}, r"expected uint8 \(4, 6, 3\)"),
        ([_picture()], {"mismatch": "clas"}, 'did you mean "class"'),
    ],
)
def test_what_cannot_be_written(tmp_path: Path, pictures: list[Picture], about: dict[str, Any], told: str) -> None:
    with pytest.raises(DataError, match=told):
        _write(tmp_path, *pictures, **about)
    assert not (tmp_path / "set").exists()


def test_what_a_set_must_tell(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="must tell flip, licence"):
        write_pictures(tmp_path / "s", [_picture()], {k: v for k, v in ABOUT.items() if k not in ("flip", "licence")})


def test_what_cannot_be_read(tmp_path: Path) -> None:
    folder = tiny_pictures(tmp_path / "tiny")
    with pytest.raises(DataError, match="it has train, val, test"):
        PictureData.open(folder, "trian")
    next(iter((folder / "media").rglob("*.png"))).write_bytes(b"no picture")
    with pytest.raises(DataError, match="cannot be decoded"):
        PictureData.open(folder, ("train", "val", "test"))
    about = json.loads((folder / "dataset.json").read_text())
    (folder / "dataset.json").write_text(json.dumps(about | {"kind": "story"}))
    with pytest.raises(DataError, match="holds story data"):
        about_pictures(folder)
