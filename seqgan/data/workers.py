"""Work that is shared among processes, for whoever draws a data set: results in order, however many there are."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from typing import Any, TypeVar

from seqgan.errors import DataError

Task = TypeVar("Task")
Made = TypeVar("Made")


class _Process:
    """What a worker process keeps between tasks."""

    make: Callable[[Any], Any] | None = None

    @classmethod
    def start(cls, begin: Callable[..., Callable[[Any], Any]], setup: tuple[Any, ...]) -> None:
        cls.make = begin(*setup)

    @classmethod
    def run(cls, task: Any) -> Any:
        if cls.make is None:
            raise DataError("a worker was asked for work before it was started; call prepare again")
        return cls.make(task)


@contextmanager
def mapped(
    begin: Callable[..., Callable[[Task], Made]], setup: tuple[Any, ...], tasks: Sequence[Task], workers: int,
    chunk: int = 1,
) -> Iterator[Iterator[Made]]:  # fmt: skip
    """What `begin(*setup)` makes of every task, in order, by this process (one worker) or by several, `chunk` tasks at
    a time; it is begun once a process."""
    if workers <= 1:
        yield map(begin(*setup), tasks)
        return
    # spawn behaves alike on every system, and never forks a process that may hold threads
    pool = ProcessPoolExecutor(workers, get_context("spawn"), _Process.start, (begin, setup))
    try:
        yield pool.map(_Process.run, tasks, chunksize=chunk)
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
