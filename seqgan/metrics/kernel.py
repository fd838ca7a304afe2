"""KID: the squared maximum mean discrepancy of features under a cubic kernel (Binkowski et al. 2018, equation 4)."""

from __future__ import annotations

import numpy as np

from seqgan.errors import InputError


def kid(first: np.ndarray, second: np.ndarray) -> float:
    """Unbiased MMD^2 of two feature sets (N, d), (M, d) with k(a, b) = (a.b / d + 1)^3, in float64.

    Small negative values are normal. Raises InputError for fewer than two rows or unequal widths.
    """
    x, y = np.asarray(first, np.float64), np.asarray(second, np.float64)
    if x.ndim != 2 or y.ndim != 2 or x.shape[1] != y.shape[1] or min(len(x), len(y)) < 2:
        raise InputError(f"features are {x.shape} and {y.shape}; expected (N, d) and (M, d) with N, M of 2 or more")
    return _within(x) + _within(y) - 2 * float(_cubic(x, y).mean())


def _cubic(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    return (x @ y.T / x.shape[1] + 1) ** 3


def _within(x: np.ndarray) -> float:
    """Mean of the kernel over pairs of different rows."""
    table, count = _cubic(x, x), len(x)
    return float((table.sum() - np.trace(table)) / (count * (count - 1)))
