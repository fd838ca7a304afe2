"""Work that is not through, on disk, so that a restart of the editor loses none of it.

    kept = QueueFile(home() / "queue", [jobs])      # from now on jobs that can be asked for again are kept
    for left in kept.left():                        # of processes that have ended
        with left: ...left.records...

Every process has a folder of its own in ``$SEQGAN_HOME/queue`` with a file ``jobs.jsonl``, replaced whole, and holds
its lock while it lives: a folder that can be locked was left by a process that has ended, however it did. The file's
first line tells its format and whether the queue was paused, each other line is a job, in the order of the queue: its
``kind``, its ``id``, and what was asked for. Files that were handed in with jobs stand beside it, by their sha256.

Version 1 had drawings alone, and no ids.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import re
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from studio.document import new_id
from studio.document.files import disk_error, write_atomic
from studio.document.lock import Lock, take_lock
from studio.errors import DocumentError
from studio.rendering import JobManager, JobSnapshot

NAME = "jobs.jsonl"
FORMAT, VERSION, READ = "seqgan.queue", 2, (1, 2)
LARGEST = 4 << 20
"""Bytes of a file of jobs that may be ours: a full queue of long boards stays far below."""
_SHA256 = "[0-9a-f]{64}"
_OURS = re.compile(rf"{re.escape(NAME)}|{_SHA256}|\.({re.escape(NAME)}|{_SHA256})\.\w+\.tmp")
"""Names of what we write into a folder; a process that is killed while it writes leaves the last kind."""


@dataclass
class Left:
    """The jobs of a process that has ended; the folder is ours until the end of the ``with``, and then gone.

    ``records``: a job each, in the order of the queue; ``strange``: lines that could not be read; ``newer``: a newer
    program wrote it, and it stays as it is; ``staying``: records that are to stay there for a newer program.
    """

    folder: Path
    held: Lock
    paused: bool = False
    records: list[dict[str, Any]] = field(default_factory=list)
    strange: int = 0
    newer: bool = False
    staying: list[dict[str, Any]] = field(default_factory=list)

    @property
    def stays(self) -> bool:
        """Whether something is left to a newer program."""
        return self.newer or bool(self.staying)

    def file(self, sha256: object) -> bytes | None:
        """Return the bytes of a file that was handed in with a job, None where it is gone or damaged."""
        try:
            data = (self.folder / str(sha256)).read_bytes() if re.fullmatch(_SHA256, str(sha256)) else b""
        except OSError:
            return None
        return data if hashlib.sha256(data).hexdigest() == sha256 else None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is None and not self.stays:
            _remove(self.folder, self.held)
            return
        if error is None and self.staying:
            with contextlib.suppress(DocumentError):
                write_atomic(self.folder / NAME, _lines(False, self.staying))
        self.held.release()


class QueueFile:
    """The file of this process, written whenever its queues change; its folder is made when there is first a job.

    Attributes:
        problem: why the jobs that wait now are not kept, "" where they are.
    """

    def __init__(self, root: Path, queues: Sequence[JobManager]) -> None:
        """``root``: the folder of all processes; ``queues``: those whose jobs are kept, the first of them is paused."""
        self.problem = ""
        self._root, self._queues = root, queues
        self._folder = root / new_id()
        self._held: Lock | None = None
        self._written = b""
        self._files: set[str] = set()
        self._left_alone: set[Path] = set()
        self._ended = False
        self._mutex = threading.Lock()
        for queue in queues:
            queue.on_change = self._keep

    def _keep(self) -> None:
        """Write what is not through; a disk that refuses stops no job."""
        with self._mutex:
            if self._ended:
                return
            try:
                self._write(begun=1)
                self.problem = ""
            except DocumentError as error:
                self.problem = str(error)

    def _write(self, begun: int) -> None:
        """Write the jobs, and their files before them; the record of a job that is being worked on counts how often it
        was ``begun``."""
        jobs = [job for queue in self._queues for job in queue.unfinished() if job.again is not None]
        text = _lines(self._queues[0].paused, [_record(job, begun) for job in jobs]) if jobs else b""
        if text == self._written:
            return
        self._lock_folder()
        files = {name: data for job in jobs if job.again for name, data in job.again.files.items()}
        for name in files.keys() - self._files:
            write_atomic(self._folder / name, files[name])
            self._files.add(name)
        write_atomic(self._folder / NAME, text)
        self._written = text
        for name in self._files - files.keys():
            self._files.discard(name)
            with contextlib.suppress(OSError):
                (self._folder / name).unlink()

    def _lock_folder(self) -> None:
        if self._held is not None:
            return
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise disk_error(self._folder, error) from error
        held = take_lock(self._folder)
        if not isinstance(held, Lock):
            raise DocumentError(f"{self._folder} cannot be locked: {held}")
        self._held = held

    def end(self) -> None:
        """Keep the jobs as they are now, before the queues are closed; nothing is written any more."""
        with self._mutex:
            if not self._ended:
                with contextlib.suppress(DocumentError):
                    self._write(begun=0)
            self._ended = True

    def release(self) -> None:
        """Leave the file to the next process; where it has no jobs it goes."""
        if self._held is None:
            return
        if self._written:
            self._held.release()
        else:
            _remove(self._folder, self._held)
        self._held = None

    def has_left(self) -> bool:
        """Whether there may be jobs of other processes, living or not."""
        return any(path != self._folder and path not in self._left_alone for path in self._root.glob("*/"))

    def left(self) -> Iterator[Left]:
        """Return what processes that have ended left behind, oldest first; each in a ``with``, so that no other process
        takes it up as well. What stays there for a newer program is returned once."""
        for folder in sorted(self._root.glob("*/")):
            if folder == self._folder or folder in self._left_alone or folder.is_symlink():
                continue
            held = take_lock(folder)
            if isinstance(held, Lock):
                yield (found := _read(folder, held))
                if found.stays:
                    self._left_alone.add(folder)


def _lines(paused: bool, records: Sequence[Mapping[str, Any]]) -> bytes:
    """The text of a file of jobs."""
    head = {"format": FORMAT, "version": VERSION, "paused": paused}
    return "".join(json.dumps(each) + "\n" for each in (head, *records)).encode()


def _record(job: JobSnapshot, begun: int) -> dict[str, Any]:
    """A job as a line of the file. ``starts``: how often a process ended in the middle of it, if this one does now."""
    plain = job.again.plain() if job.again is not None else {}
    return {**plain, "starts": int(plain.get("starts", 0)) + (begun if job.state == "running" else 0)}


def _read(folder: Path, held: Lock) -> Left:
    """The jobs in a folder."""
    found = Left(folder, held)
    try:
        with (folder / NAME).open("rb") as file:
            lines = file.read(LARGEST + 1)
    except FileNotFoundError:
        return found
    except OSError:
        return Left(folder, held, strange=1)
    head, *rest = lines[:LARGEST].decode(errors="replace").splitlines() or [""]
    told = _plain(head)
    if told.get("format") != FORMAT or len(lines) > LARGEST:
        return Left(folder, held, strange=int(bool(lines)))
    if told.get("version") not in READ:
        return Left(folder, held, newer=True)
    records = [_plain(line) for line in rest]
    jobs = [each for each in records if isinstance(each.get("kind"), str)]
    return Left(folder, held, told.get("paused") is True, jobs, len(records) - len(jobs))


def _plain(line: str) -> dict[str, Any]:
    """A line as data, empty where it is none."""
    try:
        data = json.loads(line)
    except (ValueError, RecursionError):
        return {}
    return data if isinstance(data, dict) else {}


def _remove(folder: Path, held: Lock) -> None:
    """Take away a folder of ours, its jobs before their files; where something else is in it, that stays."""
    with contextlib.suppress(OSError):
        ours = [path for path in folder.iterdir() if _OURS.fullmatch(path.name)]
        for path in sorted(ours, key=lambda path: path.name != NAME):
            path.unlink()
    held.release()
    with contextlib.suppress(OSError):
        folder.rmdir()
