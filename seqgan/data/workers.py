"""Work that is shared among processes, for whoever draws a data set: results in order, however many there are."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from typing import Any, TypeVar

Task = TypeVar("Task")
Made = TypeVar("Made")


@contextmanager
def mapped(
    make: Callable[[Task], Made], tasks: Sequence[Task], workers: int, chunk: int = 1,
    start: Callable[..., None] | None = None, setup: tuple[Any, ...] = (),
) -> Iterator[Iterator[Made]]:  # fmt: skip
    """What `make` makes of every task, in order, by this process (one worker) or by several, `chunk` tasks at a time;
    each calls `start(*setup)` once before."""
    if workers <= 1:
        if start is not None:
            start(*setup)
        yield map(make, tasks)
        return
    # spawn behaves alike on every system, and never forks a process that may hold threads
    pool = ProcessPoolExecutor(workers, get_context("spawn"), start, setup)
    try:
        yield pool.map(make, tasks, chunksize=chunk)
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
