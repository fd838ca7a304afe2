"""Multi-label and class figures on plain arrays (numpy, no models).

`true` and `predicted` of yes/no figures are (N, C) of 0 and 1; of class figures (N,) or (N, rows) of class numbers,
where -1 in `true` means "no such thing here" and is left out. Sources: standard definitions; see each function.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from seqgan.errors import InputError


def f1_micro(true: np.ndarray, predicted: np.ndarray) -> float:
    """2 TP / (2 TP + FP + FN) with counts pooled over all columns; 1 where nothing was there and nothing was said."""
    hits, extra, missed = (counts.sum() for counts in _counts(true, predicted))
    return _f1(hits, extra, missed)


def f1_macro(true: np.ndarray, predicted: np.ndarray) -> float:
    """Mean of the columns' F1; columns neither there nor said anywhere are left out (1 if that is all of them)."""
    hits, extra, missed = _counts(true, predicted)
    used = [column for column in range(len(hits)) if hits[column] + extra[column] + missed[column]]
    return float(np.mean([_f1(hits[c], extra[c], missed[c]) for c in used])) if used else 1.0


def exact_match(true: np.ndarray, predicted: np.ndarray) -> float:
    """Share of rows whose whole set is right (frame accuracy)."""
    true, predicted = _same(true, predicted)
    return float((true == predicted).all(1).mean())


def per_label_accuracy(true: np.ndarray, predicted: np.ndarray) -> float:
    """Share of single yes/no answers that are right; misleading where labels are rare."""
    true, predicted = _same(true, predicted)
    return float((true == predicted).mean())


def story_accuracy(true: np.ndarray, predicted: np.ndarray, lengths: Sequence[int]) -> float:
    """Share of stories (runs of `lengths` rows) of which every row is right."""
    true, predicted = _same(true, predicted)
    if sum(lengths) != len(true):
        raise InputError(f"the stories hold {sum(lengths)} frames and {len(true)} rows came; give one length a story")
    right = (true == predicted).all(1)
    return float(np.mean([part.all() for part in np.split(right, np.cumsum(lengths)[:-1])]))


def class_accuracy(true: np.ndarray, predicted: np.ndarray, mask: np.ndarray | None = None) -> float:
    """Share of right classes among entries with true >= 0 (and `mask`, where given); nan where there is none."""
    true, predicted = _same(true, predicted)
    known = (true >= 0) if mask is None else (true >= 0) & mask
    return float((true == predicted)[known].mean()) if known.any() else float("nan")


def class_confusion(true: np.ndarray, predicted: np.ndarray, classes: int) -> np.ndarray:
    """How often each class (rows) was taken for which (columns), (classes, classes) counts; true < 0 is left out."""
    true, predicted = _same(true, predicted)
    known, table = true >= 0, np.zeros((classes, classes), np.int64)
    np.add.at(table, (true[known], predicted[known]), 1)
    return table


def balanced_accuracy(table: np.ndarray) -> float:
    """Mean over the classes that occur of the share that is right, of a confusion (C, C); nan where none occurs.

    Chance, and always giving the same answer, are both right on 1 / C of it where all classes occur.
    """
    counts = table.sum(1)
    return float((table.diagonal()[counts > 0] / counts[counts > 0]).mean()) if counts.any() else float("nan")


def majority_rate(true: np.ndarray) -> float:
    """Share of entries with true >= 0 that always answering the most frequent class gets right; nan where none is."""
    known = np.asarray(true)[np.asarray(true) >= 0]
    return float(np.bincount(known).max() / len(known)) if len(known) else float("nan")


def confusion(true: np.ndarray, predicted: np.ndarray) -> np.ndarray:
    """What is said in place of what: (C, C + 1) counts, rows = a column that is there.

    A right answer counts on the diagonal; a missed one against every wrongly said column of the same row in equal
    parts, or in the last column ("nothing") where none was said.
    """
    true, predicted = (each.astype(bool) for each in _same(true, predicted))
    table = np.zeros((true.shape[1], true.shape[1] + 1))
    for there, said in zip(true, predicted, strict=True):
        extra = np.flatnonzero(said & ~there)
        for column in np.flatnonzero(there):
            if said[column]:
                table[column, column] += 1
            elif len(extra):
                table[column, extra] += 1 / len(extra)
            else:
                table[column, -1] += 1
    return table


def _same(true: np.ndarray, predicted: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    true, predicted = np.asarray(true), np.asarray(predicted)
    if true.shape != predicted.shape or not len(true):
        raise InputError(f"labels are {true.shape} and predictions {predicted.shape}; expected the same, not empty")
    return true, predicted


def _counts(true: np.ndarray, predicted: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    true, predicted = (each.astype(bool) for each in _same(true, predicted))
    return (true & predicted).sum(0), (~true & predicted).sum(0), (true & ~predicted).sum(0)


def _f1(hits: float, extra: float, missed: float) -> float:
    whole = 2 * hits + extra + missed
    return float(2 * hits / whole) if whole else 1.0
