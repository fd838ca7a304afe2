"""Mean and spread of a figure over parts of its data."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from seqgan.errors import InputError


class Spread(NamedTuple):
    """A figure's mean and population standard deviation over parts; the second is no standard error."""

    mean: float
    std: float

    @classmethod
    def of(cls, values: Sequence[float] | np.ndarray) -> Spread:
        """Of one value a part."""
        return cls(float(np.mean(values)), float(np.std(values)))


def parts(count: int, number: int) -> list[slice]:
    """`number` runs that cover `count` rows, run i from i*count//number on. Raises InputError for too few rows."""
    if not 1 <= number <= count:
        raise InputError(f"{count} rows were to be split in {number} parts; expected between 1 part and one a row")
    bounds = [i * count // number for i in range(number + 1)]
    return [slice(start, end) for start, end in pairwise(bounds)]
