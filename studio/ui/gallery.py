"""Every take of every board, found by words, board, model, star and date; the index is SQLite.

    gallery = Gallery(home() / "gallery.sqlite")
    gallery.refresh(boards)                          # reads the boards that changed since, in a job
    page = gallery.search(Query(words="snow", starred=True), limit=24)

The boards alone are the truth: the index holds nothing that is not in them, and is made anew where it is missing,
damaged or of another version.
"""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from studio.document import Document, Panel, Take
from studio.errors import DocumentError
from studio.ui.boards import boards_folder

VERSION = 1
"""Of the tables below; an index of another version is made anew."""
_TABLES = """
CREATE TABLE boards (path TEXT PRIMARY KEY, title TEXT, state TEXT, problem TEXT);
CREATE TABLE takes (
    take TEXT, board TEXT REFERENCES boards(path), panel TEXT, place INTEGER, text TEXT, words TEXT, seed INTEGER,
    knobs TEXT, model TEXT, composed INTEGER, starred INTEGER, kind TEXT, media TEXT, created REAL,
    PRIMARY KEY (board, panel, take)
);
CREATE INDEX takes_by_date ON takes (created DESC, take DESC);
"""
PATIENCE = 10.0
"""Seconds that one program waits for another to finish writing."""
_SOUND: dict[Path, tuple[int, int]] = {}
"""The indexes that this process found whole, as their files were then: a large one takes long to check."""


class Found(NamedTuple):
    """A take as the gallery shows it. ``place``: number of its panel (from 1); ``created``: seconds since the epoch."""

    take: str
    board: str
    panel: str
    place: int
    text: str
    seed: int
    knobs: str
    model: str
    composed: bool
    starred: bool
    kind: str
    media: str
    created: float
    title: str

    @property
    def key(self) -> str:
        """A name that no other take has: copies of a board keep the ids of their takes."""
        return f"{Path(self.board).name}_{self.panel}_{self.take}"

    @property
    def set_knobs(self) -> dict[str, Any]:
        """Its knobs."""
        return json.loads(self.knobs)


@dataclass(frozen=True)
class Query:
    """What is looked for: every word in sentence, reading or title; "" or 0 leaves a filter out.

    ``board``: path of a board; ``since``: seconds since the epoch.
    """

    words: str = ""
    board: str = ""
    model: str = ""
    starred: bool = False
    since: float = 0.0


class Page(NamedTuple):
    """A part of what was found, and how much there is in all."""

    takes: tuple[Found, ...]
    total: int


def known_boards(given: Path | None) -> list[Path]:
    """Return the boards that the editor may show, in order: its own, and the one that it was started with."""
    own = [path for path in boards_folder().glob("*.board") if not path.is_symlink()]
    found = {path.resolve() for path in [*own, *([given] if given else [])] if (path / "manifest.json").is_file()}
    return sorted(found)


def state_of(board: Path) -> str:
    """Return a mark that changes whenever a board's files do."""
    marks = []
    for name in ("board.json", "journal.jsonl"):
        try:
            stat = (board / name).stat()
            marks.append(f"{stat.st_mtime_ns}:{stat.st_size}")
        except OSError:
            marks.append("-")
    return " ".join(marks)


class Gallery:
    """The index in one file. Every call opens it for itself, so that threads and programs share it."""

    def __init__(self, file: Path) -> None:
        self.file = file

    # Keeping it up to date -------------------------------------------------------------------------------------------

    def stale(self, boards: Sequence[Path]) -> list[tuple[str, str]]:
        """Return (board, state) of every board that changed, came or went since the last :meth:`refresh`."""
        self._check()
        now = {str(board): state_of(board) for board in boards}
        with self._open() as index:
            known = dict(index.execute("SELECT path, state FROM boards"))
        gone = [(path, "") for path in known if path not in now]
        return sorted([*((path, state) for path, state in now.items() if known.get(path) != state), *gone])

    def refresh(self, boards: Sequence[Path]) -> int:
        """Read every board that changed and forget those that are gone; return how many there were."""
        changed = self.stale(boards)
        for path, state in changed:
            title, rows, problem = _read(Path(path)) if state else ("", [], "")
            with self._open() as index, index:
                index.execute("DELETE FROM takes WHERE board = ?", (path,))
                index.execute("DELETE FROM boards WHERE path = ?", (path,))
                if state:
                    index.execute("INSERT INTO boards VALUES (?, ?, ?, ?)", (path, title, state, problem))
                    index.executemany(f"INSERT INTO takes VALUES ({', '.join('?' * 14)})", rows)
        return len(changed)

    # Looking ---------------------------------------------------------------------------------------------------------

    def search(self, query: Query, limit: int = 24, offset: int = 0) -> Page:
        """Return the takes that fit, the newest first."""
        where, values = _where(query)
        with self._open() as index:
            total = index.execute(f"SELECT count(*) FROM takes WHERE {where}", values).fetchone()[0]
            rows = index.execute(
                "SELECT take, board, panel, place, text, seed, knobs, model, composed, starred, kind, media, created, "
                f"title FROM takes JOIN boards ON board = path WHERE {where} "
                "ORDER BY created DESC, take DESC LIMIT ? OFFSET ?",
                (*values, limit, offset),
            )
            return Page(tuple(_found(row) for row in rows), total)

    def boards(self) -> dict[str, str]:
        """Return path -> title of the boards that have takes."""
        with self._open() as index:
            rows = index.execute(
                "SELECT path, title FROM boards WHERE path IN (SELECT board FROM takes) ORDER BY title"
            )
            return dict(rows.fetchall())

    def models(self) -> list[str]:
        """Return the models that drew something, in order."""
        with self._open() as index:
            return [row[0] for row in index.execute("SELECT DISTINCT model FROM takes ORDER BY model")]

    def problems(self) -> list[str]:
        """Return why boards could not be read, a line each."""
        with self._open() as index:
            return [row[0] for row in index.execute("SELECT problem FROM boards WHERE problem != '' ORDER BY path")]

    # The file --------------------------------------------------------------------------------------------------------

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        """The index, made where it is missing, and made anew where it is of another version or no index at all."""
        index = self._connect()
        try:
            yield index
        finally:
            index.close()

    def _connect(self) -> sqlite3.Connection:
        self.file.parent.mkdir(parents=True, exist_ok=True)
        index = sqlite3.connect(self.file, timeout=PATIENCE)
        try:
            version = index.execute("PRAGMA user_version").fetchone()[0]
        except sqlite3.DatabaseError:
            version = -1
        if version == VERSION:
            return index
        index.close()
        if version:
            self._discard()
        return self._made()

    def _check(self) -> None:
        """Throw a damaged index away: all that it held is in the boards."""
        stamp = _stamp(self.file)
        if stamp is not None and stamp == _SOUND.get(self.file):
            return
        with self._open() as index:
            try:
                sound = index.execute("PRAGMA quick_check(1)").fetchone()[0] == "ok"
            except sqlite3.DatabaseError:
                sound = False
        if not sound:
            self._discard()
        elif stamp is not None:
            _SOUND[self.file] = stamp

    def _made(self) -> sqlite3.Connection:
        index = sqlite3.connect(self.file, timeout=PATIENCE)
        with index:
            index.execute("BEGIN EXCLUSIVE")
            if index.execute("PRAGMA user_version").fetchone()[0] != VERSION:  # nobody else was faster
                for statement in _TABLES.split(";"):
                    index.execute(statement)
                index.execute(f"PRAGMA user_version = {VERSION}")
        return index

    def _discard(self) -> None:
        for suffix in ("", "-journal", "-wal", "-shm"):
            self.file.with_name(self.file.name + suffix).unlink(missing_ok=True)


def _stamp(file: Path) -> tuple[int, int] | None:
    """When a file was written and how long it is; None where there is none."""
    try:
        found = file.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size


def _where(query: Query) -> tuple[str, list[Any]]:
    parts, values = ["1"], []
    for word in query.words.casefold().split():
        parts.append("instr(words, ?)")
        values.append(word)
    for column, value in (("board", query.board), ("model", query.model)):
        if value:
            parts.append(f"{column} = ?")
            values.append(value)
    if query.since:
        parts.append("created >= ?")
        values.append(query.since)
    return " AND ".join([*parts, *(["starred"] if query.starred else [])]), values


def _found(row: tuple[Any, ...]) -> Found:
    found = Found(*row)
    return found._replace(composed=bool(found.composed), starred=bool(found.starred))


def _read(path: Path) -> tuple[str, list[tuple[Any, ...]], str]:
    """Title and rows of a board, or why it cannot be read."""
    try:
        doc = Document.open(path, read_only=True)
    except DocumentError as error:
        return path.stem, [], str(error)
    board = doc.board
    rows = [
        _row(doc, panel, place, take, board.title)
        for place, panel in enumerate(board.panels, 1)
        for take in panel.takes
    ]
    return board.title or path.stem, [row for row in rows if row is not None], ""


def _row(doc: Document, panel: Panel, place: int, take: Take, title: str) -> tuple[Any, ...] | None:
    media = doc.media_path(take)
    if media is None or not media.resolve().is_relative_to(doc.path.resolve()):
        return None
    text = take.text or panel.text
    words = f"{text}\n{take.prompt}\n{title}".casefold()
    starred = take.starred or (panel.starred and take.id == panel.current_take)
    return (
        take.id, str(doc.path), panel.id, place, text, words, take.seed, json.dumps(take.knobs), take.model.name,
        take.composed, starred, take.kind, str(media), _moment(take.created),
    )  # fmt: skip


def _moment(created: str) -> float:
    """Seconds since the epoch of an ISO moment in UTC; 0 where there is none."""
    try:
        return datetime.fromisoformat(created).timestamp()
    except ValueError:
        return 0.0


def days_ago(days: int) -> float:
    """Return the moment at which the day so many days ago began here, in seconds since the epoch; today is 0."""
    today = time.localtime()
    return time.mktime((today.tm_year, today.tm_mon, today.tm_mday - days, 0, 0, 0, 0, 0, -1))
