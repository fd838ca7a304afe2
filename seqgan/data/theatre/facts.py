"""What a sentence of the theatre tells, as numbers (house): a vector of 0 and 1 a panel, as CLEVR-SV has one.

What the sentence leaves to earlier ones is not in it: who a "she" is, a hat that was told before, a setting, a time and
a weather that go on. A character's numbers are empty where it is not named; what "she" does stands in numbers of their
own.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from seqgan.data.manifest import Record
from seqgan.data.theatre.cues import Cues, time_told, weather_told
from seqgan.data.theatre.pack import CastPack
from seqgan.data.theatre.world import ACTIONS, COLOURS, ITEMS, PLACES, SHOTS, SIZES, TIMES, WEATHERS

PRONOUNS = ("he", "she", "it", "they")
OF_ONE = (*ACTIONS, *PLACES, *ITEMS[1:], *COLOURS[1:], *SIZES[1:])
"""What a sentence tells of one character, or of somebody that it does not name."""


@dataclass(frozen=True)
class Facts:
    """Tells the sentences of one pack."""

    pack: CastPack
    cues: Cues

    @classmethod
    def of(cls, pack: CastPack) -> Facts:
        """The facts of a pack; its patterns are compiled once."""
        return cls(pack, Cues.of(pack))

    def vector(self, text: str, panel: Record, told: Record) -> np.ndarray:
        """The numbers of a sentence, (1, D) float32, by its panel and what is known of its telling (`Told`)."""
        known = set(self._facts(text.lower(), panel, told))
        return np.array([[name in known for name in self.names]], np.float32)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """A name a number."""
        return (
            *(f"{who} {fact}" for who in sorted(self.pack.characters) for fact in ("named", *OF_ONE)),
            *(f"somebody {fact}" for fact in (*PRONOUNS, *OF_ONE)),
            *sorted(self.pack.settings), *sorted(self.pack.props),
            *TIMES, *(f"{each} sky" for each in WEATHERS), *SHOTS[1:],
        )  # fmt: skip

    def _facts(self, text: str, panel: Record, told: Record) -> Iterator[str]:
        if self.cues.setting(text):
            yield panel["setting"]
        if time_told(text):
            yield panel["time"]
        if weather_told(text):
            yield f"{panel['weather']} sky"
        yield from (panel["shot"], *panel["props"])
        yield from self._actors(panel["actors"], told)

    def _actors(self, actors: Sequence[Record], told: Record) -> Iterator[str]:
        if told["pronoun"]:
            word = self.pack.characters[actors[0]["who"]].pronoun if len(actors) == 1 else "they"
            yield f"somebody {word}"
        for actor in actors:
            who = "somebody" if told["pronoun"] else actor["who"]
            yield from (f"{who} {fact}" for fact in ("named", actor["action"], actor["place"]))
            if actor["who"] not in told["carried"]:
                yield from (f"{who} {fact}" for fact in actor["look"].values())
