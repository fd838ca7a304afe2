"""Which panels are queued and which is being drawn: on the cards, while a job works on them, and no longer."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from studio.document import lock
from studio.errors import EngineError
from studio.rendering import draw_board, open_engine
from studio.ui import state
from studio.ui import statuses as module
from studio.ui.components.strip import _item
from studio.ui.engines import STAGE
from studio.ui.statuses import NOT_DONE, UNDER_WAY, Status
from tests.studio.ui.conftest import Page

QUEUED, DRAWING = ":gray-badge[:material/hourglass_top: queued]", ":green-badge[:material/brush: drawing]"


class Gated:
    """The stage, which draws a panel each time it is let."""

    def __init__(self) -> None:
        self.stage, self.let, self.at_work = open_engine("stage"), threading.Semaphore(0), threading.Semaphore(0)

    def __getattr__(self, name: str) -> object:
        return getattr(self.stage, name)

    def draw(self, *asked: Any) -> Iterator[Any]:
        for drawn in self.stage.draw(*asked):
            self.at_work.release()
            self.let.acquire(timeout=60)
            yield drawn

    def step(self, panels: int = 1) -> None:
        """Let it draw so many panels, and wait until it is at the next."""
        for _ in range(panels):
            self.let.release()
            assert self.at_work.acquire(timeout=60)


@pytest.fixture
def gated(page: Callable, make: Callable, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Page, Gated]]:
    """A drawn board of three panels, whose next takes are drawn one by one as they are let."""
    make()
    tab, engine = page("walk.board").with_stage("sel_engine").menu("btn_draw", "missing"), Gated()
    tab.until(lambda: tab.drawn)
    monkeypatch.setitem(tab.desk.engines._engines, STAGE, engine)
    yield tab, engine
    engine.let.release(100)


def states(tab: Page) -> list[str]:
    """What the cards say."""
    cards = [line for line in tab.words.split("\n") if line.startswith("**") and ":small[:gray[" in line]
    return ["queued" if QUEUED in line else "drawing" if DRAWING in line else "" for line in cards]


def test_cards_say_which_panel_is_drawn_and_which_wait(gated: tuple[Page, Gated], page: Callable) -> None:
    tab, engine = gated
    tab.menu("btn_draw", "all")
    assert engine.at_work.acquire(timeout=60)
    pictures = len(tab.at.get("image"))
    assert states(tab.run()) == ["drawing", "queued", "queued"]
    assert len(tab.at.get("image")) == pictures  # the old pictures stay
    engine.step()
    assert states(tab.run()) == ["", "drawing", "queued"]
    assert states(page("walk.board")) == ["", "drawing", "queued"]  # and in another tab
    engine.step()
    engine.let.release()
    tab.until(lambda: tab.drawn)
    assert states(tab) == ["", "", ""]


def test_what_is_stopped_no_longer_waits(gated: tuple[Page, Gated]) -> None:
    tab, engine = gated
    tab.menu("btn_draw", "all")
    assert engine.at_work.acquire(timeout=60)
    tab.menu(f"btn_more_{tab.ids[2]}", "Lock")  # anything else can be done meanwhile
    tab.click(*tab.run().lines)
    engine.let.release()
    tab.until(lambda: tab.drawn)
    assert states(tab) == ["", "", ""]
    assert [len(panel.takes) for panel in tab.document.board.panels] == [2, 1, 1]


def test_a_retake_is_drawn_while_the_others_are_not(gated: tuple[Page, Gated]) -> None:
    tab, engine = gated
    tab.menu(f"btn_more_{tab.ids[1]}", "Four takes")
    assert engine.at_work.acquire(timeout=60)
    assert states(tab.run()) == ["", "drawing", ""]
    engine.step(3)
    assert states(tab.run()) == ["", "drawing", ""]
    engine.let.release()
    tab.until(lambda: tab.drawn)
    assert states(tab) == ["", "", ""]


def test_a_typed_sentence_is_drawn(gated: tuple[Page, Gated]) -> None:
    tab, engine = gated
    panel = tab.ids[0]
    tab.click(f"btn_edit_{panel}").type(f"txt_sentence_{panel}", "Mia runs.")
    assert engine.at_work.acquire(timeout=60)
    assert states(tab.run())[0] == "drawing"
    engine.let.release()
    tab.until(lambda: states(tab)[0] == "")
    assert tab.document.board.sentences[0] == "Mia runs."


def in_list(tab: Page) -> list[str]:
    """The states in the table."""
    return list(tab.at.data_editor[0].value["status"])


def test_the_list_and_the_strip_say_what_the_cards_say(gated: tuple[Page, Gated]) -> None:
    """In a table that stays the same, so that no cell that is being typed is lost."""
    tab, engine = gated
    tab.show("List")
    table = tab.at.data_editor[0].proto.id
    tab.document.apply(lock(tab.ids[2]))
    tab.run().show("List").menu("btn_draw", "all")
    assert engine.at_work.acquire(timeout=60)
    composed, sheet = "composed, not generated", tab.at.data_editor[0].proto.id
    assert sheet != table  # the board was changed elsewhere
    assert in_list(tab.run()) == [f"drawing, {composed}", f"queued, {composed}", composed]
    found = module.statuses(tab.document, state.marks_of(tab.document))
    items = [_item(panel, k, str(k), found[panel.id], None) for k, panel in enumerate(tab.document.board.panels, 1)]
    assert [[mark["words"] for mark in item["marks"]] for item in items] == [["drawing"], ["queued"], ["locked"]]
    assert items[0]["label"] == f"Panel 1, Mia walks in the snow., 1.8 s, drawing, {composed}"
    engine.step()
    assert in_list(tab.run())[:2] == [composed, f"drawing, {composed}"]
    assert tab.at.data_editor[0].proto.id == sheet
    engine.let.release()
    tab.until(lambda: tab.drawn)


def test_a_panel_at_which_drawing_failed_says_so_until_it_is_drawn(
    gated: tuple[Page, Gated], monkeypatch: pytest.MonkeyPatch
) -> None:
    tab, engine = gated

    def draw(*_asked: Any) -> Iterator[Any]:
        raise EngineError("the brush broke")
        yield

    with monkeypatch.context() as broken:
        broken.setattr(engine, "draw", draw)
        tab.menu("btn_draw", "all").until(lambda: "the brush broke" in tab.words)
    tab.run()
    assert tab.words.count(NOT_DONE.badge) == 1 and NOT_DONE.badge in tab.words.split("**2**")[0]
    engine.let.release(100)
    tab.click(f"btn_retake_{tab.ids[0]}").until(lambda: len(tab.document.board.panels[0].takes) == 2)
    assert NOT_DONE.badge not in tab.run().words


# The jobs, in every tab ----------------------------------------------------------------------------------------------


def test_after_a_reload_a_drawing_has_its_line_and_is_stopped(gated: tuple[Page, Gated], page: Callable) -> None:
    tab, engine = gated
    tab.menu("btn_draw", "all")
    assert engine.at_work.acquire(timeout=60)
    again = page("walk.board")
    assert list(again.lines.values()) == ["Reading the story"]
    again.click(*again.lines)
    engine.let.release(100)
    again.until(lambda: again.drawn)
    assert "Stopped. 1 of 3 are drawn and kept." in again.words and "Stopped." not in page("walk.board").words
    assert "Stopped. 1 of 3 are drawn and kept." in tab.run().words  # a reload that was none: the first tab lives
    assert [len(panel.takes) for panel in tab.document.board.panels] == [2, 1, 1]


def test_a_tab_that_is_idle_sees_and_cancels_the_drawing_of_another(gated: tuple[Page, Gated], page: Callable) -> None:
    tab, engine = gated
    other = page("walk.board")
    tab.menu("btn_draw", "all")
    assert engine.at_work.acquire(timeout=60)
    assert other.run().lines == tab.run().lines and len(tab.lines) == 1
    other.click(*other.lines)
    engine.let.release(100)
    tab.until(lambda: tab.drawn)
    assert "Stopped. 1 of 3 are drawn and kept." in tab.words and "Stopped. 1 of 3" in other.run().words


@pytest.mark.parametrize(("place", "takes"), [(0, [2, 5, 1]), (1, [2, 3, 2])])
def test_two_jobs_of_a_board_have_a_line_each_and_are_stopped_alone(
    gated: tuple[Page, Gated], place: int, takes: list[int]
) -> None:
    tab, engine = gated
    tab.menu("btn_draw", "all")
    assert engine.at_work.acquire(timeout=60)
    tab.menu(f"btn_more_{tab.ids[1]}", "Four takes")
    assert engine.at_work.acquire(timeout=60)
    called = [line.split(":")[0] for line in tab.run().lines.values()]
    assert called == ["Draw all of A walk", "Draw panel 2 of A walk"]
    tab.click(list(tab.lines)[place])
    engine.let.release(100)
    tab.until(lambda: tab.drawn)
    assert [len(panel.takes) for panel in tab.document.board.panels] == takes
    stopped, whole = [("1 of 3", "4 panels drawn"), ("1 of 4", "3 panels drawn")][place]
    assert f"Stopped. {stopped} are drawn and kept." in tab.words and whole in tab.words


def test_a_drawing_that_another_takes_the_place_of_is_not_told_to_be_stopped(gated: tuple[Page, Gated]) -> None:
    tab, engine = gated
    tab.menu("btn_draw", "all")
    assert engine.at_work.acquire(timeout=60)
    tab.menu("btn_draw", "all")
    engine.let.release(100)
    tab.until(lambda: tab.drawn)
    assert [len(panel.takes) for panel in tab.document.board.panels] == [3, 2, 2]
    assert "3 panels drawn" in tab.words and "Stopped" not in tab.words


def test_what_failed_while_no_tab_looked_is_told_once_to_the_next(
    gated: tuple[Page, Gated], page: Callable, monkeypatch: pytest.MonkeyPatch
) -> None:
    tab, engine = gated

    def draw(*_asked: Any) -> Iterator[Any]:
        engine.at_work.release()
        engine.let.acquire(timeout=60)
        raise EngineError("the brush broke")
        yield

    monkeypatch.setattr(engine, "draw", draw)
    tab.menu("btn_draw", "all")
    assert engine.at_work.acquire(timeout=60)
    engine.let.release()
    tab.desk.jobs.wait(tab.desk.jobs.snapshots()[-1].id, 60)
    again = page("walk.board")
    assert "the brush broke" in again.words and "the brush broke" in again.run().words
    assert "the brush broke" not in page("walk.board").words
    assert "the brush broke" in tab.run().words


def test_an_animation_is_seen_and_stopped_in_another_tab(
    gated: tuple[Page, Gated], page: Callable, monkeypatch: pytest.MonkeyPatch
) -> None:
    tab, _ = gated
    opened = threading.Event()
    monkeypatch.setattr("studio.ui.clips.sampler_of", lambda *_: opened.wait(60))
    tab.click(f"btn_edit_{tab.ids[0]}").click("btn_animate")
    other = page("walk.board")
    assert [line.split("loading")[0] for line in other.lines.values()] == ["Panel 1\\: "]
    other.click(*other.lines)
    opened.set()
    tab.until(lambda: not tab.lines)
    assert "Stopped. The panel is as it was." in tab.words and "Stopped. The panel" in other.run().words


def test_a_field_shows_what_another_tab_wrote_unless_more_was_typed_into_it(
    gated: tuple[Page, Gated], page: Callable
) -> None:
    tab, engine = gated
    engine.let.release(100)
    other, panel = page("walk.board"), tab.ids[1]
    for each in (tab, other):
        each.click(f"btn_edit_{panel}")
    name = f"txt_notes_{panel}"
    tab.type(name, "calmer")
    assert other.run().at.text_input(key=other.key(name)).value == "calmer"
    other.type(name, "calmer, please ").run()
    key = other.key(name)
    tab.run().type(name, "louder")
    assert other.run().key(name) == key and other.at.text_input(key=key).value == "calmer, please "


def test_every_sign_of_a_state_differs_from_the_others() -> None:
    """What colours say is said by shapes and words as well."""
    shown = [value for value in vars(module).values() if isinstance(value, Status)] + list(UNDER_WAY.values())
    signs = [status.sign for status in shown]
    assert all(signs) and len(set(signs)) == len(signs) == 8


def test_drawing_tells_which_takes_are_to_come(make: Callable, desk) -> None:
    doc = desk.document(make())
    one, two, three = (panel.id for panel in doc.board.panels)
    told: list[tuple[str, ...]] = []
    draw_board(doc, open_engine("stage"), [one, three], takes=2, on_next=told.append)
    assert list(dict.fromkeys(told)) == [(one, three, one, three), (three, one, three), (one, three), (three,)]
    assert two not in told[0]
