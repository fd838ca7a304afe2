"""How far a figure might lie from where this sample put it: percentile bootstrap (Efron 1979), grouped jackknife
(Shao and Tu 1995, section 2.3), and Wilson's interval of a share (Wilson 1927)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from statistics import NormalDist
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


def wilson_interval(share: float, count: int, level: float = LEVEL) -> Interval:
    """A share (0..1) of `count` independent units with Wilson's interval, which has a width at 0 and 1 too."""
    if count < 1 or not 0 <= share <= 1:
        raise InputError(f"a share of {share:g} of {count} units came; expected 0 to 1, of at least one unit")
    z = NormalDist().inv_cdf((1 + level) / 2)
    middle = (share + z**2 / (2 * count)) / (1 + z**2 / count)
    half = z / (1 + z**2 / count) * (share * (1 - share) / count + z**2 / (4 * count**2)) ** 0.5
    return Interval(share, max(0.0, min(share, middle - half)), min(1.0, max(share, middle + half)))


def resampled_interval(
    figure: Callable[[np.ndarray], float], units: int, seed: int = 0, resamples: int = RESAMPLES, level: float = LEVEL
) -> Interval:
    """A figure of any kind, told of rows of `units` (N,), by bootstrap: pooled counts and means over what is known."""
    rng = np.random.default_rng(seed)
    drawn = [figure(rng.integers(units, size=units)) for _ in range(resamples)]
    value = figure(np.arange(units))
    return interval(value, drawn, level) if np.isfinite(drawn).any() else Interval(value, float("nan"), float("nan"))


def jackknife_interval(
    figure: Callable[[np.ndarray], float], units: int, seed: int = 0, groups: int = 20, level: float = LEVEL
) -> Interval:
    """A figure of rows of `units` with a normal interval from leaving out one of `groups` random groups at a time.

    For distances of distributions: a bootstrap draws units twice, which makes sets look smaller and Frechet distances
    larger than they are. Raises InputError for fewer than two units.
    """
    if units < 2 or groups < 2:
        raise InputError(f"{units} units in {groups} groups came; leaving some out needs two or more")
    parts = np.array_split(np.random.default_rng(seed).permutation(units), min(groups, units))
    left = np.array([figure(np.sort(np.delete(np.arange(units), part))) for part in parts])
    value, share = figure(np.arange(units)), (len(parts) - 1) / len(parts)
    half = NormalDist().inv_cdf((1 + level) / 2) * float(np.sqrt(share * ((left - left.mean()) ** 2).sum()))
    return Interval(value, value - half, value + half)
