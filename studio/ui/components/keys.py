"""The keyboard of the board: one table, a few lines in the page that listen, and the dialog that shows it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st
from streamlit.components import v2

from studio.document import Document
from studio.ui import actions, editing
from studio.ui.components.code import code
from studio.ui.components.player import play
from studio.ui.components.stop_dialog import escape
from studio.ui.components.told import last_told, told
from studio.ui.components.views import GRID, LIST, TIMELINE, VIEW
from studio.ui.panel_menu import do
from studio.ui.state import editor

TITLE = "F2"


@dataclass(frozen=True)
class Key:
    """Keys that do one thing with the board and the panel that is worked on."""

    keys: tuple[str, ...]
    what: str
    does: Callable[[Document, str], object]


def _with(picked: str) -> Callable[[Document, str], object]:
    return lambda doc, panel: do(doc, panel, picked)


def _view(name: str) -> Callable[[Document, str], object]:
    return lambda _doc, _panel: st.session_state.update({VIEW: name})


def _dialog(name: str) -> Callable[[Document, str], object]:
    return lambda _doc, _panel: actions.show_dialog(name)


def _add(doc: Document, panel: str, behind: int) -> None:
    index = doc.board.index(panel)
    if not doc.read_only:
        actions.add_panel(doc, len(doc.board.panels) if index is None else index + behind)


TABLE = (
    Key(("Space",), "Play or pause the animatic", lambda doc, _: play(doc)),
    Key(("Left", "J"), "The panel before", lambda doc, _: editing.step(doc, -1)),
    Key(("Right", "K"), "The next panel", lambda doc, _: editing.step(doc, 1)),
    Key(("Shift+Left",), "Move the panel to the left (Alt+Left in the strip)", _with("Move left")),
    Key(("Shift+Right",), "Move the panel to the right (Alt+Right in the strip)", _with("Move right")),
    Key(("N",), "A new panel after it", lambda doc, panel: _add(doc, panel, 1)),
    Key(("Shift+N",), "A new panel before it", lambda doc, panel: _add(doc, panel, 0)),
    Key(("G",), "Retake", _with("Retake")),
    Key(("Shift+G",), "Draw all that is missing or changed", lambda doc, _: actions.draw(doc, "changed")),
    Key(("D",), "Duplicate", _with("Duplicate")),
    Key(("Delete",), "Delete (undo brings it back)", _with("Delete")),
    Key(("L",), "Lock or unlock", _with("Lock")),
    Key(("S",), "Star, or take the star away", _with("Star")),
    Key(("Z",), "Undo", lambda doc, _: actions.undo(doc) if doc.can_undo else None),
    Key(("Shift+Z",), "Redo", lambda doc, _: actions.redo(doc) if doc.can_redo else None),
    Key(("1",), GRID, _view(GRID)),
    Key(("2",), LIST, _view(LIST)),
    Key(("3",), TIMELINE, _view(TIMELINE)),
    Key((TITLE,), "Edit the title", lambda _doc, _panel: None),
    Key(
        ("Esc",),
        "Stop drawing (what is drawn is kept), else an export; asks before 30 s of work are lost",
        lambda doc, _panel: escape(doc),
    ),
    Key(("Mod+S",), "Keep this state as a version, look at versions, restore one", _dialog("versions")),
    Key(("Mod+Shift+E",), "Export", _dialog("export")),
    Key(("?",), "This table", _dialog("keys")),
)


def with_key(label: str, key: str) -> str:
    """Return a button's label with its key, where single keys do things."""
    return f"{label} :gray[:small[{key}]]" if editor().keys else label


def listen(doc: Document) -> None:
    """Hear the keys of the table (combinations only, where single keys are turned off).

    This comes first on the page. What comes behind things that are not always there changes its place with them, and
    during a run the page lets go of it as soon as another thing has its place, until the run reaches it again: keys
    pressed meanwhile would be lost. (The keys of Streamlit's own buttons are heard anew with every run of the script.)
    """
    single = editor().keys
    heard = (key for row in TABLE for key in row.keys if single or key.startswith("Mod+"))
    # of a list Streamlit asks whether it is a table, and loads pandas for it: seconds of the first page
    data = {"keys": tuple(heard), "title": TITLE, "last": last_told("keys", "pressed")}
    v2.component("board_keys", js=code("keys.js"))(
        key="keys", data=data, height=1, on_pressed_change=lambda: _pressed(doc)
    )


def _pressed(doc: Document) -> None:
    for each in told("keys", "pressed"):
        press(doc, str(each["key"]))


def press(doc: Document, pressed: str) -> None:
    """Do what a key stands for, with the panel that is worked on."""
    row = next((row for row in TABLE if pressed in row.keys), None)
    if row is not None:
        row.does(doc, editor().selected)


def _switch() -> None:
    editor().keys = bool(st.session_state.get("tog_keys"))
    actions.settle(keys=editor().keys)


@st.dialog("Keys", icon=":material/keyboard:", on_dismiss=lambda: setattr(editor(), "dialog", ""))
def keys_dialog() -> None:
    """Show what each key does, and let single keys be turned off."""
    st.toggle(
        "Single keys do things",
        value=editor().keys,
        key="tog_keys",
        on_change=_switch,
        help="Off: only combinations with Ctrl or Cmd and the buttons of the page. It stays so.",
    )
    rows = [f"| {' '.join(f'`{key}`' for key in row.keys)} | {row.what} |" for row in TABLE]
    st.markdown("\n".join(["| Key | |", "|---|---|", *rows]))
    st.caption("Mod is Ctrl, or Cmd on a Mac. While you type in a field, single keys are letters.")
