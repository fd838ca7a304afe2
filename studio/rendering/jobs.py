"""Work in the background: one queue and one worker thread a process, progress as snapshots, cancel between steps.

    jobs = JobManager()
    job = jobs.submit("Draw 12 panels", lambda step: draw_board(doc, engine, cancelled=step.cancelled, ...))
    jobs.snapshot(job).done                     # the page reads snapshots and never waits
    jobs.cancel(job)
    jobs.move(other, -1)                        # of those that wait, one place earlier
    jobs.pause()                                # what runs is finished, the others wait

One worker, because two networks at once would only share the same processor; jobs begin in the order they came, unless
they are moved.
"""

from __future__ import annotations

import threading
import time
import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Protocol

from studio.errors import CancelledError, EngineError

if TYPE_CHECKING:
    from studio.document import Document
    from studio.rendering.draw import DrawReport, PanelDrawn, Which
    from studio.rendering.engine import RenderEngine

QUEUE = 100
"""Jobs that may wait; a page that asks for more has lost its way."""
KEPT = 50
"""Finished jobs that are remembered."""
FINISHED = ("done", "failed", "cancelled")


class Again(Protocol):
    """That from which the same work can be asked for after a restart."""

    def plain(self) -> dict[str, Any]:
        """Return it as JSON can hold it, but for its files."""
        ...

    @property
    def files(self) -> Mapping[str, bytes]:
        """The bytes of files that belong to it, by their sha256."""
        ...


@dataclass(frozen=True)
class JobSnapshot:
    """A job at one moment. ``state``: queued, running, done, failed or cancelled.

    ``error`` is one line for people, ``details`` the traceback; ``result`` is what the work returned. ``again``: that
    from which the same work could be asked for after a restart, None where it could not.
    """

    id: int
    title: str
    key: str = ""
    again: Again | None = None
    state: str = "queued"
    done: int = 0
    total: int = 0
    message: str = ""
    error: str = ""
    details: str = ""
    result: Any = None
    submitted: float = 0.0
    started: float | None = None
    finished: float | None = None

    @property
    def is_finished(self) -> bool:
        """Whether it is over, one way or another."""
        return self.state in FINISHED

    @property
    def seconds_left(self) -> float | None:
        """An estimate while it runs, from two steps on; None where nothing can be said."""
        if self.state != "running" or self.started is None or self.done < 2 or self.total <= self.done:
            return None
        return (time.monotonic() - self.started) / self.done * (self.total - self.done)


@dataclass
class _Job:
    snapshot: JobSnapshot
    work: Callable[[Step], Any]
    stop: threading.Event = field(default_factory=threading.Event)
    over: threading.Event = field(default_factory=threading.Event)


class Step:
    """What a job's work is given: report progress, and ask whether to stop."""

    def __init__(self, manager: JobManager, job: _Job) -> None:
        self._manager = manager
        self._job = job

    def cancelled(self) -> bool:
        """Whether someone cancelled the job; ask between steps and return what is done."""
        return self._job.stop.is_set()

    def check(self) -> None:
        """Raise CancelledError if someone cancelled the job."""
        if self.cancelled():
            raise CancelledError(f"{self._job.snapshot.title} was cancelled; what was done is kept")

    def progress(self, done: int, total: int, message: str = "") -> None:
        """Say that ``done`` of ``total`` steps are over."""
        self._manager._update(self._job, done=done, total=total, message=message)

    def renew(self, again: Again) -> None:
        """Say anew from what the rest of this work could be asked for after a restart."""
        self._manager._update(self._job, again=again)
        self._manager.on_change()


class JobManager:
    """A queue with one worker thread, which starts with the first job and ends with the process. First in, first out,
    but those that wait can be moved, and the queue can be paused. All that is asked of it, any thread may ask.

    ``on_change`` is called, in whichever thread, after the queue became another: a job came, began, was moved or is
    over, or the queue was paused.
    """

    def __init__(self) -> None:
        self.on_change: Callable[[], object] = lambda: None
        self._jobs: dict[int, _Job] = {}
        self._queue: list[_Job] = []
        self._running: _Job | None = None
        self._changed = threading.Condition()
        self._worker: threading.Thread | None = None
        self._closed = False
        self._paused = False
        self._holds = 0
        self._last = 0

    def submit(self, title: str, work: Callable[[Step], Any], key: str = "", again: Again | None = None) -> int:
        """Queue work and return the job's number.

        Args:
            title: what people read in the tray.
            work: called in the worker thread with a :class:`Step`.
            key: a job with the same key that still waits is replaced, one that runs is cancelled: only the latest
                counts (a sentence that is being typed).
            again: see :class:`JobSnapshot`.

        Raises:
            EngineError: if too many jobs wait, or the manager is closed.
        """
        with self._changed:
            if key:
                self._retire(key)
            if self._closed or len(self._queue) >= QUEUE:
                reason = "the queue is closed" if self._closed else f"{QUEUE} jobs wait already"
                raise EngineError(f"{title} was not queued: {reason}; try again when others are done")
            self._last += 1
            number = self._last
            job = _Job(JobSnapshot(number, title, key, again, submitted=time.monotonic()), work)
            self._jobs[number] = job
            self._queue.append(job)
            self._start()
            self._changed.notify_all()
        self.on_change()
        return number

    def _retire(self, key: str) -> None:
        for job in [*self._queue, *([self._running] if self._running else [])]:
            if job.snapshot.key == key:
                self._stop(job)

    def _start(self) -> None:
        if self._worker is None:
            self._worker = threading.Thread(target=self._work, name="studio-jobs", daemon=True)
            self._worker.start()

    def snapshots(self) -> list[JobSnapshot]:
        """Return every job that is remembered, oldest first."""
        with self._changed:
            return [job.snapshot for job in self._jobs.values()]

    def snapshot(self, number: int) -> JobSnapshot:
        """Return one job as it is now.

        Raises:
            EngineError: if there is no such job (any more).
        """
        with self._changed:
            return self._find(number).snapshot

    def running(self) -> JobSnapshot | None:
        """Return the job that is being worked on, or None."""
        with self._changed:
            return self._running.snapshot if self._running else None

    def waiting(self) -> list[JobSnapshot]:
        """Return the jobs that wait, the next one first."""
        with self._changed:
            return [job.snapshot for job in self._queue]

    def unfinished(self) -> list[JobSnapshot]:
        """Return the job that is being worked on, unless it was told to stop, and those that wait, next one first."""
        with self._changed:
            jobs = [*([self._running] if self._running else []), *self._queue]
            return [job.snapshot for job in jobs if not job.stop.is_set()]

    def move(self, number: int, by: int) -> None:
        """Move a job that waits by so many places: -1 is one earlier, 1 one later, ``-QUEUE`` the very first.

        Beyond the ends there is nowhere to go; a job that has begun stays as it is.

        Raises:
            EngineError: if there is no such job (any more).
        """
        with self._changed:
            job = self._find(number)
            if job in self._queue:
                place = max(0, self._queue.index(job) + by)
                self._queue.remove(job)
                self._queue.insert(place, job)
        self.on_change()

    def pause(self) -> None:
        """Begin no more jobs until :meth:`resume`; the one that runs is finished."""
        with self._changed:
            self._paused = True
        self.on_change()

    def resume(self) -> None:
        """Begin jobs again."""
        with self._changed:
            self._paused = False
            self._changed.notify_all()
        self.on_change()

    @contextmanager
    def held(self) -> Iterator[None]:
        """Begin no job within the ``with``; what runs goes on, and nobody is told that the queue is paused."""
        with self._changed:
            self._holds += 1
        try:
            yield
        finally:
            with self._changed:
                self._holds -= 1
                self._changed.notify_all()

    @property
    def paused(self) -> bool:
        """Whether jobs that wait are not begun."""
        with self._changed:
            return self._paused

    @property
    def busy(self) -> bool:
        """Whether a job runs or waits."""
        with self._changed:
            return self._running is not None or bool(self._queue)

    def cancel(self, number: int) -> None:
        """Stop a job: at once if it waits, after its present step if it runs; what it did is kept."""
        with self._changed:
            self._stop(self._find(number))
        self.on_change()

    def _stop(self, job: _Job) -> None:
        job.stop.set()
        if job in self._queue:
            self._queue.remove(job)
            self._finish(job, state="cancelled")

    def wait(self, number: int, timeout: float | None = None) -> JobSnapshot:
        """Wait until a job is over (at most ``timeout`` seconds) and return it as it is then."""
        with self._changed:
            job = self._find(number)
        job.over.wait(timeout)
        return job.snapshot

    def close(self, timeout: float = 10.0) -> None:
        """Cancel everything and wait for the worker to stop."""
        with self._changed:
            self._closed = True
            for job in [*self._queue, *([self._running] if self._running else [])]:
                self._stop(job)
            self._changed.notify_all()
        if self._worker is not None and self._worker is not threading.current_thread():
            self._worker.join(timeout)

    def _find(self, number: int) -> _Job:
        if number not in self._jobs:
            raise EngineError(f"there is no job {number}; it may be over and forgotten: look at the list again")
        return self._jobs[number]

    def _work(self) -> None:
        while (job := self._next()) is not None:
            self.on_change()
            self._run(job)
            self.on_change()

    def _next(self) -> _Job | None:
        with self._changed:
            while not self._closed and (self._paused or self._holds or not self._queue):
                self._changed.wait()
            if not self._queue:
                return None
            self._running = self._queue.pop(0)
            self._update(self._running, state="running", started=time.monotonic())
            return self._running

    def _run(self, job: _Job) -> None:
        try:
            result = job.work(Step(self, job))
            outcome = {"state": "cancelled" if job.stop.is_set() else "done", "result": result}
        except CancelledError as error:
            outcome = {"state": "cancelled", "message": str(error)}
        except BaseException as error:  # whatever happens, the queue goes on and the page can show why
            line = " ".join(str(error).split()) or type(error).__name__
            outcome = {"state": "failed", "error": line, "details": traceback.format_exc()}
        with self._changed:
            self._running = None
            self._finish(job, **outcome)

    def _finish(self, job: _Job, **outcome: Any) -> None:
        self._update(job, finished=time.monotonic(), **outcome)
        job.over.set()
        over = [number for number, each in self._jobs.items() if each.snapshot.is_finished]
        for number in over[:-KEPT]:
            with suppress(KeyError):
                del self._jobs[number]

    def _update(self, job: _Job, **values: Any) -> None:
        with self._changed:
            job.snapshot = replace(job.snapshot, **values)


def submit_draw(
    jobs: JobManager, doc: Document, engine: RenderEngine, panels: Which = "missing", *, takes: int = 1, key: str = ""
) -> int:
    """Queue the drawing of a board and return the job's number; its result is a :class:`DrawReport`."""
    from studio.rendering.draw import draw_board

    def work(step: Step) -> DrawReport:
        def tell(drawn: PanelDrawn) -> None:
            step.progress(drawn.done, drawn.total, f"Panel {drawn.index + 1}")

        return draw_board(doc, engine, panels, takes=takes, on_panel=tell, cancelled=step.cancelled)

    return jobs.submit(f"Draw {doc.board.title or doc.path.name}", work, key)
