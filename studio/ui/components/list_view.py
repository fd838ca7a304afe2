"""The board as a table: every cell can be edited; the quick way to retime, or to mark, many panels."""

from __future__ import annotations

from typing import Any

import streamlit as st
from streamlit import column_config as column

from studio.document import Document, insert_panel
from studio.ui.list_edits import MARKED, SCENE, Row, Sheet, fits, marked_in, sheet_of, to_command
from studio.ui.marking import mark
from studio.ui.state import attempt, desk, editor, field, on_change, refill
from studio.ui.statuses import LOCKED, Status
from studio.ui.statuses import MARKED as TICKED

_HEIGHT = 620
"""Pixels of a table that is longer than that; it scrolls."""
STATUS, FURTHER = "status", "txt_further"
ELSEWHERE = (LOCKED, TICKED)
_COLUMNS = {
    MARKED: column.CheckboxColumn("Mark", width=70, help="To export, draw or delete the marked panels together."),
    SCENE: column.TextColumn("Scene", width=120, help="The heading of the scene that begins at this panel."),
    "shot": column.TextColumn("Shot", width=80, help="What the panel is called; empty: by scene and place."),
    "text": column.TextColumn("Text", width="large", help="What is drawn."),
    "seconds": column.NumberColumn("Seconds", width=100, min_value=0.1, max_value=600.0, step=0.1, format="%.1f",
                                   help="Empty it to go by the words."),
    STATUS: column.TextColumn("Status", width=220, disabled=True, help="What the panel's card says of it."),
    "locked": column.CheckboxColumn("Locked", width=80, help="Left alone when many are drawn."),
    "dialogue": column.TextColumn("Dialogue", width="medium"),
    "action": column.TextColumn("Action", width="medium"),
    "notes": column.TextColumn("Notes", width="medium"),
}  # fmt: skip


def list_view(doc: Document, found: dict[str, list[Status]]) -> None:
    """Show the table, and the field of a further panel.

    The table is filled anew only when the board was changed elsewhere, so that the cursor stays. That panels are drawn
    meanwhile changes the column of their states and no other: what is being typed stays (of tables whose rows are
    fixed, Streamlit takes other values for the same table).
    """
    if desk().tables().pending:
        st.caption(":material/hourglass_top: Getting the list ready…")
        return
    sheet = _sheet(doc)
    st.caption("Each change is one step of undo. Texts are drawn with Draw.")
    st.data_editor(
        {**_by_column(sheet.rows), STATUS: _states(doc, found)},
        key=_key(sheet),
        num_rows="fixed",
        disabled=[name for name in _COLUMNS if name != MARKED] if doc.read_only else [STATUS],
        column_order=list(_COLUMNS),
        column_config=_COLUMNS,
        hide_index=True,
        on_change=_edited,
        args=(doc,),
        height=min(_HEIGHT, 36 * (len(sheet.rows) + 1) + 2),
        row_height=36,
        alt="The panels of this board",
    )
    _further(doc)


def _states(doc: Document, found: dict[str, list[Status]]) -> list[str]:
    """What the cards of all panels say, in words, what asks for something first; columns of their own say the rest."""
    told = ([each for each in found[panel.id] if each not in ELSEWHERE] for panel in doc.board.panels)
    return [", ".join(each.words for each in sorted(of_one, key=lambda each: not each.sign)) for of_one in told]


def _by_column(rows: list[Row]) -> dict[str, list[Any]]:
    return {name: [row[name] for row in rows] for name in _COLUMNS if name != STATUS}


def _key(sheet: Sheet) -> str:
    return f"list_{sheet.number}"


def _sheet(doc: Document) -> Sheet:
    """The table as it was filled, if it still shows the board."""
    sheet: Sheet | None = st.session_state.get("list_sheet")
    edits, marked = st.session_state.get(_key(sheet)) if sheet is not None else None, editor().marked
    if sheet is None or not fits(doc.board, sheet, edits or {}, marked):
        sheet = sheet_of(doc.board, sheet.number + 1 if sheet else 0, marked)
        st.session_state["list_sheet"] = sheet
    return sheet


def _edited(doc: Document) -> None:
    """Do what was done in the table; where it is refused, the table shows the board again."""
    sheet: Sheet = st.session_state["list_sheet"]
    edits = st.session_state[_key(sheet)]
    mark(marked_in(sheet, edits))
    command = to_command(doc.board, sheet, edits)
    if command.commands:
        attempt(doc.apply, command)
        editor().edit, editor().fresh = None, True


def _further(doc: Document) -> None:
    """A field of which each sentence becomes a panel at the end."""
    key, _ = field(FURTHER, "")
    st.text_input(
        "Add a panel at the end",
        key=key,
        placeholder="Its sentence, then Enter",
        disabled=doc.read_only,
        **on_change(key, _add, doc),
    )


def _add(doc: Document, key: str) -> None:
    if sentence := " ".join(str(st.session_state.get(key) or "").split()):
        attempt(doc.apply, insert_panel(doc.board, len(doc.board.panels), sentence))
        refill(FURTHER, "")
