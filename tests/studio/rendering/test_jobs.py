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
