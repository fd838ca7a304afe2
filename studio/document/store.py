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
from studio.document.journal import Entry, read_journal, to_lines
from studio.document.schema import FORMAT, VERSION, Board, Manifest
from studio.errors import DocumentError

MANIFEST, BOARD, JOURNAL, VERSIONS = "manifest.json", "board.json", "journal.jsonl", "versions"
KEPT = "kept"
"""The key by which a named version says what it is called, and of which version of the files it is."""
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
    path = folder / MANIFEST
    if not folder.is_dir() or not path.exists():
        kind = "a folder" if folder.is_dir() else "a file"
        raise DocumentError(f"{folder} is {kind} without {MANIFEST}; a board is a folder with one: name another")
    try:
        data = _read_json(path)
        if data.get("format") != FORMAT:
            raise DocumentError(f"{path} says format {data.get('format')!r}, expected {FORMAT!r}; name a board")
        return _validated(Manifest, data, path)
    except _Damaged as error:
        whole = json.dumps({"format": FORMAT, "version": VERSION})
        raise DocumentError(f"{error}; the board beside it is not touched: write {whole} into it") from error


def newer_reason(manifest: Manifest) -> str:
    """Return why a board of a newer program may only be looked at, or "" for one of ours."""
    if manifest.version <= VERSION and manifest.min_reader <= VERSION:
        return ""
    return f"a newer program wrote it (version {manifest.version}, this one writes {VERSION}; update to edit it)"


def read_board(path: Path) -> Board:
    """Read a ``board.json``, a backup or a named version.

    Raises:
        DocumentError: naming the file and the place, or if a newer program kept the version.
    """
    data = _read_json(path)
    kept = data.get(KEPT)
    written = kept.get("version") if isinstance(kept, dict) else None
    if isinstance(written, int) and written > VERSION:
        raise DocumentError(
            f"{path} is of a newer program (version {written}, this one reads {VERSION}); update to use it"
        )
    return _validated(Board, data, path)


def load(folder: Path, manifest: Manifest, repair: bool) -> Loaded:
    """Read the board and bring it up to date from the journal; ``repair`` (for the writer) tidies what a crash left.

    A damaged ``board.json`` is made anew from the newest sound backup and the journal, a damaged journal is read up to
    the damage; both are kept in ``versions``, and said in ``problems``. Missing media are no error.

    Raises:
        DocumentError: if ``board.json`` is damaged and there is no sound backup, or the disk refuses.
    """
    board, problem = _board_or_backup(folder, repair)
    saved, reading = board.revision, read_journal(folder / JOURNAL)
    if repair:
        _tidy(folder, reading.sound if reading.torn else None)
    entries, gap = _usable(reading.entries, saved)
    board, misfit = _replayed(board, entries)
    if misfit:
        entries = tuple(entry for entry in entries if entry.n <= board.revision)
    problems = [each for each in (problem, reading.problem, gap, misfit) if each]
    if repair and (gap or misfit or (reading.problem and not reading.torn)):
        _set_aside(folder, entries)
    return Loaded(manifest, board, saved, entries, tuple(problems))


def _board_or_backup(folder: Path, repair: bool) -> tuple[Board, str]:
    """Return ``board.json``, or the newest sound backup and what to say."""
    path = folder / BOARD
    try:
        return read_board(path), ""
    except _Damaged as error:
        backup = next((path for path in reversed(backups(folder)) if _sound(path)), None)
        if backup is None:
            raise DocumentError(f"{error}; there is no backup: draw the board again from its story") from error
        problem = f"{error}; it was made anew from {backup.name} and the journal"
    if repair:
        if path.exists():
            aside = folder / VERSIONS / f"damaged-{new_id()}.json"
            write_atomic(aside, path.read_bytes())
            problem += f", and what was left of it is {VERSIONS}/{aside.name}"
        write_atomic(path, backup.read_bytes())
    return read_board(backup), problem


def _usable(entries: tuple[Entry, ...], saved: int) -> tuple[tuple[Entry, ...], str]:
    """Return the entries if they run on from ``saved`` without a gap, else none and what to say."""
    numbers = [entry.n for entry in entries]
    whole = numbers == list(range(numbers[0], numbers[0] + len(numbers))) if numbers else True
    if whole and (not numbers or numbers[0] <= saved + 1 <= numbers[-1] + 1):
        return entries, ""
    return (), (
        f"{JOURNAL} holds changes {numbers[0]} to {numbers[-1]} and {BOARD} is at {saved}: they do not join, "
        f"so the board is shown as saved and the journal is set aside in {VERSIONS}"
    )


def _replayed(board: Board, entries: tuple[Entry, ...]) -> tuple[Board, str]:
    """Bring a board up to date; where a change does not fit, return the board before it and what to say."""
    by_number = {entry.n: entry for entry in entries}
    for entry in entries:
        if entry.n <= board.revision:
            continue
        try:
            board = _after(board, entry, by_number).model_copy(update={"revision": entry.n})
        except (DocumentError, KeyError) as error:
            reason = f"change {entry.n} of {JOURNAL} does not fit the board ({error})"
            return board, f"{reason}: it is shown as it was before, and the journal is set aside in {VERSIONS}"
    return board, ""


def _after(board: Board, entry: Entry, entries: dict[int, Entry]) -> Board:
    for n in entry.undo:
        board = require_inverse(entries[n]).apply(board)
    for n in entry.redo:
        board = require_do(entries[n]).apply(board)
    return board if entry.do is None else entry.do.apply(board)


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
        for place in (".", "media/*", VERSIONS, "thumbs"):
            for stray in folder.glob(f"{place}/.*.tmp"):
                stray.unlink()


def _set_aside(folder: Path, kept: tuple[Entry, ...]) -> None:
    """Copy the journal to ``versions``, then keep the entries that are of use."""
    journal = folder / JOURNAL
    (folder / VERSIONS).mkdir(exist_ok=True)
    write_atomic(folder / VERSIONS / f"journal-{new_id()}.jsonl", journal.read_bytes())
    write_atomic(journal, to_lines(kept))


class _Damaged(DocumentError):
    """A file of the board that is missing, or does not hold what it should."""


def _read_json(path: Path) -> dict[str, Any]:
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise _Damaged(f"{path} is missing") from error
    except json.JSONDecodeError as error:
        raise _Damaged(f"{path} is damaged at line {error.lineno} column {error.colno} ({error.msg})") from error
    except UnicodeDecodeError as error:
        raise _Damaged(f"{path} is damaged at byte {error.start} (not UTF-8)") from error
    except (OSError, RecursionError) as error:
        raise _Damaged(f"{path} cannot be read ({error})") from error
    if not isinstance(data, dict):
        raise _Damaged(f"{path} holds a {type(data).__name__}, expected an object")
    return data


def _validated(kind: type[_T], data: dict[str, Any], path: Path) -> _T:
    try:
        return kind.model_validate(data)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise _Damaged(f"{path} is damaged at {place} ({first['msg']})") from error


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
