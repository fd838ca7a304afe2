"""What a theatre story is made of: closed vocabularies and plain records of one panel, one actor, one story.

Everything here is data: a record says what a panel shows, and `to_dict`/`from_dict` carry it through a manifest line.
A user's own pack may have other characters, settings and props, so ids are strings and only the closed sets that the
stage itself must know (actions, places, times, weathers, shots, looks) are checked.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from seqgan.errors import DataError

CHARACTERS = ("mia", "max", "robin", "cat", "rabbit", "owl", "penguin", "turtle", "pig", "robot", "dragon", "unicorn")
SETTINGS = ("forest", "beach", "snow", "street", "desert", "meadow", "room", "lake", "castle", "space")
PROPS = (
    "ball", "umbrella", "gift", "balloon", "kite", "book", "guitar", "cake", "apple", "flower", "lantern", "key",
    "drum", "camera", "bell", "crown", "boat", "star", "clock", "telescope", "trophy", "teddy", "mushroom", "broom",
)  # fmt: skip
ACTIONS = (
    "stand", "walk", "run", "jump", "dance", "sleep", "wave", "bow", "swim", "juggle", "ride", "cartwheel",
)  # fmt: skip
TIMES = ("day", "dusk", "night")
WEATHERS = ("clear", "rain", "snow")
PLACES = ("left", "middle", "right", "behind")
SHOTS = ("medium", "close", "far")
ITEMS = ("none", "hat", "scarf")
COLOURS = ("none", "red", "blue", "green", "yellow")
SIZES = ("normal", "big", "small")
NOISE_SIZE = 16
"""Length of a panel's staging noise vector; the stage uses the first eight entries."""

SPLITS = ("train", "val", "test", "test_unseen")


def _among(value: str, allowed: tuple[str, ...], what: str) -> None:
    if value not in allowed:
        raise DataError(f"{what} is {value!r}; expected one of {', '.join(allowed)}")


@dataclass(frozen=True)
class Look:
    """What an actor wears and how big it is; the default is the picture as the pack drew it."""

    item: str = "none"
    colour: str = "none"
    size: str = "normal"

    def __post_init__(self) -> None:
        """Check the closed sets. Raises DataError for an unknown word, or a colour without an item."""
        _among(self.item, ITEMS, "look item")
        _among(self.colour, COLOURS, "look colour")
        _among(self.size, SIZES, "look size")
        if (self.item == "none") != (self.colour == "none"):
            raise DataError(f"look has item {self.item!r} with colour {self.colour!r}; give both or neither")

    @property
    def plain(self) -> bool:
        """True when nothing differs from the pack's own picture."""
        return self == Look()

    def to_dict(self) -> dict[str, str]:
        """The record as plain strings."""
        return asdict(self)

    @classmethod
    def from_dict(cls, data: dict[str, str]) -> Look:
        """Read what `to_dict` wrote."""
        return cls(**data)


@dataclass(frozen=True)
class Actor:
    """One character in one panel: who, what it does, where, and how it looks."""

    who: str
    action: str = "stand"
    place: str = "middle"
    look: Look = field(default_factory=Look)

    def __post_init__(self) -> None:
        """Check the closed sets. Raises DataError for an unknown action or place."""
        _among(self.action, ACTIONS, "action")
        _among(self.place, PLACES, "place")

    def to_dict(self) -> dict[str, Any]:
        """The record as nested plain values."""
        return asdict(self)

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Actor:
        """Read what `to_dict` wrote."""
        return cls(data["who"], data["action"], data["place"], Look.from_dict(data["look"]))


@dataclass(frozen=True)
class Panel:
    """What one panel shows: at most three actors and two props in one setting."""

    actors: tuple[Actor, ...]
    setting: str
    time: str = "day"
    weather: str = "clear"
    props: tuple[str, ...] = ()
    shot: str = "medium"

    def __post_init__(self) -> None:
        """Check closed sets and counts. Raises DataError naming what came."""
        _among(self.time, TIMES, "time")
        _among(self.weather, WEATHERS, "weather")
        _among(self.shot, SHOTS, "shot")
        if len(self.actors) > 3 or len(self.props) > 2:
            raise DataError(f"a panel has {len(self.actors)} actors and {len(self.props)} props; at most 3 and 2 fit")
        if len({a.who for a in self.actors}) < len(self.actors):
            raise DataError(f"a panel shows a character twice: {', '.join(a.who for a in self.actors)}")

    def to_dict(self) -> dict[str, Any]:
        """The record as nested plain values, as in a manifest line."""
        actors = [actor.to_dict() for actor in self.actors]
        return {"actors": actors, "setting": self.setting, "time": self.time, "weather": self.weather,
                "props": list(self.props), "shot": self.shot}  # fmt: skip

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Panel:
        """Read what `to_dict` wrote."""
        actors = tuple(Actor.from_dict(actor) for actor in data["actors"])
        return cls(actors, data["setting"], data["time"], data["weather"], tuple(data["props"]), data["shot"])


@dataclass(frozen=True)
class Told:
    """What the sentence of one panel says itself and what it leaves to the story before it (for evaluation)."""

    pronoun: bool = False
    """The sentence refers to characters by pronouns alone: no name and no noun of a character stands in it."""
    antecedents: int = 0
    """How many characters mentioned earlier agree with the pronoun (0 where there is none)."""
    distance: int = 0
    """Panels back to the last mention of the antecedent (the farthest of several; 0 where there is none)."""
    carried: tuple[str, ...] = ()
    """Actors shown here whose look was told in an earlier panel and is not repeated in this sentence."""
    renamed: tuple[str, ...] = ()
    """Actors that the sentence calls by a name which the story itself gave."""
    names: tuple[str, ...] = ()
    """The story-given names that stand in the sentence."""

    def to_dict(self) -> dict[str, Any]:
        """The record as plain values."""
        return {"pronoun": self.pronoun, "antecedents": self.antecedents, "distance": self.distance,
                "carried": list(self.carried), "renamed": list(self.renamed), "names": list(self.names)}  # fmt: skip

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Told:
        """Read what `to_dict` wrote."""
        return cls(data["pronoun"], data["antecedents"], data["distance"], tuple(data["carried"]),
                   tuple(data["renamed"]), tuple(data["names"]))  # fmt: skip


@dataclass(frozen=True)
class Script:
    """One story: T sentences with a panel and a Told for each, and the names that the story gave."""

    sentences: tuple[str, ...]
    panels: tuple[Panel, ...]
    told: tuple[Told, ...]
    names: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Check that the three sequences are as long. Raises DataError otherwise."""
        if not len(self.sentences) == len(self.panels) == len(self.told):
            counts = f"{len(self.sentences)} sentences, {len(self.panels)} panels, {len(self.told)} told"
            raise DataError(f"a script has {counts}; expected as many of each")

    @property
    def text(self) -> str:
        """The story as one paragraph."""
        return " ".join(self.sentences)

    def to_dict(self) -> dict[str, Any]:
        """The record as nested plain values."""
        return {"sentences": list(self.sentences), "panels": [panel.to_dict() for panel in self.panels],
                "told": [told.to_dict() for told in self.told], "names": dict(self.names)}  # fmt: skip

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Script:
        """Read what `to_dict` wrote."""
        panels = tuple(Panel.from_dict(panel) for panel in data["panels"])
        told = tuple(Told.from_dict(each) for each in data["told"])
        return cls(tuple(data["sentences"]), panels, told, dict(data["names"]))
