"""Another page tells in passing, once, that the board has been drawn; the page Board has its tray."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from studio.rendering import DrawReport, JobSnapshot
from studio.ui.board_jobs import DRAWING
from studio.ui.tickets import Ticket
from tests.studio.ui.conftest import Page


class Queue:
    """A queue with one job, whose end is for the test to say."""

    def __init__(self) -> None:
        self.job = JobSnapshot(1, "Draw A walk", state="running")

    def snapshot(self, _number: int) -> JobSnapshot:
        return self.job

    def end(self, state: str, **more: object) -> None:
        self.job = replace(self.job, state=state, **more)


@pytest.fixture
def away(page: Callable, make: Callable) -> tuple[Page, Queue]:
    """A tab whose board is being drawn, with the page Story open."""
    make(title="A *walk*")
    tab, queue = page("walk.board"), Queue()
    job = tab.desk.board_jobs.add(DRAWING, tab.document, Ticket(queue, 1))
    tab.at.session_state["editor"].watched.add(job)
    tab.at.switch_page("studio/ui/pages/story.py")
    return tab.run(), queue


def toasts(tab: Page) -> list[str]:
    return [toast.value for toast in tab.at.toast]


def test_the_end_of_a_drawing_is_told_once(away: tuple[Page, Queue]) -> None:
    tab, queue = away
    assert toasts(tab) == []
    queue.end("done", result=DrawReport(("a", "b", "c"), 3))
    assert toasts(tab.run()) == [r"**A \*walk\***: 3 panels drawn."]
    assert toasts(tab.run()) == []


def test_what_failed_is_told_with_where_to_look(away: tuple[Page, Queue]) -> None:
    tab, queue = away
    queue.end("failed", error="no room")
    assert toasts(tab.run()) == [r"**A \*walk\***: drawing stopped. The page Board says why."]


@pytest.mark.parametrize("report", [DrawReport((), 0), DrawReport(("a",), 3, cancelled=True)])
def test_what_drew_nothing_or_was_stopped_is_no_news(away: tuple[Page, Queue], report: DrawReport) -> None:
    tab, queue = away
    queue.end("done", result=report)
    assert toasts(tab.run()) == []


def test_what_the_tray_has_shown_is_not_told_again(page: Callable, make: Callable) -> None:
    make()
    tab = page("walk.board").with_stage("sel_engine").menu("btn_draw", "missing")
    tab.until(lambda: tab.drawn).run()
    tab.at.switch_page("studio/ui/pages/story.py")
    assert toasts(tab.run()) == []
