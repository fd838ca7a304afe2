"""How varied the pictures of the whole board are; panels that have a variety of their own keep it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

from studio.document import Document, Marks
from studio.ui import actions, editing
from studio.ui.state import field, on_change

NAMED = 8
"""Panels with a variety of their own that are named; where there are more they are counted."""


def variety_button(doc: Document, marks: dict[str, Marks]) -> None:
    """Show the button, and what it opens."""
    with st.popover(
        "Variety",
        icon=":material/tune:",
        key="pop_variety",
        on_change="rerun",
        help="How far pictures may be from what is usual",
    ) as variety:
        if variety.open:
            _variety(doc, marks)


def _variety(doc: Document, marks: dict[str, Marks]) -> None:
    variety_slider("Variety of the board", "sld_variety", doc, doc.board.knobs, editing.vary_board, doc)
    if own := _own(doc):
        st.caption(own)
    changed = sum(each.changed for each in marks.values())
    if changed:
        st.button(
            f"Draw what has changed ({changed})",
            key="btn_variety_draw",
            icon=":material/brush:",
            on_click=actions.draw,
            args=(doc, "changed"),
            disabled=doc.read_only,
        )


def variety_slider(
    label: str, name: str, doc: Document, knobs: Mapping[str, Any], act: Callable[..., object], *args: object
) -> None:
    """Show how varied knobs have pictures; a change calls ``act(*args, key)``."""
    key, present = field(name, editing.variety(knobs))
    st.slider(
        label,
        0.0,
        editing.MOST_VARIED,
        present,
        step=0.25,
        key=key,
        disabled=doc.read_only,
        help="The largest noise that pictures are drawn from: 0 draws the most usual ones, whatever the seed. "
        "Pictures stay until you draw them again.",
        **on_change(key, act, *args),
    )


def _own(doc: Document) -> str:
    """Which panels have a variety of their own, "" where none has."""
    own = [str(number) for number, panel in enumerate(doc.board.panels, 1) if editing.VARIETY in panel.knobs]
    told = ", ".join(own) if len(own) <= NAMED else f"{len(own)} of them"
    return f"Panels that keep a variety of their own: {told}." if own else ""
