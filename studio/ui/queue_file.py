"""Work that is not through, on disk, so that a restart of the editor loses none of it.

    kept = QueueFile(home() / "queue", [jobs])      # from now on jobs that can be asked for again are kept
    for left in kept.left():                        # of processes that have ended
        with left: ...left.records...

Every process has a folder of its own in ``$SEQGAN_HOME/queue`` with a file ``jobs.jsonl``, replaced whole, and holds
its lock while it lives: a folder that can be locked was left by a process that has ended, however it did. The file's
first line tells its format and whether the queue was paused, each other line is a job, in the order of the queue.
"""

from __future__ import annotations

import contextlib
import json
import threading
from collections.abc import Iterator, Sequence
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
FORMAT, VERSION = "seqgan.queue", 1
LARGEST = 4 << 20
"""Bytes of a file of jobs that may be ours: a full queue of long boards stays far below."""


@dataclass
class Left:
    """The jobs of a process that has ended; the folder is ours until the end of the ``with``, and then gone.

    ``records``: a job each, in the order of the queue; ``strange``: lines that could not be read.
    """

    folder: Path
    held: Lock
    paused: bool = False
    records: list[dict[str, Any]] = field(default_factory=list)
    strange: int = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is None:
            _remove(self.folder, self.held)
        else:
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
                self._write(self._text(begun=1))
                self.problem = ""
            except DocumentError as error:
                self.problem = str(error)

    def _text(self, begun: int) -> bytes:
        """The file's text; the record of a job that is being worked on counts how often it was ``begun``."""
        jobs = [job for queue in self._queues for job in queue.unfinished() if job.again is not None]
        head = {"format": FORMAT, "version": VERSION, "paused": self._queues[0].paused}
        lines = [json.dumps(each) + "\n" for each in (head, *(_record(job, begun) for job in jobs))]
        return "".join(lines).encode() if jobs else b""

    def _write(self, text: bytes) -> None:
        if text == self._written:
            return
        self._lock_folder()
        write_atomic(self._folder / NAME, text)
        self._written = text

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
                    self._write(self._text(begun=0))
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
        return any(path != self._folder for path in self._root.glob("*/"))

    def left(self) -> Iterator[Left]:
        """Return what processes that have ended left behind, oldest first; each in a ``with``, so that no other process
        takes it up as well. Files of a newer program are left to it."""
        for folder in sorted(self._root.glob("*/")):
            held = None if folder == self._folder or folder.is_symlink() else take_lock(folder)
            if not isinstance(held, Lock):
                continue
            found = _read(folder, held)
            if found is None:
                held.release()
            else:
                yield found


def _record(job: JobSnapshot, begun: int) -> dict[str, Any]:
    """A job as a line of the file. ``starts``: how often a process ended in the middle of it, if this one does now."""
    again = dict(job.again or {})
    return {**again, "starts": int(again.get("starts", 0)) + (begun if job.state == "running" else 0)}


def _read(folder: Path, held: Lock) -> Left | None:
    """The jobs in a folder; None where a newer program wrote them."""
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
    if told.get("version") != VERSION:
        return None
    records = [_plain(line) for line in rest]
    return Left(folder, held, told.get("paused") is True, [each for each in records if each], records.count({}))


def _plain(line: str) -> dict[str, Any]:
    """A line as data, empty where it is none."""
    try:
        data = json.loads(line)
    except (ValueError, RecursionError):
        return {}
    return data if isinstance(data, dict) else {}


def _remove(folder: Path, held: Lock) -> None:
    """Take away a folder of ours; where something else is in it, that stays."""
    with contextlib.suppress(OSError):
        (folder / NAME).unlink()
    held.release()
    with contextlib.suppress(OSError):
        folder.rmdir()
