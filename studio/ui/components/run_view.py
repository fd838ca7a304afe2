"""One training: how far it is, stop and resume, its newest sheet, curves, settings, and what it printed."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import streamlit as st
from PIL import Image

from studio.ui import trainer
from studio.ui.components.run_charts import charts
from studio.ui.components.run_model import run_model
from studio.ui.pictures import jpeg
from studio.ui.processes import LOG, ask_to_stop
from studio.ui.runs import STATES, Run, flat, last_words, reason, sheets
from studio.ui.state import attempt, editor
from studio.ui.words import ago, plain

WIDE = 720
EARLIER = 6
BADGES = {"running": "green", "finished": "blue", "died": "red", "stopped": "orange", "unbegun": "orange"}


def badge(run: Run) -> str:
    """Return a run's state as Markdown."""
    return f":{BADGES.get(run.state, 'gray')}-badge[{STATES[run.state]}]"


def run_view(run: Run) -> None:
    """Show a run."""
    st.markdown(f"## {plain(run.name)} {badge(run)}")
    st.progress(run.share, text=plain(_told(run)))
    if run.state == "died":
        st.error(plain(f"{reason(run.path)} (all it printed: {run.path / LOG})"), title="The training died")
    _buttons(run)
    charts([run], "pil_curves")
    _sheets(run)
    run_model(run)
    _more(run)


def _told(run: Run) -> str:
    seen = f"{run.seen:,} of {run.asked:,} images" if run.asked else f"{run.seen:,} images"
    return f"{seen} · {run.preset} on {Path(str(run.options.get('data', 'data'))).name} · last word {ago(run.written)}"


def _buttons(run: Run) -> None:
    with st.container(horizontal=True, gap="small"):
        if run.started is not None and run.is_alive:
            st.button(
                "Ask again to stop" if run.state == "stopping" else "Stop",
                key="btn_stop_run",
                icon=":material/stop:",
                on_click=_stop,
                args=(run.path,),
                help="The state is saved at the next step; resume goes on from there.",
            )
        elif run.started is not None and run.state != "finished":
            st.button(
                "Resume",
                key="btn_resume_run",
                icon=":material/play_arrow:",
                on_click=_resume,
                args=(run.path,),
                help="The same command again: it goes on from the state that was saved last.",
            )
    if run.started is None and run.state != "finished":
        st.caption("It was started elsewhere: stop it there, or give the same command again there to go on.")


def _stop(path: Path) -> None:
    try:
        attempt(ask_to_stop, path)
    except OSError as error:
        editor().error = f"{path} could not be told to stop: {error.strerror or error}; make room and try again"


def _resume(path: Path) -> None:
    attempt(trainer.resume, path)


def _sheets(run: Run) -> None:
    found = sheets(run.path)
    if not found:
        st.caption("The first sheet of samples will be shown here.")
        return
    _sheet(found[-1], "newest sheet")
    if len(found) > 1:
        part = st.expander("Earlier sheets", key="exp_sheets", on_change="rerun")
        if part.open:
            with part:
                for path in reversed(found[-1 - EARLIER : -1]):
                    _sheet(path, "sheet")


def _sheet(path: Path, kind: str) -> None:
    images, picture = images_seen(path), sheet_picture(path)
    if picture is not None:
        st.image(picture, width="content", alt=f"{kind} at {images} images")
        st.caption(f"{kind.capitalize()}, at {images:,} images")


def images_seen(sheet: Path) -> int:
    """Return after how many images a sheet was drawn."""
    return int(sheet.stem) if sheet.stem.isdigit() else 0


def sheet_picture(sheet: Path) -> bytes | None:
    """Return a sheet as JPEG; None where it cannot be read."""
    return _picture(str(sheet), sheet.stat().st_mtime_ns)


@lru_cache(maxsize=64)
def _picture(path: str, _saved: int) -> bytes | None:
    """A sheet as JPEG; a large one is made smaller, a small one stays."""
    try:
        with Image.open(path) as image:
            return jpeg(image.convert("RGB"), min(image.width * (2 if image.width <= WIDE // 2 else 1), WIDE))
    except (OSError, ValueError, Image.DecompressionBombError):
        return None


def _more(run: Run) -> None:
    part = st.expander("Settings", key="exp_settings", on_change="rerun")
    if part.open:
        with part:
            st.code(
                "\n".join(f"{name} = {value}" for name, value in flat(run.options).items()) or "None yet.",
                language=None,
            )
            if run.started is not None:
                st.code(" ".join(run.started.command), language=None, wrap_lines=True)
    part = st.expander("What it printed", key="exp_printed", on_change="rerun")
    if part.open:
        with part:
            st.code(last_words(run.path) or "Nothing.", language=None)
