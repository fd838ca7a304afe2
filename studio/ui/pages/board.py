"""The page Board: the storyboard as cards, edited panel by panel."""

import streamlit as st

from studio.errors import StudioError
from studio.ui.actions import collect_redraw
from studio.ui.components.export_dialog import export_dialog
from studio.ui.components.shelf import no_boards, open_dialog, recent_boards
from studio.ui.components.toolbar import toolbar
from studio.ui.components.tray import tray, working
from studio.ui.components.wall import wall
from studio.ui.state import document, editor, marks_of
from studio.ui.words import plain

LOOK_AGAIN = 0.3  # seconds between two looks at a drawing that is under way


def empty() -> None:
    """No board is open: say what to do, and offer those that there are."""
    if editor().error:
        st.error(plain(editor().error))
    st.subheader("No board is open")
    st.write("Tell a story and it becomes a board, or open one that you made before.")
    if st.button("Tell a story", type="primary", icon=":material/edit_note:", key="btn_story"):
        st.switch_page(st.session_state.pages["story"])
    recent_boards()
    no_boards()


def board(expected: bool) -> None:
    """Show the open board; ``expected``: whether work was under way when this piece of the page was set to refresh."""
    doc = document()
    if doc is None:
        return
    under_way = working()  # asked before anything is shown: what ends while it is shown is shown by another look
    collect_redraw()
    marks = marks_of(doc)
    toolbar(doc, marks)
    tray(doc)
    wall(doc, marks)
    editor().fresh = False
    if under_way != expected:
        st.rerun()


try:
    opened = document() is not None
except StudioError as error:
    editor().error, editor().path, opened = str(error), None, False
if not opened:
    empty()
else:
    under_way = working()
    st.fragment(board, run_every=LOOK_AGAIN if under_way else None)(under_way)
    if editor().dialog == "export":
        export_dialog()
    elif editor().dialog == "open":
        open_dialog()
