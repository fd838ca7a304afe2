"""The selected panel: its picture large, what can be done with it, and its words, takes, timing and camera."""

from __future__ import annotations

import streamlit as st

from studio.document import Document, Panel, shot_names
from studio.ui import actions
from studio.ui.components.animation import animate_button, stage
from studio.ui.components.inspector_image import image_group
from studio.ui.components.inspector_text import sentence, text_group
from studio.ui.components.inspector_timing import timing_group
from studio.ui.components.keys import with_key
from studio.ui.components.words_view import words_view
from studio.ui.panel_menu import MORE, more, offered
from studio.ui.state import select
from studio.ui.statuses import Status, badges
from studio.ui.words import plain


def inspector(doc: Document, panel: Panel, found: list[Status]) -> None:
    """Show the panel that is being worked on; ``found`` is what is so of it."""
    number = (doc.board.index(panel.id) or 0) + 1
    with st.container(border=True, key="inspector", gap="small"):
        _neighbours(doc, panel, number)
        sentence(doc, panel)
        stage(doc, panel, number)
        st.markdown(f"**{plain(shot_names(doc.board)[panel.id])}** {badges(found)}")
        _tools(doc, panel)
        with st.expander("Text", expanded=True, icon=":material/notes:", key="exp_text"):
            text_group(doc, panel)
        with st.expander("Image", expanded=True, icon=":material/image:", key="exp_image"):
            image_group(doc, panel)
            animate_button(doc, panel)
            words_view(doc, panel)
        with st.expander("Timing and camera", icon=":material/timer:", key="exp_timing"):
            timing_group(doc, panel)


def _neighbours(doc: Document, panel: Panel, number: int) -> None:
    """To the panel before, to the next one, and away."""
    last = len(doc.board.panels)
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        st.markdown(f"**Panel {number}** :gray[of {last}]", width="stretch")
        for label, icon, to, keys in (
            ("Previous", ":material/chevron_left:", number - 2, "Left, J"),
            ("Next", ":material/chevron_right:", number, "Right, K"),
        ):
            st.button(
                label,
                icon=icon,
                key=f"btn_{label.lower()}",
                help=f"Key: {keys}",
                on_click=select,
                args=(doc.board.panels[to].id if 0 <= to < last else panel.id,),
                disabled=not 0 <= to < last,
                type="tertiary",
            )
        st.button("Close", icon=":material/close:", key="btn_close", on_click=select, args=("",), type="tertiary")


def _tools(doc: Document, panel: Panel) -> None:
    """What is done most, and the menu of the rest."""
    off = doc.read_only
    with st.container(horizontal=True, gap="xsmall", vertical_alignment="center", key="tools"):
        st.button(
            with_key("Retake", "G"),
            icon=":material/refresh:",
            key="btn_retake",
            help="Draw this panel once more with a new seed.",
            on_click=actions.retake,
            args=(doc, panel.id),
            disabled=off or not panel.text.strip(),
        )
        st.button(
            with_key("Unlock" if panel.locked else "Lock", "L"),
            icon=":material/lock_open:" if panel.locked else ":material/lock:",
            key="btn_lock",
            help="A locked panel is left alone when many are drawn, and while you type.",
            on_click=actions.toggle_lock,
            args=(doc, panel),
            disabled=off,
        )
        st.button(
            with_key("Starred" if panel.starred else "Star", "S"),
            icon=":material/star:" if panel.starred else ":material/star_border:",
            key="btn_star",
            on_click=actions.toggle_star,
            args=(doc, panel),
            disabled=off,
        )
        st.menu_button(
            "More",
            offered(doc),
            key="btn_more",
            format_func=MORE.__getitem__,
            on_click=more,
            args=(doc, panel.id, "btn_more"),
        )
