"""A new process goes on with the drawings that an earlier one left: they are queued again, or it is said why not."""

from __future__ import annotations

from studio.errors import DocumentError, StudioError
from studio.ui.boards import called
from studio.ui.desk import Desk
from studio.ui.drawing import submit_order
from studio.ui.orders import Order
from studio.ui.queue_file import Left
from studio.ui.words import count

OFTEN = 2
"""So often a process may end in the middle of one drawing before the queue waits for a person: it may be the cause."""


def take_up(desk: Desk) -> None:
    """Put the jobs that processes of this home left into the queue, in the order in which they waited.

    What is drawn of them is on their boards, so that only the rest is drawn. A queue that was paused stays so.
    """
    for left in desk.kept.left():
        with left:
            _take_up(desk, left)


def _take_up(desk: Desk, left: Left) -> None:
    if left.paused:
        desk.jobs.pause()
    put_back = [name for name in (_put_back(desk, record) for record in left.records) if name]
    if put_back:
        of = ", ".join(dict.fromkeys(put_back))
        again = f"{count(len(put_back), 'drawing')} ({of})"
        desk.notes.append(f"Left undone when the editor ended, and in the queue again: {again}.")
    if left.strange:
        desk.notes.append("Some of what waited when the editor ended could not be read; ask for it again.")


def _put_back(desk: Desk, record: dict[str, object]) -> str:
    """Queue what is left of a job; return what its board is called, "" where there was nothing."""
    board = str(record.get("board") or "")
    try:
        order = Order.read(record)
        board = order.board.stem
        doc = desk.document(order.board)
        if doc.read_only:
            raise DocumentError(f"the board cannot be changed: {doc.read_only_reason}")
        if order.starts >= OFTEN:
            desk.jobs.pause()
            desk.notes.append(
                f"The editor ended {order.starts} times while {called(doc)} was drawn, so the queue is paused: "
                "go on with it, or cancel that drawing."
            )
        rest = order.rest(doc)
        for each in rest:
            submit_order(desk, doc, each)
    except (StudioError, OSError, ValueError) as error:  # the last two: a path that no system has
        desk.notes.append(f"A drawing of {board or 'a board'} that waited was dropped: {error}")
        return ""
    return called(doc) if rest else ""
