"""A table of panels that people edit: what they did in it becomes commands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from studio.document import (
    Batch,
    Board,
    Command,
    Panel,
    default_duration_ms,
    delete_panel,
    duration_of,
    lock,
    set_duration,
    set_text,
    set_words,
)
from studio.document.commands import InsertPanel
from studio.document.edits import new_panel

Row = dict[str, Any]
WORDS = ("shot", "dialogue", "action", "notes")
LONGEST_S = 600.0


@dataclass
class Sheet:
    """What a table was filled with: ids and rows of the panels, and the ids of those that were added in it."""

    number: int
    ids: list[str]
    rows: list[Row]
    added: list[str] = field(default_factory=list)


def row_of(panel: Panel) -> Row:
    """Return a panel as a row of the table."""
    return {
        "shot": panel.shot,
        "text": panel.text,
        "dialogue": panel.dialogue,
        "action": panel.action,
        "notes": panel.notes,
        "seconds": duration_of(panel) / 1000,
        "locked": panel.locked,
    }


def sheet_of(board: Board, number: int) -> Sheet:
    """Return a fresh table of a board."""
    return Sheet(number, [panel.id for panel in board.panels], [row_of(panel) for panel in board.panels])


def shown(sheet: Sheet, edits: Mapping[str, Any]) -> list[tuple[str, Row]]:
    """Return (panel id, row) as the table stands after its edits; a row that is new has the id ""."""
    changed, gone = edits.get("edited_rows") or {}, set(edits.get("deleted_rows") or ())
    kept = [
        (name, {**row, **(changed.get(k) or changed.get(str(k)) or {})})
        for k, (name, row) in enumerate(zip(sheet.ids, sheet.rows, strict=True))
        if k not in gone
    ]
    rows = edits.get("added_rows") or []
    names = [*sheet.added, *[""] * len(rows)][: len(rows)]
    return kept + [(name, dict(row)) for name, row in zip(names, rows, strict=True)]


def fits(board: Board, sheet: Sheet, edits: Mapping[str, Any]) -> bool:
    """Whether the table shows the board as it is; else it must be filled anew."""
    table = shown(sheet, edits)
    if [name for name, _ in table] != [panel.id for panel in board.panels]:
        return False
    return all(_clean(row, panel) == row_of(panel) for (_, row), panel in zip(table, board.panels, strict=True))


def to_command(board: Board, sheet: Sheet, edits: Mapping[str, Any]) -> Batch:
    """Return what people did in the table as one step of undo; panels made by it are noted in the sheet.

    A row that was added becomes a panel at the end; rows that were taken away delete theirs.
    """
    table = shown(sheet, edits)
    left = {name for name, _ in table}
    commands: list[Command] = [delete_panel(name) for name in (*sheet.ids, *sheet.added) if name not in left]
    commands = [each for each in commands if board.panel(each.panel) is not None]  # type: ignore[union-attr]
    made: list[Command] = []
    for name, row in table:
        panel = board.panel(name)
        if panel is not None:
            commands += _changes(panel, _clean(row, panel))
        elif not name:
            made.append(_made(board, row, len(made)))
    return Batch(label="list", commands=_placed(board, commands, made))


def _placed(board: Board, commands: list[Command], made: list[Command]) -> tuple[Command, ...]:
    """The commands in order: changes first, then new panels at the end of what is left."""
    for command in commands:
        board = command.apply(board)
    end = len(board.panels)
    return (*commands, *(each.model_copy(update={"index": end + k}) for k, each in enumerate(made)))


def _made(board: Board, row: Row, offset: int) -> InsertPanel:
    """The command that makes a panel of a row; where it goes is said by `_placed`."""
    fresh = new_panel(board, "", offset)
    panel = fresh
    for command in _changes(fresh, _clean(row, fresh)):
        panel = command.apply(board.model_copy(update={"panels": (panel,)})).panels[0]
    return InsertPanel(index=0, panel=panel)


def _clean(row: Row, panel: Panel) -> Row:
    """A row as the board would hold it: no empty cells, whole milliseconds, the words' own length where none is set."""
    words = {name: str(row.get(name) or "").strip() for name in WORDS}
    text = " ".join(str(row.get("text") or "").split())
    seconds = row.get("seconds")
    own = default_duration_ms(text)
    follows = seconds is None or (
        panel.duration_ms is None and round(seconds * 1000) == default_duration_ms(panel.text)
    )
    length = own if seconds is None or follows else round(min(max(float(seconds), 0.1), LONGEST_S) * 1000)
    return {**words, "text": text, "seconds": length / 1000, "locked": bool(row.get("locked"))}


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
