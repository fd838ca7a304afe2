"""Models checked and added in the background, and what is said of it."""

from __future__ import annotations

import tempfile
from pathlib import Path

import streamlit as st

from studio.rendering import models
from studio.ui.state import desk
from studio.ui.tickets import BLOCK_SECONDS, Ticket
from studio.ui.words import plain


def tickets() -> dict[str, Ticket]:
    """The checks of this tab, by model; under "" the model that is being added."""
    return st.session_state.setdefault("model_jobs", {})


def under_way() -> bool:
    """Whether something is being checked."""
    return any(ticket.is_busy for ticket in tickets().values())


def start_adding(
    source: Path, name: str, scratch: tempfile.TemporaryDirectory[str] | None = None, key: str = ""
) -> None:
    """Check a model and put it among the installed ones, in the background; ``key``: of its ticket."""

    def work(_step: object) -> models.Verified:
        try:
            return models.add_model(source, name)
        finally:
            if scratch is not None:
                scratch.cleanup()

    queue = desk().jobs
    ticket = tickets()[key] = Ticket(queue, queue.submit(f"Add {name or source.name}", work))
    ticket.wait(BLOCK_SECONDS)


def show_job(ticket: Ticket | None, title: str) -> None:
    """Say how a check is going, or what came of it."""
    job = ticket.look() if ticket is not None else None
    if job is None:
        return
    if not job.is_finished:
        st.caption(f":material/hourglass_top: {plain(title)}…")
    elif job.state == "failed":
        st.error(plain(job.error))
    elif isinstance(job.result, models.Verified):
        st.success(plain(job.result.told))
