"""The page Train & runs: start a training, watch it, stop and resume it, compare runs, measure and publish models."""

from pathlib import Path

import streamlit as st

from studio.ui.components.model_jobs import under_way
from studio.ui.components.run_compare import MOST, run_compare
from studio.ui.components.run_form import demo_button, run_form
from studio.ui.components.run_view import badge, run_view
from studio.ui.measuring import measuring
from studio.ui.runs import Run, read_run, run_folders, runs_folder
from studio.ui.state import desk, editor
from studio.ui.words import plain

LOOK_AGAIN = 1.5
LISTED = 30


def choose(path: Path) -> None:
    """Show a run."""
    st.session_state["run_shown"] = path


def listing(runs: list[Run], shown: Path) -> None:
    """The runs, the newest first, each a button."""
    for run in runs:
        with st.container(gap="xsmall"):
            st.button(
                plain(run.name, 44),
                key=f"btn_run_{run.name}",
                icon=":material/chevron_right:" if run.path == shown else ":material/timeline:",
                on_click=choose,
                args=(run.path,),
                type="tertiary",
            )
            st.markdown(f"{badge(run)} :small[:gray[{run.share:.0%}]]")


def page(expected: bool) -> None:
    """Show the runs; ``expected``: whether there was anything to wait for when this piece of the page was set to
    refresh."""
    folders = run_folders()
    if editor().error:
        st.error(plain(editor().error))
        editor().error = ""
    if not folders:
        st.info("No runs yet. Start the two-minute demo run, or train on your data above.")
        demo_button()
        st.caption(plain(f"Runs are kept in {runs_folder()}, with those that seqgan train starts elsewhere."))
        return
    runs = [read_run(path) for path in folders[:LISTED]]
    known = {run.path: run for run in runs}
    shown = st.session_state.get("run_shown")
    shown = shown if shown in known else runs[0].path
    left, right = st.columns([1, 3], gap="large")
    with left:
        st.markdown("**Runs**")
        listing(runs, shown)
        if len(folders) > LISTED:
            st.caption(f"and {len(folders) - LISTED} older ones in the folder")
    with right:
        names = {run.name: run for run in runs if run.path != shown}
        others = (
            st.multiselect("Compare with", list(names), key="sel_compare_runs", max_selections=MOST - 1)
            if names
            else []
        )
        chosen = [known[shown], *(names[name] for name in others if name in names)]
        run_compare(chosen) if len(chosen) > 1 else run_view(known[shown])
    if _waiting(runs) != expected:
        st.rerun()


def _waiting(runs: list[Run]) -> bool:
    """Whether a run is trained or measured, a model is being added, or curves cannot be drawn yet."""
    alive = any(run.is_alive or measuring(run).state == "running" for run in runs)
    return under_way() or alive or (bool(runs) and desk().tables().pending)


st.title("Train and runs", anchor=False)
with st.expander("Start a training", icon=":material/model_training:", expanded=not run_folders()):
    run_form()
waiting = _waiting([read_run(path) for path in run_folders()[:LISTED]])
st.fragment(page, run_every=LOOK_AGAIN if waiting else None)(waiting)
