"""Files that people hand in to a page: what is in them is worked out once, and beside the page, for a large picture
takes its time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from studio.ui.state import desk
from studio.ui.tickets import BLOCK_SECONDS, Answer, Ticket

LOOK_AGAIN = 0.3
"""Seconds between two looks at a file that is being read."""


def read_once(file: UploadedFile, read: Callable[[str, bytes], Any]) -> Answer:
    """Return what ``read(name, bytes)`` makes of a file, and have the page look again until that is known; it is asked
    again for another file. The tab keeps the last alone: among the answers of the process large files would add up."""
    name = f"read_by_{read.__name__}"
    asked, ticket, answer = st.session_state.get(name) or ("", None, Answer(pending=True))
    if ticket is None or asked != file.file_id or (answer.pending and ticket.is_gone):
        queue, told, data = desk().asked, file.name, file.getvalue()
        ticket = Ticket(queue, queue.submit(f"Read {told}", lambda _step: read(told, data)))
        answer = ticket.answer(BLOCK_SECONDS)
    elif answer.pending:
        answer = ticket.answer(0)
    st.session_state[name] = file.file_id, ticket, answer
    if answer.pending:
        st.caption(":material/hourglass_top: Reading the file…")
        st.fragment(_look_again, run_every=LOOK_AGAIN)(ticket)
    return answer


def _look_again(ticket: Ticket) -> None:
    if not ticket.is_busy:
        st.rerun()
