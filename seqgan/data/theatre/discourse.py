"""Who a pronoun means: one rule, obeyed by the grammar when it writes and by the parser when it reads.

The rule (house): "he", "she", "it" mean the agreeing character mentioned in the latest sentence that mentions one, and
there the subject before the others, then the first mentioned. "They" and "both" mean the latest group told together if
nobody else was mentioned since; else everybody when two are known; else the two mentioned last. "All three" means the
three mentioned last. A group is ordered by first mention in the story.
"""

from __future__ import annotations

from dataclasses import dataclass, field

SUBJECT, OBJECT = 0, 1
"""Ranks of a mention in its sentence; subjects joined by "and" or "while" rank alike."""
SINGULAR = ("he", "she", "it")


@dataclass(frozen=True)
class Mention:
    """One mention: the panel, the rank in its sentence, the order in it."""

    panel: int
    rank: int
    order: int

    @property
    def key(self) -> tuple[int, int, int]:
        """Smallest is what a pronoun means first."""
        return -self.panel, self.rank, self.order


@dataclass
class Discourse:
    """What a story has mentioned so far. `pronouns` maps each character id to its pronoun."""

    pronouns: dict[str, str]
    last: dict[str, Mention] = field(default_factory=dict)
    known: list[str] = field(default_factory=list)
    group: tuple[str, ...] = ()

    def mention(self, panel: int, mentions: list[tuple[str, int]]) -> None:
        """Record one sentence's mentions as (id, rank) in order of mention."""
        for order, (who, rank) in enumerate(mentions):
            self.last[who] = Mention(panel, rank, order)
            if who not in self.known:
                self.known.append(who)
        here = {who for who, _ in mentions}
        if len(here) > 1:
            self.group = self.in_order(here)
        elif here - set(self.group):
            self.group = ()

    def in_order(self, members: set[str]) -> tuple[str, ...]:
        """The members in order of first mention."""
        return tuple(who for who in self.known if who in members)

    def agreeing(self, word: str) -> list[str]:
        """The known characters that the singular pronoun fits, likeliest first."""
        fits = [who for who in self.known if self.pronouns[who] == word]
        return sorted(fits, key=lambda who: self.last[who].key)

    def resolve(self, word: str) -> tuple[str, ...]:
        """The ids that a pronoun means ("he", "she", "it", "they", "both", "three"); empty where nobody fits."""
        if word in SINGULAR:
            return tuple(self.agreeing(word)[:1])
        if word == "three":
            return self._latest(3) if len(self.known) >= 3 else ()
        return self._plural(word)

    def _plural(self, word: str) -> tuple[str, ...]:
        if self.group and (word == "they" or len(self.group) == 2):
            return self.group
        if len(self.known) >= 2:
            return self._latest(2)
        return tuple(self.agreeing("they")[:1]) if word == "they" else ()

    def _latest(self, count: int) -> tuple[str, ...]:
        likeliest = sorted(self.known, key=lambda who: self.last[who].key)
        return self.in_order(set(likeliest[:count]))

    def plain(self, word: str) -> bool:
        """Whether a reader would not hesitate: no tie of subjects, and for a plural one obvious group."""
        found = self.resolve(word)
        if word in SINGULAR:
            fits = [self.last[who] for who in self.agreeing(word)]
            return bool(found) and not (len(fits) > 1 and fits[0].key[:2] == fits[1].key[:2])
        if word == "three":
            return len(self.known) == 3
        return len(found) == 2 + (len(self.known) == 3 == len(found)) and (bool(self.group) or len(self.known) == 2)

    def latest(self) -> str:
        """The character mentioned last, subjects before others."""
        return min(self.known, key=lambda who: self.last[who].key)

    def antecedents(self, word: str) -> int:
        """How many known characters the pronoun might mean; for a plural 1 unless three or more are known."""
        if word in SINGULAR:
            return len(self.agreeing(word))
        return len(self.known) if len(self.known) >= 3 else 1

    def distance(self, found: tuple[str, ...], panel: int) -> int:
        """Panels back to the last mention of the farthest of those meant."""
        return max((panel - self.last[who].panel for who in found), default=0)


LINE = ("left", "middle", "right")
"""Places of those who are not told to stand behind, from the left."""


def settle_places(told: list[str | None], order: list[int]) -> tuple[str, ...]:
    """Where each actor stands, given what the sentence says (None where silent), in order of mention.

    One stands in the middle, two left and right, three left, middle, right; who stands "behind" leaves the others the
    places of a smaller group, and told places are never taken twice by the silent. The silent line up from the left in
    the order of the cast (`order`: an actor's number in the pack), so that two friends keep their sides through a story
    whoever is named first, as the rule of the screen direction asks.
    """
    silent = sum(place is None for place in told)
    front = sum(place != "behind" for place in told)
    slots = {1: ["middle"], 2: ["left", "right"]}.get(front, ["left", "middle", "right"])
    free = [slot for slot in slots if slot not in told] + [slot for slot in ("left", "right") if slot not in told]
    rest = sorted([*dict.fromkeys(free), *["middle"] * silent][:silent], key=LINE.index)
    waiting = sorted((number for number, place in zip(order, told, strict=True) if place is None))
    taken = dict(zip(waiting, rest, strict=True))
    return tuple(place or taken[number] for number, place in zip(order, told, strict=True))
