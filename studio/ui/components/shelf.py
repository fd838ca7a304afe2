"""Boards that can be opened."""

from __future__ import annotations

import streamlit as st

from studio.ui.boards import Shelved, boards_folder, shelf
from studio.ui.state import attempt, editor, open_board
from studio.ui.words import ago, count, plain


def recent_boards(limit: int = 8) -> int:
    """Show the newest boards, each a button that opens it; return how many there are."""
    state = editor()
    found = shelf(state.given, limit)
    for board in found:
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
    return len(found)


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
    """Choose among the boards that there are."""
    if not recent_boards(12):
        st.write("No boards yet. Tell a story first.")
    no_boards()
