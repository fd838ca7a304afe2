"""What is being drawn, animated or exported: how far it is, how to stop it, and what to do when it failed."""

from __future__ import annotations

import streamlit as st

from studio.document import Document
from studio.rendering import GPU_FULL, DrawReport, JobSnapshot
from studio.ui import actions
from studio.ui.components.animation import animation_tray
from studio.ui.components.export_tray import export_tray, exports
from studio.ui.components.import_button import said_of_import
from studio.ui.components.queue_view import why_waiting
from studio.ui.engines import STAGE
from studio.ui.state import choice, desk, document, editor
from studio.ui.words import count, plain


def working() -> bool:
    """Whether something that this tab shows is under way, so that it must look again soon."""
    state = editor()
    explaining = state.explaining[1] if state.explaining else None
    tickets = (state.drawing, state.redrawing, state.animating, state.copying, explaining)
    return (
        exports()
        or others_draw()
        or desk().thumbs.busy
        or any(ticket is not None and ticket.is_busy for ticket in tickets)
    )


def others_draw() -> bool:
    """Whether panels of the open board are being drawn, by this tab or another."""
    doc = document()
    return doc is not None and bool(desk().underway.of(doc))


def tray(doc: Document) -> None:
    """Show the jobs of this tab, and what went wrong."""
    state = editor()
    if state.said:
        st.toast(state.said, icon=":material/check:")
        state.said = ""
    if state.error and state.error != doc.unsaved:
        st.error(plain(state.error))
    said_of_import()
    animation_tray()
    export_tray(doc)
    if state.drawing is None or not state.drawing.is_busy:
        state.drawing = desk().claim(doc) or state.drawing
    job = state.drawing.look() if state.drawing is not None else None
    if job is None:
        return
    if not job.is_finished:
        _progress(job)
        return
    state.drawing_seen = state.drawing
    if job.state == "failed":
        _failed(doc, job)
    elif isinstance(job.result, DrawReport):
        _finished(doc, job.result)
    elif job.state == "cancelled":
        st.info("Stopped before the first panel.")


def progress_line(job: JobSnapshot) -> str:
    """Return how far a job is: "Panel 3 of 7 · 0.03 s each"."""
    if job.state == "queued":
        return why_waiting(job)
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
    full = job.error.startswith(GPU_FULL)
    st.error(plain(_why(job)), title="Drawing stopped")
    with st.container(horizontal=True, gap="small"):
        st.button("Try again", key="btn_again", on_click=actions.draw, args=(doc, "missing"))
        if full:
            st.button("Draw on the CPU", key="btn_cpu", on_click=_on_cpu, args=(doc,), help="Slower; as much fits.")
        if not choice().composed:
            st.button("Draw with the stage instead", key="btn_stage", on_click=_with_stage, args=(doc,))
    with st.expander("Details"):
        st.code(job.details or job.error, language=None)


def _why(job: JobSnapshot) -> str:
    """What went wrong, where, and what is kept; of a full GPU also what the buttons below mean."""
    kept = {0: "", 1: "The panel before is kept."}.get(job.done, f"The {job.done} panels before are kept.")
    if not job.error.startswith(GPU_FULL):
        return f"{job.error}. {kept}" if kept else job.error
    at = f" at panel {job.done + 1} of {job.total}" if job.total else " while the model was loaded"
    freed = "What it held was freed: try again, where other programs are closed, or draw on the CPU."
    return f"The GPU ran out of memory{at}. {kept} {freed}"


def _on_cpu(doc: Document) -> None:
    desk().engines.use(device="cpu")
    actions.draw(doc, "missing")


def _with_stage(doc: Document) -> None:
    editor().choice = STAGE
    actions.draw(doc, "missing")
