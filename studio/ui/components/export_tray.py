"""What came of an export whose dialog was closed, or whose page was loaded again: shown until a person puts it away."""

from __future__ import annotations

import streamlit as st

from studio.document import Document
from studio.rendering import JobSnapshot
from studio.ui import actions
from studio.ui.board_jobs import BoardJob
from studio.ui.components.export_dialog import progress_line, result
from studio.ui.following import last_export
from studio.ui.state import desk, editor


def export_line(job: JobSnapshot) -> str:
    """Return how far an export is, among jobs of other kinds."""
    return f"Export · {progress_line(job)}"


def exported(doc: Document) -> None:
    """Show what came of the last export of a board, unless its dialog is open or has shown it, in whichever tab."""
    export = last_export(doc)
    job = export.look() if export is not None else None
    if export is None or job is None or editor().dialog == "export":
        return
    if job.is_finished and not desk().board_jobs.is_told(export):
        _outcome(doc, export, job)


def _outcome(doc: Document, export: BoardJob, job: JobSnapshot) -> None:
    with st.container(border=True, gap="small", key="exported"):
        if job.state == "done":
            st.markdown(":material/check: **The export is done**")
        result(doc, job)
        with st.container(horizontal=True, gap="small"):
            if job.state == "failed":
                st.button("Export again", key="btn_export_again", on_click=_again, args=(export,))
            st.button(
                "Put away", key="btn_export_seen", type="tertiary", on_click=desk().board_jobs.tell, args=(export,)
            )


def _again(export: BoardJob) -> None:
    desk().board_jobs.tell(export)
    actions.show_dialog("export")
