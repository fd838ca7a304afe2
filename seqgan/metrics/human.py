"""Human ranks: a table of who put which system where, as average ranks with intervals (1 = best).

The table is CSV with a heading, one line a system seen: `rater,item,system,rank`. An item is what was judged (a
caption, a class); a rater ranks all systems of an item. Equal ranks are ties and share their places' mean (1, 1, 3 and
1, 1, 2 both become 1.5, 1.5, 3).
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from seqgan.errors import DataError
from seqgan.metrics.bootstrap import LEVEL, RESAMPLES, Interval, interval

COLUMNS = ("rater", "item", "system", "rank")
Ballots = dict[tuple[str, str], dict[str, float]]
"""(rater, item) -> system -> rank."""


@dataclass(frozen=True)
class HumanRanks:
    """Average rank of every system, best first, and how much was asked."""

    systems: dict[str, Interval]
    raters: int
    items: int
    ballots: int


def human_ranks(path: Path | str, seed: int = 0, resamples: int = RESAMPLES, level: float = LEVEL) -> HumanRanks:
    """Average ranks of a table with bootstrap intervals over raters and items.

    Both are drawn anew, each ballot counting as often as its rater times its item (Owen 2007): opinions of one person,
    and of one item, are not independent. Raises DataError naming the broken line, or the ballot that is not whole.
    """
    ballots = read_ballots(path)
    systems = sorted({system for ballot in ballots.values() for system in ballot})
    table = np.stack([_places(np.array([ballot[system] for system in systems])) for ballot in ballots.values()])
    raters, rater = np.unique([rater for rater, _ in ballots], return_inverse=True)
    items, item = np.unique([item for _, item in ballots], return_inverse=True)

    rng = np.random.default_rng(seed)
    weights = [_times(rng, len(raters))[rater] * _times(rng, len(items))[item] for _ in range(resamples)]
    drawn = np.stack([_average(table, each) for each in weights])
    means = table.mean(0)
    found = {systems[k]: interval(float(means[k]), drawn[:, k], level) for k in np.argsort(means, kind="stable")}
    return HumanRanks(found, len(raters), len(items), len(ballots))


def _times(rng: np.random.Generator, count: int) -> np.ndarray:
    """How often each of `count` units comes in one resample."""
    return np.bincount(rng.integers(count, size=count), minlength=count)


def _average(table: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Weighted mean over ballots; NaN where the resample met none of them."""
    return weights @ table / weights.sum() if weights.any() else np.full(table.shape[1], np.nan)


def _places(ranks: np.ndarray) -> np.ndarray:
    """Places 1 to k of one ballot, ties at the mean of theirs."""
    return (ranks[:, None] > ranks).sum(1) + ((ranks[:, None] == ranks).sum(1) + 1) / 2


def read_ballots(path: Path | str) -> Ballots:
    """The table by ballot. Raises DataError for a missing file, missing columns, broken rows and unequal ballots."""
    try:
        with Path(path).open(encoding="utf-8-sig", newline="") as file:
            ballots = _collect(path, csv.DictReader(file, strict=True))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise DataError(f"{path} cannot be read ({error}); expected a UTF-8 CSV file {','.join(COLUMNS)}") from error
    _check_whole(path, ballots)
    return ballots


def _collect(path: Path | str, rows: csv.DictReader[str]) -> Ballots:
    absent = [name for name in COLUMNS if name not in (rows.fieldnames or ())]
    if absent:
        raise DataError(f"{path} has no column {', '.join(absent)}; the first line must name {','.join(COLUMNS)}")
    ballots: Ballots = {}
    for row in rows:
        where = f"{path} line {rows.line_num}"
        rater, item, system, rank = (str(row[name] or "").strip() for name in COLUMNS)
        if None in row:
            raise DataError(f"{where} has more fields than the heading; put texts with commas in quotes")
        if not (rater and item and system):
            raise DataError(f"{where} lacks a rater, item or system; expected {','.join(COLUMNS)}")
        ballot = ballots.setdefault((rater, item), {})
        if system in ballot:
            raise DataError(f"{where} ranks {system!r} a second time for {rater!r} and {item!r}; keep one of the lines")
        ballot[system] = _rank(where, rank)
    return ballots


def _rank(where: str, text: str) -> float:
    try:
        rank = float(text)
    except ValueError:
        rank = 0.0
    if not 1 <= rank < float("inf"):
        raise DataError(f"{where} has rank {text!r}; expected a number, 1 for the best")
    return rank


def _check_whole(path: Path | str, ballots: Ballots) -> None:
    systems = {system for ballot in ballots.values() for system in ballot}
    if len(systems) < 2:
        raise DataError(f"{path} ranks {len(systems)} systems; expected two or more")
    for (rater, item), ballot in ballots.items():
        absent = _listed(systems - ballot.keys())
        if absent:
            raise DataError(f"{path}: {rater!r} did not rank {absent} for {item!r}; rank all systems or drop the item")
        if max(ballot.values()) > len(systems):
            raise DataError(f"{path}: {rater!r} gave rank {max(ballot.values()):g} of {len(systems)} for {item!r}")


def _listed(names: Iterable[str]) -> str:
    return ", ".join(sorted(names))
