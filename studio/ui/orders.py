"""What was asked for, as plain data: a drawing of panels that can be asked for again after a restart."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Self, TypeVar

from studio.document import Document
from studio.errors import DocumentError
from studio.rendering import panels_asked
from studio.ui.engines import Choice

KIND = "draw"
"""The kind of job that an order is, among those of a queue's file."""
MOST_TAKES = 10_000
"""Takes of a panel that somebody may have asked for."""
Kind = TypeVar("Kind")


@dataclass(frozen=True)
class Order:
    """Panels ("missing", "changed", "all", or ids) of a board that are to be drawn, with so many takes each.

    ``own``: name of a model that panels have for themselves -> what opens it; ``goals``: once drawing has begun, panel
    -> the number that its next take has when it is through; ``starts``: how often a process ended in the middle of it.
    """

    board: Path
    choice: Choice
    panels: str | list[str] = "missing"
    takes: int = 1
    own: Mapping[str, Choice] = field(default_factory=dict)
    goals: Mapping[str, int] = field(default_factory=dict)
    starts: int = 0

    def plain(self) -> dict[str, Any]:
        """Return it as JSON can hold it."""
        return {
            "kind": KIND,
            "board": str(self.board.resolve()),
            "choice": _told(self.choice),
            "panels": self.panels,
            "takes": self.takes,
            "own": {name: _told(choice) for name, choice in self.own.items()},
            "goals": dict(self.goals),
            "starts": self.starts,
        }

    @classmethod
    def read(cls, data: Mapping[str, Any]) -> Self:
        """Return what :meth:`plain` told.

        Raises:
            DocumentError: if the data is anything else.
        """
        try:
            if data["kind"] != KIND:
                raise ValueError("another kind of job")
            return cls(
                board=Path(_a(str, data["board"])),
                choice=_choice(data["choice"]),
                panels=_panels(data["panels"]),
                takes=_takes(data["takes"]),
                own={name: _choice(told) for name, told in _a(dict, data["own"]).items()},
                goals={name: _takes(goal) for name, goal in _a(dict, data["goals"]).items()},
                starts=_a(int, data["starts"]),
            )
        except (KeyError, TypeError, ValueError) as error:
            raise DocumentError(f"a job could not be read ({error!r}); ask for it again") from error

    def begun(self, doc: Document) -> Self:
        """Return it as it is when drawing begins now: what is missing or has changed shows on the board itself, and of
        other panels it is known when they are through."""
        if self.panels in ("missing", "changed"):
            return self
        wanted = Counter(panels_asked(doc, self.panels, self.takes))
        goals = {each.id: each.next_take_number + wanted[each.id] for each in doc.board.panels if each.id in wanted}
        return replace(self, goals=goals)

    def rest(self, doc: Document) -> list[Self]:
        """Return what is still to be drawn: one order for all panels that get equally many takes."""
        if self.panels in ("missing", "changed"):
            return [self]
        if not self.goals:
            present = self.panels if isinstance(self.panels, str) else self._present(doc)
            return [replace(self, panels=present)] if present else []
        lacking: dict[int, list[str]] = {}
        for panel in doc.board.panels:
            count = self.goals.get(panel.id, 0) - panel.next_take_number
            if count > 0 and not (panel.locked and self.panels == "all"):
                lacking.setdefault(count, []).append(panel.id)
        return [replace(self, panels=panels, takes=takes, goals={}) for takes, panels in lacking.items()]

    def _present(self, doc: Document) -> list[str]:
        return [name for name in self.panels if doc.board.panel(name) is not None]


def _told(choice: Choice) -> list[str]:
    return [choice.engine, choice.model]


def _choice(told: Any) -> Choice:
    engine, model = _a(list, told)
    return Choice(_a(str, engine), _a(str, model))


def _takes(told: Any) -> int:
    if not 0 < _a(int, told) <= MOST_TAKES:
        raise ValueError(f"{told} takes")
    return told


def _panels(told: Any) -> str | list[str]:
    if isinstance(told, list):
        return [_a(str, name) for name in told]
    if told not in ("missing", "changed", "all"):
        raise ValueError(f"panels {told!r}")
    return told


def _a(kind: type[Kind], value: Any) -> Kind:
    """A value, which must be of that very kind."""
    if type(value) is not kind:
        raise TypeError(f"{value!r} where a {kind.__name__} was expected")
    return value
