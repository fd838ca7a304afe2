"""The selected panel: its picture large, its sentence to type in, its takes, its length."""

from __future__ import annotations

import streamlit as st

from studio.document import Document, Marks, Panel, Take, duration_of
from studio.ui import actions
from studio.ui.components.animation import animate_button, stage
from studio.ui.components.card import COMPOSED, badges
from studio.ui.pictures import THUMB, blank, picture_of
from studio.ui.state import editor, select
from studio.ui.words import drawn_in, plain

LIVE = "500ms"
"""How long typing must pause before the sentence is drawn."""
SHOWN_TAKES = 8


def inspector(doc: Document, panel: Panel, marks: Marks) -> None:
    """Show the panel that is being worked on."""
    number = (doc.board.index(panel.id) or 0) + 1
    with st.container(border=True, key="inspector"):
        left, right = st.columns([4, 5], gap="medium")
        with left:
            stage(doc, panel, number)
            st.markdown(f"**{number}** {badges(doc, panel, marks)}")
        with right:
            _sentence(doc, panel)
            st.markdown(_told(panel))
            _notes(doc, panel)
            _takes(doc, panel)
            _tools(doc, panel, number)
            animate_button(doc, panel)


def _told(panel: Panel) -> str:
    """What is to say about the picture: how long it took, and its seed."""
    state = editor()
    if state.redrawing is not None:
        return ":small[:material/hourglass_top: drawing…]"
    words = []
    if state.delay is not None and state.delay[0] == panel.id:
        words.append(f":green[:material/bolt: **{drawn_in(state.delay[1])}**]")
    if panel.take is not None:
        words.append(f":gray[take {panel.take.number + 1} · seed {panel.take.seed} · {plain(panel.take.model.name)}]")
    return f":small[{' · '.join(words)}]" if words else ":small[:gray[Not drawn yet: write its sentence.]]"


def _sentence(doc: Document, panel: Panel) -> None:
    """The field: what is typed is on the board, and drawn, when typing pauses."""
    state, key = editor(), f"txt_sentence_{panel.id}"
    if state.fresh or key not in st.session_state:
        st.session_state[key] = panel.text
        state.fresh = False
    st.text_input(
        "Sentence",
        key=key,
        live=LIVE,
        on_change=actions.typed,
        args=(doc, panel.id, key),
        placeholder="Mia walks in the snow.",
        disabled=doc.read_only,
        help="The panel is drawn again when you stop typing.",
    )


def _notes(doc: Document, panel: Panel) -> None:
    """What reading this sentence found: names given to the cast, words mapped or ignored."""
    for note in doc.board.notes:
        if note.panel == panel.id and note.message:
            st.caption(f":material/info: {plain(note.message)}")


def _takes(doc: Document, panel: Panel) -> None:
    """All pictures of the panel, the newest first; the one that is shown has the marked button."""
    if len(panel.takes) < 2:
        return
    st.caption(f"Takes ({len(panel.takes)})")
    with st.container(horizontal=True, gap="small", key="takes"):
        for take in reversed(panel.takes[-SHOWN_TAKES:]):
            with st.container(width=104, gap="xsmall"):
                _take(doc, panel, take)
    if len(panel.takes) > SHOWN_TAKES:
        older = {take.id: take for take in panel.takes[:-SHOWN_TAKES]}
        st.menu_button(
            "Older takes",
            list(older),
            key="btn_older",
            format_func=lambda name: f"Take {older[name].number + 1}",
            on_click=lambda: actions.pick(doc, panel.id, str(st.session_state.get("btn_older"))),
            type="tertiary",
        )


def _take(doc: Document, panel: Panel, take: Take) -> None:
    current = take.id == panel.current_take
    st.image(picture_of(doc, take, THUMB) or blank(), width="stretch", alt=f"Take {take.number + 1}")
    st.button(
        f"{take.number + 1}",
        key=f"btn_take_{take.id}",
        help=f"Take {take.number + 1}: seed {take.seed}, {plain(take.model.name)}{f', {COMPOSED}' * take.composed}",
        icon=":material/check:" if current else None,
        on_click=actions.pick,
        args=(doc, panel.id, take.id),
        disabled=current or doc.read_only,
        width="stretch",
    )


def _tools(doc: Document, panel: Panel, number: int) -> None:
    """The buttons, and how long the panel is shown."""
    off, last = doc.read_only, len(doc.board.panels)
    with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
        key = f"num_seconds_{panel.id}_{duration_of(panel)}"  # another length makes another field: no stale echo
        st.number_input(
            "Seconds",
            value=duration_of(panel) / 1000,
            min_value=0.1,
            max_value=600.0,
            step=0.5,
            format="%.1f",
            key=key,
            on_change=actions.retime,
            args=(doc, panel.id, key),
            disabled=off,
            width=140,
        )
        st.button(
            "Retake",
            icon=":material/refresh:",
            key="btn_retake",
            shortcut="G",
            on_click=actions.retake,
            args=(doc, panel.id),
            disabled=off or not panel.text.strip(),
        )
        st.button(
            "Unlock" if panel.locked else "Lock",
            icon=":material/lock_open:" if panel.locked else ":material/lock:",
            key="btn_lock",
            shortcut="L",
            help="A locked panel is left alone when many are drawn.",
            on_click=actions.toggle_lock,
            args=(doc, panel),
            disabled=off,
        )
    with st.container(horizontal=True, gap="small"):
        for label, icon, step, to in (
            ("Previous", ":material/chevron_left:", "J", number - 2),
            ("Next", ":material/chevron_right:", "K", number),
        ):
            st.button(
                label,
                icon=icon,
                key=f"btn_{label.lower()}",
                shortcut=step,
                on_click=select,
                args=(doc.board.panels[to].id if 0 <= to < last else panel.id,),
                disabled=not 0 <= to < last,
                type="tertiary",
            )
        st.button("Close", icon=":material/close:", key="btn_close", on_click=select, args=("",), type="tertiary")
