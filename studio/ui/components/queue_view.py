"""The queue that all tabs share: what waits in it, moved and cancelled one by one, the queue paused, and what became of
the one that an earlier process left."""

from __future__ import annotations

import streamlit as st

from studio.rendering import JobSnapshot
from studio.ui.state import attempt, desk, editor
from studio.ui.words import plain

SHOWN = 20
"""Waiting jobs that are listed; the others are counted."""
LOOK_AGAIN = 1.0
"""Seconds between two looks at a queue in which something waits."""
_LONGEST = 60


def queue_view(busy: bool = False) -> None:
    """Show what waits, whichever tab asked for it, in a piece of the page that looks again by itself: while something
    waits, or while the page is ``busy`` with work that more may come to wait for.

    Not to be called in another such piece: when that begins anew, Streamlit drops what it has not sent of it, but
    keeps what is of a piece inside, and a browser that gets the inner without the outer shows a white page.
    """
    expected = has_queue()
    st.fragment(_queue, run_every=LOOK_AGAIN if expected or busy else None)(expected)


def queue_elsewhere() -> None:
    """Show what runs and what waits on a page that has no work of its own in the queue.

    While a dialog is open it does not look again: a look at the moment at which that closes could keep it on the
    screen.
    """
    expected = _is_busy()
    st.fragment(_elsewhere, run_every=LOOK_AGAIN if expected and not editor().dialog else None)(expected)


def why_waiting(job: JobSnapshot) -> str:
    """Return what a job that has not begun waits for."""
    queue = desk().jobs
    paused = queue.paused and job in queue.waiting()
    return "Waiting: the queue is paused" if paused else "Waiting for another drawing to end"


def has_queue() -> bool:
    """Return whether there is anything of the queue to show."""
    taking_up = desk().taking_up
    return desk().jobs.paused or bool(desk().jobs.waiting()) or (taking_up is not None and taking_up.is_busy)


def _is_busy() -> bool:
    return has_queue() or desk().jobs.running() is not None


def _elsewhere(expected: bool) -> None:
    _notes()
    queue = desk().jobs
    waiting = queue.waiting()
    if (running := queue.running()) is not None:
        _running(running)
    if queue.paused or waiting:
        _line(waiting)
    if _is_busy() != expected and not editor().dialog:
        st.rerun()


def _queue(expected: bool) -> None:
    queue = desk().jobs
    _notes()
    waiting = queue.waiting()
    if queue.paused or waiting:
        _line(waiting, queue.running())
    if has_queue() != expected:
        st.rerun()


def _line(waiting: list[JobSnapshot], running: JobSnapshot | None = None) -> None:
    """That the queue is paused, and what waits in it; ``running``: what is to be listed before that."""
    with st.container(horizontal=True, gap="medium", vertical_alignment="center", key="queue"):
        if desk().jobs.paused:
            _paused()
        if waiting:
            _waiting(waiting, running)


def _notes() -> None:
    """What became of the jobs that an earlier process left, until it was read, and why those of now are not kept."""
    notes, problem = desk().notes, desk().kept.problem
    if notes:
        with st.container(horizontal=True, gap="small", vertical_alignment="center", key="went_on"):
            st.info("\n\n".join(map(plain, notes)), width="stretch")
            st.button("Put away", key="btn_went_on", type="tertiary", on_click=notes.clear)
    if problem:
        st.caption(f":material/warning: What waits would be lost with a restart: {plain(problem)}")


def _paused() -> None:
    st.markdown(
        ":material/pause_circle: **The queue is paused.** What runs is finished; what waits does not begin.",
        width="content",
    )
    st.button("Go on with the queue", key="btn_resume", icon=":material/play_arrow:", on_click=desk().jobs.resume)


def _waiting(waiting: list[JobSnapshot], running: JobSnapshot | None) -> None:
    queue = desk().jobs
    with st.popover(f"{len(waiting)} waiting", icon=":material/queue:", key="pop_queue"):
        if running is not None:
            _running(running)
        for place, job in enumerate(waiting[:SHOWN]):
            _row(job, place, place == len(waiting) - 1)
        if len(waiting) > SHOWN:
            st.caption(f"and {len(waiting) - SHOWN} more")
        if not queue.paused:
            st.button(
                "Pause the queue",
                key="btn_pause",
                icon=":material/pause:",
                on_click=queue.pause,
                help="What runs is finished; what waits does not begin until you go on.",
            )


def _running(job: JobSnapshot) -> None:
    """The running job: what it is, how far, and the button that stops it."""
    title = plain(job.title, _LONGEST)
    far = f" · {job.done} of {job.total}" if job.total else ""
    with st.container(horizontal=True, gap="xsmall", vertical_alignment="center", key=f"running_{job.id}"):
        st.caption(f"Now: {title}{far}", width="stretch")
        st.button(
            "Cancel",
            key=f"btn_stop_{job.id}",
            icon=":material/stop:",
            type="tertiary",
            help=f"Stop after its present step: {title}",
            on_click=attempt,
            args=(desk().jobs.cancel, job.id),
        )


def _row(job: JobSnapshot, place: int, is_last: bool) -> None:
    """A waiting job: its place in line, what it is, and what can be done with it."""
    title = plain(job.title, _LONGEST)
    buttons = (
        ("earlier", "Earlier", ":material/arrow_upward:", place == 0, f"Begin before the one above: {title}"),
        ("later", "Later", ":material/arrow_downward:", is_last, f"Begin after the one below: {title}"),
        ("out", "Cancel", ":material/close:", False, f"Take out of the queue: {title}"),
    )
    with st.container(horizontal=True, gap="xsmall", vertical_alignment="center", key=f"waiting_{job.id}"):
        st.markdown(f"{place + 1}\\. {title}", width="stretch")
        for name, label, icon, disabled, told in buttons:
            st.button(
                label,
                key=f"btn_{name}_{job.id}",
                icon=icon,
                type="tertiary",
                disabled=disabled,
                help=told,
                on_click=attempt,
                args=_asked(name, job.id),
            )


def _asked(name: str, number: int) -> tuple[object, ...]:
    """What a button does to a job."""
    queue = desk().jobs
    return (queue.cancel, number) if name == "out" else (queue.move, number, -1 if name == "earlier" else 1)
