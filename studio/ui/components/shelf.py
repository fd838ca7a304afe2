"""Boards that can be opened."""

from __future__ import annotations

import streamlit as st

from studio.ui.boards import Shelved, boards_folder, shelf
from studio.ui.state import attempt, editor, open_board
from studio.ui.words import ago, count, plain

PAGE = 12
"""Boards shown at a time."""


def recent_boards(limit: int = 8) -> int:
    """Show the newest boards, each a button that opens it; return how many are shown."""
    found = shelf(editor().given, limit=limit)
    _rows(found)
    return len(found)


def _rows(boards: list[Shelved]) -> None:
    for board in boards:
        with st.container(horizontal=True, gap="small", vertical_alignment="center"):
            opened = st.button(
                plain(board.title, 60),
                key=f"btn_board_{board.name}",
                icon=":material/auto_stories:",
                type="tertiary",
                help=plain(str(board.path)),
            )
            st.caption(f"{count(board.panels, 'panel')} · {ago(board.saved)}")
        if opened:
            _open(board)


def _open(board: Shelved) -> None:
    """Open a board and show it; where it cannot be, the page says why."""
    state = editor()
    attempt(open_board, board.path)
    if state.error:
        st.error(plain(state.error))
        return
    state.dialog = ""
    st.switch_page(st.session_state.pages["board"])


def no_boards() -> None:
    """Say where boards will be."""
    st.caption(plain(f"Boards are kept in {boards_folder()}."))


@st.dialog("Open a board", icon=":material/folder_open:", on_dismiss=lambda: setattr(editor(), "dialog", ""))
def open_dialog() -> None:
    """Choose among all boards that there are."""
    there = bool(shelf(editor().given, limit=1))
    words = _search() if there else ""
    found = shelf(editor().given, words)
    pages = -(-len(found) // PAGE)
    number = min(st.pagination(pages, key="num_boards"), pages) if pages > 1 else 1
    _rows(found[(number - 1) * PAGE : number * PAGE])
    if not found:
        st.write("No board is called that. Search for fewer words." if there else "No boards yet. Tell a story first.")
    no_boards()


def _search() -> str:
    label = "Search by title"
    return st.text_input(label, key="txt_boards", live="0.5s", icon=":material/search:", placeholder="snow") or ""
