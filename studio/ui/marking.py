"""The panels that a person has marked in a tab, to export, draw or delete them together; nothing of it is stored."""

from __future__ import annotations

from collections.abc import Iterable

import streamlit as st

from studio.document import Batch, Document, Panel, delete_panel
from studio.export.options import told_panels
from studio.ui import actions
from studio.ui.state import editor


def marked(doc: Document) -> list[Panel]:
    """Return the marked panels that there are, in the order of the board."""
    names = editor().marked
    return [panel for panel in doc.board.panels if panel.id in names]


def mark(panels: Iterable[str]) -> None:
    """Mark these panels (ids) and no others."""
    editor().marked = set(panels)


def toggle_mark(panel: str) -> None:
    """Mark a panel, or unmark it."""
    editor().marked ^= {panel}


def ranges(doc: Document) -> str:
    """Return the marked panels by number, as exports take them: "2-4,7"."""
    names = editor().marked
    return told_panels(number for number, panel in enumerate(doc.board.panels, 1) if panel.id in names)


def export_marked(doc: Document) -> None:
    """Open the export dialog for the marked panels."""
    st.session_state[actions.EXPORTED_PANELS] = ranges(doc)
    actions.show_dialog("export")


def draw_marked(doc: Document) -> None:
    """Draw one more take of each marked panel that says something and is not locked."""
    asked = [panel.id for panel in marked(doc) if panel.text.strip() and not panel.locked]
    if asked:
        editor().edit = None
        actions.draw(doc, asked)


def delete_marked(doc: Document) -> None:
    """Delete the marked panels in one step of undo, which brings them back with their pictures."""
    gone = marked(doc)
    actions.apply(doc, Batch(label="delete", commands=tuple(delete_panel(panel.id) for panel in gone)))
    actions.look_again(doc)
