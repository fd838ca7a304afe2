"""k-NN precision and recall of a generator's features (Kynkaanniemi et al. 2019, equations 1 and 2).

Precision: the share of generated pictures among the real ones; recall: the share of real ones that it reaches.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from seqgan.errors import InputError
from seqgan.metrics.arrays import Array, two_sets
from seqgan.metrics.neighbours import squared_distances

ROWS = 1024
"""How many rows are compared with a whole set at a time."""


class PrecisionRecall(NamedTuple):
    """Two shares, 0 to 1."""

    precision: float
    recall: float


def precision_recall(real: Array, fake: Array, k: int = 3) -> PrecisionRecall:
    """Shares of fakes within the balls around reals, and of reals within those around fakes.

    A picture's ball reaches to its k-th nearest other picture of its own set, border included. Features (N, d), (M, d);
    both figures depend on N and M: compare at equal counts. Raises InputError unless N, M > k and widths are equal.
    """
    if k < 1:
        raise InputError(f"k is {k}; expected 1 or more neighbours")
    x, y = two_sets(real, fake, least=k + 1)
    return PrecisionRecall(_share_within(y, x, _reaches(x, k)), _share_within(x, y, _reaches(y, k)))


def _reaches(points: np.ndarray, k: int) -> np.ndarray:
    """Squared distance (N,) of every point to its k-th nearest other."""
    reaches = np.empty(len(points))
    for start in range(0, len(points), ROWS):
        squares = squared_distances(points[start : start + ROWS], points)
        own = np.arange(len(squares))
        squares[own, start + own] = np.inf
        reaches[start : start + ROWS] = np.partition(squares, k - 1, axis=1)[:, k - 1]
    return reaches


def _share_within(queries: np.ndarray, points: np.ndarray, reaches: np.ndarray) -> float:
    found = [
        (squared_distances(queries[start : start + ROWS], points) <= reaches).any(1)
        for start in range(0, len(queries), ROWS)
    ]
    return float(np.concatenate(found).mean())
