"""One panel on the wall: picture, number, duration, marks, sentence, and what can be done with it."""

from __future__ import annotations

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from studio.document import Document, Marks, Panel, duration_of
from studio.ui import actions
from studio.ui.drawing import preview_key
from studio.ui.panel_menu import MORE, more, offered
from studio.ui.pictures import CARD, blank, picture_of
from studio.ui.state import desk, select
from studio.ui.statuses import badges
from studio.ui.underway import DRAWING
from studio.ui.words import plain, seconds


def shown_picture(doc: Document, panel: Panel, width: int = CARD) -> tuple[bytes, bool]:
    """Return the picture to show for a panel, and whether it only stands in for one that is still to come."""
    preview = desk().previews.get(preview_key(doc, panel.id))
    if preview is not None:
        return preview, True
    picture = picture_of(doc, panel, width)
    return (picture, False) if picture is not None else (blank(), True)


def alt_text(number: int, panel: Panel) -> str:
    """Return what a screen reader says for a panel's picture."""
    return f"Panel {number}: {panel.text or 'empty'}"


def card(place: DeltaGenerator, doc: Document, panel: Panel, number: int, marks: Marks, selected: bool) -> None:
    """Show one panel at the next place of a grid; ``number`` counts from 1."""
    with place.container(border=True, key=_key(doc, panel, selected), gap="xsmall", height="stretch"):
        st.image(shown_picture(doc, panel)[0], width="stretch", alt=alt_text(number, panel))
        length = f":small[:gray[{seconds(duration_of(panel))}]]"
        st.markdown(f"**{plain(panel.shot) or number}** {length} {badges(doc, panel, marks)}")
        st.text(panel.text or "An empty panel. Edit it to write its sentence.")
        with st.container(horizontal=True, gap="xsmall", vertical_alignment="center"):
            _buttons(doc, panel, selected)


def _key(doc: Document, panel: Panel, selected: bool) -> str:
    """The name by which the style sheet knows a card: the chosen one, and those whose picture is being drawn."""
    drawn = "_drawing" * (desk().underway.of(doc).get(panel.id) == DRAWING)
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
