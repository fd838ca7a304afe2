"""Work on files that may be hostile or damaged: in processes of their own, each task with a time limit.

    for number, made in watched(begin, (settings,), tasks, workers=4, seconds=600):
        ...                           # what begin(*setup)(tasks[number]) gave, or a Lost that says why there is nothing

A task that takes too long is ended with its process, and one that kills its process is lost alone; the others go on. An
exception of a task is lost likewise, so the function has to return the errors that it expects.
"""

from __future__ import annotations

import signal
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from time import monotonic
from typing import Any, TypeVar

Task = TypeVar("Task")
Made = TypeVar("Made")
BEGIN, END = 120.0, 5.0
"""Seconds that a process has to begin, beside those of its first task, and to end by itself."""


@dataclass(frozen=True)
class Lost:
    """A task without a result, and why."""

    why: str


class _Worker:
    """A process, begun once, and the task it is at."""

    def __init__(self, begin: Callable[..., Callable[[Any], Any]], setup: tuple[Any, ...]) -> None:
        # spawn behaves alike on every system, and never forks a process that may hold threads
        context = get_context("spawn")
        self.pipe, theirs = context.Pipe()
        self.process = context.Process(target=_work, args=(theirs, begin, setup), daemon=True)
        self.process.start()
        theirs.close()
        self.number, self.seconds, self.deadline = -1, 0.0, 0.0
        self._made: list[Any] = []

    def give(self, number: int, task: Any, seconds: float) -> None:
        self.number, self.seconds, self.deadline = number, seconds, monotonic() + BEGIN + seconds
        self._made = []
        self.pipe.send(task)

    def hear(self) -> None:
        """Take up that the task was begun, from when its time counts, or what came of it."""
        try:
            begun, made = self.pipe.recv()
        except (EOFError, OSError):
            self.process.join(END)
            begun, made = False, Lost(f"its process died (exit code {self.process.exitcode})")
        if begun:
            self.deadline = monotonic() + self.seconds
        else:
            self._made.append(made)

    @property
    def over(self) -> bool:
        """Whether something came of the task, or its time is over."""
        return bool(self._made) or self.deadline <= monotonic()

    def result(self) -> Any:
        """What the task gave; Lost where the process died of it, or is over its time."""
        if self._made:
            return self._made[0]
        return Lost(f"took longer than {self.seconds:g} s and was given up; give it more time, or cut it into parts")

    def end(self) -> None:
        self.pipe.close()
        self.process.kill()
        self.process.join(END)


def _work(pipe: Connection, begin: Callable[..., Callable[[Any], Any]], setup: tuple[Any, ...]) -> None:
    """What a worker process does until its pipe is closed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent is interrupted, and ends its workers
    make = begin(*setup)
    while True:
        try:
            task = pipe.recv()
        except EOFError:
            return
        pipe.send((True, None))
        try:
            made = make(task)
        except Exception as error:
            made = Lost(f"{type(error).__name__}: {error}")
        pipe.send((False, made))


def watched(
    begin: Callable[..., Callable[[Task], Made]], setup: tuple[Any, ...], tasks: Sequence[Task], workers: int,
    seconds: float,
) -> Iterator[tuple[int, Made | Lost]]:  # fmt: skip
    """What `begin(*setup)` makes of every task, with the task's number, as each is done; `seconds` is for one task."""
    waiting = deque(enumerate(tasks))
    busy: list[_Worker] = []
    try:
        while waiting or busy:
            while waiting and len(busy) < max(1, workers):
                busy.append(_Worker(begin, setup))
                busy[-1].give(*waiting.popleft(), seconds)
            for worker in _done(busy):
                number, made = worker.number, worker.result()
                if waiting and worker.process.is_alive() and worker.deadline > monotonic():
                    worker.give(*waiting.popleft(), seconds)
                else:
                    busy.remove(worker)
                    worker.end()
                yield number, made
    finally:
        for worker in busy:
            worker.end()


def _done(busy: Sequence[_Worker]) -> list[_Worker]:
    """Workers that are done with their task, or over its time; waits until something is heard."""
    pause = max(0.0, min(worker.deadline for worker in busy) - monotonic())
    told = wait([worker.pipe for worker in busy], pause)
    for worker in busy:
        if worker.pipe in told:
            worker.hear()
    return [worker for worker in busy if worker.over]
