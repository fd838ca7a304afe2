"""The board in time: each panel as long as it is shown; click selects, + and - retime."""

from __future__ import annotations

import streamlit as st

from studio.document import Document, duration_of, total_duration
from studio.ui import editing
from studio.ui.components.strip import strip
from studio.ui.state import selected_panel
from studio.ui.statuses import Status
from studio.ui.words import clock, count, seconds

NARROWEST, WIDTH = 34, 1100
"""Pixels of the shortest panel, and of a board that fits on the page."""
FPS = 24
"""Frames a second of a film, in which its length is told."""


def timeline(doc: Document, found: dict[str, list[Status]]) -> None:
    """Show the lengths of all panels, and the buttons for the one that is worked on."""
    total = total_duration(doc.board)
    shortest = min((duration_of(panel) for panel in doc.board.panels), default=1000)
    scale = max(WIDTH * 1000 / max(total, 1), NARROWEST * 1000 / max(shortest, 1))
    strip(doc, found, "timeline", scale=min(scale, 120.0))
    frames = round(total * FPS / 1000)
    st.markdown(
        f"**{clock(total)}** :gray[{count(len(doc.board.panels), 'panel')} · {frames} frames at {FPS} a second]"
    )
    _retime(doc)


def _retime(doc: Document) -> None:
    panel = selected_panel(doc.board)
    if panel is None:
        st.caption("Select a panel to make it shorter or longer; + and - do it in the row.")
        return
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        st.markdown(f"Panel {(doc.board.index(panel.id) or 0) + 1}: **{seconds(duration_of(panel))}**", width="content")
        for label, icon, by in (("Shorter", ":material/remove:", -1), ("Longer", ":material/add:", 1)):
            st.button(
                label,
                icon=icon,
                key=f"btn_{label.lower()}",
                on_click=editing.lengthen,
                args=(doc, panel.id, by * editing.STEP_MS),
                disabled=doc.read_only,
            )
