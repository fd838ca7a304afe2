"""What is being drawn: how far it is, how to stop it, and what to do when it failed."""

from __future__ import annotations

import streamlit as st

from studio.document import Document
from studio.rendering import DrawReport, JobSnapshot
from studio.ui import actions
from studio.ui.components.animation import animation_tray
from studio.ui.components.import_button import said_of_import
from studio.ui.desk import STAGE
from studio.ui.state import choice, editor
from studio.ui.words import count, plain


def working() -> bool:
    """Whether something that this tab shows is under way, so that it must look again soon."""
    state = editor()
    return any(ticket is not None and ticket.is_busy for ticket in (state.drawing, state.redrawing, state.animating))


def tray(doc: Document) -> None:
    """Show the drawing job of this tab, and what went wrong."""
    state = editor()
    if state.said:
        st.toast(state.said, icon=":material/check:")
        state.said = ""
    if state.error:
        st.error(plain(state.error))
    said_of_import()
    animation_tray()
    job = state.drawing.look() if state.drawing is not None else None
    if job is None:
        return
    if not job.is_finished:
        _progress(job)
    elif job.state == "failed":
        _failed(doc, job)
    elif isinstance(job.result, DrawReport):
        _finished(doc, job.result)
    elif job.state == "cancelled":
        st.info("Stopped before the first panel.")


def progress_line(job: JobSnapshot) -> str:
    """Return how far a job is: "Panel 3 of 7 · 0.03 s each"."""
    if job.state == "queued":
        return "Waiting for another drawing to end"
    if not job.total:
        return job.message or "Starting"
    left = job.seconds_left
    rest = f" · about {left:.0f} s left" if left is not None and left > 3 else ""
    return f"Panel {min(job.done + 1, job.total)} of {job.total} · {job.message}{rest}"


def _progress(job: JobSnapshot) -> None:
    with st.container(horizontal=True, gap="medium", vertical_alignment="center", key="tray"):
        st.progress(job.done / job.total if job.total else 0.0, text=plain(progress_line(job)))
        st.button(
            "Cancel",
            key="btn_cancel",
            icon=":material/stop:",
            on_click=actions.cancel,
            help="Stops after the present panel. What is drawn is kept.",
        )


def _finished(doc: Document, report: DrawReport) -> None:
    drawn = len(report.drawn)
    if report.cancelled:
        with st.container(horizontal=True, gap="medium", vertical_alignment="center"):
            st.info(f"Stopped. {drawn} of {report.total} are drawn and kept.")
            st.button("Draw the rest", key="btn_rest", on_click=actions.draw, args=(doc, "missing"))
    elif drawn:
        st.caption(f":material/check: {count(drawn, 'panel')} drawn in {report.seconds:.1f} s")
    elif not report.problems:
        st.caption(":material/check: Nothing to draw: every panel has its picture.")
    if report.problems:
        st.warning("\n\n".join(map(plain, report.problems)), title="Not drawn")


def _failed(doc: Document, job: JobSnapshot) -> None:
    done = f" {count(job.done, 'panel')} drawn before are kept." if job.done else ""
    st.error(plain(f"{job.error}{done}"), title="Drawing stopped")
    with st.container(horizontal=True, gap="small"):
        st.button("Try again", key="btn_again", on_click=actions.draw, args=(doc, "missing"))
        if not choice().composed:
            st.button("Draw with the stage instead", key="btn_stage", on_click=_with_stage, args=(doc,))
    with st.expander("Details"):
        st.code(job.details or job.error, language=None)


def _with_stage(doc: Document) -> None:
    editor().choice = STAGE
    actions.draw(doc, "missing")
