"""The Frechet distance of two feature sets taken as Gaussians (Heusel et al. 2017, equation 6); FID on Inception's.

It falls as sets grow: compare at equal counts only. The figure belongs to its features: name the network beside it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from seqgan.errors import InputError
from seqgan.metrics.arrays import Array, rows64


@dataclass(frozen=True)
class Statistics:
    """Mean (d,), covariance (d, d) and how many rows they were taken from."""

    mean: np.ndarray
    covariance: np.ndarray
    count: int


class FeatureSums:
    """Statistics of features that come batch by batch, in float64 and without loss of digits (Chan et al. 1979)."""

    def __init__(self, width: int) -> None:
        self.count = 0
        self._mean, self._squares = np.zeros(width), np.zeros((width, width))

    def add(self, features: Array) -> None:
        """Feed a batch (B, width). Raises InputError for another width, an empty batch and NaN."""
        rows = rows64("features", features)
        if rows.shape[1] != len(self._mean):
            raise InputError(f"features are {rows.shape[1]} wide, those before them {len(self._mean)}; use one network")
        whole = self.count + len(rows)
        centred, step = rows - rows.mean(0), rows.mean(0) - self._mean
        self._squares += centred.T @ centred + np.outer(step, step) * (self.count * len(rows) / whole)
        self._mean = self._mean + step * (len(rows) / whole)
        self.count = whole

    def statistics(self, unbiased: bool = True) -> Statistics:
        """Of all rows so far; the covariance is divided by N - 1 (`unbiased`) or N. Raises InputError below 2 rows."""
        if self.count < 2:
            raise InputError(f"{self.count} feature rows came; a covariance needs 2 or more")
        return Statistics(self._mean, self._squares / (self.count - unbiased), self.count)


def statistics(features: Array, unbiased: bool = True) -> Statistics:
    """Statistics of one set (N, d), N of 2 or more."""
    rows = rows64("features", features)
    sums = FeatureSums(rows.shape[1])
    sums.add(rows)
    return sums.statistics(unbiased)


def frechet_distance(first: Array | Statistics, second: Array | Statistics) -> float:
    """|m1 - m2|^2 + tr(S1 + S2 - 2 (S1 S2)^(1/2)) of features (N, d), (M, d) or their statistics; 0 for equal sets.

    Features' covariances are unbiased (N - 1). Raises InputError for unequal widths or fewer than 2 rows.
    """
    a, b = (each if isinstance(each, Statistics) else statistics(each) for each in (first, second))
    if a.mean.shape != b.mean.shape:
        raise InputError(f"features are {a.mean.size} and {b.mean.size} wide; compare features of one network")
    apart = float(((a.mean - b.mean) ** 2).sum())
    spread = float(np.trace(a.covariance) + np.trace(b.covariance)) - 2 * _root_trace(a.covariance, b.covariance)
    return max(apart + spread, 0.0)


def _root_trace(first: np.ndarray, second: np.ndarray) -> float:
    """tr (S1 S2)^(1/2), as the roots of the eigenvalues of S1^(1/2) S2 S1^(1/2), all real.

    Directions in which S1 has no more than rounding noise are left out: their roots would not be small.
    """
    values, vectors = np.linalg.eigh(first)
    kept = values > _noise(values)
    roots = vectors[:, kept] * np.sqrt(values[kept])  # (d, rank)
    inner = np.linalg.eigvalsh(roots.T @ second @ roots)
    return float(np.sqrt(inner[inner > _noise(inner)]).sum())


def _noise(values: np.ndarray) -> float:
    return len(values) * np.finfo(np.float64).eps * float(np.abs(values).max(initial=0.0))
