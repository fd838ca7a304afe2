"""One panel on the wall: picture, number, duration, marks, sentence, and what can be done with it."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from studio.document import Document, Panel, duration_of
from studio.ui import actions
from studio.ui.drawing import preview_key
from studio.ui.panel_menu import MORE, more, offered
from studio.ui.pictures import CARD, blank
from studio.ui.state import desk, select
from studio.ui.statuses import UNDER_WAY, Status, badges
from studio.ui.underway import DRAWING
from studio.ui.words import plain, seconds


def shown_pictures(doc: Document, panels: Sequence[Panel], width: int = CARD) -> list[bytes]:
    """Return the picture to show for each panel: what stands in for one that is still to come, else its own, if any."""
    shared = desk()
    own = shared.thumbs.of(doc, [panel.take for panel in panels], width)
    previews = [shared.previews.get(preview_key(doc, panel.id)) for panel in panels]
    return [preview or picture or blank() for preview, picture in zip(previews, own, strict=True)]


def alt_text(number: int, panel: Panel) -> str:
    """Return what a screen reader says for a panel's picture."""
    return f"Panel {number}: {panel.text or 'empty'}"


def card(
    place: DeltaGenerator,
    doc: Document,
    panel: Panel,
    number: int,
    name: str,
    heading: str,
    picture: bytes,
    found: list[Status],
    selected: bool,
) -> None:
    """Show one panel at the next place of a grid; ``number`` counts from 1, ``name`` is what the panel is called,
    ``heading`` that of the scene that begins there, or "", and ``found`` what is so of it."""
    with place.container(border=True, key=_key(panel, found, selected), gap="xsmall", height="stretch"):
        st.image(picture, width="stretch", alt=alt_text(number, panel))
        length = f":small[:gray[{seconds(duration_of(panel))}]]"
        if heading:
            st.caption(f":material/theaters: {plain(heading)}")
        numbered = "" if name == str(number) else f" :small[:gray[panel {number} ·]]"
        st.markdown(f"**{plain(name)}**{numbered} {length} {badges(found)}")
        st.text(panel.text or "An empty panel. Edit it to write its sentence.")
        with st.container(horizontal=True, gap="xsmall", vertical_alignment="center"):
            _buttons(doc, panel, selected)


def _key(panel: Panel, found: list[Status], selected: bool) -> str:
    """The name by which the style sheet knows a card: the chosen one, and those whose picture is being drawn."""
    drawn = "_drawing" * (UNDER_WAY[DRAWING] in found)
    return f"{'chosen' if selected else 'card'}{drawn}_{panel.id}"


def _buttons(doc: Document, panel: Panel, selected: bool) -> None:
    st.button(
        "Close" if selected else "Edit",
        key=f"btn_edit_{panel.id}",
        icon=":material/close:" if selected else ":material/edit:",
        on_click=select,
        args=("" if selected else panel.id,),
        type="tertiary",
    )
    st.button(
        "Retake",
        key=f"btn_retake_{panel.id}",
        icon=":material/refresh:",
        help="Draw this panel once more with a new seed. The present picture is kept among its takes.",
        on_click=actions.retake,
        args=(doc, panel.id),
        disabled=doc.read_only or not panel.text.strip(),
        type="tertiary",
    )
    key = f"btn_more_{panel.id}"
    st.menu_button(
        "More",
        offered(doc),
        key=key,
        format_func=MORE.__getitem__,
        on_click=more,
        args=(doc, panel.id, key),
        type="tertiary",
    )
