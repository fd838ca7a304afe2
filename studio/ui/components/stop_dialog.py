"""Esc: what runs is stopped; where more than half a minute of work would be lost, a person is asked first."""

from __future__ import annotations

import streamlit as st

from studio.ui import actions
from studio.ui.state import editor
from studio.ui.tickets import BLOCK_SECONDS, Ticket

LONG_SECONDS = 30.0


def escape() -> None:
    """Stop drawing, for what is drawn is kept; else what is lost by stopping, after asking where that took long."""
    drawing = editor().drawing
    if drawing is not None and drawing.is_busy:
        actions.cancel()
        return
    _, ticket = _unkept()
    if ticket is None:
        return
    if ticket.seconds > LONG_SECONDS:
        actions.show_dialog("stop")
    else:
        _stop(ticket)


def _unkept() -> tuple[str, Ticket | None]:
    """The work under way of which nothing is kept when it is stopped, and what it is called."""
    state = editor()
    work = {"animation": state.animating, "export": state.exporting}
    return next(((name, each) for name, each in work.items() if each is not None and each.is_busy), ("", None))


def _stop(ticket: Ticket) -> None:
    ticket.cancel()
    ticket.wait(BLOCK_SECONDS)
    editor().dialog, editor().said = "", "Stopped. Files and pictures that were there are kept."


@st.dialog("Stop it?", icon=":material/stop:", on_dismiss=lambda: setattr(editor(), "dialog", ""))
def stop_dialog() -> None:
    """Ask whether long work is to be lost; what has ended meanwhile is not asked about."""
    name, ticket = _unkept()
    if ticket is None or editor().dialog != "stop":
        editor().dialog = ""
        st.rerun()
    st.write(f"The {name} has run for {ticket.seconds:.0f} s. If it is stopped now, that work is lost.")
    with st.container(horizontal=True, gap="small"):
        st.button("Go on", type="primary", key="btn_go_on", on_click=lambda: setattr(editor(), "dialog", ""))
        st.button(f"Stop the {name}", key="btn_stop_work", icon=":material/stop:", on_click=_stop, args=(ticket,))
