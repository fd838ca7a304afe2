"""The board as a table: every cell can be edited, rows added and taken away; the quick way to retime many panels."""

from __future__ import annotations

from typing import Any

import streamlit as st
from streamlit import column_config as column

from studio.document import Document
from studio.ui.list_edits import Row, Sheet, fits, sheet_of, to_command
from studio.ui.state import attempt, editor

_HEIGHT = 620
"""Pixels of a table that is longer than that; it scrolls."""
_COLUMNS = {
    "shot": column.TextColumn("Shot", width=90, help="What the panel is called; its place, where this is empty."),
    "text": column.TextColumn("Text", width="large", help="What is drawn."),
    "seconds": column.NumberColumn("Seconds", width=110, min_value=0.1, max_value=600.0, step=0.1, format="%.1f",
                                   help="Empty it to go by the words."),
    "locked": column.CheckboxColumn("Locked", width=100, help="Left alone when many are drawn."),
    "dialogue": column.TextColumn("Dialogue", width="medium"),
    "action": column.TextColumn("Action", width="medium"),
    "notes": column.TextColumn("Notes", width="medium"),
}  # fmt: skip


def list_view(doc: Document) -> None:
    """Show the table. It is filled anew only when the board was changed elsewhere, so that the cursor stays."""
    sheet = _sheet(doc)
    st.caption("Each change is one step of undo. A new row is a panel at the end; texts are drawn with Draw.")
    st.data_editor(
        _by_column(sheet.rows),
        key=_key(sheet),
        num_rows="dynamic",
        disabled=doc.read_only,
        column_config=_COLUMNS,
        hide_index=True,
        on_change=_edited,
        args=(doc,),
        height=min(_HEIGHT, 36 * (len(sheet.rows) + 2) + 2),
        row_height=36,
        alt="The panels of this board",
    )


def _key(sheet: Sheet) -> str:
    return f"list_{sheet.number}"


def _by_column(rows: list[Row]) -> dict[str, list[Any]]:
    return {name: [row[name] for row in rows] for name in _COLUMNS}


def _sheet(doc: Document) -> Sheet:
    """The table as it was filled, if it still shows the board."""
    sheet: Sheet | None = st.session_state.get("list_sheet")
    edits = st.session_state.get(_key(sheet)) if sheet is not None else None
    if sheet is None or not fits(doc.board, sheet, edits or {}):
        sheet = st.session_state["list_sheet"] = sheet_of(doc.board, sheet.number + 1 if sheet else 0)
    return sheet


def _edited(doc: Document) -> None:
    """Do what was done in the table; where it is refused, the table shows the board again."""
    sheet: Sheet = st.session_state["list_sheet"]
    command = to_command(doc.board, sheet, st.session_state[_key(sheet)])
    if not command.commands:
        return
    attempt(doc.apply, command)
    if not editor().error:
        made = [each.panel.id for each in command.commands if each.op == "insert_panel"]
        sheet.added = [name for name in (*sheet.added, *made) if doc.board.panel(name) is not None]
    editor().edit, editor().fresh = None, True
