"""The shot list as CSV: one row a panel, for a spreadsheet."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path
from typing import Any

from studio.document.schema import Transition
from studio.export.deck import Deck
from studio.export.film_plan import Shot
from studio.export.writing import beside
from studio.media.captions import one_line

KIND = "csv"
COLUMNS = (
    *("number", "scene", "shot", "start", "end", "seconds", "text", "dialogue", "action", "notes"),
    *("transition", "seed", "model", "own_model"),
)
_FORMULA = re.compile(r"'*[=+\-@]")


def write(deck: Deck, folder: Path) -> list[Path]:
    """Write `folder/STEM.csv`, UTF-8 with the mark by which spreadsheets know it.

    Raises:
        ExportError: if the file cannot be written.
    """
    path = folder / f"{deck.film.stem}.csv"
    with beside(path) as temporary:
        temporary.write_bytes(csv_bytes(deck))
    deck.progress.step(KIND, 1, 1)
    return [path]


def csv_bytes(deck: Deck) -> bytes:
    """The whole file."""
    text = io.StringIO()
    table = csv.writer(text)
    table.writerow(COLUMNS)
    table.writerows([row[column] for column in COLUMNS] for row in rows(deck))
    return text.getvalue().encode("utf-8-sig")


def rows(deck: Deck) -> list[dict[str, Any]]:
    """The shot list: a dict of `COLUMNS` a shot, start and end as hours:minutes:seconds:frames."""
    ticks = [timecode(frame, deck.options.fps) for frame in deck.film.boundaries(deck.options.fps)]
    last = deck.film.shots[-1]
    return [
        {
            "number": shot.number,
            "scene": _cell(one_line(shot.scene)),
            "shot": _cell(shot.called),
            "start": start,
            "end": end,
            "seconds": f"{shot.duration_ms / 1000:.3f}",
            "text": _cell(one_line(shot.text)),
            **{name: _cell(_lines(getattr(shot, name))) for name in ("dialogue", "action", "notes")},
            "transition": _passing(deck, shot, shot is last),
            "seed": shot.made.get("take_seed", ""),
            "model": _cell(one_line((shot.made.get("model") or {}).get("name", ""))),
            "own_model": _cell(one_line(shot.own_model)),
        }
        for shot, start, end in zip(deck.film.shots, ticks, ticks[1:], strict=False)
    ]


def timecode(frame: int, fps: int) -> str:
    """A frame's place in the film as hours:minutes:seconds:frames, `00:01:02:11`."""
    seconds, frames = divmod(frame, fps)
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}:{frames:02d}"


def _passing(deck: Deck, shot: Shot, is_last: bool) -> str:
    """How a shot passes to the next one; in brackets where its panel does not say, so that it is the film's own way."""
    passing = shot.transition or (Transition() if is_last else deck.options.own_transition)
    said = passing.kind if passing.kind == "cut" else f"{passing.kind} {passing.ms} ms"
    return said if shot.transition is not None else f"({said})"


def _lines(words: str) -> str:
    """Words without control characters, on the lines that they were written in."""
    return "\n".join(one_line(line) for line in words.splitlines())


def _cell(words: str) -> str:
    """A spreadsheet must not take the words of a story for a formula, so those get an apostrophe before them (and so
    do words that begin with one before a formula's sign: the import takes one away)."""
    return f"'{words}" if _FORMULA.match(words) else words
