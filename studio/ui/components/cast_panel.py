"""Who plays whom: a menu for each name of the story, and the panels in which each of the cast appears."""

from __future__ import annotations

import streamlit as st

from studio.document import Document, Marks
from studio.ui import actions, editing
from studio.ui.mentions import appearances, spoken
from studio.ui.reading import Member
from studio.ui.state import desk, editor, field, on_change, select
from studio.ui.words import count, plain

POPOVER = "pop_cast"
SHOWN = 24
"""Panels of one of the cast that have a button; the others are counted."""


def cast_is_open() -> bool:
    """Return whether the cast is looked at."""
    return bool(st.session_state.get(POPOVER))


def cast_button(doc: Document, marks: dict[str, Marks]) -> None:
    """Show the button, and what it opens."""
    with st.popover("Cast", icon=":material/groups:", key=POPOVER, on_change="rerun", help="Who plays whom") as cast:
        if cast.open:
            _cast(doc, marks)


def _cast(doc: Document, marks: dict[str, Marks]) -> None:
    answer = desk().members()
    if answer.value is None:
        st.caption(plain(answer.error) if answer.error else ":material/hourglass_top: Loading the cast…")
        return
    members: dict[str, Member] = answer.value
    seen = appearances(doc.board, spoken(doc.board, members))
    for name, who in doc.board.cast.items():
        _menu(doc, name, who, members)
    if not seen:
        st.caption("Nobody of the cast is named in this story yet.")
    for who, numbers in sorted(seen.items(), key=lambda each: each[1]):
        _member(doc, members.get(who), who, numbers)
    changed = sum(each.changed for each in marks.values())
    if changed:
        st.button(
            f"Draw what has changed ({changed})",
            key="btn_cast_draw",
            icon=":material/brush:",
            on_click=actions.draw,
            args=(doc, "changed"),
            disabled=doc.read_only,
        )


def _menu(doc: Document, name: str, who: str, members: dict[str, Member]) -> None:
    """A menu of who plays a name of the story."""
    key, _ = field(f"sel_board_cast_{name}", who)
    known = list(members) if who in members else [who, *members]
    st.selectbox(
        f"{plain(name)} is played by",
        known,
        known.index(who),
        key=key,
        format_func=lambda each: f"{members[each].name}, {members[each].kind}" if each in members else each,
        disabled=doc.read_only,
        **on_change(key, editing.recast, doc, name),
    )


def _member(doc: Document, member: Member | None, who: str, numbers: list[int]) -> None:
    """Where one of the cast appears; each number selects its panel."""
    called = [name for name, played in doc.board.cast.items() if played == who]
    also = f" as {', '.join(plain(name) for name in called)}" if called else ""
    st.markdown(f"**{plain(member.name if member else who)}**{also} :small[:gray[in {count(len(numbers), 'panel')}]]")
    with st.container(horizontal=True, gap="xxsmall"):
        for number in numbers[:SHOWN]:
            panel = doc.board.panels[number - 1].id
            st.button(
                str(number),
                key=f"btn_seen_{who}_{number}",
                type="primary" if panel == editor().selected else "secondary",
                on_click=select,
                args=(panel,),
            )
        if len(numbers) > SHOWN:
            st.caption(f"and {len(numbers) - SHOWN} more")
