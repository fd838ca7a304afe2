"""What the tray offers once a drawing was stopped or failed: the rest of it, another attempt, and what went wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from studio.errors import EngineError
from studio.ui.engines import STAGE
from tests.studio.ui.conftest import Page
from tests.studio.ui.test_underway import Gated


@pytest.fixture
def gated(page: Callable, make: Callable, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Page, Gated]]:
    """An undrawn board of three panels, which are drawn one by one as they are let."""
    make()
    tab, engine = page("walk.board").with_stage("sel_engine"), Gated()
    monkeypatch.setitem(tab.desk.engines._engines, STAGE, engine)
    yield tab, engine
    engine.let.release(100)


def takes(tab: Page) -> list[int]:
    """How many pictures each panel has."""
    return [len(panel.takes) for panel in tab.document.board.panels]


def all_drawn(tab: Page, engine: Gated) -> None:
    """Have every panel drawn, and the engine wait for the next."""
    engine.let.release(3)
    tab.menu("btn_draw", "missing").until(lambda: tab.drawn)
    while engine.at_work.acquire(blocking=False):
        pass


def stopped_after_one(tab: Page, engine: Gated) -> str:
    """Stop what was asked for once its first picture is there; return the button that draws the rest."""
    assert engine.at_work.acquire(timeout=60)
    tab.run().click(*tab.lines)
    engine.let.release()
    tab.until(lambda: "Stopped. 1 of " in tab.words)
    (rest,) = [str(key) for key in tab.keys if str(key).startswith("btn_rest_")]
    engine.let.release(100)
    return rest


def test_the_rest_of_a_drawing_that_was_stopped_is_drawn(gated: tuple[Page, Gated]) -> None:
    tab, engine = gated
    rest = stopped_after_one(tab.menu("btn_draw", "missing"), engine)
    first = tab.document.board.panels[0].take
    assert takes(tab) == [1, 0, 0]
    tab.click(rest).until(lambda: tab.drawn)
    assert takes(tab) == [1, 1, 1] and tab.document.board.panels[0].take == first
    assert "2 panels drawn" in tab.words and "Stopped." not in tab.words and rest not in tab.keys


@pytest.mark.parametrize(("asked", "stopped", "whole"), [("all", [2, 1, 1], [2, 2, 2]), ("four", [1, 2, 1], [1, 5, 1])])
def test_the_rest_of_new_takes_is_drawn_where_no_panel_is_without_a_picture(
    gated: tuple[Page, Gated], asked: str, stopped: list[int], whole: list[int]
) -> None:
    tab, engine = gated
    all_drawn(tab, engine)
    tab.menu("btn_draw", "all") if asked == "all" else tab.menu(f"btn_more_{tab.ids[1]}", "Four takes")
    rest = stopped_after_one(tab, engine)
    assert takes(tab) == stopped
    tab.click(rest).until(lambda: not tab.lines and takes(tab) == whole)
    assert "Stopped." not in tab.words


def test_where_nothing_is_left_of_it_that_is_said(gated: tuple[Page, Gated]) -> None:
    tab, engine = gated
    rest = stopped_after_one(tab.menu("btn_draw", "missing"), engine)
    for panel in tab.ids[1:]:
        tab.menu(f"btn_more_{panel}", "Delete")
    tab.click(rest).until(lambda: "Nothing to draw" in tab.words)
    assert takes(tab) == [1]


def test_what_failed_is_tried_again_and_its_traceback_stands_behind_details(
    gated: tuple[Page, Gated], monkeypatch: pytest.MonkeyPatch
) -> None:
    tab, engine = gated
    all_drawn(tab, engine)
    engine.let.release(100)

    def draw(*asked: Any) -> Iterator[Any]:
        yield next(engine.stage.draw(*asked))
        raise EngineError("the brush broke")

    with monkeypatch.context() as broken:
        broken.setattr(engine, "draw", draw)
        tab.menu("btn_draw", "all").until(lambda: "the brush broke" in tab.words)
    assert takes(tab) == [2, 1, 1] and "Traceback" not in tab.words
    (details,) = [each for each in tab.at.expander if each.label == "Details"]
    assert not details.proto.expanded
    told = details.code[0].value
    assert told.startswith("Traceback (most recent call last)") and "EngineError: the brush broke" in told
    tab.click("btn_again").until(lambda: not tab.lines and takes(tab) == [2, 2, 2])
    assert not tab.at.error and not any(each.label == "Details" for each in tab.at.expander)
