"""A table of panels that people edit: what they did in it becomes commands."""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass
from typing import Any

from studio.document import (
    Batch,
    Board,
    Command,
    Panel,
    beginnings,
    default_duration_ms,
    duration_of,
    lock,
    name_scene,
    set_duration,
    set_text,
    set_words,
)

Row = dict[str, Any]
SCENE = "scene"
"""The column of headings, each at the first panel of its scene."""
WORDS = ("shot", "dialogue", "action", "notes")
LONGEST_S = 600.0
MARKED = "marked"
"""The column in which panels are marked; that is of the tab, not of the board."""


@dataclass
class Sheet:
    """What a table was filled with: ids and rows of the panels."""

    number: int
    ids: list[str]
    rows: list[Row]


def row_of(panel: Panel, heading: str = "") -> Row:
    """Return a panel as a row of the table; ``heading`` is that of the scene that begins there."""
    return {
        SCENE: heading,
        "shot": panel.shot,
        "text": panel.text,
        "dialogue": panel.dialogue,
        "action": panel.action,
        "notes": panel.notes,
        "seconds": duration_of(panel) / 1000,
        "locked": panel.locked,
    }


def sheet_of(board: Board, number: int, marked: Container[str] = ()) -> Sheet:
    """Return a fresh table of a board; ``marked``: the panels (ids) that are."""
    return Sheet(number, [panel.id for panel in board.panels], _rows(board, marked))


def _rows(board: Board, marked: Container[str]) -> list[Row]:
    begun = {panel: scene.title for panel, scene in beginnings(board).items()}
    return [{**row_of(panel, begun.get(panel.id, "")), MARKED: panel.id in marked} for panel in board.panels]


def shown(sheet: Sheet, edits: Mapping[str, Any]) -> list[tuple[str, Row]]:
    """Return (panel id, row) as the table stands after its edits."""
    changed = edits.get("edited_rows") or {}
    return [
        (name, {**row, **(changed.get(k) or changed.get(str(k)) or {})})
        for k, (name, row) in enumerate(zip(sheet.ids, sheet.rows, strict=True))
    ]


def marked_in(sheet: Sheet, edits: Mapping[str, Any]) -> set[str]:
    """Return the panels (ids) that are marked in the table."""
    return {name for name, row in shown(sheet, edits) if row[MARKED]}


def fits(board: Board, sheet: Sheet, edits: Mapping[str, Any], marked: Container[str] = ()) -> bool:
    """Whether the table shows the board as it is; else it must be filled anew."""
    table = shown(sheet, edits)
    if [name for name, _ in table] != [panel.id for panel in board.panels]:
        return False
    cleaned = (_clean(row, panel) for (_, row), panel in zip(table, board.panels, strict=True))
    return all(mine == wanted for mine, wanted in zip(cleaned, _rows(board, marked), strict=True))


def to_command(board: Board, sheet: Sheet, edits: Mapping[str, Any]) -> Batch:
    """Return what people did in the table as one step of undo."""
    commands: list[Command] = []
    for name, row in shown(sheet, edits):
        if (panel := board.panel(name)) is not None:
            commands += _changes(panel, _clean(row, panel))
    commands += _headings(board, {name: _heading(row) for name, row in shown(sheet, edits)})
    return Batch(label="list", commands=tuple(commands))


def _headings(board: Board, wanted: Mapping[str, str]) -> list[Command]:
    """The commands that begin scenes where the table has headings, one upon the other."""
    commands, begun = list[Command](), beginnings(board)
    for panel in board.panels:
        present = begun[panel.id].title if panel.id in begun else ""
        if wanted.get(panel.id, present) != present:
            commands.append(name_scene(board, panel.id, wanted[panel.id]))
            board = commands[-1].apply(board)
            begun = beginnings(board)
    return commands


def _heading(row: Row) -> str:
    return " ".join(str(row.get(SCENE) or "").split())


def _clean(row: Row, panel: Panel) -> Row:
    """A row as the board would hold it: no empty cells, whole milliseconds, the words' own length where none is set."""
    words = {name: str(row.get(name) or "").strip() for name in WORDS}
    words[SCENE] = _heading(row)
    text = " ".join(str(row.get("text") or "").split())
    seconds = row.get("seconds")
    own = default_duration_ms(text)
    follows = seconds is None or (
        panel.duration_ms is None and round(seconds * 1000) == default_duration_ms(panel.text)
    )
    length = own if seconds is None or follows else round(min(max(float(seconds), 0.1), LONGEST_S) * 1000)
    ticks = {name: bool(row.get(name)) for name in ("locked", MARKED)}
    return {**words, "text": text, "seconds": length / 1000, **ticks}


def _changes(panel: Panel, row: Row) -> list[Command]:
    """The commands that make a panel what its row says."""
    commands: list[Command] = []
    if row["text"] != panel.text:
        commands.append(set_text(panel.id, row["text"]))
    words = {name: row[name] for name in WORDS if row[name] != getattr(panel, name)}
    if words:
        commands.append(set_words(panel.id, **words))
    length = round(row["seconds"] * 1000)
    wanted = None if length == default_duration_ms(row["text"]) else length
    if wanted != panel.duration_ms:
        commands.append(set_duration(panel.id, wanted))
    if row["locked"] != panel.locked:
        commands.append(lock(panel.id, row["locked"]))
    return commands
