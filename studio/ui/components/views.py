"""The three ways to look at a board, and the bar that chooses among them."""

from __future__ import annotations

import streamlit as st

VIEWS = GRID, LIST, TIMELINE = "Grid", "List", "Timeline"
VIEW = "view"
"""Name of the choice, in the page's state and in its address."""


def view_bar() -> None:
    """Let a person choose a view; it stays in the address."""
    st.segmented_control(
        "View",
        VIEWS,
        default=GRID,
        required=True,
        key=VIEW,
        bind="query-params",
        label_visibility="collapsed",
    )


def view() -> str:
    """Return the view that is chosen."""
    return str(st.session_state.get(VIEW) or GRID)
