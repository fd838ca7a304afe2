"""``journal.jsonl``: what was done, undone and redone, in order; the autosave and the undo log in one.

One line an entry, numbered without gaps by ``n`` (the revision of the board after it):

    {"n": 7, "at": "...", "do": {command}, "inverse": {command}}
    {"n": 8, "at": "...", "undo": [7]}      {"n": 9, "at": "...", "redo": [7]}

``board.json`` says up to which revision it is; later entries are applied to it on opening, earlier ones are kept for
undo. A line that was cut off by a crash was never shown to anyone, so it is dropped and reported.
"""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from studio.document.commands import COMMAND, AddTake, Batch, Command, SetBoard, SetPanel
from studio.document.files import Watched, disk_error, sync_folder, write_all, write_atomic
from studio.document.ids import seconds_between
from studio.errors import DocumentError

COALESCE_SECONDS = 1.5
"""Changes of one field that follow each other within this time are undone together."""
TYPED, PICTURED = "edit", "picture"
"""Labels of batches: a sentence that was typed, with its picture; the picture of one that was typed while the model was
still loading."""
HISTORY = 1000
"""Entries that compaction keeps for undo."""


@dataclass(frozen=True)
class Entry:
    """One line of the journal: a command with its inverse, or the entries undone or redone (newest first)."""

    n: int
    at: str
    do: Command | None = None
    inverse: Command | None = None
    undo: tuple[int, ...] = ()
    redo: tuple[int, ...] = ()

    def to_line(self) -> bytes:
        """Return the entry as one line of JSON with its newline."""
        data: dict[str, Any] = {"n": self.n, "at": self.at}
        if self.do is not None and self.inverse is not None:
            data |= {"do": self.do.model_dump(mode="json"), "inverse": self.inverse.model_dump(mode="json")}
        data |= {name: list(refs) for name, refs in (("undo", self.undo), ("redo", self.redo)) if refs}
        return json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"

    @classmethod
    def from_line(cls, line: bytes) -> Entry:
        """Read a line back.

        Raises:
            ValueError: if it is not an entry (pydantic's ValidationError is one).
        """
        data = json.loads(line)
        if not isinstance(data, dict) or not isinstance(data.get("n"), int):
            raise ValueError("not a journal entry")
        both = {name: COMMAND.validate_python(data[name]) for name in ("do", "inverse") if name in data}
        undo, redo = (tuple(int(n) for n in data.get(name, ())) for name in ("undo", "redo"))
        if (len(both) == 2) + bool(undo) + bool(redo) != 1:
            raise ValueError("an entry does, undoes or redoes one thing")
        return cls(data["n"], str(data.get("at", "")), both.get("do"), both.get("inverse"), undo, redo)


@dataclass
class History:
    """What can be undone and redone: groups of entry numbers, rebuilt from the journal on opening."""

    entries: dict[int, Entry] = field(default_factory=dict)
    done: list[tuple[int, ...]] = field(default_factory=list)
    undone: list[tuple[int, ...]] = field(default_factory=list)
    _open: bool = False

    def record(self, entry: Entry) -> None:
        """Take note of an entry that was written or read."""
        if entry.do is not None:
            self._record_do(entry)
        elif entry.undo:
            self._shift(self.done, self.undone, tuple(reversed(entry.undo)))
        else:
            self._shift(self.undone, self.done, entry.redo)

    def _record_do(self, entry: Entry) -> None:
        joined = (
            self._open and not self.undone and self.done and self._joins(self.entries.get(self.done[-1][-1]), entry)
        )
        self.entries[entry.n] = entry
        if joined:
            self.done[-1] = (*self.done[-1], entry.n)
        else:
            self.done.append((entry.n,))
        self.undone.clear()
        self._open = True

    def _shift(self, source: list[tuple[int, ...]], target: list[tuple[int, ...]], group: tuple[int, ...]) -> None:
        self._open = False
        if not source or source[-1][-len(group) :] != group:
            return
        rest = source.pop()[: -len(group)]
        if rest:  # an earlier program undid apart what is one step today
            source.append(rest)
        target.append(group)

    @staticmethod
    def _joins(last: Entry | None, entry: Entry) -> bool:
        if last is None:
            return False
        if isinstance(entry.do, SetBoard) and "notes" in entry.do.values:
            return True  # what reading found is no step of its own: it goes with what was read
        key = _typed_field(entry.do)
        if key is None or key != _typed_field(last.do):
            return False
        late = isinstance(entry.do, Batch) and entry.do.label == PICTURED
        return late or seconds_between(last.at, entry.at) - _drawing_seconds(entry.do) <= COALESCE_SECONDS


def _typed_field(command: Command | None) -> tuple[str, str] | None:
    """The one field of text or number that a command sets, or draws: what a person may be typing in."""
    typed = ("text", "dialogue", "action", "notes", "duration_ms", "seed", "title")
    if isinstance(command, Batch):
        drawn = next((each.panel for each in command.commands if isinstance(each, AddTake)), None)
        return (drawn, "text") if drawn is not None and command.label in (TYPED, PICTURED) else None
    if isinstance(command, SetPanel | SetBoard) and len(command.values) == 1:
        name = next(iter(command.values))
        return (getattr(command, "panel", ""), name) if name in typed else None
    return None


def _drawing_seconds(command: Command | None) -> float:
    """How long the pictures of a command took, which is no pause in typing."""
    commands = command.commands if isinstance(command, Batch) else ()
    return sum(each.take.seconds for each in commands if isinstance(each, AddTake))


class Journal:
    """The open file: appends durably, or leaves the file as it was."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file = Watched(path)
        self._torn = False

    @property
    def changed(self) -> bool:
        """Whether another program wrote to the file since we did."""
        return not self._torn and self._file.changed()

    def append(self, entry: Entry) -> None:
        """Write one entry and wait until the disk has it.

        Raises:
            DocumentError: if it cannot be written; the file then ends where it did before.
        """
        line = entry.to_line()
        try:
            self._write(line)
        except OSError as error:
            self._cut()
            raise disk_error(self.path, error) from error
        self._torn = False
        self._file.grew(line)

    def _write(self, line: bytes) -> None:
        new = not self.path.exists()
        handle = os.open(self.path, os.O_WRONLY | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o666)
        try:
            if os.fstat(handle).st_size != self._file.size:  # what an earlier failed append left behind
                os.ftruncate(handle, self._file.size)
            os.lseek(handle, self._file.size, os.SEEK_SET)
            write_all(handle, line)
            os.fsync(handle)
        finally:
            os.close(handle)
        if new:
            sync_folder(self.path.parent)

    def _cut(self) -> None:
        self._torn = True
        with contextlib.suppress(OSError):
            os.truncate(self.path, self._file.size)

    def replace(self, entries: Iterable[Entry]) -> None:
        """Write the journal anew, atomically (compaction)."""
        write_atomic(self.path, to_lines(entries))
        self._file.refresh()


def to_lines(entries: Iterable[Entry]) -> bytes:
    """Return entries as the bytes of a journal."""
    return b"".join(entry.to_line() for entry in entries)


@dataclass(frozen=True)
class Reading:
    """What a journal file held: its entries up to the first bad line, and what was wrong, if anything.

    ``sound``: the length of those entries in bytes; ``torn``: the bad line is a last one that was cut off, which was
    never shown to anyone.
    """

    entries: tuple[Entry, ...] = ()
    sound: int = 0
    problem: str = ""
    torn: bool = False


def read_journal(path: Path) -> Reading:
    """Read a journal up to its end, or to the first line that cannot be read.

    Raises:
        DocumentError: if the file is there and the system refuses to read it.
    """
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return Reading()
    except OSError as error:
        raise DocumentError(f"{path} cannot be read ({error.strerror}); check its rights") from error
    lines = data.split(b"\n")
    entries: list[Entry] = []
    sound = 0
    for number, line in enumerate(lines[:-1], 1):
        try:
            entries.append(Entry.from_line(line))
        except (ValueError, TypeError, RecursionError) as error:  # pydantic's errors are values' errors
            reason = str(error).splitlines()[0]
            problem = f"{path.name} is damaged at line {number} ({reason}); the changes before it are here"
            return Reading(tuple(entries), sound, problem)
        sound += len(line) + 1
    if not lines[-1]:
        return Reading(tuple(entries), sound)
    problem = f"the last line of {path.name} was cut off ({len(lines[-1])} bytes); the one change in it is lost"
    return Reading(tuple(entries), sound, problem, torn=True)


def trimmed(entries: list[Entry], keep: int = HISTORY) -> list[Entry]:
    """Return the newest entries, at least ``keep`` and as many more as their undo and redo refer back to."""
    start = max(0, len(entries) - keep)
    while True:
        refs = [n for entry in entries[start:] for n in (*entry.undo, *entry.redo)]
        oldest = min(refs, default=None)
        if oldest is None or start == 0 or entries[start].n <= oldest:
            return entries[start:]
        start = next((k for k, entry in enumerate(entries) if entry.n >= oldest), start)
        if entries[start].n > oldest:  # what it refers to was trimmed long ago
            return entries[start:]
