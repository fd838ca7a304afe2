"""Tables of shots (CSV, also with semicolons or tabs): a row is a panel, a header row names the columns.

A shot list that we exported gives its board again: words, lengths, transitions, seeds and the models that panels
have for themselves.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from studio.document import ModelRef, default_duration_ms, shot_names
from studio.errors import StoryError
from studio.stories.draft import Draft, DraftPanel, board_of, need_panels, plain_line, plain_lines, transition_of

_NAMES = {
    "text": ("text", "sentence", "description", "caption", "panel text"),
    "scene": ("scene", "scene heading", "slugline"),
    "shot": ("shot", "shot number", "shot no"),
    "dialogue": ("dialogue", "dialog"),
    "action": ("action",),
    "notes": ("notes", "note", "comment", "comments"),
    "duration": ("duration", "seconds", "length", "duration s", "duration seconds"),
    "duration_ms": ("duration ms", "ms", "milliseconds"),
    "transition": ("transition",),
    "seed": ("seed",),
    "own_model": ("own model",),
}
_COLUMNS = {spelling: column for column, spellings in _NAMES.items() for spelling in spellings}
_OURS = frozenset({"number", "start", "end"})
"""Columns of a shot list that we exported: places and times, which follow from its rows and their lengths."""
_TOLD = _OURS | {"model"}
"""Columns of such a list that a board needs no word of: what draws it is chosen anew."""
EXPECTED = "a first row with names such as text, shot, dialogue, action, notes, duration, transition"
LONGEST_MS = 24 * 3600 * 1000
_LONG_SECONDS = 300
_CLOCK = re.compile(r"(?:(\d+):)?(\d+):(\d{1,2}(?:\.\d+)?)")
_GUARDED = re.compile(r"\A'('*[=+\-@])")
"""The apostrophe by which a spreadsheet, or our own export, keeps words from being a formula."""
_COUNT = re.compile(r"(\d+(?:\.\d+)?)\s*(ms|s|sec|seconds)?", re.IGNORECASE)


def read(text: str, name: str, mode: str) -> Draft:
    """Read a table; ``mode`` changes nothing, for a row is a panel. What is drawn is the text, or else the action.

    Raises:
        StoryError: if no column is known, a row does not fit the header, or a duration cannot be read: with the line.
    """
    del mode
    head = text.lstrip().split("\n", 1)[0]
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=head.count), strict=True)
    panels: list[DraftPanel] = []
    notes: list[str] = []
    columns: list[str] = []
    ours = False
    try:
        for row in rows:
            if not any(cell.strip() for cell in row):
                continue
            if not columns:
                columns = _header(row, name, notes)
                ours = "number" in columns
            else:
                panels.append(_panel(dict(_cells(columns, row, name, rows.line_num)), name, rows.line_num, notes))
    except csv.Error as error:
        raise StoryError(f"{name} line {rows.line_num}: {error}; expected a table with quotes in pairs") from error
    need_panels(panels, name, EXPECTED + ", and a row for each panel")
    panels = list(_uncounted(panels) if ours else _once(panels))
    return Draft(tuple(panels), "", tuple(notes))


def _once(panels: Sequence[DraftPanel]) -> Iterator[DraftPanel]:
    """The panels with their scene where it begins alone: people write it in every row, too."""
    before = ""
    for panel in panels:
        yield replace(panel, scene="") if panel.scene == before else panel
        before = panel.scene or before


def _uncounted(panels: Sequence[DraftPanel]) -> Iterator[DraftPanel]:
    """The panels without shot numbers that follow from their scenes and places, which our own list writes out."""
    counted = board_of(Draft(tuple(replace(panel, shot="") for panel in panels)))
    for panel, name in zip(panels, shot_names(counted).values(), strict=True):
        yield replace(panel, shot="") if panel.shot == name else panel


def _header(row: list[str], name: str, notes: list[str]) -> list[str]:
    names = [re.sub(r"[\W_]+", " ", cell).strip().lower() for cell in row]
    ours = _OURS if set(names) >= _OURS else frozenset()
    columns = [name if ours and name in _TOLD else _COLUMNS.get(name, "") for name in names]
    known = [column for column in columns if column]
    if not {"text", "action", "dialogue"} & set(known):
        raise StoryError(f'{name} begins with "{plain_line(", ".join(row))[:80]}"; expected {EXPECTED}')
    if double := next((column for column in known if known.count(column) > 1), None):
        raise StoryError(f"{name} has two columns of {double}; expected one of each: call the other something else")
    if unknown := [plain_line(cell) for cell, column in zip(row, columns, strict=True) if cell.strip() and not column]:
        several = len(unknown) > 1
        said = "columns {} are not known here; they were" if several else "column {} is not known here; it was"
        notes.append(f"the {said.format(', '.join(unknown))} left out.")
    return columns


def _cells(columns: list[str], row: list[str], name: str, line: int) -> list[tuple[str, str]]:
    if any(cell.strip() for cell in row[len(columns) :]):
        raise StoryError(
            f"{name} line {line} has {len(row)} cells, expected {len(columns)} as in the first row; "
            f'put quotes around a text with the separator in it, "like, this"'
        )
    return [(column, _GUARDED.sub(r"\1", cell)) for column, cell in zip(columns, row, strict=False) if column]


def _panel(cells: dict[str, str], name: str, line: int, notes: list[str]) -> DraftPanel:
    action = plain_lines(cells.get("action", ""))
    text, shot = plain_line(cells.get("text", "")) or plain_line(action), plain_line(cells.get("shot", ""))
    way = cells.get("transition", "").strip()
    if "number" in cells and way.startswith("("):  # in an export of ours, the film's own way
        way = ""
    transition = transition_of(way) if way else None
    if way and transition is None:
        notes.append(f'line {line}: there is no transition like "{plain_line(way)}"; it was left out.')
    duration = _duration(cells, name, line, notes)
    if "number" in cells:  # an export of ours writes out what panels leave to their place and to their words
        duration = None if duration == default_duration_ms(text) else duration
    own_model = plain_line(cells.get("own_model", ""))
    return DraftPanel(
        text=text,
        scene=plain_line(cells.get("scene", "")),
        shot=shot,
        dialogue=plain_lines(cells.get("dialogue", "")),
        action=action,
        notes=plain_lines(cells.get("notes", "")),
        duration_ms=duration,
        transition=transition,
        first_seed=_seed(cells.get("seed", "").strip(), line, notes),
        model=ModelRef(name=own_model) if own_model else None,
    )


def _seed(written: str, line: int, notes: list[str]) -> int | None:
    """A whole number; None for an empty cell, and for what a spreadsheet made of a long number, "1.2E+18"."""
    if written.isascii() and written.isdigit() and len(written) < 20 and int(written) < 2**63:
        return int(written)
    if written:
        notes.append(f'line {line}: a seed of "{plain_line(written)[:40]}" is no whole number; it was left out.')
    return None


def _duration(cells: dict[str, str], name: str, line: int, notes: list[str]) -> int | None:
    """Milliseconds of "2.5", "2,5 s", "0:02.5" or "2500 ms"; None for an empty cell."""
    in_ms = cells.get("duration_ms", "").strip()
    written = in_ms or cells.get("duration", "").strip()
    if not written:
        return None
    number = written.replace(",", ".")
    clock, count = _CLOCK.fullmatch(number), _COUNT.fullmatch(number)
    if clock:
        hours, minutes, seconds = clock.groups()
        found = (int(hours or 0) * 3600 + int(minutes) * 60 + float(seconds)) * 1000
    elif count:
        unit = (count.group(2) or ("ms" if in_ms else "")).lower()
        found = float(count.group(1)) * (1 if unit == "ms" else 1000)
        if not unit and found > _LONG_SECONDS * 1000:
            notes.append(f"line {line}: a duration of {written} is read as seconds; write {written} ms for the other.")
    else:
        found = LONGEST_MS + 1.0
    if found > LONGEST_MS:
        raise StoryError(
            f'{name} line {line}: a duration of "{plain_line(written)[:40]}" cannot be read; '
            f"write seconds (2.5), minutes and seconds (0:02.5) or milliseconds (2500 ms)"
        )
    return round(found)
