"""What a tab of the editor works on: its board and panel, the fields that show them, and what draws."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar

import streamlit as st
from streamlit import runtime

from seqgan.registry import model_folders
from seqgan.resources import home
from seqgan.sampling import draws
from studio.document import Board, Document, Marks, Panel, all_marks
from studio.errors import StudioError
from studio.rendering import DEFAULT_MODEL
from studio.ui.boards import find_board, given_board
from studio.ui.desk import Desk
from studio.ui.editor import Editor
from studio.ui.engines import MISSING, STAGE, Choice, Engines
from studio.ui.going_on import take_up
from studio.ui.responsive import switch_often
from studio.ui.settings import given_device, load
from studio.ui.tickets import BLOCK_SECONDS, Ticket

BOARD_PARAMETER = "board"
T = TypeVar("T")


@st.cache_resource(show_spinner=False, max_entries=4)
def _desk(folder: str) -> Desk:
    switch_often()
    settled = load(Path(folder))
    desk = Desk(Path(folder), engines=Engines(given_device() or settled.device, settled.precision))
    if runtime.exists():
        desk.warm()
    return desk


def desk() -> Desk:
    """Return what all tabs share."""
    return _desk(str(home()))


def editor() -> Editor:
    """Return this tab's state, made on first use; a reload finds its board again in the address."""
    if "editor" not in st.session_state:
        st.session_state.editor = Editor(given=given_board(_arguments()), keys=load(home()).keys)
        _reopen(st.session_state.editor)
        _go_on()
    return st.session_state.editor


def _go_on() -> None:
    """With every tab that is opened: go on with what processes that have ended left undone, if there are any."""
    shared = desk()
    if shared.kept.has_left():
        with suppress(StudioError):  # the reader's queue is full or closed: the next tab does it
            shared.taking_up = Ticket(shared.asked, shared.asked.submit("Go on", lambda _step: take_up(shared)))
            shared.taking_up.wait(BLOCK_SECONDS)


def _arguments() -> list[str]:
    """The words behind `--` of `streamlit run`; of another program (a test) they are not ours."""
    ours = Path(sys.argv[0]).name in ("streamlit_app.py", "entry.py")
    return sys.argv[1:] if ours else []


def _reopen(state: Editor) -> None:
    name = st.query_params.get(BOARD_PARAMETER, "")
    if not name and state.given is None:
        return
    try:
        path = find_board(name, state.given) if name else state.given
        if path is not None:
            open_board(path, state)
    except StudioError as error:
        state.error = str(error)


# The board -----------------------------------------------------------------------------------------------------------


def open_board(path: Path, state: Editor | None = None) -> None:
    """Open a board in this tab.

    Raises:
        DocumentError: if it is no board, or damaged; the tab keeps the one it had.
    """
    state = state or editor()
    desk().document(path)
    state.path, state.selected, state.edit, state.delay, state.fresh = path, "", None, None, True
    state.watched, state.outcomes, state.redrawing = set(), [], None
    state.imported, state.looked_at, state.explaining = None, "", None
    state.playing, state.played, state.marked, state.lost = 0.0, "", set(), ""


def show_in_address(state: Editor) -> bool:
    """Put the board's name into the address, so that a reload opens it again; return whether it was not there yet."""
    if state.path is None or st.query_params.get(BOARD_PARAMETER) == state.path.name:
        return False
    first = BOARD_PARAMETER not in st.query_params
    st.query_params[BOARD_PARAMETER] = state.path.name
    return first


def document() -> Document | None:
    """Return the open document of this tab; None where there is none, or it was deleted meanwhile."""
    path = editor().path
    return desk().document(path) if path is not None and not desk().is_gone(path) else None


def selected_panel(board: Board) -> Panel | None:
    """Return the panel that is being worked on, or None."""
    return board.panel(editor().selected) if editor().selected else None


def select(panel: str) -> None:
    """Work on a panel ("" for none)."""
    state = editor()
    state.selected, state.edit, state.delay, state.fresh = panel, None, None, True


def field(name: str, value: T, ahead: bool = False) -> tuple[str, T]:
    """Return the key of a field that shows a value of the board, and what it is to be given as its own default.

    Where the board has changed it the field is made anew, under another key: with every message the page tells what all
    its fields show, also those whose change it has not heard of, and what is old there must not come back. It has a
    default because a page that heard of it in a run that was cut short shows, and tells, no more than that. ``ahead``:
    what is typed may be ahead of the board, and is left alone unless all fields are to be read again, or it is what the
    board had before somebody else changed it.
    """
    key, state = field_key(name), editor()
    if key in st.session_state:
        state.refilled.pop(key, None)
        if st.session_state[key] != value and (state.fresh or not ahead or _is_behind(key)):
            key = _renew(name)
    if ahead:
        state.known[key] = value
    else:
        state.shown[key] = value
    return key, state.refilled.get(key, value)


def _is_behind(key: str) -> bool:
    """Whether a field still says what the board had, and nothing that was typed here is on its way to it."""
    state = editor()
    return state.redrawing is None and key in state.known and st.session_state[key] == state.known[key]


def field_key(name: str) -> str:
    """Return the present key of a field."""
    times = editor().renewed.get(name, 0)
    return f"{name}_{times}" if times else name


def refill(name: str, value: object) -> str:
    """Make a field anew with another value; return its key."""
    key = _renew(name)
    editor().refilled[key] = value
    return key


def _renew(name: str) -> str:
    state = editor()
    state.replaced.add(field_key(name))
    state.renewed[name] = state.renewed.get(name, 0) + 1
    return field_key(name)


def on_change(
    key: str, act: Callable[..., object], *args: object, shows: Callable[[], object] = lambda: None
) -> dict[str, Any]:
    """Return what a field of this key is given so that a change calls ``act(*args, key)``.

    A page that has not yet heard of the field's successor still tells what the old one shows; that was no change. Nor
    is what it tells of a field whose successor is still to be made, because a job or another tab has changed the board
    since: ``shows`` returns what of the board the field stands for, and is asked now and when the page tells something.
    """
    return {"on_change": _heard, "args": (key, shows, shows(), act, *args)}


def _heard(key: str, shows: Callable[[], object], shown: object, act: Callable[..., object], *args: object) -> None:
    state = editor()
    if key in state.shown and st.session_state.get(key) == state.shown[key]:
        return  # told anew, and no change: a step of undo that does nothing would stand before the last one that did
    if key not in state.replaced and shows() == shown:
        act(*args, key)


def go_to(page: str) -> None:
    """Show another page next: what buttons call, for a click is heard at the start of a run, which the next message of
    the page may cut short before a button's own line."""
    editor().go = page


def show_page(page: str) -> None:
    """Show another page now."""
    go_to(page)
    st.rerun()


# What draws ----------------------------------------------------------------------------------------------------------


def choices() -> list[Choice]:
    """Return what can draw: the installed models of stories, the house's own first, then the stage, then the models of
    captions, which draw each panel from its sentence alone. Judges and the like are left out."""
    kinds = {name: draws(folder) for name, folder in model_folders().items()}
    names = sorted((name for name in kinds if kinds[name] == "story"), key=lambda name: (name != DEFAULT_MODEL, name))
    return [*(Choice("gan", name) for name in names), STAGE, *(Choice("frame", name) for name in _captioned(kinds))]


def _captioned(kinds: dict[str, str]) -> list[str]:
    return sorted(name for name, kind in kinds.items() if kind == "frame")


def choice() -> Choice:
    """Return what draws in this tab: as chosen, else what drew the board, else the first there is."""
    state, found = editor(), choices()
    if state.choice in found:
        return state.choice
    doc = document()
    model = doc.board.model.name if doc is not None and doc.board.model else ""
    return next((each for each in found if model and model in (each.model, each.engine)), found[0])


def choice_of(panel: Panel) -> Choice:
    """Return what draws a panel in this tab: its own model, else what draws its board."""
    return choice() if panel.model is None else choice_named(panel.model.name)


def choice_named(name: str) -> Choice:
    """Return the choice of a model's name, as boards have it; one that cannot be opened where it is not installed."""
    return next((each for each in choices() if name == (each.model or each.engine)), Choice(MISSING, name))


def marks_of(doc: Document) -> dict[str, Marks]:
    """Return the marks of every panel, worked out once for each state of the board."""
    known = st.session_state.get("marks")
    if known is None or known[0] is not doc.board:
        known = st.session_state["marks"] = (doc.board, all_marks(doc.board))
    return known[1]


# Doing ---------------------------------------------------------------------------------------------------------------


def attempt(work: object, *arguments: object) -> None:
    """Do something that may be refused; the reason is then shown on the page."""
    state = editor()
    state.error = ""
    try:
        work(*arguments)  # type: ignore[operator]
    except StudioError as error:
        state.error = str(error)


def now() -> float:
    """Return the moment, for delays."""
    return time.perf_counter()
