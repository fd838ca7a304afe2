"""Which cells are held out: pairs of a persona and an action, and of an action and a place, that training never sees.

    cells = Cells.of(people, tuple(settings), seed=0)
    cells.split(person)                        # train, val or test
    cells.places["juggling"]                   # the place where nobody juggles but in test_places

Actions that at least twelve personas do take part; others are trained on. Of all their cells seven parts train, one is
val and two are test, drawn by a hash, action by action; every persona and every such action stays in training.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import floor

from seqgan.data.fluent.people import Person
from seqgan.data.hashed import hashed
from seqgan.data.manifest import Record

Cell = tuple[str, str]
LEAST = 12
"""Personas that an action has if its cells are held out."""
SHARES = {"test": 0.2, "val": 0.1}
"""Shares of the cells that are held out; the protocol's 7:1:2 (Li et al. 2018) by cell instead of by clip."""


@dataclass(frozen=True)
class Cells:
    """The actions that take part, and held-out cells: (persona, action) -> its split, and action -> the place where it
    is never trained on."""

    counted: tuple[str, ...]
    held: dict[Cell, str]
    places: dict[str, str]

    @classmethod
    def of(cls, people: Iterable[Person], settings: Sequence[str], seed: int) -> Cells:
        """Draw the cells of some people; places go round among the actions, so that each is held out about equally."""
        personas: dict[str, list[str]] = defaultdict(list)
        for person in people:
            personas[person.action.name].append(person.persona)
        counted = {action: _drawn(seed, set(who), action) for action, who in personas.items() if len(set(who)) >= LEAST}
        order, ground = _drawn(seed, counted, "action"), _drawn(seed, settings, "place")
        places = {action: ground[number % len(ground)] for number, action in enumerate(order)} if ground else {}
        return cls(tuple(sorted(counted)), _held({action: counted[action] for action in order}), places)

    def split(self, person: Person) -> str:
        """The split of a clip without a place, or in a place where its action is trained on."""
        return self.held.get(person.cell, "train")

    def told(self) -> Record:
        """What dataset.json says of them: the names that figures count, and what is held out."""
        listed = {split: sorted(map(list, (cell for cell, name in self.held.items() if name == split)))
                  for split in SHARES}  # fmt: skip
        places = dict(sorted(self.places.items()))
        return {"counted": {"actions": list(self.counted)}, "cells": {**listed, "places": places}}


def _drawn(seed: int, names: Iterable[str], *words: str) -> list[str]:
    """Names in an order that depends on the seed."""
    return sorted(names, key=lambda name: (hashed(seed, "cells", *words, name), name))


def _held(personas: dict[str, list[str]]) -> dict[Cell, str]:
    """Hold out the first personas of every action, as many as the shares of all cells so far ask for."""
    held: dict[Cell, str] = {}
    kept = Counter(who for names in personas.values() for who in names)
    seen, given = 0, Counter[str]()
    for action, names in personas.items():
        seen += len(names)
        for split, share in SHARES.items():
            free = [who for who in names if (who, action) not in held and kept[who] > 1]
            for who in free[: floor(seen * share + 1e-9) - given[split]]:  # 0.1 has no exact double
                held[who, action] = split
                kept[who] -= 1
                given[split] += 1
    return held
