"""A row of all panels, as a filmstrip or in their lengths: a click or arrows select, drag or Alt+arrows reorder."""

from __future__ import annotations

from base64 import b64encode
from typing import Any

from streamlit.components import v2

from studio.document import Document, Panel, duration_of, shot_names
from studio.ui import editing
from studio.ui.components.code import code
from studio.ui.components.told import told
from studio.ui.pictures import STRIP
from studio.ui.state import desk, editor, select
from studio.ui.statuses import Status
from studio.ui.words import seconds


def strip(doc: Document, found: dict[str, list[Status]], key: str, scale: float = 0.0) -> None:
    """Show the row; ``found``: what is so of each panel; ``scale``: pixels a second, or 0 for panels of one width."""
    pictures = desk().thumbs.of(doc, [panel.take for panel in doc.board.panels], STRIP)
    names = shot_names(doc.board)
    items = (
        _item(panel, number, names[panel.id], found[panel.id], picture)
        for number, (panel, picture) in enumerate(zip(doc.board.panels, pictures, strict=True), 1)
    )
    data = {
        "name": "Panels in their lengths" if scale else "Panels",
        "items": tuple(items),  # of a list Streamlit asks whether it is a table, and loads pandas for it
        "selected": editor().selected,
        "scale": scale,
        "movable": not doc.read_only,
    }
    v2.component("panel_strip", css=code("strip.css"), js=code("strip.js"))(
        key=key,
        data=data,
        on_select_change=lambda: _selected(key),
        on_move_change=lambda: _moved(doc, key),
        on_retime_change=lambda: _retimed(doc, key),
    )


def _item(panel: Panel, number: int, name: str, found: list[Status], picture: bytes | None) -> dict[str, Any]:
    length = duration_of(panel)
    return {
        "id": panel.id,
        "name": name,
        "text": panel.text,
        "label": ", ".join(
            [f"Panel {number}", panel.text or "empty", seconds(length), *(each.words for each in found)]
        ),
        "picture": f"data:image/webp;base64,{b64encode(picture).decode()}" if picture else "",
        "ms": length,
        "length": seconds(length),
        "marks": [{"sign": each.sign, "words": each.words, "colour": each.colour} for each in found if each.sign],
    }


def _selected(key: str) -> None:
    for each in told(key, "select"):
        select("" if each["panel"] == editor().selected else str(each["panel"]))


def _moved(doc: Document, key: str) -> None:
    for each in told(key, "move"):
        editing.place(doc, str(each["panel"]), int(each["index"]))


def _retimed(doc: Document, key: str) -> None:
    for each in told(key, "retime"):
        editing.lengthen(doc, str(each["panel"]), editing.STEP_MS * int(each["by"]))
