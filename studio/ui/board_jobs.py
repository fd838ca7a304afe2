"""The jobs of boards that the page Board tells of, whichever tab asked for them: drawings, sentences
whose model is loaded first, animations, exports."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from pathlib import Path

from studio.document import Document
from studio.ui.tickets import Ticket

DRAWING, REDRAW, ANIMATION, EXPORT = "drawing", "redraw", "animation", "export"
KINDS = (DRAWING, REDRAW, ANIMATION, EXPORT)
"""In the order in which they are shown, and stopped."""


@dataclass(frozen=True)
class BoardJob(Ticket):
    """A job of a board. ``count``: how many there were up to it, in all queues."""

    kind: str
    board: Path
    count: int


@dataclass
class BoardJobs:
    """The jobs of boards in this process, as long as their queues remember them; threads share it."""

    _jobs: list[BoardJob] = field(default_factory=list)
    _told: set[BoardJob] = field(default_factory=set)
    _count: int = 0
    _mutex: threading.Lock = field(default_factory=threading.Lock)

    def add(self, kind: str, doc: Document, ticket: Ticket) -> BoardJob:
        """Take in a job that was queued, and return it as one of a board; ``kind``: one of :data:`KINDS`."""
        with self._mutex:
            self._count += 1
            job = BoardJob(ticket.queue, ticket.number, kind, doc.path, self._count)
            self._jobs = [each for each in self._jobs if each.look() is not None] + [job]
            self._told &= set(self._jobs)
        return job

    def of(self, doc: Document, *kinds: str) -> list[BoardJob]:
        """Return the jobs of a board that wait, run or are over, oldest first; of any kind where none is named."""
        return [job for job in self._jobs if job.board == doc.path and job.kind in (kinds or KINDS)]

    def under_way(self, doc: Document, *kinds: str) -> list[BoardJob]:
        """Return those that wait or run, in the order in which they are shown: what waits stands behind what runs."""
        found = [(job, job.look()) for job in self.of(doc, *kinds)]
        busy = [(job, state.state == "queued") for job, state in found if state is not None and not state.is_finished]
        return [job for job, _ in sorted(busy, key=lambda each: (KINDS.index(each[0].kind), each[1], each[0].count))]

    def tell(self, job: BoardJob) -> None:
        """Say that some tab has told how a job ended."""
        self._told.add(job)

    def is_told(self, job: BoardJob) -> bool:
        """Whether some tab has told how a job ended."""
        return job in self._told
