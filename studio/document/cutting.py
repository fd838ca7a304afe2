"""A panel becomes two, or two become one; each is one step of undo, which gives everything back exactly."""

from __future__ import annotations

from typing import Any

from studio.document.commands import Batch, DeletePanel, InsertPanel, SetPanel, require
from studio.document.durations import count_words, duration_of, is_dense
from studio.document.edits import new_panel
from studio.document.ids import new_id
from studio.document.schema import Board, Panel, Take
from studio.errors import DocumentError


def split_panel(board: Board, panel_id: str, at: int) -> Batch:
    """Cut the text of a panel before its character ``at`` (from 0); what follows becomes the next panel.

    The first part keeps the panel's id, seed, takes, words and camera. The second gets an ordinal and a seed of its
    own and no picture; the panel's way to the next one goes with it, its scene, model and knobs go to both, and a
    duration that was set is shared by the words. :func:`studio.stories.split.sentence_ends` says where sentences end.

    Raises:
        DocumentError: if the panel is not on the board, or one of the parts would have no words.
    """
    panel = require(board, panel_id)
    first, second = panel.text[: max(at, 0)].strip(), panel.text[max(at, 0) :].strip()
    if not (any(map(str.isalnum, first)) and any(map(str.isalnum, second))):
        raise DocumentError(
            f'"{panel.text}" was to be cut before character {at}; both parts need words: choose a place between two'
        )
    made: dict[str, Any] = {name: getattr(panel, name) for name in ("scene_id", "transition", "model", "knobs")}
    kept: dict[str, Any] = {"text": first, "transition": None}
    if panel.duration_ms is not None:
        words = count_words(first), count_words(second)
        kept["duration_ms"] = round(panel.duration_ms * words[0] / sum(words))
        made["duration_ms"] = panel.duration_ms - kept["duration_ms"]
    behind = (board.index(panel_id) or 0) + 1
    insert = InsertPanel(index=behind, panel=new_panel(board, second).model_copy(update=made))
    return Batch(label="split", commands=(SetPanel(panel=panel_id, values=kept), insert))


def merge_panels(board: Board, panel_id: str) -> Batch:
    """Make one panel of a panel and the next one.

    It keeps the first one's id, seed, shot and picture (the second one's where the first has none), and has the words
    and the takes of both; the second one's takes are numbered on. It passes to the next panel as the second did, and
    lasts as long as both did where a duration was set. It is locked or starred if one of them was.

    Raises:
        DocumentError: if the panel is not on the board, or is its last.
    """
    first = require(board, panel_id)
    place = board.index(panel_id) or 0
    if place + 1 == len(board.panels):
        raise DocumentError(f"panel {place + 1} is the last of this board; only a panel with one behind it is merged")
    second = board.panels[place + 1]
    gone = (DeletePanel(panel=second.id), DeletePanel(panel=first.id))
    return Batch(label="merge", commands=(*gone, InsertPanel(index=place, panel=_merged(first, second))))


def _merged(first: Panel, second: Panel) -> Panel:
    shown = first if first.take is not None or second.take is None else second
    update: dict[str, Any] = {
        "text": _joined(first.text, second.text),
        "shot": first.shot or second.shot,
        "duration_ms": _both(first, second),
        "transition": second.transition,
        "camera": shown.camera,
        "locked": first.locked or second.locked,
        "starred": first.starred or second.starred,
        "takes": (*first.takes, *_numbered_on(first, second)),
        "current_take": shown.current_take,
    }
    for name in ("dialogue", "action", "notes"):
        update[name] = "\n".join(filter(None, (getattr(first, name), getattr(second, name))))
    return first.model_copy(update={**(second.model_extra or {}), **(first.model_extra or {}), **update})


def _joined(first: str, second: str) -> str:
    """Two texts as one: with a space between them, but for scripts that use none."""
    if not (first and second):
        return first or second
    return first + ("" if is_dense(first[-1]) and is_dense(second[0]) else " ") + second


def _both(first: Panel, second: Panel) -> int | None:
    if first.duration_ms is None and second.duration_ms is None:
        return None
    return duration_of(first) + duration_of(second)


def _numbered_on(first: Panel, second: Panel) -> tuple[Take, ...]:
    """The takes of the second panel, numbered behind those of the first (an id that both have is renewed)."""
    taken = {take.id for take in first.takes}
    start = first.next_take_number
    return tuple(
        take.model_copy(update={"number": start + k, **({"id": new_id()} if take.id in taken else {})})
        for k, take in enumerate(second.takes)
    )
