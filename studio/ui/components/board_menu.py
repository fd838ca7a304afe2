"""What can be done with a board of the dialog that opens one: open, duplicate, download, delete."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Literal

import streamlit as st

from studio.ui.boards import Shelved, file_stem
from studio.ui.filing import copy, delete, download
from studio.ui.state import attempt, desk, editor
from studio.ui.trash import is_own


def board_menu(board: Shelved) -> bool:
    """Show the menu of a board; return whether it is to be opened."""
    with st.popover("More", key=f"pop_{board.name}", type="tertiary"), st.container(gap="xsmall"):
        opened = st.button("Open", key=f"btn_open_{board.name}", icon=":material/folder_open:", type="tertiary")
        st.button(
            "Duplicate",
            key=f"btn_duplicate_{board.name}",
            icon=":material/content_copy:",
            on_click=copy,
            args=(board.path,),
            disabled=editor().filing is not None,
            help="A copy with all panels and takes, which is opened. What was done before cannot be undone there.",
            type="tertiary",
        )
        data, check = partial(download, desk(), board.path), partial(attempt, desk().reader, board.path)
        boardz_button("Download", f"btn_download_{board.name}", board.title, data, check=check)
        if is_own(board.path):
            _delete_button(board)
    return opened


def _delete_button(board: Shelved) -> None:
    st.button(
        "Delete",
        key=f"btn_delete_{board.name}",
        icon=":material/delete:",
        on_click=delete,
        args=(board,),
        disabled=editor().filing is not None,
        help="It can be put back until you empty the deleted boards. What is being drawn of it stops; "
        "what is drawn is kept.",
        type="tertiary",
    )


def boardz_button(
    label: str,
    key: str,
    title: str,
    data: Callable[[], bytes],
    type: Literal["primary", "tertiary"] = "tertiary",
    check: Callable[[], None] | None = None,
) -> None:
    """Show a button that downloads a board in one file for sharing; ``data`` is asked for on the click.

    ``check`` is called on the click, too, to say on the page why there is nothing to download: of ``data`` that fails
    Streamlit says no more than that.
    """
    st.download_button(
        label,
        data,
        file_name=f"{file_stem(title) or 'board'}.boardz",
        mime="application/zip",
        key=key,
        icon=":material/download:",
        on_click=check or "ignore",
        help="The board in one file (.boardz) with all takes, for sharing: Import on the page Story opens it.",
        type=type,
    )
