"""Says on the other pages that the board has been drawn: there is no tray there."""

from __future__ import annotations

import streamlit as st

from studio.rendering import DrawReport
from studio.ui.state import document, editor
from studio.ui.words import count, plain

LOOK_AGAIN = 1.0
"""Seconds between two looks at a drawing, from another page."""


def announce() -> None:
    """Tell in passing what came of a drawing, once; look again while it is under way."""
    state = editor()
    if state.drawing is None or state.drawing == state.drawing_seen:
        return
    if state.drawing.is_busy:
        st.fragment(_wait, run_every=LOOK_AGAIN)()
        return
    state.drawing_seen = state.drawing
    _tell()


def _wait() -> None:
    ticket = editor().drawing
    if ticket is None or not ticket.is_busy:
        st.rerun()


def _tell() -> None:
    state, doc = editor(), document()
    job = state.drawing.look() if state.drawing is not None else None
    if doc is None or job is None:
        return
    title = plain(doc.board.title or doc.path.name, 60)
    if job.state == "failed":
        st.toast(f"**{title}**: drawing stopped. The page Board says why.", icon=":material/error:")
    elif isinstance(job.result, DrawReport) and job.result.drawn and not job.result.cancelled:
        st.toast(f"**{title}**: {count(len(job.result.drawn), 'panel')} drawn.", icon=":material/check:")
