"""Named snapshots of a board, ``versions/2026-11-21T12-04-00-183_first-cut.json``; pictures are shared with the board.

The moment in the name has milliseconds, so that names sort as the snapshots were made; older ones end with the second.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from studio.document.commands import BOARD_FIELDS, Batch, SetBoard, SetPanels
from studio.document.files import disk_error, write_atomic
from studio.document.schema import VERSION, Board
from studio.document.store import KEPT, VERSIONS, read_board, to_json
from studio.errors import DocumentError

_MOMENTS = ("%Y-%m-%dT%H-%M-%S-%f", "%Y-%m-%dT%H-%M-%S")
_STEP = timedelta(milliseconds=1)


@dataclass(frozen=True)
class Version:
    """A snapshot: what it is called, when it was kept (seconds since the epoch), and the board as it was then.

    ``board`` is None where the file cannot be used; ``problem`` then says why, and what to do.
    """

    path: Path
    name: str
    moment: float
    board: Board | None
    problem: str = ""


def save(folder: Path, board: Board, name: str) -> Path:
    """Write a snapshot and return its path; in the file's name odd characters become dashes, and none is written over.

    Raises:
        DocumentError: if it cannot be written.
    """
    name = " ".join(name.split())
    slug = re.sub(r"[^\w-]+", "-", name.lower()).strip("-")[:60] or "version"
    path = folder / VERSIONS / f"{_next_moment(find(folder))}_{slug}.json"
    try:
        path.parent.mkdir(exist_ok=True)
    except OSError as error:
        raise disk_error(path, error) from error
    write_atomic(path, to_json(board.model_copy(update={KEPT: {"name": name, "version": VERSION}})))
    return path


def find(folder: Path) -> list[Path]:
    """Return the named snapshots, oldest first."""
    found = (path for path in (folder / VERSIONS).glob("*_*.json") if path.name[0].isdigit())
    return sorted(found, key=lambda path: (_moment(path), path.stem))


def _next_moment(made: Sequence[Path]) -> str:
    """The present moment as names have it, or one just after the newest snapshot's where that is of this second."""
    moment = datetime.now(UTC)
    moment -= timedelta(microseconds=moment.microsecond % 1000)
    newest = datetime.fromtimestamp(_moment(made[-1]), UTC) if made else moment - _STEP
    if moment <= newest < moment + timedelta(seconds=1):
        moment = newest + _STEP
    return moment.strftime(_MOMENTS[0])[:-3]


def read_version(path: Path) -> Version:
    """Read a snapshot, or say why that cannot be done."""
    name = path.stem.partition("_")[2].replace("-", " ")
    try:
        board = read_board(path)
    except DocumentError as error:
        return Version(path, name, _moment(path), None, str(error))
    kept = (board.model_extra or {}).get(KEPT)
    told = kept.get("name") if isinstance(kept, dict) else None
    return Version(path, told if isinstance(told, str) and told else name, _moment(path), board)


def _moment(path: Path) -> float:
    """When a snapshot was kept, by its name, else by its file; 0 where neither tells."""
    for form in _MOMENTS:
        with suppress(ValueError):
            return datetime.strptime(path.stem.partition("_")[0], form).replace(tzinfo=UTC).timestamp()
    return path.stat().st_mtime if path.exists() else 0.0


def restoring(old: Board) -> Batch:
    """Return the command that makes a board what it was."""
    values = old.model_dump(mode="json", include=set(BOARD_FIELDS))
    return Batch(label="restore", commands=(SetBoard(values=values), SetPanels(panels=old.panels)))
