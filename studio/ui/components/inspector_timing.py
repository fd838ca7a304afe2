"""How long the selected panel is shown, how it passes to the next, and how the camera moves over it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

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
        key, length = field(f"num_seconds_{panel.id}", duration_of(panel) / 1000)
        st.number_input(
            "Seconds",
            value=length,
            min_value=0.1,
            max_value=600.0,
            step=0.5,
            format="%.1f",
            key=key,
            disabled=doc.read_only,
            width=150,
            **on_change(key, actions.retime, doc, panel.id, shows=lambda: _present(doc, panel, duration_of)),
        )
        st.button(
            f"By its words: {seconds(default_duration_ms(panel.text))}",
            key="btn_by_words",
            on_click=actions.set_length,
            args=(doc, panel.id, 0),
            disabled=doc.read_only or panel.duration_ms is None,
        )


def _present(doc: Document, panel: Panel, read: Callable[[Panel], int]) -> int | None:
    """What a panel, as the board has it now, says; None where it is gone."""
    present = doc.board.panel(panel.id)
    return None if present is None else read(present)


def _lasts(panel: Panel) -> int:
    """Milliseconds of a panel's own transition, or what a new one would have."""
    return panel.transition.ms if panel.transition else 500


def _transition(doc: Document, panel: Panel) -> None:
    kind, lasts = panel.transition.kind if panel.transition else "", _lasts(panel) / 1000
    keys = field(f"sel_transition_{panel.id}", kind)[0], field(f"num_transition_{panel.id}", lasts)[0]

    def change(_key: str) -> None:
        picked, seconds = (st.session_state.get(key) for key in keys)
        editing.pass_on(doc, panel.id, picked or "", round(float(seconds or lasts) * 1000))

    def heard(key: str) -> dict[str, Any]:
        return on_change(key, change, shows=lambda: _present(doc, panel, _lasts))

    left, right = st.columns(2)
    left.selectbox(
        "To the next panel",
        list(editing.TRANSITIONS),
        list(editing.TRANSITIONS).index(kind),
        key=keys[0],
        format_func=editing.TRANSITIONS.__getitem__,
        disabled=doc.read_only,
        **heard(keys[0]),
    )
    if kind in ("dissolve", "fade"):
        right.number_input(
            "Lasts (seconds)",
            value=lasts,
            min_value=0.1,
            max_value=10.0,
            step=0.1,
            format="%.1f",
            key=keys[1],
            disabled=doc.read_only,
            **heard(keys[1]),
        )


def _camera(doc: Document, panel: Panel) -> None:
    present = editing.camera_name(panel)
    key, moves = field(f"sel_camera_{panel.id}", present)[0], [*editing.CAMERAS, *(["Own"] if present == "Own" else [])]
    st.selectbox(
        "Camera",
        moves,
        moves.index(present),
        key=key,
        disabled=doc.read_only,
        help="How the camera moves over the still picture in films.",
        **on_change(key, editing.move_camera, doc, panel.id),
    )
