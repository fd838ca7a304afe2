"""Reading and writing a data set's folder, and its hash."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from seqgan.data.manifest import DataHash, Writing, pixel_digest, read_about, read_records, read_strip, record_line
from seqgan.errors import DataError

RECORD = {"id": "a", "split": "train", "text": ["é.", "b."], "media": "a.png"}


def test_lines_are_compact_and_keep_letters() -> None:
    assert record_line({"b": ["é"], "a": 1}) == '{"b":["é"],"a":1}'


def test_the_hash_sees_text_pixels_and_shape() -> None:
    pixels = np.arange(24, dtype=np.uint8).reshape(2, 4, 3)

    def value(line: str, image: np.ndarray) -> str:
        digest = DataHash()
        digest.add(line, pixel_digest(image))
        return digest.value

    values = {value("a", pixels), value("b", pixels), value("a", pixels + 1), value("a", pixels.reshape(4, 2, 3))}
    assert len(values) == 4
    assert value("a", pixels) == value("a", np.asfortranarray(pixels))


def test_records_come_by_split(tmp_path: Path) -> None:
    lines = [record_line({**RECORD, "split": split}) + "\n" for split in ("train", "test", "train")]
    (tmp_path / "manifest.jsonl").write_text("".join(lines) + "\n", encoding="utf-8")
    assert len(list(read_records(tmp_path))) == 3
    assert len(list(read_records(tmp_path, "train"))) == 2
    (tmp_path / "manifest.jsonl").write_text("{broken\n", encoding="utf-8")
    with pytest.raises(DataError, match="line 1 is not JSON"):
        list(read_records(tmp_path))


def test_a_strip_is_cut_into_panels(tmp_path: Path) -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (2, 4, 7, 3), np.uint8)
    Image.fromarray(pixels.reshape(8, 7, 3)).save(tmp_path / "a.png")
    assert np.array_equal(read_strip(tmp_path, RECORD, (4, 7)), pixels)
    with pytest.raises(DataError, match="7x8; expected 7x10"):
        read_strip(tmp_path, RECORD, (5, 7))
    with pytest.raises(DataError, match="is missing"):
        read_strip(tmp_path, {**RECORD, "media": "b.png"}, (4, 7))


def test_writing_puts_the_whole_or_nothing(tmp_path: Path) -> None:
    out = tmp_path / "set"
    with pytest.raises(RuntimeError), Writing(out) as writing:
        writing.write_json("dataset.json", {"format": 1})
        raise RuntimeError
    assert list(tmp_path.iterdir()) == []
    for seed in (1, 2):
        with Writing(out) as writing:
            writing.write_json("dataset.json", {"format": 1, "seed": seed})
    assert read_about(out)["seed"] == 2
    assert [path.name for path in tmp_path.iterdir()] == ["set"]
