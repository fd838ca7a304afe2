"""All panels of a board as cards."""

from __future__ import annotations

import streamlit as st

from studio.document import Document, Panel, beginnings, shot_names
from studio.ui import actions
from studio.ui.components.card import card, shown_pictures
from studio.ui.state import editor, selected_panel
from studio.ui.statuses import Status

PAGE = 12
"""Cards on a page of a long board."""
UNPAGED = 48
"""Panels up to which a board needs no pages."""


def wall(doc: Document, found: dict[str, list[Status]]) -> None:
    """Show the cards of a board, or what to do where there is none."""
    panels = doc.board.panels
    if not panels:
        st.info("No panels yet. Paste a story on the page Story, add a blank panel, or open another board.")
        st.button("Add a panel", key="btn_first", icon=":material/add:", on_click=actions.add_panel, args=(doc, 0))
        return
    first, shown = _page(panels)
    present = selected_panel(doc.board)
    names, begun = shot_names(doc.board), beginnings(doc.board)
    grid = st.grid("auto", min_column_width=272, dense=True, gap="small", key="wall")
    for number, (panel, picture) in enumerate(zip(shown, shown_pictures(doc, shown), strict=True), first + 1):
        selected = present is not None and panel.id == present.id
        heading = begun[panel.id].title if panel.id in begun else ""
        card(grid, doc, panel, number, names[panel.id], heading, picture, found[panel.id], selected)
    if not doc.read_only:
        with grid.cell():
            _add(doc)


def _add(doc: Document) -> None:
    end = len(doc.board.panels)
    st.button(
        "Add a panel",
        key="btn_add",
        icon=":material/add:",
        on_click=actions.add_panel,
        args=(doc, end),
        type="tertiary",
    )


def _page(panels: tuple[Panel, ...]) -> tuple[int, tuple[Panel, ...]]:
    """The number of the first panel on this page (from 0), and the panels on it."""
    if len(panels) <= UNPAGED:
        return 0, panels
    pages = -(-len(panels) // PAGE)
    key, selected = "num_page", editor().selected
    place = next((k for k, panel in enumerate(panels) if panel.id == selected), None)
    if place is not None and editor().fresh:
        st.session_state[key] = place // PAGE + 1
    page = st.pagination(pages, key=key)
    first = (min(page, pages) - 1) * PAGE
    return first, panels[first : first + PAGE]
