"""The bar above the wall: title, undo, redo, what draws, draw, play, export, open; below it, what is to be known."""

from __future__ import annotations

import streamlit as st

from studio.document import Document, Marks, total_duration
from studio.ui import actions
from studio.ui.boards import saved_at
from studio.ui.components.cast_panel import cast_button
from studio.ui.components.keys import with_key
from studio.ui.components.outline import outline_button
from studio.ui.components.player import play
from studio.ui.components.safekeeping import safekeeping
from studio.ui.components.settings_dialog import settings_button
from studio.ui.components.variety_button import variety_button
from studio.ui.components.views import view_bar
from studio.ui.engines import Choice
from studio.ui.state import choice, choices, desk, field, on_change
from studio.ui.words import ago, clock, count, plain

DRAW = {"missing": "Draw what is missing", "changed": "Draw what has changed", "all": "New take of every panel"}


def toolbar(doc: Document, marks: dict[str, Marks]) -> None:
    """Show the bar, and below it the views, what is to be known, the cast and the keys. The page's heading, which the
    field of the title shows to the eye, is there for those who hear the page."""
    with st.container(key="heading"):
        st.title(plain(doc.board.title or "Board"), anchor=False)
    with st.container(horizontal=True, gap="small", vertical_alignment="bottom", key="toolbar"):
        _title(doc)
        st.button(
            with_key("Undo", "Z"),
            icon=":material/undo:",
            key="btn_undo",
            on_click=actions.undo,
            args=(doc,),
            disabled=not doc.can_undo,
        )
        st.button(
            with_key("Redo", "Shift+Z"),
            icon=":material/redo:",
            key="btn_redo",
            on_click=actions.redo,
            args=(doc,),
            disabled=not doc.can_redo,
        )
        engine_menu("sel_engine")
        _draw(doc, marks)
        st.button(
            with_key("Play", "Space"),
            icon=":material/play_arrow:",
            key="btn_play",
            on_click=play,
            args=(doc,),
            disabled=not doc.board.panels,
        )
        st.button("Export", icon=":material/movie:", key="btn_export", on_click=actions.show_dialog, args=("export",))
        st.button("Open", icon=":material/folder_open:", key="btn_open", on_click=actions.show_dialog, args=("open",))
    with st.container(horizontal=True, gap="small", vertical_alignment="center", key="second_bar"):
        view_bar()
        _facts(doc, marks)
        outline_button(doc)
        cast_button(doc, marks)
        variety_button(doc, marks)
        st.button(
            "Versions",
            icon=":material/history:",
            key="btn_versions",
            on_click=actions.show_dialog,
            args=("versions",),
            type="tertiary",
        )
        st.button(
            "Keys",
            icon=":material/keyboard:",
            key="btn_keys",
            on_click=actions.show_dialog,
            args=("keys",),
            type="tertiary",
        )
        settings_button()
    safekeeping(doc)


def _title(doc: Document) -> None:
    key, title = field("txt_title", doc.board.title, ahead=True)
    st.text_input(
        "Title",
        title,
        key=key,
        disabled=doc.read_only,
        max_chars=120,
        width="stretch",
        **on_change(key, actions.rename, doc),
    )


def engine_menu(name: str, label: str = "Drawn by") -> Choice:
    """Let a person choose what draws, and return it."""
    (key, present), found = field(name, choice()), choices()
    st.selectbox(
        label,
        found,
        found.index(present),
        key=key,
        format_func=lambda each: each.label,
        width=220,
        help="A model generates pictures. The stage composes them from drawn art, and marks them so. "
        "Models marked sentence by sentence know nothing of the panels before.",
        **on_change(key, actions.choose_engine),
    )
    return choice()


def _draw(doc: Document, marks: dict[str, Marks]) -> None:
    missing = sum(1 for panel in doc.board.panels if panel.text.strip() and not marks[panel.id].drawn)
    changed = sum(1 for panel in doc.board.panels if marks[panel.id].changed)
    st.menu_button(
        "Draw",
        list(DRAW),
        key="btn_draw",
        icon=":material/brush:",
        format_func=lambda name: (
            DRAW[name] + {"missing": f" ({missing})", "changed": f" ({missing + changed})"}.get(name, "")
        ),
        on_click=lambda: actions.draw(doc, str(st.session_state.get("btn_draw"))),
        disabled=doc.read_only or not doc.board.panels,
        type="primary",
    )


def _facts(doc: Document, marks: dict[str, Marks]) -> None:
    """One quiet line: how much there is, what the model runs on, and that it is saved."""
    board = doc.board
    words = [count(len(board.panels), "panel"), clock(total_duration(board))]
    words += [f"{sum(each.changed for each in marks.values())} changed"] * any(each.changed for each in marks.values())
    drawn_on = desk().engines.drawn_on(choice())
    words += [f"Draws on {plain(drawn_on)}"] * bool(drawn_on)
    words.append("Read-only" if doc.read_only else f"Saved {ago(saved_at(doc.path))}")
    st.caption(" · ".join(words), width="stretch")
