"""Preferences: shares, their published form, and intervals by pairs."""

from __future__ import annotations

import pytest

from seqgan.errors import InputError
from seqgan.metrics.bootstrap import wilson_interval
from seqgan.metrics.preference import preference


def test_the_published_form() -> None:
    votes = [(f"p{n}", "first" if n < 7417 else "second" if n < 7417 + 1860 else "undecided") for n in range(10000)]
    assert preference(votes).line() == "74.17 / 18.60 / 7.23"


def test_raters_of_a_pair_are_averaged_and_do_not_count_as_pairs() -> None:
    votes = [("a", "first")] * 9 + [("b", "second")]
    found = preference(votes)
    assert found.first.value == found.second.value == 0.5 and found.undecided.value == 0
    assert found.first == wilson_interval(0.5, 2) and (found.pairs, found.answers) == (2, 10)
    assert found.record()["undecided_high"] == round(wilson_interval(0.0, 2).high, 5)


def test_nothing_and_nonsense_are_refused() -> None:
    with pytest.raises(InputError, match="at least one"):
        preference([])
    with pytest.raises(InputError, match="first"):
        preference([("a", "firs")])
