"""How much of the noise of pictures a style encoder recovers."""

from __future__ import annotations

import numpy as np

from seqgan.checks import check_shape
from seqgan.errors import InputError


def r_squared(true: np.ndarray, found: np.ndarray) -> float:
    """The mean over dimensions of 1 - SSE / SST, true and found (N, D): 1 for what is found exactly, 0 for the mean of
    `true` told of every row, below that for worse. Raises InputError for other shapes, and where a dimension of `true`
    does not vary, which leaves nothing to find."""
    check_shape("true", true, ("N", "D"))
    check_shape("found", found, true.shape)
    if len(true) < 2 or not np.ptp(true, axis=0).all():
        raise InputError(f"{len(true)} rows came of which a dimension does not vary; give at least 2 different rows")
    return float((1 - np.square(true - found).sum(0) / np.square(true - true.mean(0)).sum(0)).mean())
