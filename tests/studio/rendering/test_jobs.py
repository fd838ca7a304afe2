"""Background work: first in, first out, one at a time; progress, cancel, errors kept."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from studio.document import Document, new_board
from studio.errors import EngineError
from studio.rendering import DrawReport, JobManager, Step, submit_draw
from studio.rendering import jobs as jobs_module
from studio.rendering.jobs import QUEUE
from studio.rendering.stage_engine import StageEngine

SOON = 60.0


@pytest.fixture
def jobs() -> Iterator[JobManager]:
    manager = JobManager()
    yield manager
    manager.close()


class Gate:
    """Work that waits at a gate, so that a test decides when it goes on."""

    def __init__(self) -> None:
        self.began, self.open = threading.Event(), threading.Event()

    def __call__(self, step: Step) -> str:
        self.began.set()
        while not self.open.wait(0.005):
            if step.cancelled():
                return "kept"
        return "through"


def test_a_job_runs_and_gives_its_result(jobs: JobManager) -> None:
    number = jobs.submit("Add", lambda step: 1 + 1)
    over = jobs.wait(number, SOON)
    assert (over.state, over.result, over.title, over.error) == ("done", 2, "Add", "")
    assert over.is_finished and over.started is not None and over.finished is not None and not jobs.busy


def test_jobs_run_one_at_a_time_in_their_order(jobs: JobManager) -> None:
    gate, order = Gate(), []
    first = jobs.submit("gate", gate)
    rest = [jobs.submit(str(k), lambda step, k=k: order.append(k)) for k in range(5)]
    assert gate.began.wait(SOON)
    running = jobs.running()
    assert running is not None and running.id == first and jobs.busy and order == []
    assert [job.state for job in jobs.snapshots()] == ["running", *["queued"] * 5]
    gate.open.set()
    jobs.wait(rest[-1], SOON)
    assert order == [0, 1, 2, 3, 4]


def test_progress_shows_while_it_runs(jobs: JobManager) -> None:
    gate = Gate()

    def work(step: Step) -> None:
        for k in range(3):
            step.progress(k + 1, 10, f"Panel {k + 1}")
        gate(step)

    number = jobs.submit("Draw", work)
    assert gate.began.wait(SOON)
    now = jobs.snapshot(number)
    assert (now.done, now.total, now.message, now.state) == (3, 10, "Panel 3", "running")
    assert now.seconds_left is not None and now.seconds_left > 0
    gate.open.set()
    assert jobs.wait(number, SOON).seconds_left is None


def test_cancel_keeps_what_is_done(jobs: JobManager) -> None:
    gate = Gate()
    number, waiting = jobs.submit("gate", gate), jobs.submit("next", lambda step: 1)
    assert gate.began.wait(SOON)
    jobs.cancel(waiting)
    assert jobs.snapshot(waiting).state == "cancelled"
    jobs.cancel(number)
    over = jobs.wait(number, SOON)
    assert (over.state, over.result) == ("cancelled", "kept")
    jobs.cancel(number)  # over already: harmless
    stopped = jobs.submit("check", lambda step: (jobs.cancel(jobs.running().id), step.check()))  # type: ignore[union-attr]
    assert jobs.wait(stopped, SOON).state == "cancelled"


def test_errors_are_kept_and_the_queue_goes_on(jobs: JobManager) -> None:
    def fail(step: Step) -> None:
        raise EngineError("the power is out;\n switch it on")

    def crash(step: Step) -> None:
        raise ZeroDivisionError

    bad, worse, good = jobs.submit("bad", fail), jobs.submit("worse", crash), jobs.submit("good", lambda step: "fine")
    assert jobs.wait(good, SOON).result == "fine"
    assert jobs.snapshot(bad).state == "failed" and jobs.snapshot(bad).error == "the power is out; switch it on"
    assert "EngineError" in jobs.snapshot(bad).details
    assert jobs.snapshot(worse).error == "ZeroDivisionError"


def test_only_the_latest_of_a_key_counts(jobs: JobManager) -> None:
    gate = Gate()
    first = jobs.submit("typing", gate, key="panel")
    assert gate.began.wait(SOON)
    second = jobs.submit("typing", lambda step: 2, key="panel")
    third = jobs.submit("typing", lambda step: 3, key="panel")
    assert jobs.wait(third, SOON).result == 3
    assert [jobs.snapshot(k).state for k in (first, second)] == ["cancelled", "cancelled"]


def test_the_queue_is_bounded_and_forgets(jobs: JobManager, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs_module, "QUEUE", 2)
    monkeypatch.setattr(jobs_module, "KEPT", 3)
    gate = Gate()
    jobs.submit("gate", gate)
    assert gate.began.wait(SOON)
    jobs.submit("a", lambda step: 1)
    last = jobs.submit("b", lambda step: 1)
    with pytest.raises(EngineError, match="c was not queued: 2 jobs wait already"):
        jobs.submit("c", lambda step: 1)
    gate.open.set()
    jobs.wait(last, SOON)
    for _ in range(6):
        last = jobs.submit("more", lambda step: 1)
        jobs.wait(last, SOON)
    assert [job.id for job in jobs.snapshots()] == [last - 2, last - 1, last]
    with pytest.raises(EngineError, match="no job 1"):
        jobs.snapshot(1)


def noted(jobs: JobManager, names: str) -> tuple[dict[str, int], list[str]]:
    """Submit a job a letter; return their numbers, and the list in which each writes its letter when it runs."""
    order: list[str] = []
    return {name: jobs.submit(name, lambda step, name=name: order.append(name)) for name in names}, order


def line(jobs: JobManager) -> str:
    """The titles of the jobs that wait, the next one first."""
    return "".join(job.title for job in jobs.waiting())


def test_waiting_jobs_are_listed_and_moved(jobs: JobManager) -> None:
    gate = Gate()
    running = jobs.submit("gate", gate)
    assert gate.began.wait(SOON) and jobs.waiting() == []
    numbers, order = noted(jobs, "abcd")
    assert line(jobs) == "abcd" and all(job.state == "queued" for job in jobs.waiting())
    for name, by, expected in (
        ("c", -1, "acbd"), ("a", 1, "cabd"), ("d", -QUEUE, "dcab"), ("d", -1, "dcab"), ("c", QUEUE, "dabc"),
        ("c", 1, "dabc"), ("b", 0, "dabc"),
    ):  # fmt: skip
        jobs.move(numbers[name], by)
        assert line(jobs) == expected
    jobs.move(running, 1)  # it has begun: nothing to move
    with pytest.raises(EngineError, match="no job 99"):
        jobs.move(99, -1)
    gate.open.set()
    jobs.wait(numbers["c"], SOON)
    assert order == list("dabc") and jobs.waiting() == []


def test_a_waiting_job_is_cancelled_and_the_others_keep_their_places(jobs: JobManager) -> None:
    gate = Gate()
    jobs.submit("gate", gate)
    assert gate.began.wait(SOON)
    numbers, order = noted(jobs, "abc")
    jobs.cancel(numbers["b"])
    jobs.move(numbers["b"], -1)  # over: it comes not back
    assert line(jobs) == "ac" and jobs.wait(numbers["b"], SOON).state == "cancelled"
    gate.open.set()
    jobs.wait(numbers["c"], SOON)
    assert order == ["a", "c"]


def test_a_paused_queue_finishes_what_runs_and_begins_nothing(jobs: JobManager) -> None:
    gate = Gate()
    running = jobs.submit("gate", gate)
    assert gate.began.wait(SOON)
    numbers, order = noted(jobs, "ab")
    jobs.pause()
    assert jobs.paused and jobs.running() is not None
    gate.open.set()
    assert jobs.wait(running, SOON).result == "through"
    assert not jobs.wait(numbers["a"], 0.1).is_finished
    assert jobs.running() is None and jobs.busy and line(jobs) == "ab" and order == []
    jobs.move(numbers["b"], -1)
    jobs.resume()
    assert jobs.wait(numbers["a"], SOON).state == "done" and not jobs.paused
    assert order == ["b", "a"]


def test_a_queue_that_was_paused_before_its_first_job_waits_and_closes() -> None:
    manager = JobManager()
    manager.pause()
    number = manager.submit("a", lambda step: 1)
    assert not manager.wait(number, 0.05).is_finished
    manager.close(SOON)
    assert manager.snapshot(number).state == "cancelled"
    assert manager._worker is not None and not manager._worker.is_alive()


def test_many_threads_move_cancel_and_submit_and_no_job_is_lost_or_run_twice(jobs: JobManager) -> None:
    ran: list[int] = []
    jobs.pause()
    numbers = [jobs.submit(str(k), lambda step, k=k: ran.append(k)) for k in range(40)]

    def disturb(start: int) -> None:
        for k in range(start, 40, 4):
            jobs.move(numbers[k], (-1) ** k * k)
            if k % 5 == 0:
                jobs.cancel(numbers[k])

    threads = [threading.Thread(target=disturb, args=(start,)) for start in range(4)]
    for thread in threads:
        thread.start()
    jobs.resume()
    for thread in threads:
        thread.join()
    states = [jobs.wait(number, SOON).state for number in numbers]
    assert sorted(ran) == [k for k in range(40) if states[k] == "done"]
    assert all(state in ("done", "cancelled") for state in states) and states.count("cancelled") <= 8


def test_a_queue_that_is_held_begins_nothing_and_is_not_paused(jobs: JobManager) -> None:
    with jobs.held(), jobs.held():
        number = jobs.submit("next", lambda step: 1)
        assert jobs.wait(number, 0.05).state == "queued" and not jobs.paused
    assert jobs.wait(number, SOON).state == "done"


def test_what_was_told_to_stop_is_not_among_the_unfinished(jobs: JobManager) -> None:
    gate, stop = Gate(), threading.Event()
    number, waiting = jobs.submit("gate", lambda step: (gate(step), stop.wait(SOON))), jobs.submit("next", gate)
    assert gate.began.wait(SOON) and [job.id for job in jobs.unfinished()] == [number, waiting]
    jobs.cancel(number)
    assert [job.id for job in jobs.unfinished()] == [waiting] and jobs.snapshot(number).state == "running"
    stop.set()


def test_a_closed_manager_takes_nothing() -> None:
    manager, gate = JobManager(), Gate()
    number, waiting = manager.submit("gate", gate), manager.submit("next", lambda step: 1)
    assert gate.began.wait(SOON)
    manager.close()
    assert manager.snapshot(number).state == manager.snapshot(waiting).state == "cancelled"
    with pytest.raises(EngineError, match="the queue is closed"):
        manager.submit("late", lambda step: 1)
    JobManager().close()  # never used


def test_drawing_a_board_in_the_background(tmp_path: Path, stage: StageEngine, jobs: JobManager) -> None:
    with Document.create(tmp_path / "a.board", new_board("Walk", ["Mia walks.", "She waves."])) as doc:
        over = jobs.wait(submit_draw(jobs, doc, stage), SOON)
        assert isinstance(over.result, DrawReport) and over.title == "Draw Walk"
        assert (over.done, over.total, over.message) == (2, 2, "Panel 2")
        assert all(doc.picture(panel) for panel in doc.board.panels)


def test_a_running_drawing_stops_between_panels(tmp_path: Path, stage: StageEngine, jobs: JobManager) -> None:
    with Document.create(tmp_path / "a.board", new_board("Walk", ["Mia walks."] * 500)) as doc:
        number = submit_draw(jobs, doc, stage)
        end = time.monotonic() + SOON
        while jobs.snapshot(number).done < 3 and time.monotonic() < end:
            time.sleep(0.005)
        jobs.cancel(number)
        over = jobs.wait(number, SOON)
        assert over.state == "cancelled" and over.result.cancelled and 3 <= len(over.result.drawn) < 500
        assert sum(doc.picture(panel) is not None for panel in doc.board.panels) == len(over.result.drawn)
