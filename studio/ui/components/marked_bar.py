"""What can be done with the marked panels together."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from studio.document import Document
from studio.ui.marking import delete_marked, draw_marked, export_marked, mark, marked, ranges
from studio.ui.words import count


def marked_bar(doc: Document) -> None:
    """Show which panels are marked, and what can be done with them; nothing where none is."""
    found = marked(doc)
    if not found:
        return
    with st.container(horizontal=True, gap="small", vertical_alignment="center", key="marked_bar"):
        st.markdown(f"{count(len(found), 'panel')} marked :gray[{ranges(doc)}]", width="content")
        _button("Export", "movie", export_marked, doc)
        _button("Draw", "brush", draw_marked, doc, disabled=doc.read_only, help="A new take of each, but locked ones.")
        _button("Delete", "delete", delete_marked, doc, disabled=doc.read_only, help="Undo brings them back.")
        st.button("Unmark", key="btn_marked_none", icon=":material/close:", on_click=mark, args=((),), type="tertiary")


def _button(label: str, icon: str, act: Callable[[Document], None], doc: Document, **more: Any) -> None:
    key = f"btn_marked_{label.lower()}"
    st.button(label, key=key, icon=f":material/{icon}:", on_click=act, args=(doc,), type="tertiary", **more)
