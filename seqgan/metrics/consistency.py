"""Does a character stay itself through a story? (House definitions on judged classes.)"""

from __future__ import annotations

from collections.abc import Hashable, Sequence

import numpy as np

from seqgan.errors import InputError


def pair_agreement(groups: Sequence[Hashable], values: Sequence[Hashable], wanted: Sequence[Hashable]) -> float:
    """Share of pairs within a group whose `values` agree, over pairs whose `wanted` values agree.

    A group is one character of one story, a value its look in one panel as judged, `wanted` its look in the labels.
    nan where no group has such a pair. Raises InputError for unequal lengths.
    """
    if not len(groups) == len(values) == len(wanted):
        raise InputError(f"{len(groups)} groups, {len(values)} values, {len(wanted)} wanted came; give as many of each")
    rows: dict[Hashable, list[int]] = {}
    for number, group in enumerate(groups):
        rows.setdefault(group, []).append(number)
    agree = [
        values[a] == values[b]
        for numbers in rows.values()
        for place, a in enumerate(numbers)
        for b in numbers[place + 1 :]
        if wanted[a] == wanted[b]
    ]
    return float(np.mean(agree)) if agree else float("nan")
