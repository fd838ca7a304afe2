"""Jobs as pages hold them: a ticket to one, and answers that are worked out in the background and remembered."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Any

from studio.errors import StudioError
from studio.rendering import JobManager, JobSnapshot

BLOCK_SECONDS = 0.25
"""The longest that a page waits for an answer before it shows itself without."""
ANSWERS = 256


@dataclass(frozen=True)
class Answer:
    """What is known of a question: a value, an error in one line, or neither yet."""

    value: Any = None
    error: str = ""
    pending: bool = False


@dataclass(frozen=True)
class Ticket:
    """A job and the queue it is in."""

    queue: JobManager
    number: int

    def look(self) -> JobSnapshot | None:
        """Return the job as it is now, or None if it is over and forgotten."""
        try:
            return self.queue.snapshot(self.number)
        except StudioError:
            return None

    def wait(self, seconds: float) -> JobSnapshot | None:
        """Wait for the job's end, at most so long, and return it as it is then."""
        try:
            return self.queue.wait(self.number, seconds)
        except StudioError:
            return None

    def answer(self, seconds: float) -> Answer:
        """Wait for the job's end, at most so long, and return what came of it; of one that was cancelled or forgotten
        nothing ever will."""
        job = self.wait(seconds)
        if job is None or not job.is_finished or job.state == "cancelled":
            return Answer(pending=True)
        return Answer(job.result, job.error)

    def cancel(self) -> None:
        """Stop the job after its present step; what it did is kept."""
        if self.is_busy:
            self.queue.cancel(self.number)

    @property
    def is_busy(self) -> bool:
        """Whether the job still waits or runs."""
        job = self.look()
        return job is not None and not job.is_finished

    @property
    def seconds(self) -> float:
        """How long the job has been worked on, 0 while it waits."""
        job = self.look()
        if job is None or job.started is None:
            return 0.0
        return (job.finished or time.monotonic()) - job.started

    @property
    def is_gone(self) -> bool:
        """Whether nothing will ever come of the job: cancelled, or forgotten."""
        job = self.look()
        return job is None or job.state == "cancelled"


@dataclass
class Answers:
    """What was asked lately, by key. Threads share it."""

    _answers: OrderedDict[Hashable, Ticket] = field(default_factory=OrderedDict)
    _kept: dict[Hashable, Answer] = field(default_factory=dict)
    _mutex: threading.RLock = field(default_factory=threading.RLock)

    def ask(self, key: Hashable, work: Callable[[], Any], queue: JobManager, topic: str = "") -> Answer:
        """Return the answer to a question, worked out in a queue; remembered by ``key``.

        ``topic``: of several questions that wait with the same topic only the latest is worked on.
        """
        with self._mutex:
            if key in self._kept:
                return self._kept[key]
            fresh = key not in self._answers or self._answers[key].is_gone
            if fresh:
                self._answers[key] = Ticket(queue, queue.submit("Read", lambda _step: work(), topic))
                self._forget()
            ticket = self._answers[key]
        answer = ticket.answer(BLOCK_SECONDS if fresh else 0.01)
        if not answer.pending:
            self._kept[key] = answer
        return answer

    def _forget(self) -> None:
        while len(self._answers) > ANSWERS:
            old, _ = self._answers.popitem(last=False)
            self._kept.pop(old, None)
