"""What comes in: arrays or tensors, turned into float64 numpy and looked over once."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from seqgan.errors import InputError

if TYPE_CHECKING:
    from torch import Tensor

Array: TypeAlias = "np.ndarray | Tensor"


def float64(name: str, values: Array) -> np.ndarray:
    """`values` as a float64 array, from any device and number type. Raises InputError for NaN and infinities."""
    if not isinstance(values, np.ndarray) and hasattr(values, "detach"):
        values = values.detach().cpu().double().numpy()
    array = np.asarray(values, np.float64)
    if not np.isfinite(array).all():
        raise InputError(f"{name} holds NaN or infinity; look at the network that made it")
    return array


def rows64(name: str, values: Array, least: int = 1) -> np.ndarray:
    """`values` as float64 (N, d). Raises InputError for another number of axes or fewer than `least` rows."""
    array = float64(name, values)
    if array.ndim != 2 or len(array) < least or not array.shape[1]:
        raise InputError(f"{name} are {array.shape}; expected (N, d) with {least} rows or more")
    return array


def two_sets(first: Array, second: Array, least: int) -> tuple[np.ndarray, np.ndarray]:
    """Two feature sets (N, d), (M, d) as float64. Raises InputError for fewer than `least` rows or unequal widths."""
    x, y = float64("the first features", first), float64("the second features", second)
    if x.ndim != 2 or y.ndim != 2 or x.shape[1] != y.shape[1] or min(len(x), len(y)) < least:
        raise InputError(
            f"features are {x.shape} and {y.shape}; expected (N, d) and (M, d) with N, M of {least} or more"
        )
    return x, y
