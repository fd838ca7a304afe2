"""Esc: what the first line of the tray tells of is stopped; where more than half a minute of work would be lost, a
person is asked first."""

from __future__ import annotations

import streamlit as st

from studio.document import Document
from studio.ui import actions
from studio.ui.board_jobs import ANIMATION, DRAWING, EXPORT, REDRAW, BoardJob
from studio.ui.following import stop
from studio.ui.state import desk, document, editor

LONG_SECONDS = 30.0


def escape(doc: Document) -> None:
    """Stop drawing, for what is drawn or typed is kept; else what is lost by stopping, asking first where that took
    long."""
    job = next(iter(desk().board_jobs.under_way(doc)), None)
    if job is None:
        return
    if job.kind in (DRAWING, REDRAW):
        stop(job)
    elif job.seconds > LONG_SECONDS:
        actions.show_dialog("stop")
    else:
        _stop(job)


def _stop(job: BoardJob) -> None:
    stop(job)
    editor().dialog, editor().said = "", "Stopped. Files and pictures that were there are kept."


@st.dialog("Stop it?", icon=":material/stop:", on_dismiss=lambda: setattr(editor(), "dialog", ""))
def stop_dialog() -> None:
    """Ask whether long work is to be lost; what has ended meanwhile is not asked about."""
    doc = document()
    job = next(iter(desk().board_jobs.under_way(doc, ANIMATION, EXPORT)), None) if doc is not None else None
    if job is None or editor().dialog != "stop":
        editor().dialog = ""
        st.rerun()
    st.write(f"The {job.kind} has run for {job.seconds:.0f} s. If it is stopped now, that work is lost.")
    with st.container(horizontal=True, gap="small"):
        st.button("Go on", type="primary", key="btn_go_on", on_click=lambda: setattr(editor(), "dialog", ""))
        st.button(f"Stop the {job.kind}", key="btn_stop_work", icon=":material/stop:", on_click=_stop, args=(job,))
