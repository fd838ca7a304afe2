"""What is to be known of a panel at a glance, once for cards, inspector, list and the row of all panels.

statuses(doc, marks)    # panel -> [Status("drawing", ...), Status("composed, not generated", ...), ...]
"""

from __future__ import annotations

from dataclasses import dataclass

from studio.document import Document, Marks, Panel
from studio.ui.drawing import preview_key
from studio.ui.engines import MISSING
from studio.ui.state import choice_named, desk, editor
from studio.ui.underway import DRAWING, FAILED, QUEUED
from studio.ui.words import plain

COMPOSED = "composed, not generated"


@dataclass(frozen=True)
class Status:
    """One thing that is so of a panel.

    ``words``: what it is called; ``colour``: of its badge; ``sign``: the character that stands for it where there is
    little room, "" for what is not shown there; ``icon``: a Material symbol of its badge; ``bare``: whether the card
    shows the icon without the words.
    """

    words: str
    colour: str = "gray"
    sign: str = ""
    icon: str = ""
    bare: bool = False

    @property
    def badge(self) -> str:
        """It as Markdown."""
        icon = f":material/{self.icon}:" if self.icon else ""
        if self.bare:
            return f":{self.colour}[{icon}]" if self.colour else icon
        return f":{self.colour}-badge[{f'{icon} ' if icon else ''}{plain(self.words)}]"


UNDER_WAY = {
    QUEUED: Status(QUEUED, sign="…", icon="hourglass_top"),
    DRAWING: Status(DRAWING, "green", "✎", "brush"),
}
NOT_DONE = Status(FAILED, "red", "✕", "error")
CHANGED, CONTEXT = Status("changed", "orange", "●"), Status("context", sign="○")
STARRED, LOCKED = Status("starred", "orange", "★", "star", bare=True), Status("locked", "", "🔒", "lock", bare=True)
MARKED = Status("marked", "blue", "✓", "check")


def statuses(doc: Document, marks: dict[str, Marks]) -> dict[str, list[Status]]:
    """Return panel (id) -> what is so of it, in the order in which it is shown.

    Of all panels at once: what else is to be known for it (desk, tab, models) is asked once for a long board.
    """
    shared, marked = desk(), editor().marked
    states, own = shared.underway.of(doc), _own_models(doc)
    found = {}
    for panel in doc.board.panels:
        state, preview = states.get(panel.id), preview_key(doc, panel.id) in shared.previews
        failed = not state and shared.underway.has_failed(doc, panel.id)
        of_one = [UNDER_WAY[state]] if state else [NOT_DONE] * failed
        of_one += [*_picture(doc, panel, bool(state), preview), *_fits(marks[panel.id])]
        of_one += [own[panel.model.name]] if panel.model is not None else []
        flags = {MARKED: panel.id in marked, STARRED: panel.starred, LOCKED: panel.locked}
        found[panel.id] = [*of_one, *(status for status, so in flags.items() if so)]
    return found


def badges(found: list[Status]) -> str:
    """Return what is so of a panel as Markdown."""
    return " ".join(status.badge for status in found)


def _own_models(doc: Document) -> dict[str, Status]:
    """What is said of panels that have a model of their own, by its name."""
    own = {name: choice_named(name) for name in {panel.model.name for panel in doc.board.panels if panel.model}}
    return {name: Status(each.label, "red" if each.engine == MISSING else "blue") for name, each in own.items()}


def _picture(doc: Document, panel: Panel, to_come: bool, preview: bool) -> list[Status]:
    """What there is to see. ``to_come``: whether the panel is to be drawn, so that it need not be said to be empty;
    ``preview``: whether a stand-in is shown."""
    take, found = panel.take, []
    if preview:
        found.append(Status(f"preview: {COMPOSED}", "violet"))
    elif take is None:
        found += [] if to_come else [Status("not drawn" if panel.text.strip() else "empty", sign="–")]
    elif doc.picture(panel) is None:
        found.append(Status("picture missing", "red", "!"))
    elif take.given is not None:
        found.append(Status("your picture, not generated", "blue"))
    elif take.composed:
        found.append(Status(COMPOSED, "violet"))
    if take is not None and take.kind == "clip":
        found.append(Status("moves", "blue", "▸"))
    return found


def _fits(marks: Marks) -> list[Status]:
    return [CHANGED] * marks.changed or [CONTEXT] * marks.context
