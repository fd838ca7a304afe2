"""Deleted boards: put back one by one, or deleted for good together."""

from __future__ import annotations

import streamlit as st

from studio.ui.boards import Shelved
from studio.ui.filing import empty, restore
from studio.ui.state import editor
from studio.ui.trash import deleted_at, size_of
from studio.ui.words import ago, count, plain

LISTED = 20
"""Deleted boards that are listed."""
EMPTY = "pop_empty"


def deleted_list(boards: list[Shelved], words: str) -> None:
    """Show those of the deleted boards with these words in their titles; nothing where none is deleted."""
    if not boards:
        return
    found = [board for board in boards if board.has(words)]
    with st.expander(f"Deleted boards ({len(boards)})", icon=":material/delete:", key="exp_deleted"):
        st.caption("They stay until you empty this list.")
        for board in found[:LISTED]:
            _row(board)
        if len(found) > LISTED:
            st.caption(f"and {len(found) - LISTED} deleted before; search for their titles")
        _empty_button(boards)


def _row(board: Shelved) -> None:
    key = board.path.parent.name
    with st.container(horizontal=True, gap="small", vertical_alignment="center", key=f"row_{key}"):
        st.markdown(plain(board.title, 60), width="content")
        st.caption(f"{count(board.panels, 'panel')} · deleted {ago(deleted_at(board.path))}")
        st.button(
            "Put back",
            key=f"btn_back_{key}",
            icon=":material/restore_from_trash:",
            on_click=restore,
            args=(board,),
            type="tertiary",
        )


def _empty_button(boards: list[Shelved]) -> None:
    """Ask first, and say how much would be lost."""
    with st.popover("Empty", icon=":material/delete_forever:", key=EMPTY, on_change="rerun") as asked:
        if not asked.open:
            return
        size = size_of(board.path for board in boards) / 2**20
        st.write(f"{count(len(boards), 'deleted board')} of {size:.1f} MiB in all would be gone for good.")
        st.button(
            "Delete for good",
            key="btn_empty",
            type="primary",
            on_click=_empty,
            args=(boards,),
            disabled=editor().filing is not None,
        )


def _empty(boards: list[Shelved]) -> None:
    """Those that were shown: not what another tab has deleted since."""
    st.session_state[EMPTY] = False
    empty(boards)
