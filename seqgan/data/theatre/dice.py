"""Choosing at random, alike on every machine: only `random` and `permutation` of a numpy generator are used."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

import numpy as np

Item = TypeVar("Item")


class Dice:
    """Choices from a generator; cheaper than numpy's own `choice` for short lists."""

    def __init__(self, rng: np.random.Generator) -> None:
        self.rng = rng

    def chance(self, share: float) -> bool:
        """True with this probability."""
        return self.rng.random() < share

    def pick(self, items: Sequence[Item]) -> Item:
        """One item, evenly."""
        return items[int(self.rng.random() * len(items))]

    def weigh(self, weights: dict[Item, float]) -> Item:
        """One key, by weight."""
        mark = self.rng.random() * sum(weights.values())
        for item, weight in weights.items():
            mark -= weight
            if mark < 0:
                return item
        return next(reversed(weights))

    def some(self, items: Sequence[Item], count: int) -> list[Item]:
        """A few different items in random order."""
        return [items[int(i)] for i in self.rng.permutation(len(items))[:count]]
