"""Preferences between two systems: the share of each and of "undecided", in percent as the StoryGAN paper has them.

    found = preference([("001", "first"), ("001", "undecided"), ("002", "first")])
    found.line()        # "75.00 / 0.00 / 25.00"

A pair's answers are averaged over its raters first; pairs are the independent units of Wilson's intervals.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple, get_args

import numpy as np

from seqgan.checks import check_choice
from seqgan.errors import InputError
from seqgan.metrics.bootstrap import Interval, wilson_interval

Choice = Literal["first", "second", "undecided"]


class Preference(NamedTuple):
    """Shares (0..1) with 95 % Wilson intervals, of how many pairs and answers."""

    first: Interval
    second: Interval
    undecided: Interval
    pairs: int
    answers: int

    def line(self) -> str:
        """The published form: percent for the first, the second and neither."""
        return " / ".join(f"{100 * each.value:.2f}" for each in (self.first, self.second, self.undecided))

    def record(self) -> dict[str, float | int]:
        """Plain numbers, shares and the ends of their intervals."""
        shares = {"first": self.first, "second": self.second, "undecided": self.undecided}
        parts = [{name: each.value, f"{name}_low": each.low, f"{name}_high": each.high}
                 for name, each in shares.items()]  # fmt: skip
        return {key: round(value, 5) for part in parts for key, value in part.items()} | {
            "pairs": self.pairs, "answers": self.answers,
        }  # fmt: skip


def preference(votes: Sequence[tuple[str, str]]) -> Preference:
    """Of (pair, choice), one an answer. Raises InputError for no answer or another choice."""
    if not votes:
        raise InputError("no answer came; a preference needs at least one")
    kinds = get_args(Choice)
    by_pair: dict[str, list[str]] = {}
    for pair, choice in votes:
        by_pair.setdefault(pair, []).append(check_choice("choice", choice, kinds))
    shares = np.mean([[said.count(kind) / len(said) for kind in kinds] for said in by_pair.values()], axis=0)
    first, second, neither = (wilson_interval(min(1.0, float(share)), len(by_pair)) for share in shares)
    return Preference(first, second, neither, len(by_pair), len(votes))
