"""The button of the page Story that brings a file in, and what is said of it."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from studio.rendering import JobSnapshot
from studio.ui.importing import MAX_MIB, SUFFIXES, Brought, bring_in
from studio.ui.state import attempt, desk, editor, open_board
from studio.ui.tickets import BLOCK_SECONDS, Ticket
from studio.ui.words import plain

POPOVER = "pop_import"
_WHAT = """Text goes into the field. Markdown with headings, a screenplay (Fountain), a shot list (CSV), a board of
Storyboarder (zip its folder, and its pictures come too) and a shared board (.boardz) become a board of their own. So do
pictures, several at once: each is a panel. Pictures and films from here (PNG, MP4, GIF, WebP, ZIP) bring their story
along."""


def import_button() -> None:
    """Offer to bring in a file, in a box that closes as soon as one is there."""
    key = f"upl_story_{editor().imports}"
    with st.popover("Import", icon=":material/upload_file:", key=POPOVER, on_change="rerun"):
        st.file_uploader(
            "A story, a board or pictures",
            type=list(SUFFIXES),
            accept_multiple_files=True,
            key=key,
            on_change=_bring,
            args=(key,),
            max_upload_size=MAX_MIB,
        )
        st.caption(_WHAT)


def _bring(key: str) -> None:
    """Have the files read in the background; wait a moment, for that may be all it takes."""
    files, state = st.session_state.get(key), editor()
    if not files:
        return
    state.imports, state.imported = state.imports + 1, None  # the next file gets a field of its own
    st.session_state[POPOVER] = False

    def submit() -> None:
        queue = desk().live  # neither behind a drawing nor behind a first reading
        brought = [(file.name, file.getvalue()) for file in files]
        number = queue.submit(f"Import {brought[0][0]}", lambda _step: bring_in(brought))
        state.importing = Ticket(queue, number)
        state.importing.wait(BLOCK_SECONDS)

    attempt(submit)


def take_up_import(write: Callable[[str], None]) -> bool:
    """Take up what was imported, once it is read: a story is handed to ``write``, a board is opened.

    Returns:
        Whether a board was opened, to be shown next.
    """
    state = editor()
    if state.importing is None or state.importing.is_busy:
        return False
    job, state.importing = state.importing.look(), None
    brought = job.result if job is not None and isinstance(job.result, Brought) else Brought(problem=_why(job))
    if brought.text:
        write(brought.text)
    if brought.board is not None:
        attempt(open_board, brought.board)
    state.imported = brought
    return brought.board is not None and not state.error


def _why(job: JobSnapshot | None) -> str:
    return job.error if job is not None and job.error else "the file was not read; hand it in again"


def wait_for_import() -> None:
    """Look again until the file is read."""
    st.caption(":material/hourglass_top: Reading the file…")
    ticket = editor().importing
    if ticket is None or not ticket.is_busy:
        st.rerun()


def said_of_import() -> None:
    """Say what was left out of the file that was imported last, or why nothing came of it, until it was read."""
    imported = editor().imported
    if imported is None or not (imported.problem or imported.notes):
        return
    with st.container(key="said_of_import", gap="xsmall"):
        if imported.problem:
            st.error(plain(imported.problem), title="Nothing was imported")
        else:
            notes = "\n".join(f"- {plain(note)}" for note in imported.notes)
            st.info(notes, title="Not all of the file could be taken over")
        st.button("I have read it", key="btn_imported", type="tertiary", on_click=_read)


def _read() -> None:
    editor().imported = None
