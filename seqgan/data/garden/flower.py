"""What a flower of the garden is: its attributes, which of them go together, and which combinations a split shows.

    flower = flower_of(0, "train", 12)
    flower.labels        # {"petal_colour": "white", "petal_shape": "thin", ..., "class": "white thin"}
    flower.combination   # "white thin flat yellow": what the splits are by

A combination is petal colour, petal shape, petal direction and stamen colour. A fixed hash gives each to one split, so
val and test show combinations that training never does, of values that it all knows; everything else is free.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from itertools import product

import numpy as np

from seqgan.checks import check_choice, check_range
from seqgan.data.theatre.dice import Dice
from seqgan.errors import DataError

SPLITS = ("train", "val", "test")
PETAL_COLOURS = ("white", "yellow", "orange", "red", "pink", "purple", "blue")
STAMEN_COLOURS = ("yellow", "orange", "white", "brown", "purple", "green")
LEAF_COLOURS = ("green", "dark green", "light green", "red")
STEM_COLOURS = ("green", "brown", "purple")
DIRECTIONS = ("upward", "flat", "downward")
STAMEN_SHAPES = ("round", "long")
PATTERNS = ("tips", "edges", "base")
"""Where a second petal colour is."""
NUMBERS = {
    "thin": (8, 12, 16),
    "oval": (5, 6, 8, 12),
    "round": (4, 5, 6),
    "pointed": (5, 6, 8, 12),
    "heart": (4, 5, 6),
    "ruffled": (5, 6, 8),
}
"""Petal shape -> how many such petals a flower has."""
PETAL_SHAPES = tuple(NUMBERS)

_SECOND = 0.3
"""Share of the flowers whose petals have two colours."""
_HELD = {"val": 20, "test": 36}
"""Combinations whose hash (0 to 255) is below the number belong to val; below the next, to test; the rest to train."""

Combination = tuple[str, str, str, str]
"""Petal colour, petal shape, petal direction, stamen colour."""


@dataclass(frozen=True)
class Flower:
    """One flower; every caption of its picture follows from this.

    Raises DataError for an attribute that the garden does not grow, and for a second colour without its pattern.
    """

    petal_colour: str
    petal_shape: str
    petal_direction: str
    petal_number: int
    stamen_colour: str
    stamen_shape: str
    leaf_colour: str
    stem_colour: str
    second_colour: str | None = None
    pattern: str | None = None

    def __post_init__(self) -> None:
        for name, known in _KNOWN.items():
            check_choice(name, getattr(self, name), known, DataError)
        if self.petal_number not in NUMBERS[self.petal_shape]:
            grown = ", ".join(map(str, NUMBERS[self.petal_shape]))
            raise DataError(f"petal_number is {self.petal_number}; {self.petal_shape} petals come in {grown}")
        if (self.second_colour is None) != (self.pattern is None):
            raise DataError("a second colour needs its pattern (tips, edges or base), and a pattern its colour")
        if self.second_colour is not None and self.pattern is not None:
            check_choice("second_colour", self.second_colour, PETAL_COLOURS, DataError)
            check_choice("pattern", self.pattern, PATTERNS, DataError)

    @property
    def combination(self) -> str:
        """What the splits are by, as one string."""
        return " ".join((self.petal_colour, self.petal_shape, self.petal_direction, self.stamen_colour))

    @property
    def labels(self) -> dict[str, str]:
        """Every group of labels; `second_colour` only where there is one. The class is colour and shape of petals."""
        names = ("petal_colour", "petal_shape", "petal_direction", "petal_number", "stamen_colour", "stamen_shape",
                 "leaf_colour", "stem_colour")  # fmt: skip
        labels = {name: str(getattr(self, name)) for name in names}
        labels["class"] = f"{self.petal_colour} {self.petal_shape}"
        return labels if self.second_colour is None else labels | {"second_colour": self.second_colour}


_KNOWN = {
    "petal_colour": PETAL_COLOURS,
    "petal_shape": PETAL_SHAPES,
    "petal_direction": DIRECTIONS,
    "stamen_colour": STAMEN_COLOURS,
    "stamen_shape": STAMEN_SHAPES,
    "leaf_colour": LEAF_COLOURS,
    "stem_colour": STEM_COLOURS,
}


def dice_of(seed: int, split: str, index: int, stream: int) -> Dice:
    """The choices of one picture: PCG64 of SeedSequence([seed, split, index, stream]).

    Stream 0 is the flower, 1 its captions, 2 its pose, light and ground. Raises DataError for an unknown split or a
    negative number.
    """
    check_choice("split", split, SPLITS, DataError)
    check_range("seed", seed, 0, error=DataError)
    check_range("index", index, 0, error=DataError)
    numbers = [seed, SPLITS.index(split), index, stream]
    return Dice(np.random.Generator(np.random.PCG64(np.random.SeedSequence(numbers))))


@lru_cache(maxsize=8)
def combinations(split: str) -> tuple[Combination, ...]:
    """The combinations that a split shows, in a fixed order; petals and stamens never have the same colour."""
    every = product(PETAL_COLOURS, PETAL_SHAPES, DIRECTIONS, STAMEN_COLOURS)
    return tuple(each for each in every if each[0] != each[3] and _split(each) == split)


def _split(combination: Combination) -> str:
    mark = sha256(f"garden|{' '.join(combination)}".encode()).digest()[0]
    return next((split for split, bound in _HELD.items() if mark < bound), "train")


@lru_cache(maxsize=16)
def _order(seed: int, split: str) -> np.ndarray:
    """The order in which a split goes through its combinations, again and again."""
    rng = np.random.Generator(np.random.PCG64(np.random.SeedSequence([seed, SPLITS.index(split)])))
    return rng.permutation(len(combinations(split)))


def flower_of(seed: int, split: str, index: int) -> Flower:
    """The flower of one picture: every combination of the split in turn, the other attributes by chance."""
    dice = dice_of(seed, split, index, 0)
    order = _order(seed, split)
    colour, shape, direction, stamen = combinations(split)[int(order[index % len(order)])]
    second, pattern = _second(dice, colour, shape, stamen)
    return Flower(
        petal_colour=colour, petal_shape=shape, petal_direction=direction, petal_number=dice.pick(NUMBERS[shape]),
        stamen_colour=stamen, stamen_shape=dice.pick(STAMEN_SHAPES), leaf_colour=dice.pick(LEAF_COLOURS),
        stem_colour=dice.pick(STEM_COLOURS), second_colour=second, pattern=pattern,
    )  # fmt: skip


def _second(dice: Dice, colour: str, shape: str, stamen: str) -> tuple[str | None, str | None]:
    """A second petal colour with its pattern, or neither; thin petals have no room for coloured edges."""
    if not dice.chance(_SECOND):
        return None, None
    others = [each for each in PETAL_COLOURS if each not in (colour, stamen)]
    return dice.pick(others), dice.pick([each for each in PATTERNS if shape != "thin" or each != "edges"])
