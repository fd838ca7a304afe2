"""KID: the squared maximum mean discrepancy of features under a cubic kernel (Binkowski et al. 2018, equation 4)."""

from __future__ import annotations

import numpy as np

from seqgan.errors import InputError
from seqgan.metrics.arrays import Array, two_sets
from seqgan.metrics.spread import Spread


def kid(first: Array, second: Array) -> float:
    """Unbiased MMD^2 of two feature sets (N, d), (M, d) with k(a, b) = (a.b / d + 1)^3, in float64.

    Small negative values are normal. Raises InputError for fewer than two rows or unequal widths.
    """
    x, y = two_sets(first, second, least=2)
    return _within(x) + _within(y) - 2 * float(_cubic(x, y).mean())


def kid_subsets(first: Array, second: Array, subsets: int = 100, size: int = 1000, seed: int = 0) -> Spread:
    """KID of `subsets` pairs of `size` rows each, drawn without replacement; mean and population std over them.

    Raises InputError where a set has fewer rows than `size` (it is never shrunk in silence).
    """
    x, y = two_sets(first, second, least=2)
    if subsets < 1 or not 2 <= size <= min(len(x), len(y)):
        raise InputError(
            f"{subsets} subsets of {size} rows were asked of sets of {len(x)} and {len(y)}; "
            f"expected 1 or more, of 2 to {min(len(x), len(y))} rows"
        )
    rng = np.random.default_rng(seed)
    drawn = [(rng.choice(len(x), size, replace=False), rng.choice(len(y), size, replace=False)) for _ in range(subsets)]
    return Spread.of([kid(x[ours], y[theirs]) for ours, theirs in drawn])


def _cubic(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    base = x @ y.T / x.shape[1] + 1
    return base * base * base  # a power of 3 is many times slower


def _within(x: np.ndarray) -> float:
    """Mean of the kernel over pairs of different rows."""
    table, count = _cubic(x, x), len(x)
    return float((table.sum() - np.trace(table)) / (count * (count - 1)))
