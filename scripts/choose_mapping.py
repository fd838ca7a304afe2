"""Choose the thresholds of `seqgan.text.mapping` on the choosing part of assets/text/unknown_words.yaml.

    python scripts/choose_mapping.py            # prints the figures, and what to write into Thresholds

A grid is searched on the choosing part alone: the score is words mapped rightly minus words mapped wrongly (a word that
should be ignored counts twice). Of all settings with the best score, the middle one of each threshold is taken. The
test part is only measured, with the thresholds that the code holds.
"""

from __future__ import annotations

import argparse
import itertools
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import yaml

from seqgan.data.theatre.lexicon import shipped_lexicon
from seqgan.resources import asset
from seqgan.text.frozen import shared_encoder
from seqgan.text.mapping import Scores, Thresholds, WordMapper

Scored = Sequence[tuple[str | None, Scores]]
GRID = (np.arange(0.2, 0.5, 0.02), np.arange(0.02, 0.2, 0.02), np.arange(-0.1, 0.12, 0.02))


def scored(mapper: WordMapper, part: Mapping[str, Any]) -> Scored:
    """(right id or None, figures) of every word of one part."""
    words: dict[str, str | None] = {**part["map"], **dict.fromkeys(part["ignore"])}
    return [(right, each) for right, each in zip(words.values(), mapper.scores(list(words)), strict=True) if each]


def rates(rows: Scored, least: Thresholds) -> tuple[float, float]:
    """Share of the words to map that are mapped rightly, and share of the words to ignore that are mapped."""
    good = [each.passes(least) and each.id == right for right, each in rows if right]
    bad = [each.passes(least) for right, each in rows if right is None]
    return float(np.mean(good)), float(np.mean(bad))


def score(rows: Scored, least: Thresholds) -> int:
    """Rightly mapped minus wrongly mapped; one that should be ignored counts twice."""
    passed = [(right, each) for right, each in rows if each.passes(least)]
    return sum(1 if each.id == right else -1 if right else -2 for right, each in passed)


def choose(rows: Scored) -> Thresholds:
    """The middle of the best settings of the grid."""
    settings = [Thresholds(*map(float, values)) for values in itertools.product(*GRID)]
    scores = [score(rows, each) for each in settings]
    best = [each for each, points in zip(settings, scores, strict=True) if points == max(scores)]
    return Thresholds(*(round(float(np.median([getattr(each, name) for each in best])), 2)
                        for name in ("near", "ahead", "apart")))  # fmt: skip


def main() -> None:
    """Print the choice and the figures."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--words", action="store_true", help="also print every word of the choosing part")
    arguments = parser.parse_args()
    parts = yaml.safe_load(asset("text", "unknown_words.yaml").read_text(encoding="utf-8"))
    mapper = WordMapper(shipped_lexicon(), shared_encoder())
    rows = scored(mapper, parts["choose"])
    if arguments.words:
        for word, (right, each) in zip([*parts["choose"]["map"], *parts["choose"]["ignore"]], rows, strict=True):
            print(f"{word:14} {right or '-':10} {each.id:10} {each.near:.2f} {each.ahead:.2f} {each.apart:+.2f}")
    print("chosen on the choosing part:", chosen := choose(rows))
    print("in the code:                ", mapper.thresholds)
    for name, least in (("chosen", chosen), ("code", mapper.thresholds)):
        right, wrong = rates(rows, least)
        print(f"choose, {name}: {right:.1%} mapped rightly, {wrong:.1%} mapped that should not be")
    right, wrong = rates(scored(mapper, parts["test"]), mapper.thresholds)
    print(f"test, code: {right:.1%} mapped rightly, {wrong:.1%} mapped that should not be")


if __name__ == "__main__":
    main()
