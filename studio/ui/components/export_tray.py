"""An export that goes on after its dialog was closed: how far it is, and what came of it, until that was seen."""

from __future__ import annotations

import streamlit as st

from studio.document import Document
from studio.rendering import JobSnapshot
from studio.ui import actions
from studio.ui.components.export_dialog import progress_line, result
from studio.ui.state import editor
from studio.ui.tickets import BLOCK_SECONDS
from studio.ui.words import plain


def exports() -> bool:
    """Whether an export is under way that the tray shows: not while its dialog is open."""
    state = editor()
    return state.dialog != "export" and state.exporting is not None and state.exporting.is_busy


def export_tray(doc: Document) -> None:
    """Show the export of this tab, unless its dialog is open or has shown what came of it."""
    state = editor()
    if state.dialog == "export" or state.exporting is None or state.exporting == state.export_seen:
        return
    job = state.exporting.look()
    if job is None:
        return
    if job.is_finished:
        _outcome(doc, job)
    else:
        _progress(job)


def _progress(job: JobSnapshot) -> None:
    with st.container(horizontal=True, gap="medium", vertical_alignment="center", key="exporting"):
        share = min(1.0, job.done / job.total) if job.total else 0.0
        st.progress(share, text=plain(f"Export · {progress_line(job)}"))
        st.button("Cancel", key="btn_cancel_export", icon=":material/stop:", on_click=_cancel)


def _cancel() -> None:
    if (ticket := editor().exporting) is not None:
        ticket.cancel()
        ticket.wait(BLOCK_SECONDS)


def _outcome(doc: Document, job: JobSnapshot) -> None:
    with st.container(border=True, gap="small", key="exported"):
        if job.state == "done":
            st.markdown(":material/check: **The export is done**")
        result(doc, job)
        with st.container(horizontal=True, gap="small"):
            if job.state == "failed":
                st.button("Export again", key="btn_export_again", on_click=_again)
            st.button("Put away", key="btn_export_seen", type="tertiary", on_click=_seen)


def _again() -> None:
    _seen()
    actions.show_dialog("export")


def _seen() -> None:
    editor().export_seen = editor().exporting
