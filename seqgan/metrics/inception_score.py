"""Inception Score: are pictures of one clear class each, and of all classes? (Salimans et al. 2016, section 4)

It sees neither real pictures nor captions. The figure belongs to its classifier: name that beside it.
"""

from __future__ import annotations

import numpy as np

from seqgan.errors import InputError
from seqgan.metrics.arrays import Array, rows64
from seqgan.metrics.spread import Spread, parts

SUM_ERROR = 1e-2
"""How far a row may sum from 1: classifiers may have run in bfloat16."""


def inception_score(probabilities: Array, splits: int = 10) -> Spread:
    """exp of the mean KL(p(y|x) || p(y)) in each of `splits` runs of rows, between 1 and K; mean and population std.

    `probabilities` (N, K), after softmax. Run i starts at row i*N//splits: shuffle pictures that come class by class.
    Raises InputError where rows are no probabilities, or fewer than splits.
    """
    table = rows64("probabilities", probabilities)
    if table.min() < 0 or np.abs(table.sum(1) - 1).max() > SUM_ERROR:
        raise InputError("rows are no probabilities (not negative, sum 1); apply softmax to the logits first")
    return Spread.of([_score(table[run]) for run in parts(len(table), splits)])


def _score(table: np.ndarray) -> float:
    kept = table > 0  # 0 log 0 is 0; where the class's mean is 0, so is every row
    ratio = np.divide(table, table.mean(0), out=np.ones_like(table), where=kept)
    return float(np.exp((table * np.log(ratio)).sum(1).mean()))
