"""Labels of a panel as numbers: one column order for the reading head, the judge and the metrics. Free of torch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from seqgan.data.theatre.world import ACTIONS, COLOURS, ITEMS, PLACES, SHOTS, SIZES, TIMES, WEATHERS

LOOKS = ("none", *(f"{item} {colour}" for item in ITEMS[1:] for colour in COLOURS[1:]))
SLOTS = 5
"""Actors (3 at most) and props (2 at most) of a panel."""


@dataclass(frozen=True)
class LabelSpace:
    """The cast and the places of one story world, and with them the columns of every label vector."""

    characters: tuple[str, ...]
    settings: tuple[str, ...]
    props: tuple[str, ...]

    @classmethod
    def from_dict(cls, data: dict[str, Sequence[str]]) -> LabelSpace:
        """Read what `to_dict` wrote."""
        return cls(tuple(data["characters"]), tuple(data["settings"]), tuple(data["props"]))

    def to_dict(self) -> dict[str, list[str]]:
        """Plain lists, as a checkpoint's config keeps them."""
        return {"characters": list(self.characters), "settings": list(self.settings), "props": list(self.props)}

    @property
    def groups(self) -> dict[str, tuple[int, int]]:
        """Name -> (rows, classes): `actor_*` groups have a row per character, 0 classes means yes/no columns."""
        cast = len(self.characters)
        return {
            "characters": (cast, 0), "props": (len(self.props), 0),
            "setting": (1, len(self.settings)), "time": (1, len(TIMES)),
            "weather": (1, len(WEATHERS)), "shot": (1, len(SHOTS)),
            "actor_action": (cast, len(ACTIONS)), "actor_look": (cast, len(LOOKS)),
            "actor_size": (cast, len(SIZES)), "actor_place": (cast, len(PLACES)),
        }  # fmt: skip

    @property
    def names(self) -> dict[str, tuple[str, ...]]:
        """Label groups of clips -> names in order. Looks and sizes are a character's own ("mia hat red", "mia big"),
        and those as the pack drew it have no name."""
        return {
            "characters": self.characters, "props": self.props, "settings": self.settings, "times": TIMES,
            "weathers": WEATHERS, "looks": tuple(f"{who} {look}" for who in self.characters for look in LOOKS[1:]),
            "sizes": tuple(f"{who} {size}" for who in self.characters for size in SIZES[1:]),
        }  # fmt: skip

    @property
    def columns(self) -> int:
        """Length of a vector of logits for all groups."""
        return sum(rows * max(classes, 1) for rows, classes in self.groups.values())

    @property
    def shape(self) -> tuple[int, int, tuple[int, ...], tuple[int, ...]]:
        """Sizes of networks that answer in these columns: things, characters, panel classes, actor classes."""
        groups = self.groups.items()
        panel = tuple(classes for name, (_, classes) in groups if classes and not name.startswith("actor_"))
        actor = tuple(classes for name, (_, classes) in groups if name.startswith("actor_"))
        return len(self.characters) + len(self.props), len(self.characters), panel, actor

    def split(self, logits: Any) -> dict[str, Any]:
        """Cut (..., columns) into one array or tensor a group, (..., rows) or (..., rows, classes)."""
        parts, start = {}, 0
        for name, (rows, classes) in self.groups.items():
            width = rows * max(classes, 1)
            part = logits[..., start : start + width]
            parts[name] = part.reshape(*part.shape[:-1], rows, classes) if classes else part
            start += width
        return parts

    def encode(self, panel: dict[str, Any]) -> dict[str, np.ndarray]:
        """A manifest's panel as targets: 0/1 for yes/no groups, class numbers else, -1 where an actor is absent."""
        targets = {name: np.full(rows, -1 if classes else 0, np.int64) for name, (rows, classes) in self.groups.items()}
        targets["setting"][0] = self.settings.index(panel["setting"])
        for name, values in (("time", TIMES), ("weather", WEATHERS), ("shot", SHOTS)):
            targets[name][0] = values.index(panel[name])
        for prop in panel["props"]:
            targets["props"][self.props.index(prop)] = 1
        for actor in panel["actors"]:
            self._encode_actor(actor, targets)
        return targets

    def _encode_actor(self, actor: dict[str, Any], targets: dict[str, np.ndarray]) -> None:
        row = self.characters.index(actor["who"])
        targets["characters"][row] = 1
        targets["actor_action"][row] = ACTIONS.index(actor["action"])
        targets["actor_look"][row] = LOOKS.index(look_name(actor["look"]))
        targets["actor_size"][row] = SIZES.index(actor["look"]["size"])
        targets["actor_place"][row] = PLACES.index(actor["place"])

    def slots(self, panel: dict[str, Any]) -> np.ndarray:
        """Which thing stands in every slot, (SLOTS,) int64, characters before props; -1 where there is none."""
        table = np.full(SLOTS, -1, np.int64)
        for row, actor in enumerate(panel["actors"]):
            table[row] = self.characters.index(actor["who"])
        for row, prop in enumerate(panel["props"], start=len(panel["actors"])):
            table[row] = len(self.characters) + self.props.index(prop)
        return table


def look_name(look: dict[str, str]) -> str:
    """ "none" or "hat red" and the like."""
    return "none" if look["item"] == "none" else f"{look['item']} {look['colour']}"
