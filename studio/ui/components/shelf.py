"""Boards that can be opened."""

from __future__ import annotations

import streamlit as st

from studio.ui.boards import Shelved, boards_folder, shelf
from studio.ui.components.board_menu import board_menu
from studio.ui.components.deleted import deleted_list
from studio.ui.components.first_field import begin_in
from studio.ui.state import attempt, editor, open_board, show_page
from studio.ui.trash import deleted_boards
from studio.ui.words import ago, count, plain

PAGE = 12
"""Boards shown at a time."""
LOOK_AGAIN = 0.3
"""Seconds between two looks at a board that is being copied or deleted."""


def recent_boards(limit: int = 8) -> int:
    """Show the newest boards, each a button that opens it; return how many are shown."""
    found = shelf(editor().given, limit=limit)
    _rows(found)
    return len(found)


def _rows(boards: list[Shelved], menus: bool = False) -> None:
    for board in boards:
        with st.container(horizontal=True, gap="small", vertical_alignment="center", key=f"row_{board.name}"):
            picked = st.button(
                plain(board.title, 60),
                key=f"btn_board_{board.name}",
                icon=":material/auto_stories:",
                type="tertiary",
                help=plain(str(board.path)),
            )
            st.caption(f"{count(board.panels, 'panel')} · {ago(board.saved)}")
            picked = (menus and board_menu(board)) or picked
        if picked:
            _open(board)


def _open(board: Shelved) -> None:
    """Open a board and show it; where it cannot be, the page says why."""
    state = editor()
    attempt(open_board, board.path)
    if state.error:
        st.error(plain(state.error))
        return
    state.dialog = ""
    show_page("board")


def no_boards() -> None:
    """Say where boards will be."""
    st.caption(plain(f"Boards are kept in {boards_folder()}."))


@st.dialog(
    "Open a board", width="medium", icon=":material/folder_open:", on_dismiss=lambda: setattr(editor(), "dialog", "")
)
def open_dialog() -> None:
    """Choose among all boards that there are; copy, download, delete them, and put deleted ones back."""
    if editor().said:  # the page behind tells it
        st.rerun()
    filing_line()
    if editor().error:
        st.error(plain(editor().error))
        editor().error = ""
    there, deleted = bool(shelf(editor().given, limit=1)), deleted_boards()
    words = _search() if there or deleted else ""
    found = shelf(editor().given, words)
    pages = -(-len(found) // PAGE)
    number = min(st.pagination(pages, key="num_boards"), pages) if pages > 1 else 1
    _rows(found[(number - 1) * PAGE : number * PAGE], menus=True)
    if not found:
        st.write("No board is called that. Search for fewer words." if there else "No boards yet. Tell a story first.")
    deleted_list(deleted, words)
    no_boards()


def filing_line() -> None:
    """Say that a board is being copied or deleted, and look again until it is."""
    ticket = editor().filing
    if ticket is None:
        return

    def look() -> None:
        job = ticket.look()
        if job is None or job.is_finished:
            st.rerun()
        st.caption(f":material/hourglass_top: {plain(job.title)}…")

    st.fragment(look, run_every=LOOK_AGAIN)()


def _search() -> str:
    key, label = "txt_boards", "Search by title"
    words = st.text_input(label, key=key, live="0.5s", icon=":material/search:", placeholder="snow")
    begin_in(key)
    return words or ""
