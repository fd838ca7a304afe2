"""What a person settles for good: what models run on, and where all is kept. Single keys have a dialog of their own."""

from __future__ import annotations

import os

import streamlit as st

from seqgan.resources import home
from studio.rendering import PRECISIONS
from studio.ui import actions, settings
from studio.ui.state import desk, editor
from studio.ui.words import plain

LOOK_AGAIN = 0.5
"""Seconds between two looks for the answer whether there is a GPU."""
USUAL = {"auto": "Automatic: a GPU where there is one", "cpu": "CPU", "cuda": "GPU"}
PRECISE = {"float32": "float32: the same pictures on every machine", "bfloat16": "bfloat16: faster where there is a "
           "device for it, and slower elsewhere"}  # fmt: skip


def settings_button() -> None:
    """Show the button that opens the dialog."""
    st.button(
        "Settings",
        icon=":material/settings:",
        key="btn_settings",
        on_click=actions.show_dialog,
        args=("settings",),
        type="tertiary",
    )


@st.dialog("Settings", icon=":material/settings:", on_dismiss=lambda: setattr(editor(), "dialog", ""))
def settings_dialog() -> None:
    """Show what can be settled, and what was settled where the editor was started."""
    found = desk().devices()
    st.fragment(_device, run_every=LOOK_AGAIN if found.pending else None)(found.pending)
    _precision()
    st.markdown("**Keys**")
    st.button(
        "Single keys and what they do",
        icon=":material/keyboard:",
        key="btn_settings_keys",
        on_click=actions.show_dialog,
        args=("keys",),
    )
    st.markdown("**Light or dark**")
    st.caption("In the menu :material/more_vert: at the top right. The browser remembers it.")
    _folder()


def _device(expected: bool) -> None:
    """What models run on; only what there is can be chosen."""
    found, given = desk().devices(), settings.given_device()
    names = {**USUAL, **(found.value or {})}
    there = [each for each in settings.DEVICES if each != "cuda" or each in (found.value or ())]
    present = desk().engines.device
    key = f"rad_device_{present}"
    st.radio(
        "Models run on",
        there if present in there else [*there, present],
        index=there.index(present) if present in there else len(there),
        key=key,
        format_func=lambda each: plain(names[each]),
        disabled=bool(given),
        on_change=_use,
        args=("device", key),
        help="What is being drawn now still ends where it began.",
    )
    if given:
        st.caption(f"`{settings.DEVICE_VARIABLE}` says {given}, which goes before what is settled here.")
    if found.pending:
        st.caption(":material/hourglass_top: Looking for a GPU…")
    elif found.error:
        st.caption(plain(found.error))
    elif present not in there:
        st.warning("There is no GPU here: choose another, or nothing can be drawn by a model.")
    elif "cuda" not in there:
        st.caption("There is no GPU here that models could run on.")
    if found.pending != expected:
        st.rerun()


def _precision() -> None:
    """What models draw in."""
    st.radio(
        "Models draw in",
        PRECISIONS,
        index=PRECISIONS.index(desk().engines.precision),
        key="rad_precision",
        format_func=lambda each: plain(PRECISE[each]),
        on_change=_use,
        args=("precision", "rad_precision"),
        help="Takes say it where it is not float32. Pictures that are there stay as they are.",
    )


def _use(name: str, key: str) -> None:
    picked = {name: str(st.session_state.get(key))}
    desk().engines.use(**picked)
    actions.settle(**picked)


def _folder() -> None:
    """Where boards, models and all else are kept, and how that is changed: before the editor is started."""
    st.markdown("**Folder of boards, models, clips and runs**")
    st.code(str(home()), language=None, wrap_lines=True)
    by = "`SEQGAN_HOME` says so." if os.environ.get("SEQGAN_HOME", "").strip() else "That is the usual one."
    st.caption(f"{by} For another, set `SEQGAN_HOME` before the editor is started.")
