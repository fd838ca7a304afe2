"""What a panel's menu offers, and does."""

from __future__ import annotations

import streamlit as st

from studio.document import Document
from studio.ui import actions, editing
from studio.ui.marking import toggle_mark

MORE = {
    "Retake": ":material/refresh: Retake, with a new seed",
    "Same seed": ":material/history: Draw with the same seed",
    "Four takes": ":material/grid_view: Draw four takes",
    "Star": ":material/star: Star, or take the star away",
    "Lock": ":material/lock: Lock or unlock",
    "Insert before": ":material/arrow_left: Insert before",
    "Insert after": ":material/arrow_right: Insert after",
    "Move left": ":material/west: Move left",
    "Move right": ":material/east: Move right",
    "Duplicate": ":material/content_copy: Duplicate",
    "Split": ":material/call_split: Split after its first sentence",
    "Merge": ":material/call_merge: Merge with the next",
    "Export": ":material/movie: Export this panel",
    "Mark": ":material/check: Mark, or take the mark away",
    "Delete": ":material/delete: Delete",
}
"""What can be picked, and how it is written."""
HARMLESS = ("Export", "Mark")
"""What leaves the board as it is."""


def offered(doc: Document) -> list[str]:
    """Return what can be picked: all, or what leaves a board as it is that can only be looked at."""
    return list(HARMLESS if doc.read_only else MORE)


def more(doc: Document, panel_id: str, key: str) -> None:
    """Do what was picked in a panel's menu."""
    do(doc, panel_id, str(st.session_state.get(key)))


def do(doc: Document, panel_id: str, picked: str) -> None:
    """Do one thing of :data:`MORE` with a panel (nothing, where it is gone, or it would change a read-only board)."""
    panel = doc.board.panel(panel_id)
    if panel is None or picked not in offered(doc):
        return
    index = doc.board.index(panel_id) or 0
    {
        "Retake": lambda: actions.retake(doc, panel_id) if panel.text.strip() else None,
        "Same seed": lambda: actions.redraw(doc, panel_id),
        "Four takes": lambda: actions.four_takes(doc, panel_id),
        "Star": lambda: actions.toggle_star(doc, panel),
        "Lock": lambda: actions.toggle_lock(doc, panel),
        "Insert before": lambda: actions.add_panel(doc, index),
        "Insert after": lambda: actions.add_panel(doc, index + 1),
        "Move left": lambda: actions.move(doc, panel_id, -1),
        "Move right": lambda: actions.move(doc, panel_id, 1),
        "Duplicate": lambda: actions.duplicate(doc, panel_id),
        "Split": lambda: editing.split(doc, panel_id),
        "Merge": lambda: editing.merge(doc, panel_id),
        "Export": lambda: actions.export_panel(index + 1),
        "Mark": lambda: toggle_mark(panel_id),
        "Delete": lambda: actions.remove(doc, panel_id),
    }[picked]()
