"""Named snapshots of a board, ``versions/2026-11-21T12-04-00_first-cut.json``; pictures are shared with the board."""

from __future__ import annotations

import re
from pathlib import Path

from studio.document.files import disk_error, write_atomic
from studio.document.ids import now
from studio.document.schema import Board
from studio.document.store import VERSIONS, to_json


def save(folder: Path, board: Board, name: str) -> Path:
    """Write a snapshot and return its path; the name's odd characters become dashes, and none is written over.

    Raises:
        DocumentError: if it cannot be written.
    """
    slug = re.sub(r"[^\w-]+", "-", name.strip().lower()).strip("-")[:60] or "version"
    moment, number = now()[:19].replace(":", "-"), 1
    while (path := folder / VERSIONS / f"{moment}_{slug}{f'-{number}' if number > 1 else ''}.json").exists():
        number += 1
    try:
        path.parent.mkdir(exist_ok=True)
    except OSError as error:
        raise disk_error(path, error) from error
    write_atomic(path, to_json(board))
    return path


def find(folder: Path) -> list[Path]:
    """Return the named snapshots, oldest first."""
    return sorted(path for path in (folder / VERSIONS).glob("*_*.json") if path.name[0].isdigit())
