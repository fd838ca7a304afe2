"""What is being drawn, animated or exported: how far it is, how to stop it, and what to do when it failed."""

from __future__ import annotations

import streamlit as st

from studio.document import Document
from studio.rendering import GPU_FULL, DrawReport, JobSnapshot
from studio.ui.board_jobs import ANIMATION, DRAWING, EXPORT, KINDS, REDRAW, BoardJob
from studio.ui.components.animation import animated, animation_line
from studio.ui.components.cast_panel import cast_is_open
from studio.ui.components.export_tray import export_line, exported
from studio.ui.components.import_button import said_of_import
from studio.ui.components.keys import with_key
from studio.ui.components.queue_view import why_waiting
from studio.ui.components.views import LIST, view
from studio.ui.engines import STAGE
from studio.ui.finishing import draw_rest
from studio.ui.following import stop
from studio.ui.state import choice, desk, document, editor
from studio.ui.words import count, plain


def working() -> bool:
    """Whether something that this tab shows is under way, so that it must look again soon."""
    state, doc = editor(), document()
    explaining = state.explaining[1] if state.explaining else None
    tickets = (state.redrawing, state.filing, explaining)
    others = doc is not None and bool(_lines(doc) or desk().underway.of(doc))
    loading = view() == LIST and desk().tables().pending
    loading = loading or bool((cast_is_open() or state.selected) and desk().members().pending)
    return others or loading or desk().thumbs.busy or any(ticket is not None and ticket.is_busy for ticket in tickets)


def _lines(doc: Document) -> list[BoardJob]:
    """The jobs of a board that the tray shows under way: an export not while its dialog is open, which shows it."""
    kinds = (DRAWING, REDRAW, ANIMATION) if editor().dialog == "export" else KINDS
    return desk().board_jobs.under_way(doc, *kinds)


def tray(doc: Document) -> None:
    """Show the jobs of a board, whichever tab asked for them, and what came of them."""
    state = editor()
    said()
    if state.error and state.error != doc.unsaved:
        st.error(plain(state.error))
    said_of_import()
    lines = _lines(doc)
    for place, job in enumerate(lines):
        _line(job, named=len(lines) > 1, first=place == 0)
    exported(doc)
    for job in state.outcomes:
        _outcome(doc, job)
    _ways_on(doc, [job.look() for job in state.outcomes if job.kind == DRAWING])


def said() -> None:
    """Tell in passing what was done; that this tab's board was deleted stays until it was read."""
    state = editor()
    if state.said:
        st.toast(state.said, icon=":material/check:")
        state.said = ""
    if state.lost:
        with st.container(horizontal=True, gap="small", vertical_alignment="center", key="lost"):
            st.info(state.lost, width="stretch")
            st.button("I have read it", key="btn_lost", type="tertiary", on_click=setattr, args=(state, "lost", ""))


def progress_line(job: JobSnapshot) -> str:
    """Return how far a job is: "Panel 3 of 7 · 0.03 s each"."""
    if job.state == "queued":
        return why_waiting(job)
    if not job.total:
        return job.message or "Starting"
    left = job.seconds_left
    rest = f" · about {left:.0f} s left" if left is not None and left > 3 else ""
    return f"Panel {min(job.done + 1, job.total)} of {job.total} · {job.message}{rest}"


TOLD = {DRAWING: progress_line, REDRAW: animation_line, ANIMATION: animation_line, EXPORT: export_line}
"""How far a job of each kind is."""
STOPS = {
    DRAWING: "Stops after the present panel. What is drawn is kept.",
    REDRAW: "The sentence is kept, and the picture stays as it is.",
    ANIMATION: "The panel stays as it is.",
    EXPORT: "Files that were there are kept.",
}
"""What is kept when one is stopped."""
LONGEST = 60


def _line(job: BoardJob, named: bool, first: bool) -> None:
    """How far a job is, and the button that stops it. ``named``: others have lines, too; ``first``: Esc stops it."""
    state = job.look()
    if state is None or state.is_finished:
        return
    text = plain(TOLD[job.kind](state))
    with st.container(horizontal=True, gap="medium", vertical_alignment="center", key=f"job_{job.count}"):
        st.progress(
            min(1.0, state.done / state.total) if state.total else 0.0,
            text=f"{plain(state.title, LONGEST)}: {text}" if named else text,
        )
        st.button(
            with_key("Cancel", "Esc") if first else "Cancel",
            key=f"btn_cancel_{job.count}",
            icon=":material/stop:",
            on_click=stop,
            args=(job,),
            help=STOPS[job.kind],
        )


def _outcome(doc: Document, job: BoardJob) -> None:
    """What came of a drawing or an animation."""
    state = job.look()
    if state is None:
        return
    if job.kind == ANIMATION:
        animated(state)
    elif state.state == "failed":
        _failed(state)
    elif isinstance(state.result, DrawReport):
        _finished(doc, job.count, state, state.result)
    elif state.state == "cancelled":
        st.info("Stopped before the first panel.")


def _finished(doc: Document, number: int, job: JobSnapshot, report: DrawReport) -> None:
    drawn = len(report.drawn)
    if report.cancelled:
        with st.container(horizontal=True, gap="medium", vertical_alignment="center"):
            st.info(f"Stopped. {drawn} of {report.total} are drawn and kept.")
            st.button("Draw the rest", key=f"btn_rest_{number}", on_click=draw_rest, args=(doc, [job]))
    elif drawn:
        st.caption(f":material/check: {count(drawn, 'panel')} drawn in {report.seconds:.1f} s")
    elif not report.problems:
        st.caption(":material/check: Nothing to draw: every panel has its picture.")
    if report.problems:
        st.warning("\n\n".join(map(plain, report.problems)), title="Not drawn")


def _failed(job: JobSnapshot) -> None:
    st.error(plain(_why(job)), title="Drawing stopped")
    with st.expander("Details"):
        st.code(job.details or job.error, language=None)


def _ways_on(doc: Document, drawings: list[JobSnapshot | None]) -> None:
    """What can be done about drawings that failed: the same for one and for several, since it is the board's."""
    failed = [job for job in drawings if job is not None and job.state == "failed"]
    if not failed:
        return
    with st.container(horizontal=True, gap="small"):
        st.button("Try again", key="btn_again", on_click=draw_rest, args=(doc, failed))
        if any(job.error.startswith(GPU_FULL) for job in failed):
            st.button(
                "Draw on the CPU", key="btn_cpu", on_click=_on_cpu, args=(doc, failed), help="Slower; as much fits."
            )
        if not choice().composed:
            st.button("Draw with the stage instead", key="btn_stage", on_click=_with_stage, args=(doc, failed))


def _why(job: JobSnapshot) -> str:
    """What went wrong, where, and what is kept; of a full GPU also what the buttons below mean."""
    kept = {0: "", 1: "The panel before is kept."}.get(job.done, f"The {job.done} panels before are kept.")
    if not job.error.startswith(GPU_FULL):
        return f"{job.error}. {kept}" if kept else job.error
    at = f" at panel {job.done + 1} of {job.total}" if job.total else " while the model was loaded"
    freed = "What it held was freed: try again, where other programs are closed, or draw on the CPU."
    return f"The GPU ran out of memory{at}. {kept} {freed}"


def _on_cpu(doc: Document, failed: list[JobSnapshot]) -> None:
    desk().engines.use(device="cpu")
    draw_rest(doc, failed)


def _with_stage(doc: Document, failed: list[JobSnapshot]) -> None:
    editor().choice = STAGE
    draw_rest(doc, failed)
