"""A new process goes on with what an earlier one left undone: it is queued again, or it is said why not."""

from __future__ import annotations

import textwrap
from collections.abc import Collection, Mapping
from typing import Any

from seqgan.errors import SeqganError
from seqgan.registry import find_model
from studio.document import Document
from studio.document.commands import require
from studio.errors import DocumentError, StudioError
from studio.ui.boards import called
from studio.ui.clips import clips_to_draw, queue_animation, queue_clips
from studio.ui.desk import Desk
from studio.ui.drawing import queue_drawing
from studio.ui.exports import queue_export
from studio.ui.orders import Animation, Clips, Drawing, Export, read_order
from studio.ui.queue_file import Left

OFTEN = 2
"""So often a process may end in the middle of one job before the queue waits for a person: it may be the cause."""
NOUNS = {
    "draw": ("drawing", "drawings"),
    "export": ("export", "exports"),
    "animation": ("animation", "animations"),
    "clips": ("set of clips", "sets of clips"),
}
"""What one and several orders of each kind are called; a newer program may know more kinds."""
_LONGEST = 50


def take_up(desk: Desk) -> None:
    """Put the jobs that processes of this home left into the queue, in the order in which they waited.

    What was made of them is on boards and among the clips, so that only the rest is made. A queue that was paused stays
    so. No job begins before its old record is gone, so that none is done twice however this process ends.
    """
    for left in desk.kept.left():
        with desk.jobs.held(), desk.live.held(), left:
            _take_up(desk, left)


def _take_up(desk: Desk, left: Left) -> None:
    if left.paused:
        desk.jobs.pause()
    left.staying = [record for record in left.records if record["kind"] not in NOUNS]
    taken = _taken_up(desk)
    put_back: dict[str, list[str]] = {}
    for record in left.records:
        if record["kind"] in NOUNS and str(record.get("id")) not in taken and (name := _put_back(desk, left, record)):
            put_back.setdefault(record["kind"], []).append(name)
    if put_back:
        again = ", ".join(_counted(kind, names) for kind, names in put_back.items())
        desk.notes.append(f"Left undone when the editor ended, and in the queue again: {again}.")
    if left.strange:
        desk.notes.append("Some of what waited when the editor ended could not be read; ask for it again.")
    if left.stays:
        desk.notes.append(f"What a newer version of Seqgan Studio left undone waits for it in {left.folder}.")


def _taken_up(desk: Desk) -> Collection[str]:
    """The ids of the orders in the queue: those of a process that ended while it took them up stand in two files."""
    jobs = [job for queue in (desk.jobs, desk.live) for job in queue.unfinished()]
    return {job.again.plain()["id"] for job in jobs if job.again is not None}


def _counted(kind: str, names: list[str]) -> str:
    """Orders of one kind: "2 drawings (A walk, A run)"."""
    one, several = NOUNS[kind]
    return f"{len(names)} {one if len(names) == 1 else several} ({', '.join(dict.fromkeys(names))})"


def _put_back(desk: Desk, left: Left, record: Mapping[str, Any]) -> str:
    """Queue what is left of an order; return what it is of, "" where there was nothing."""
    noun, name = NOUNS[record["kind"]][0], "a board" if "board" in record else "a sentence"
    try:
        order = read_order(record, left.file)
        name = _short(order.asked.text) if isinstance(order, Clips) else order.board.stem
        queued = _clips(desk, order) if isinstance(order, Clips) else _of_board(desk, order)
    except (StudioError, SeqganError, OSError, ValueError) as error:  # the last two: a path that no system has
        article = "An" if noun[0] in "ae" else "A"
        desk.notes.append(f"{article} {noun} of {name} that waited was dropped: {error}")
        return ""
    if queued and order.starts >= OFTEN:
        desk.jobs.pause()
        desk.notes.append(
            f"The editor ended {order.starts} times during the {noun} of {queued}, so the queue is paused: "
            f"go on with it, or cancel that {noun}."
        )
    return queued


def _clips(desk: Desk, order: Clips) -> str:
    find_model(order.asked.model)
    if not clips_to_draw(order):
        return ""
    queue_clips(desk, order)
    return _short(order.asked.text)


def _of_board(desk: Desk, order: Drawing | Export | Animation) -> str:
    doc = desk.document(order.board)
    if isinstance(order, Export):  # also of a board that can only be looked at
        queue_export(desk, doc, order)
        return called(doc)
    if doc.read_only:
        raise DocumentError(f"the board cannot be changed: {doc.read_only_reason}")
    queued = _drawing(desk, doc, order) if isinstance(order, Drawing) else _animation(desk, doc, order)
    return called(doc) if queued else ""


def _drawing(desk: Desk, doc: Document, order: Drawing) -> bool:
    rest = order.rest(doc)
    for each in rest:
        queue_drawing(desk, doc, each)
    return bool(rest)


def _animation(desk: Desk, doc: Document, order: Animation) -> bool:
    find_model(order.model)
    require(doc.board, order.panel)
    if order.is_made(doc):
        return False
    queue_animation(desk, doc, order)
    return True


def _short(text: str) -> str:
    return f"“{textwrap.shorten(text, _LONGEST, placeholder='…')}”"
