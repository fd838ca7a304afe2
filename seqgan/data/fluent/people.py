"""Who does what in an animation, and the sentences that tell it: "a woman with dark skin is juggling on the beach".

18 personas (woman, man, person; no tone or one of five) and the actions of `assets/data/fluent_actions.yaml`. A persona
without a tone has the yellow skin of emoji and is told without a word for it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Literal

import yaml

from seqgan.data.fluent.art import Art
from seqgan.data.hashed import hashed
from seqgan.data.theatre.words import AT
from seqgan.resources import asset

SEXES = ("woman", "man", "person")
TONES = ("", "light", "medium-light", "medium", "medium-dark", "dark")
PERSONAS = tuple(f"{sex} with {tone} skin" if tone else sex for sex in SEXES for tone in TONES)
TOLD = {"mermaid": "woman merperson", "merman": "man merperson", "princess": "woman princess", "prince": "man prince"}
"""Names that tell a person and an action in one word, and both of them."""
TIMES = {
    "day": ("during the day", "by day"),
    "dusk": ("at dusk", "in the evening"),
    "night": ("at night", "late at night"),
}
"""A time of day -> how sentences tell it."""
WORDINGS = 2
"""Of the theatre's wordings of a place, how many are used."""


@dataclass(frozen=True)
class Action:
    """What is done: who it `like`s to be, the participle and the finite form of what it does, and where it stands."""

    name: str
    stand: Literal["feet", "edge"]
    like: str = ""
    doing: str = ""
    does: str = ""

    def subject(self, persona: str) -> str:
        """A persona as this action tells it: "a woman with dark skin dressed as a farmer"."""
        return f"a {persona} {self.like}" if self.like else f"a {persona}"

    @property
    def predicates(self) -> tuple[str, str]:
        """Two ways to tell what is done, before the place."""
        return (f"is {self.doing}", self.does) if self.doing else ("is", "can be seen")


@dataclass(frozen=True)
class Person:
    """An animation of a persona that does something."""

    art: Art
    persona: str
    action: Action

    @property
    def cell(self) -> tuple[str, str]:
        """What splits are by: persona and action."""
        return self.persona, self.action.name

    @property
    def sentence(self) -> str:
        """What is to be seen, without a place."""
        subject, told = self.action.subject(self.persona), self.action.predicates[0]
        return f"{subject} {told}" if self.action.doing else subject

    def captions(self, place: str, time: str, seed: int) -> tuple[str, ...]:
        """Four sentences of a scene; all name persona, action, place and time."""
        subject, (doing, does) = self.action.subject(self.persona), self.action.predicates
        at, when = AT[place][0], TIMES[time][0]
        other = AT[place][int(WORDINGS * hashed(seed, "place", self.art.code, place, time))]
        later = TIMES[time][int(len(TIMES[time]) * hashed(seed, "time", self.art.code, place, time))]
        return (f"{subject} {doing} {at} {when}", f"{subject} {does} {other} {later}",
                f"{later}, {subject} {doing} {at}", f"{other}, {subject} {does} {when}")  # fmt: skip


@cache
def actions() -> dict[str, Action]:
    """The actions by name, as `assets/data/fluent_actions.yaml` tells them."""
    table = yaml.safe_load(asset("data", "fluent_actions.yaml").read_text(encoding="utf-8"))
    return {name: Action(name, **entry) for name, entry in sorted(table.items())}


def people(art: Iterable[Art]) -> list[Person]:
    """The animations that show one persona doing something that is in the table, in their order."""
    return [found for each in art if (found := person_of(each)) is not None]


def person_of(art: Art) -> Person | None:
    """Who does what in an animation, by its name in emojibase; None where it shows no such thing."""
    head, _, rest = art.name.partition(": ")
    head, tone = TOLD.get(head, head), rest.removesuffix("skin tone").strip()
    if art.group != "people" or tone not in TONES:
        return None
    first, _, done = head.partition(" ")
    sex, done = (first, done) if first in SEXES else ("person", head)
    persona = f"{sex} with {tone} skin" if tone else sex
    return Person(art, persona, actions()[done]) if done in actions() else None
