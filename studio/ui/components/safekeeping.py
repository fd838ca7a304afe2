"""What keeps a board from being changed or saved, and how to have a copy of it all the same."""

from __future__ import annotations

import streamlit as st

from studio.document import Document, packed
from studio.document.schema import VERSION
from studio.ui import actions
from studio.ui.components.board_menu import boardz_button
from studio.ui.filing import copy
from studio.ui.state import editor
from studio.ui.words import plain


def safekeeping(doc: Document) -> None:
    """Say what keeps this board from being changed, what the disk refused, and what went wrong with its files."""
    if doc.read_only:
        _read_only(doc)
    if doc.unsaved:
        _unsaved(doc)
    for problem in doc.problems[-2:]:
        st.warning(plain(problem))


def _read_only(doc: Document) -> None:
    newer = doc.manifest.version > VERSION or doc.manifest.min_reader > VERSION
    st.info(plain(f"This board can be looked at and exported, not changed: {doc.read_only_reason}."))
    st.button(
        f"Save a copy as version {VERSION}" if newer else "Save a copy",
        key="btn_copy",
        icon=":material/file_copy:",
        on_click=copy,
        args=(doc.path,),
        disabled=editor().filing is not None,
        help="A board of your own with all panels and takes, opened to be changed. This one stays as it is.",
    )


def _unsaved(doc: Document) -> None:
    """Stays until the disk takes the changes, which are then on the board."""
    st.error(
        plain(f"{doc.unsaved}. What you changed waits, and is written as soon as there is room; a copy has it."),
        title="Not saved",
    )
    with st.container(horizontal=True, gap="small"):
        boardz_button("Download a copy now", "btn_download_copy", doc.board.title, lambda: packed(doc), "primary")
        st.button("Try again", key="btn_retry", on_click=actions.retry, args=(doc,))
