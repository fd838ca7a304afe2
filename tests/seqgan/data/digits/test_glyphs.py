"""The table of handwritten digits, and how it is divided."""

from __future__ import annotations

import gzip
from pathlib import Path

import numpy as np
import pytest

from seqgan.data.digits.glyphs import FILE, SHARES, divided, read_glyphs
from seqgan.errors import DataError
from tests.fixtures.make_digits import make_digits


def test_pixels_and_digits_are_read(tmp_path: Path) -> None:
    table = make_digits(tmp_path, 10)
    glyphs = read_glyphs(tmp_path)
    np.testing.assert_array_equal(glyphs.pixels.reshape(-1, 784), table[:, :-1])
    np.testing.assert_array_equal(glyphs.labels, table[:, -1])


def test_no_picture_is_in_two_splits() -> None:
    labels = np.arange(5000) % 10
    pools = divided(labels, 0)
    assert {split: len(np.concatenate(pool)) for split, pool in pools.items()} == {
        "train": 3500, "val": 500, "test": 500, "test_cells": 500,
    }  # fmt: skip
    rows = np.concatenate([np.concatenate(pool) for pool in pools.values()])
    assert len(set(rows.tolist())) == 5000
    for pool in pools.values():
        for digit, part in enumerate(pool):
            assert (labels[part] == digit).all()
    assert any((one != other).any() for one, other in zip(pools["val"], divided(labels, 1)["val"], strict=True))


def test_what_is_missing_or_wrong_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="seqgan data fetch mnist-5k"):
        read_glyphs(tmp_path)
    make_digits(tmp_path, 1)
    path = tmp_path / FILE
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(DataError, match="cannot be read"):
        read_glyphs(tmp_path)
    for text in (b"1,2,3\n", b"nobody\n", b"1,2\n3\n", b",".join([b"300"] * 785), b",".join([b"1"] * 785)):
        path.write_bytes(gzip.compress(text))
        with pytest.raises(DataError, match=r"mnist_5k\.csv\.gz"):
            read_glyphs(tmp_path)
    with pytest.raises(DataError, match=f"the digit 0 has 2 pictures; expected one for each of {len(SHARES)}"):
        divided(np.arange(20) % 10, 0)
