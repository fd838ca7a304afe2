"""How long the selected panel is shown, how it passes to the next, and how the camera moves over it."""

from __future__ import annotations

import streamlit as st

from studio.document import Document, Panel, default_duration_ms, duration_of
from studio.ui import actions, editing
from studio.ui.state import field, on_change
from studio.ui.words import seconds


def timing_group(doc: Document, panel: Panel) -> None:
    """Show length, transition and camera."""
    _length(doc, panel)
    _transition(doc, panel)
    _camera(doc, panel)


def _length(doc: Document, panel: Panel) -> None:
    with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
        key = actions.length_field(panel)
        st.number_input(
            "Seconds",
            value=duration_of(panel) / 1000,
            min_value=0.1,
            max_value=600.0,
            step=0.5,
            format="%.1f",
            key=key,
            on_change=actions.retime,
            args=(doc, panel.id, key),
            disabled=doc.read_only,
            width=150,
        )
        st.button(
            f"By its words: {seconds(default_duration_ms(panel.text))}",
            key="btn_by_words",
            on_click=actions.set_length,
            args=(doc, panel.id, 0),
            disabled=doc.read_only or panel.duration_ms is None,
        )


def _lasts(panel: Panel) -> int:
    """Milliseconds of a panel's own transition, or what a new one would have."""
    return panel.transition.ms if panel.transition else 500


def _transition(doc: Document, panel: Panel) -> None:
    kind, lasts = panel.transition.kind if panel.transition else "", _lasts(panel)
    keys = field(f"sel_transition_{panel.id}", kind), f"num_transition_{panel.id}_{lasts}"

    def change(_key: str = "") -> None:
        present, picked = doc.board.panel(panel.id), st.session_state.get(keys[0]) or ""
        if present is None or _lasts(present) != lasts:  # the page told what a field of another length shows
            return
        editing.pass_on(doc, panel.id, picked, round(float(st.session_state.get(keys[1]) or lasts / 1000) * 1000))

    left, right = st.columns(2)
    left.selectbox(
        "To the next panel",
        list(editing.TRANSITIONS),
        key=keys[0],
        format_func=editing.TRANSITIONS.__getitem__,
        disabled=doc.read_only,
        **on_change(keys[0], change),
    )
    if kind in ("dissolve", "fade"):
        right.number_input(
            "Lasts (seconds)",
            value=lasts / 1000,
            min_value=0.1,
            max_value=10.0,
            step=0.1,
            format="%.1f",
            key=keys[1],
            on_change=change,
            disabled=doc.read_only,
        )


def _camera(doc: Document, panel: Panel) -> None:
    present = editing.camera_name(panel)
    key = field(f"sel_camera_{panel.id}", present)
    st.selectbox(
        "Camera",
        [*editing.CAMERAS, *(["Own"] if present == "Own" else [])],
        key=key,
        disabled=doc.read_only,
        help="How the camera moves over the still picture in films.",
        **on_change(key, editing.move_camera, doc, panel.id),
    )
