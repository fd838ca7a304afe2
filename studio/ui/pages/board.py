"""The page Board: the storyboard as cards, edited panel by panel."""

import streamlit as st

from studio.document import Document
from studio.errors import StudioError
from studio.ui.actions import collect_redraw, show_dialog
from studio.ui.components.export_dialog import export_dialog
from studio.ui.components.inspector import inspector
from studio.ui.components.keys import listen
from studio.ui.components.list_view import list_view
from studio.ui.components.marked_bar import marked_bar
from studio.ui.components.player import player
from studio.ui.components.queue_view import has_queue, queue_view
from studio.ui.components.shelf import filing_line, no_boards, open_dialog, recent_boards
from studio.ui.components.stop_dialog import stop_dialog
from studio.ui.components.strip import strip
from studio.ui.components.timeline import timeline
from studio.ui.components.toolbar import toolbar
from studio.ui.components.tray import said, tray, working
from studio.ui.components.versions_dialog import versions_dialog
from studio.ui.components.views import LIST, TIMELINE, view
from studio.ui.components.wall import wall
from studio.ui.filing import move_on, take_up
from studio.ui.following import follow, glance
from studio.ui.state import desk, document, editor, go_to, marks_of, selected_panel
from studio.ui.statuses import Status, statuses
from studio.ui.words import plain

LOOK_AGAIN = 0.3  # seconds between two looks at a drawing that is under way
LOOK_AROUND = 1.5  # seconds between two looks at what other tabs have done


def empty() -> None:
    """No board is open: say what to do, and offer those that there are."""
    said()
    if editor().error and editor().dialog != "open":
        st.error(plain(editor().error))
    queue_view()
    st.title("No board is open", anchor=False)
    st.write("Tell a story and it becomes a board, or open one that you made before.")
    with st.container(horizontal=True, gap="small"):
        st.button(
            "Tell a story",
            type="primary",
            icon=":material/edit_note:",
            key="btn_story",
            on_click=go_to,
            args=("story",),
        )
        st.button("Open", icon=":material/folder_open:", key="btn_open", on_click=show_dialog, args=("open",))
    filing_line()
    if editor().dialog != "open":  # which lists them all
        recent_boards()
        no_boards()


def panels(doc: Document, found: dict[str, list[Status]]) -> None:
    """The panels in the view that is chosen, and beside them the one worked on; ``found``: what is so of each."""
    if doc.board.panels and view() != TIMELINE:
        with st.container(key="pinned"):
            strip(doc, found, "filmstrip")
    marked_bar(doc)
    present = selected_panel(doc.board)
    if present is None:
        shown(doc, found)
        return
    left, right = st.columns([3, 2], gap="medium")
    with left:
        shown(doc, found)
    with right:
        inspector(doc, present, found[present.id])


def shown(doc: Document, found: dict[str, list[Status]]) -> None:
    """The panels in the view that is chosen; an empty board says what to do in any."""
    if view() == LIST and doc.board.panels:
        list_view(doc, found)
    elif view() == TIMELINE and doc.board.panels:
        timeline(doc, found)
    else:
        wall(doc, found)


def board(expected: bool) -> None:
    """Show the open board; ``expected``: whether work was under way when this piece of the page was set to refresh."""
    doc = document()
    if doc is None:
        st.rerun()
    under_way = working()  # what ends while it is shown is shown by another look; so is what begins, below
    collect_redraw()
    follow(doc)
    editor().glance = glance(doc)
    marks = marks_of(doc)
    listen(doc)
    toolbar(doc, marks)
    tray(doc)
    player(doc)
    panels(doc, statuses(doc, marks))
    editor().fresh = False
    if {under_way, working()} != {expected}:
        st.rerun()


def look_around(doc: Document, queue: bool) -> None:
    """Show the page again if another tab has changed what it shows; ``queue``: whether it shows that there is one."""
    if editor().glance != glance(doc) or has_queue() != queue or desk().is_gone(doc.path):
        st.rerun()


move_on(take_up())
try:
    opened = document()
except StudioError as error:
    editor().error, editor().path, opened = str(error), None, None
if opened is None:
    empty()
    if editor().dialog == "open":
        open_dialog()
else:
    under_way = working()
    queue = has_queue()
    queue_view(under_way)
    st.fragment(board, run_every=LOOK_AGAIN if under_way else None)(under_way)
    # a look around at the moment at which a dialog closes could keep it on the screen: Streamlit then loses the end of
    # the run that takes it away
    if not under_way and not editor().dialog:
        st.fragment(look_around, run_every=LOOK_AROUND)(opened, queue)
    if editor().dialog == "export":
        export_dialog()
    elif editor().dialog == "open":
        open_dialog()
    elif editor().dialog == "stop":
        stop_dialog()
    elif editor().dialog == "versions":
        versions_dialog()
