"""The files of a board's folder: made all at once, read with care, replaced atomically, backed up."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from studio.document.commands import Command
from studio.document.files import disk_error, sync_folder, write_atomic
from studio.document.ids import new_id, now
from studio.document.journal import Entry, read_journal
from studio.document.schema import FORMAT, VERSION, Board, Manifest
from studio.errors import DocumentError

MANIFEST, BOARD, JOURNAL, VERSIONS = "manifest.json", "board.json", "journal.jsonl", "versions"
BACKUPS = 20
_T = TypeVar("_T", bound=BaseModel)
_BACKUP = "backup-r{revision:08d}.json"


@dataclass(frozen=True)
class Loaded:
    """What was read from a board's folder; ``saved_revision`` is that of ``board.json`` alone."""

    manifest: Manifest
    board: Board
    saved_revision: int
    entries: tuple[Entry, ...]
    problems: tuple[str, ...]


def to_json(record: BaseModel) -> bytes:
    """Return a record as we write it: sorted keys, two spaces, one newline at the end."""
    return (json.dumps(record.model_dump(mode="json"), sort_keys=True, indent=2, ensure_ascii=False) + "\n").encode()


# Making --------------------------------------------------------------------------------------------------------------


def create(folder: Path, board: Board) -> None:
    """Make a board's folder under another name beside it and rename it into place.

    Raises:
        DocumentError: if ``folder`` is taken, or the disk refuses; nothing is then left behind.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise DocumentError(f"{folder} is there already; open it, or choose another name")
    beside = folder.with_name(f".{folder.name}.{new_id()}.tmp")
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        beside.mkdir()
        for name in ("media", VERSIONS):
            (beside / name).mkdir()
        write_atomic(beside / MANIFEST, to_json(new_manifest(board)))
        write_atomic(beside / BOARD, to_json(board))
        if folder.exists():
            folder.rmdir()
        os.replace(beside, folder)  # noqa: PTH105 - the one call that is atomic on every system
        sync_folder(folder.parent)
    except OSError as error:
        raise disk_error(folder, error) from error
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def new_manifest(board: Board) -> Manifest:
    """Return the manifest that this program writes for a board."""
    from seqgan import __version__

    return Manifest(app=__version__, id=board.id, created=now())


# Reading -------------------------------------------------------------------------------------------------------------


def read_manifest(folder: Path) -> Manifest:
    """Read ``manifest.json``.

    Raises:
        DocumentError: if ``folder`` is no board, or its manifest is damaged.
    """
    if not folder.exists():
        raise DocumentError(f"there is no board at {folder}; make one with: studio board STORY.txt -o {folder}")
    if not folder.is_dir() or not (folder / MANIFEST).exists():
        kind = "a folder" if folder.is_dir() else "a file"
        raise DocumentError(f"{folder} is {kind} without {MANIFEST}; a board is a folder with one: name another")
    data = _read_json(folder / MANIFEST, folder)
    if data.get("format") != FORMAT:
        raise DocumentError(
            f"{folder / MANIFEST} says format {data.get('format')!r}, expected {FORMAT!r}; name a board"
        )
    return _validated(Manifest, data, folder / MANIFEST, folder)


def newer_reason(manifest: Manifest) -> str:
    """Return why a board of a newer program may only be looked at, or "" for one of ours."""
    if manifest.version <= VERSION and manifest.min_reader <= VERSION:
        return ""
    return f"a newer program wrote it (version {manifest.version}, this one writes {VERSION}; update to edit it)"


def read_board(path: Path, folder: Path) -> Board:
    """Read a ``board.json``, a backup or a named version.

    Raises:
        DocumentError: naming the file, the place and the newest sound backup.
    """
    return _validated(Board, _read_json(path, folder), path, folder)


def load(folder: Path, manifest: Manifest, repair: bool) -> Loaded:
    """Read the board and bring it up to date from the journal; ``repair`` (for the writer) tidies what a crash left.

    Raises:
        DocumentError: if a file is damaged. Missing media are no error.
    """
    board = read_board(folder / BOARD, folder)
    saved = board.revision
    reading = read_journal(folder / JOURNAL)
    problems = [reading.problem] if reading.problem else []
    if repair:
        _tidy(folder, reading.sound if reading.problem else None)
    entries, gap = _usable(reading.entries, saved)
    if gap:
        problems.append(gap)
        if repair:
            _set_aside(folder)
    for entry in entries:
        if entry.n > saved:
            board = _replayed(board, entry, {e.n: e for e in entries}, folder)
    return Loaded(manifest, board, saved, entries, tuple(problems))


def _usable(entries: tuple[Entry, ...], saved: int) -> tuple[tuple[Entry, ...], str]:
    """Return the entries if they run on from ``saved`` without a gap, else none and what to say."""
    numbers = [entry.n for entry in entries]
    whole = numbers == list(range(numbers[0], numbers[0] + len(numbers))) if numbers else True
    if whole and (not numbers or numbers[0] <= saved + 1 <= numbers[-1] + 1):
        return entries, ""
    return (), (
        f"{JOURNAL} holds changes {numbers[0]} to {numbers[-1]} and {BOARD} is at {saved}: they do not join, "
        f"so the board is shown as saved and the journal is set aside"
    )


def _replayed(board: Board, entry: Entry, entries: dict[int, Entry], folder: Path) -> Board:
    try:
        for n in entry.undo:
            board = require_inverse(entries[n]).apply(board)
        for n in entry.redo:
            board = require_do(entries[n]).apply(board)
        if entry.do is not None:
            board = entry.do.apply(board)
    except (DocumentError, KeyError) as error:
        raise DocumentError(
            f"{folder / JOURNAL}: change {entry.n} does not fit the board ({error}); {_advice(folder)}"
        ) from error
    return board.model_copy(update={"revision": entry.n})


def require_do(entry: Entry) -> Command:
    """Return the command of an entry that does something."""
    assert entry.do is not None, "undo and redo refer to entries that do something"
    return entry.do


def require_inverse(entry: Entry) -> Command:
    """Return the inverse of an entry that does something."""
    assert entry.inverse is not None, "undo and redo refer to entries that do something"
    return entry.inverse


def _tidy(folder: Path, sound: int | None) -> None:
    with contextlib.suppress(OSError):
        if sound is not None:
            os.truncate(folder / JOURNAL, sound)
        for stray in [*folder.glob(".*.tmp"), *folder.glob("media/*/.*.tmp"), *folder.glob(f"{VERSIONS}/.*.tmp")]:
            stray.unlink()


def _set_aside(folder: Path) -> None:
    with contextlib.suppress(OSError):
        (folder / JOURNAL).rename(folder / VERSIONS / f"journal-{new_id()}.jsonl")


def _read_json(path: Path, folder: Path) -> dict[str, Any]:
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise DocumentError(f"{path} is missing; {_advice(folder)}") from error
    except json.JSONDecodeError as error:
        place = f"line {error.lineno} column {error.colno}"
        raise DocumentError(f"{path} is damaged at {place} ({error.msg}); {_advice(folder)}") from error
    except UnicodeDecodeError as error:
        raise DocumentError(f"{path} is damaged at byte {error.start} (not UTF-8); {_advice(folder)}") from error
    except (OSError, RecursionError) as error:
        raise DocumentError(f"{path} cannot be read ({error}); {_advice(folder)}") from error
    if not isinstance(data, dict):
        raise DocumentError(f"{path} holds a {type(data).__name__}, expected an object; {_advice(folder)}")
    return data


def _validated(kind: type[_T], data: dict[str, Any], path: Path, folder: Path) -> _T:
    try:
        return kind.model_validate(data)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise DocumentError(f"{path} is damaged at {place} ({first['msg']}); {_advice(folder)}") from error


def _advice(folder: Path) -> str:
    newest = next((path for path in reversed(backups(folder)) if _sound(path)), None)
    if newest is None:
        return "there is no backup; draw the board again from its story"
    return f"the newest backup is {newest}: copy it to {folder / BOARD} to go on from there"


def _sound(path: Path) -> bool:
    try:
        Board.model_validate_json(path.read_bytes())
    except (OSError, ValidationError):
        return False
    return True


# Writing -------------------------------------------------------------------------------------------------------------


def write_board(folder: Path, board: Board) -> None:
    """Keep the present ``board.json`` as a backup, put the new one in its place, and drop backups beyond 20.

    Raises:
        DocumentError: if the disk refuses; ``board.json`` is then as it was.
    """
    _back_up(folder)
    write_atomic(folder / BOARD, to_json(board))
    for old in backups(folder)[:-BACKUPS]:
        with contextlib.suppress(OSError):
            old.unlink()


def _back_up(folder: Path) -> None:
    source = folder / BOARD
    try:
        data = source.read_bytes()
        revision = int(json.loads(data).get("revision", 0))
        (folder / VERSIONS).mkdir(exist_ok=True)
    except (OSError, ValueError, AttributeError):
        return  # nothing sound to keep
    write_atomic(folder / VERSIONS / _BACKUP.format(revision=revision), data)


def backups(folder: Path) -> list[Path]:
    """Return the automatic backups of ``board.json``, oldest first."""
    return sorted((folder / VERSIONS).glob("backup-r*.json"))
