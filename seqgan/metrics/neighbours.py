"""Nearest neighbours in a feature space: does a generator copy its training pictures?"""

from __future__ import annotations

import numpy as np

from seqgan.errors import InputError


def nearest(queries: np.ndarray, bank: np.ndarray, rows: int = 8192) -> tuple[np.ndarray, np.ndarray]:
    """Row numbers (Q,) of the nearest bank vectors and their Euclidean distances (Q,) in float64; the first of equals.

    The bank is gone through `rows` at a time, so it may be large and of any number type. Raises InputError where widths
    differ or the bank is empty.
    """
    q = np.asarray(queries, np.float64)
    if q.ndim != 2 or bank.ndim != 2 or q.shape[1] != bank.shape[1] or not len(bank):
        raise InputError(f"features are {q.shape} and {bank.shape}; expected (Q, d) and (N, d) with at least one row")
    best, where = np.full(len(q), np.inf), np.zeros(len(q), np.int64)
    for start in range(0, len(bank), rows):
        part = bank[start : start + rows].astype(np.float64)
        squares = squared_distances(q, part)
        row, least = squares.argmin(1), squares.min(1)
        where, best = np.where(least < best, start + row, where), np.minimum(least, best)
    return where, np.linalg.norm(q - bank[where].astype(np.float64), axis=1)


def squared_distances(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """Squared Euclidean distances (N, M) of float64 rows (N, d), (M, d)."""
    squares = (first**2).sum(1)[:, None] - 2 * first @ second.T + (second**2).sum(1)[None]
    return np.maximum(squares, 0, out=squares)  # rounding leaves copies a little below 0


def distance_ratio(generated: np.ndarray, held_out: np.ndarray, train: np.ndarray) -> float:
    """Median distance of generated pictures to their nearest training picture over that of real unseen pictures.

    About 1: a generated picture is as far from training as a new real one. Far below 1: copies.
    """
    ours, real = (float(np.median(nearest(each, train)[1])) for each in (generated, held_out))
    return ours / real if real else float("nan")
