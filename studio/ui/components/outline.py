"""The outline of a board: the story in a sentence, and its scenes, each a way to its first panel."""

from __future__ import annotations

import streamlit as st

from studio.document import Board, Document, beginnings
from studio.ui import editing
from studio.ui.state import field, on_change, select
from studio.ui.words import count, plain

POPOVER = "pop_outline"
LONGEST = 60
"""Characters of a scene's heading on its button."""


def outline_button(doc: Document) -> None:
    """Show the button, and what it opens."""
    with st.popover(
        "Outline", icon=":material/toc:", key=POPOVER, on_change="rerun", help="Logline and scenes"
    ) as shown:
        if shown.open:
            _logline(doc)
            _scenes(doc.board)


def _logline(doc: Document) -> None:
    key, logline = field("txt_logline", doc.board.logline)
    st.text_area(
        "Logline",
        logline,
        key=key,
        height=96,
        disabled=doc.read_only,
        placeholder="The story in a sentence. It heads the contact sheet and the page.",
        **on_change(key, editing.tell_logline, doc),
    )


def _scenes(board: Board) -> None:
    """A button for each scene; one that is gone back to has another."""
    begun = beginnings(board)
    if not begun:
        st.caption("No scenes yet. Which scene begins at a panel is written with its words, in *Text*.")
    places = [board.index(panel) or 0 for panel in begun]
    for (panel, scene), first, end in zip(begun.items(), places, [*places[1:], len(board.panels)], strict=True):
        st.button(
            f"{plain(scene.title, LONGEST)} · {count(end - first, 'panel')}",
            key=f"btn_scene_{panel}",
            on_click=select,
            args=(panel,),
            type="tertiary",
        )
