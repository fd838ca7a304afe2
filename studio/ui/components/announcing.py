"""Says on the other pages that the board has been drawn: there is no tray there."""

from __future__ import annotations

import streamlit as st

from studio.rendering import DrawReport
from studio.ui.board_jobs import DRAWING, BoardJob
from studio.ui.following import settle
from studio.ui.state import document, editor
from studio.ui.words import count, plain

LOOK_AGAIN = 1.0
"""Seconds between two looks at a drawing, from another page."""


def announce() -> None:
    """Tell in passing what came of drawings, each once; look again while any is under way."""
    for ended in settle():
        if ended.kind == DRAWING:
            _tell(ended)
    if editor().watched:
        st.fragment(_wait, run_every=LOOK_AGAIN)()


def _wait() -> None:
    if not all(job.is_busy for job in editor().watched):
        st.rerun()


def _tell(ended: BoardJob) -> None:
    doc, job = document(), ended.look()
    if doc is None or job is None:
        return
    title = plain(doc.board.title or doc.path.name, 60)
    if job.state == "failed":
        st.toast(f"**{title}**: drawing stopped. The page Board says why.", icon=":material/error:")
    elif isinstance(job.result, DrawReport) and job.result.drawn and not job.result.cancelled:
        st.toast(f"**{title}**: {count(len(job.result.drawn), 'panel')} drawn.", icon=":material/check:")
