"""Bouncing digits as a data set."""

from __future__ import annotations

from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from seqgan.data.check import check_data
from seqgan.data.digits.glyphs import DIGITS, SHARES
from seqgan.data.digits.motion import SETS, measured_motion
from seqgan.data.digits.prepare import captions, clip_counts, held_cells, pasted, prepare_digits
from seqgan.data.manifest import read_records
from seqgan.data.sequences import STORIES, SequenceData
from seqgan.errors import DataError
from tests.fixtures.make_digits import make_digits

COUNTS = {"train": 60, "val": 20, "test": 20, "test_cells": 20}


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("mnist")
    make_digits(folder, 20)
    return folder


@pytest.mark.parametrize(("digits", "motions"), [(1, "lr,ud"), (1, "six"), (2, "six")])
def test_it_is_a_good_set_and_nothing_is_shared(source: Path, tmp_path: Path, digits: int, motions: str) -> None:
    about = prepare_digits(tmp_path / "d", COUNTS, digits, motions, folder=source, progress=False)
    assert about["counts"] == COUNTS and (about["frames"], about["fps"]) == (16, 8)
    assert check_data(tmp_path / "d") == []
    glyphs: dict[str, set[str]] = {}
    for story in read_records(tmp_path / "d", name=STORIES):
        glyphs.setdefault(story["split"], set()).update(story["source"].split("+"))
    assert sum(map(len, glyphs.values())) == len(set(chain.from_iterable(glyphs.values())))
    held = set(about["cells"]["test_cells"])
    for split in COUNTS:
        for clip in SequenceData.open(tmp_path / "d", split).clips:
            assert len(clip["labels"]["digits"]) == len(set(clip["labels"]["cells"])) == digits
            assert all((cell in held) == (split == "test_cells") for cell in clip["labels"]["cells"])


def test_captions_and_labels_are_what_is_to_be_seen(source: Path, tmp_path: Path) -> None:
    prepare_digits(tmp_path / "d", 40, motions="six", folder=source, progress=False)
    data = SequenceData.open(tmp_path / "d", tuple(clip_counts(40)))
    for row, clip in enumerate(data.clips):
        words = measured_motion(data.frames[data.starts[row] : data.starts[row + 1]])
        (digit,) = clip["labels"]["digits"]
        assert clip["labels"]["motions"] == [words] and clip["labels"]["cells"] == [f"{digit} {words}"]
        assert clip["text"][0] == f"the digit {digit} moves {words}"
        assert len(set(clip["text"])) == 4 and all(words in text and digit in text for text in clip["text"])


def test_a_clip_depends_on_nothing_but_its_number(source: Path, tmp_path: Path) -> None:
    many = prepare_digits(tmp_path / "many", {"train": 6, "val": 2}, folder=source, progress=False)
    assert prepare_digits(tmp_path / "again", {"train": 6, "val": 2}, folder=source, progress=False) == many
    prepare_digits(tmp_path / "few", {"val": 2}, folder=source, progress=False)
    one, other = (SequenceData.open(tmp_path / name, "val") for name in ("many", "few"))
    np.testing.assert_array_equal(one.frames, other.frames)
    assert prepare_digits(tmp_path / "s", {"val": 2}, seed=1, folder=source, progress=False)["hash"] != many["hash"]


def test_two_digits_overlap_by_the_lighter() -> None:
    glyphs = np.stack([np.full((28, 28), 100, np.uint8), np.full((28, 28), 200, np.uint8)])
    paths = [np.array([[0, 0]]), np.array([[0, 10]])]
    frame = pasted(glyphs, paths, 40)[0]
    assert frame.shape == (40, 40, 3)
    assert [frame[5, x, 0] for x in (5, 15, 30, 39)] == [100, 200, 200, 0]
    assert pasted(glyphs[::-1], paths[::-1], 40)[0].tolist() == frame.tolist()


def test_two_digits_are_told_together() -> None:
    told = captions([(2, "up and down"), (0, "left and right")])
    assert "digit 2 is going up and down and digit 0 is going left and right" in told
    assert "the digit 2 moves up and down while the digit 0 moves left and right" in told
    assert len(set(told)) == 8


@pytest.mark.parametrize("motions", SETS)
def test_every_digit_and_motion_stays_in_training(motions: str) -> None:
    words = SETS[motions]
    held = held_cells(words, 0)
    assert len(held) == 2 * len(words)
    for digit in range(len(DIGITS)):
        assert len([1 for each, _ in held if each == digit]) < len(words)
    for word in words:
        assert 0 < len([1 for _, each in held if each == word]) < len(DIGITS)
    assert held_cells(words, 1) != held


def test_counts_and_names_are_checked(source: Path, tmp_path: Path) -> None:
    assert clip_counts(100) == {"train": 70, "val": 10, "test": 10, "test_cells": 10} and set(SHARES) == set(COUNTS)
    for wrong, told in ((0, "clips is 0"), ({"dev": 1}, "split 'dev'"), ({"val": -1}, "clips is")):
        with pytest.raises(DataError, match=told):
            clip_counts(wrong)
    cases: dict[str, Any] = {"digits": 3, "motions": "seven", "frames": 4, "size": 30, "seed": -1}
    for name, value in cases.items():
        with pytest.raises(DataError, match=f"{name} .*{value}"):
            prepare_digits(tmp_path / "d", 10, **{name: value}, folder=source, progress=False)
    assert not (tmp_path / "d").exists()
