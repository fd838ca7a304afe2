"""What keeps a board from being changed or saved, and how to have a copy of it all the same."""

from __future__ import annotations

import streamlit as st

from studio.document import Document, packed, save_copy
from studio.document.schema import VERSION
from studio.ui import actions
from studio.ui.boards import called, file_stem, free_path
from studio.ui.state import attempt, desk, editor, open_board
from studio.ui.tickets import BLOCK_SECONDS, Ticket
from studio.ui.words import plain


def safekeeping(doc: Document) -> None:
    """Say what keeps this board from being changed, what the disk refused, and what went wrong with its files."""
    if doc.read_only:
        _read_only(doc)
    if doc.unsaved:
        _unsaved(doc)
    for problem in doc.problems[-2:]:
        st.warning(plain(problem))


def _read_only(doc: Document) -> None:
    newer = doc.manifest.version > VERSION or doc.manifest.min_reader > VERSION
    st.info(plain(f"This board can be looked at and exported, not changed: {doc.read_only_reason}."))
    st.button(
        f"Save a copy as version {VERSION}" if newer else "Save a copy",
        key="btn_copy",
        icon=":material/file_copy:",
        on_click=_copy,
        args=(doc,),
        disabled=editor().copying is not None,
        help="A board of your own with all panels and takes, opened to be changed. This one stays as it is.",
    )


def _copy(doc: Document) -> None:
    def submit() -> None:
        title = f"{called(doc)} (copy)"
        path, queue = free_path(title), desk().asked
        editor().copying = ticket = Ticket(queue, queue.submit("Copy", lambda _step: save_copy(doc, path, title)))
        ticket.wait(BLOCK_SECONDS)

    attempt(submit)


def collect_copy() -> bool:
    """Open a copy that was asked for, once it is there; return whether another board is open now."""
    state = editor()
    if state.copying is None or state.copying.is_busy:
        return False
    job, state.copying = state.copying.look(), None
    if job is None or job.error:
        state.error = job.error if job else ""
        return False
    open_board(job.result)
    state.said = "This is the copy: it can be changed."
    return True


def _unsaved(doc: Document) -> None:
    """Stays until the disk takes the changes, which are then on the board."""
    st.error(
        plain(f"{doc.unsaved}. What you changed waits, and is written as soon as there is room; a copy has it."),
        title="Not saved",
    )
    with st.container(horizontal=True, gap="small"):
        st.download_button(
            "Download a copy now",
            data=lambda: packed(doc),
            file_name=f"{file_stem(doc.board.title) or 'board'}.boardz",
            mime="application/zip",
            key="btn_download_copy",
            icon=":material/download:",
            on_click="ignore",
            type="primary",
        )
        st.button("Try again", key="btn_retry", on_click=actions.retry, args=(doc,))
