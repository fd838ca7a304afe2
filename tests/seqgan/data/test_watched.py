"""Tasks in processes of their own: what hangs, dies or fails is lost alone."""

from __future__ import annotations

import os
import time
from collections.abc import Callable

from seqgan.data.watched import Lost, watched


def _begin(factor: int, slow: float = 0.0) -> Callable[[object], object]:
    time.sleep(slow)

    def make(task: object) -> object:
        if task == "hang":
            time.sleep(600)
        if task == "die":
            os._exit(7)
        if not isinstance(task, int):
            raise ValueError(f"{task} is no number")
        return task * factor

    return make


def test_every_task_is_done_or_lost_alone() -> None:
    tasks = [1, "hang", 2, "die", 3, "fail", 4]
    begun = time.monotonic()
    made = dict(watched(_begin, (10,), tasks, 2, 3.0))
    assert time.monotonic() - begun < 60
    assert {number: value for number, value in made.items() if not isinstance(value, Lost)} == {
        0: 10,
        2: 20,
        4: 30,
        6: 40,
    }
    lost = {tasks[number]: value.why for number, value in made.items() if isinstance(value, Lost)}
    assert lost["hang"] == "took longer than 3 s and was given up; give it more time, or cut it into parts"
    assert lost["die"] == "its process died (exit code 7)"
    assert lost["fail"] == "ValueError: fail is no number"


def test_a_process_that_begins_slowly_costs_no_task_its_time() -> None:
    made = dict(watched(_begin, (10, 2.0), [1, 2, "hang"], 1, 1.5))
    assert made[0] == 10 and made[1] == 20 and isinstance(made[2], Lost) and "longer than 1.5 s" in made[2].why


def test_nothing_is_left_running_when_the_work_is_given_up() -> None:
    work = watched(_begin, (1,), [1, "hang", "hang"], 2, 60.0)
    assert next(work) == (0, 1)
    begun = time.monotonic()
    work.close()
    assert time.monotonic() - begun < 10


def test_no_task_is_no_process() -> None:
    assert list(watched(_begin, (1,), [], 2, 1.0)) == []
