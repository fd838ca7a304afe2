"""What is done with whole boards: copied, downloaded, deleted, put back. Copying and deleting are jobs."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from studio.document import Document, packed, save_copy
from studio.errors import DocumentError
from studio.ui.boards import Shelved, called, free_path, shelf
from studio.ui.desk import Desk
from studio.ui.drawing import forget_previews
from studio.ui.state import BOARD_PARAMETER, attempt, desk, editor, open_board, show_in_address
from studio.ui.tickets import BLOCK_SECONDS, Ticket
from studio.ui.trash import deleted_boards, put_back, remove_for_good
from studio.ui.words import count, plain

STOP_SECONDS = 60.0
"""How long the jobs of a board that is deleted may take to stop: at worst a model is being loaded."""
_COPY = re.compile(r" copy( \d+)?$")


@dataclass(frozen=True)
class Filed:
    """What came of it. ``said``: to be told in passing; ``opens``: a board to be shown; ``gone``: a deleted one."""

    said: str
    opens: Path | None = None
    gone: Path | None = None


def _submit(title: str, work: Callable[[], Filed]) -> None:
    """Have it done in the background; wait a moment, for that may be all it takes."""

    def submit() -> None:
        queue = desk().asked
        editor().filing = ticket = Ticket(queue, queue.submit(title, lambda _step: work()))
        ticket.wait(BLOCK_SECONDS)

    attempt(submit)


def take_up() -> Path | None:
    """Take up what came of the last, once it is through; return the board that was deleted, if one was."""
    state = editor()
    if state.filing is None or state.filing.is_busy:
        return None
    job, state.filing = state.filing.look(), None
    if job is None or not isinstance(job.result, Filed):
        state.error = job.error if job is not None else ""
        return None
    if job.result.opens is not None:
        attempt(open_board, job.result.opens)
        state.dialog = ""
    state.said = job.result.said
    return job.result.gone


# Copies --------------------------------------------------------------------------------------------------------------


def copy(path: Path) -> None:
    """Make a copy of a board, with all its takes and an id of its own, and open it."""
    shared = desk()

    def work() -> Filed:
        doc = shared.reader(path)
        title = copy_title(called(doc))
        return Filed("This is the copy: it can be changed.", save_copy(doc, free_path(title), title))

    _submit("Copy a board", work)


def copy_title(title: str) -> str:
    """Return a title for a copy that no board here has yet: ``A walk copy``, then ``A walk copy 2``."""
    taken, stem = {board.title for board in shelf()}, _COPY.sub("", title)[:100]
    titles = (f"{stem} copy{f' {number}' if number > 1 else ''}" for number in itertools.count(1))
    return next(each for each in titles if each not in taken)


def download(shared: Desk, path: Path) -> bytes:
    """Return a board as a ``.boardz``, as it is by now.

    Raises:
        DocumentError: if it is damaged beyond repair, or gone.
    """
    return packed(shared.reader(path))


# The trash -----------------------------------------------------------------------------------------------------------


def delete(board: Shelved) -> None:
    """Stop what is being done on a board, and move it to the trash."""
    shared = desk()

    def work() -> Filed:
        doc = shared.opened(board.path)
        if doc is not None:
            _stop_work(shared, doc)
        shared.delete(board.path)
        return Filed(f"{plain(board.title, 60)} is deleted. *Deleted boards* puts it back.", gone=board.path)

    _submit("Delete a board", work)


def _stop_work(shared: Desk, doc: Document) -> None:
    """Stop all jobs that change a board or write into its folder, and wait for that; what they did is kept.

    Raises:
        DocumentError: if one goes on.
    """
    tickets: list[Ticket] = [*shared.board_jobs.under_way(doc), *shared.underway.tickets(doc)]
    for ticket in tickets:
        ticket.cancel()
    for ticket in tickets:
        ticket.wait(STOP_SECONDS)
    if any(ticket.is_busy for ticket in tickets):
        raise DocumentError(f"{doc.path.name} is not deleted: a job on it has not stopped yet; try again in a while")
    forget_previews(shared, doc)


def restore(board: Shelved) -> None:
    """Put a deleted board back among the others."""

    def work() -> None:
        path = put_back(board.path)
        desk().thumbs.forget(path.resolve())
        named = "" if path.name == board.name else f" as {plain(path.name)}, for there is another {plain(board.name)}"
        editor().said = f"{plain(board.title, 60)} is back{named}."

    attempt(work)


def empty(boards: Sequence[Shelved]) -> None:
    """Delete boards of the trash for good."""

    def work() -> Filed:
        remove_for_good([board.path for board in boards])
        return Filed(f"{count(len(boards), 'board')} deleted for good.")

    _submit("Empty the deleted boards", work)


def move_on(own: Path | None = None) -> None:
    """Where the board of this tab was deleted, open the newest that can be opened instead, and say so until it was
    read; ``own``: the board that this tab has deleted just now, of which it tells."""
    state = editor()
    if state.path is None or not desk().is_gone(state.path):
        return
    gone, state.path, state.selected = state.path, None, ""
    state.dialog = state.dialog if state.dialog == "open" else ""
    st.query_params.pop(BOARD_PARAMETER, None)
    for board in shelf(state.given):
        attempt(open_board, board.path)
        if not state.error:
            break
    state.error = ""
    if own is None or own.resolve() != gone.resolve():
        state.lost = _lost(gone)
    show_in_address(state)


def _lost(gone: Path) -> str:
    """What is said of a board that was deleted while it was open here."""
    title = next((board.title for board in deleted_boards() if board.name == gone.name), "")
    if not title:
        return f"The board {plain(gone.stem, 60)} is no longer there: another program moved or deleted it."
    return f"{plain(title, 60)} was deleted while it was open here. *Open* has it, among *Deleted boards*."
