"""Percentile bootstrap intervals (Efron 1979): how far a mean might lie from where this sample put it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from seqgan.errors import InputError
from seqgan.metrics.arrays import Array, float64

RESAMPLES = 2000
LEVEL = 0.95


class Interval(NamedTuple):
    """A figure and the ends of its interval."""

    value: float
    low: float
    high: float


def mean_interval(values: Array, seed: int = 0, resamples: int = RESAMPLES, level: float = LEVEL) -> Interval:
    """The mean of `values` (N,), one of each independent unit, with its interval. Raises InputError for none."""
    rows = float64("the values", values)
    if rows.ndim != 1 or not len(rows):
        raise InputError(f"values are {rows.shape}; expected (N,), one figure a unit, with at least one")
    rng = np.random.default_rng(seed)
    drawn = [rows[rng.integers(len(rows), size=len(rows))].mean() for _ in range(resamples)]
    return interval(float(rows.mean()), drawn, level)


def difference_interval(
    first: Array, second: Array, seed: int = 0, resamples: int = RESAMPLES, level: float = LEVEL
) -> Interval:
    """Mean of first - second (N,) with its interval, units drawn in pairs; an interval without 0 tells them apart.

    Raises InputError unless both have one figure for each of the same units.
    """
    x, y = float64("the first figures", first), float64("the second figures", second)
    if x.shape != y.shape:
        raise InputError(f"figures are {x.shape} and {y.shape}; expected those of the same units in the same order")
    return mean_interval(x - y, seed, resamples, level)


def interval(value: float, drawn: Sequence[float] | np.ndarray, level: float = LEVEL) -> Interval:
    """`value` between the quantiles that hold `level` of the figures of its resamples; NaN among them is left out."""
    if not len(drawn) or not 0 < level < 1:
        raise InputError(
            f"{len(drawn)} resamples at level {level} came; expected 1 or more, and a level between 0 and 1"
        )
    low, high = np.nanquantile(drawn, [(1 - level) / 2, (1 + level) / 2])
    return Interval(value, float(low), float(high))
