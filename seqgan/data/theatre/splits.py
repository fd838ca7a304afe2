"""Which pairs of character and action, and of character and setting, training never shows.

About 8 % of each kind of pair is held out, chosen by a fixed hash with a cap on every row and column, so each
character, action and setting stays in training with most others. Train, val and test never contain a held-out pair;
every story of test_unseen contains at least one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from functools import lru_cache
from hashlib import sha256
from itertools import product

from seqgan.data.theatre.words import WordPack
from seqgan.data.theatre.world import ACTIONS, Panel

SHARE = 0.08


@lru_cache(maxsize=64)
def _held_pairs(kind: str, rows: tuple[str, ...], columns: tuple[str, ...]) -> frozenset[tuple[str, str]]:
    """The held-out pairs of a table, first by hash, at most two a row or column (one in a small table)."""
    wanted = round(SHARE * len(rows) * len(columns))
    caps = (1 if len(columns) < 12 else 2, 1 if len(rows) < 12 else 2)
    counts: Counter[tuple[int, str]] = Counter()
    held: set[tuple[str, str]] = set()
    for row, column in sorted(product(rows, columns), key=lambda pair: sha256(f"{kind}|{pair}".encode()).digest()):
        if len(held) < wanted and counts[0, row] < caps[0] and counts[1, column] < caps[1]:
            held.add((row, column))
            counts.update([(0, row), (1, column)])
    return frozenset(held)


def held_pairs(characters: Iterable[str], settings: Iterable[str]) -> frozenset[tuple[str, str]]:
    """All held-out pairs of a world with these ids: (character, action) and (character, setting)."""
    rows = tuple(sorted(characters))
    actions = _held_pairs("action", rows, tuple(a for a in ACTIONS if a != "stand"))
    return actions | _held_pairs("setting", rows, tuple(sorted(settings)))


def held_actions(pack: WordPack) -> frozenset[tuple[str, str]]:
    """Pairs (character, action) kept from training; "stand", the default, is always free."""
    return _held_pairs("action", tuple(sorted(pack.characters)), tuple(a for a in ACTIONS if a != "stand"))


def held_settings(pack: WordPack) -> frozenset[tuple[str, str]]:
    """Pairs (character, setting) kept from training."""
    return _held_pairs("setting", tuple(sorted(pack.characters)), tuple(sorted(pack.settings)))


def held_in(pack: WordPack, panels: Iterable[Panel]) -> list[tuple[str, str]]:
    """The held-out pairs that some panels show."""
    actions, settings = held_actions(pack), held_settings(pack)
    found = [(actor.who, actor.action) for panel in panels for actor in panel.actors]
    there = [(actor.who, panel.setting) for panel in panels for actor in panel.actors]
    return [pair for pair in found if pair in actions] + [pair for pair in there if pair in settings]
