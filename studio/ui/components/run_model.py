"""The model that a run has trained: its figures, measuring it, and putting it among the installed ones."""

from __future__ import annotations

import streamlit as st

from studio.rendering import models
from studio.ui.components.figures_view import show_figures
from studio.ui.components.model_jobs import show_job, start_adding, tickets
from studio.ui.measuring import FOLDER, can_be_measured, measure, measuring, stop_measuring
from studio.ui.processes import LOG
from studio.ui.publishing import write_card
from studio.ui.runs import CHECKPOINT, Run
from studio.ui.state import attempt
from studio.ui.words import ago, plain

USUAL = 200
"""Stories, pictures or clips of each split: enough to see where a model stands, in minutes."""


def run_model(run: Run) -> None:
    """Show what a run has trained, once that stays as it is."""
    if not can_be_measured(run):
        return
    st.markdown("**The trained model**")
    st.caption(plain(str(run.path / CHECKPOINT)))
    show_figures(models.figures(run.path / CHECKPOINT))
    _progress(run)
    with st.container(horizontal=True, gap="small"):
        with st.popover("Evaluate", icon=":material/monitoring:", key="pop_evaluate"):
            _evaluate(run)
        with st.popover("Publish", icon=":material/publish:", key="pop_publish"):
            _publish(run)
    show_job(tickets().get(_ticket(run)), "Checking the model before it is added")


def _progress(run: Run) -> None:
    """How measuring goes, or why it went wrong."""
    now = measuring(run)
    if now.state == "running":
        with st.container(horizontal=True, gap="small", vertical_alignment="center"):
            st.caption(f":material/hourglass_top: Being measured, begun {ago(now.since)}…")
            st.button("Stop measuring", key="btn_stop_measuring", icon=":material/stop:", on_click=_stop, args=(run,))
    elif now.state == "failed":
        printed = run.path / FOLDER / LOG
        st.error(plain(f"{now.error} (all it printed: {printed})"), title="It could not be measured")
    elif now.state == "stopped":
        st.caption("Measuring was stopped; nothing was measured.")


def _evaluate(run: Run) -> None:
    st.caption("Draws what a data set tells, has judges look at it, and shows what they saw. It takes minutes.")
    data = st.text_input("Data", str(run.options.get("data", "")), key=f"txt_measure_data_{run.name}")
    number = st.number_input("Stories, pictures or clips", 1, 100_000, USUAL, key="num_measure")
    judge = st.text_input("Judge", key="txt_measure_judge", placeholder="the usual one, or a model or folder")
    st.button(
        "Start",
        key="btn_measure",
        type="primary",
        icon=":material/monitoring:",
        on_click=attempt,
        args=(measure, run, data, int(number), judge),
        disabled=measuring(run).state == "running",
    )


def _publish(run: Run) -> None:
    st.caption("Puts a copy among the installed models, with its figures and a card, so that boards are drawn with it.")
    name = st.text_input("Called", run.path.name, key=f"txt_publish_{run.name}", max_chars=64)
    ticket = tickets().get(_ticket(run))
    st.button(
        "Add to the models",
        key="btn_publish",
        type="primary",
        icon=":material/publish:",
        on_click=attempt,
        args=(_add, run, name),
        disabled=not name.strip() or (ticket is not None and ticket.is_busy),
    )


def _add(run: Run, name: str) -> None:
    start_adding(write_card(run), name, key=_ticket(run))


def _stop(run: Run) -> None:
    attempt(stop_measuring, run)


def _ticket(run: Run) -> str:
    return f"run {run.name}"
