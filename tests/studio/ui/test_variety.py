"""The variety of the whole board: its pictures are marked, panels with their own keep it, undo takes it back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from studio.document import all_marks, set_knobs
from studio.ui.editing import MOST_VARIED, variety
from tests.studio.ui.conftest import Page


@pytest.fixture
def board(page: Callable[..., Page], make: Callable[..., Path]) -> Page:
    """A tab with a drawn board of three panels."""
    make()
    tab = page("walk.board").with_stage("sel_engine").menu("btn_draw", "missing")
    return tab.until(lambda: tab.drawn)


def slider(tab: Page, name: str = "sld_variety"):
    """The slider of the board, or of a panel."""
    tab.at.session_state["pop_variety"] = True  # a headless tab forgets what is unfolded
    return tab.run().at.slider(key=tab.key(name))


def vary(tab: Page, value: float) -> Page:
    slider(tab).set_value(value)
    tab.at.session_state["pop_variety"] = True
    return tab.run()


def changed(tab: Page) -> list[bool]:
    marks = all_marks(tab.document.board)
    return [marks[name].changed for name in tab.ids]


def test_all_pictures_are_marked_and_drawn_anew_when_asked_for(board: Page) -> None:
    assert slider(board).value == MOST_VARIED and "btn_variety_draw" not in board.keys
    vary(board, 0.5)
    assert board.document.board.knobs == {"truncation": 0.5} and changed(board) == [True] * 3
    assert board.words.count(":orange-badge[changed]") == 3
    assert [len(panel.takes) for panel in board.document.board.panels] == [1, 1, 1]  # nothing is drawn by itself
    assert board.at.button(key="btn_variety_draw").label == "Draw what has changed (3)"
    board.click("btn_variety_draw").until(lambda: changed(board) == [False] * 3 and board.drawn)
    takes = [panel.take.knobs for panel in board.document.board.panels if panel.take is not None]
    assert takes == [{"truncation": 0.5}] * 3


def test_undo_takes_it_back_and_the_usual_one_is_not_stored(board: Page) -> None:
    vary(board, 1.25).click("btn_undo")
    assert slider(board).value == MOST_VARIED and changed(board) == [False] * 3
    board.click("btn_redo")
    assert slider(board).value == 1.25 and changed(board) == [True] * 3
    vary(board, MOST_VARIED)
    assert board.document.board.knobs == {} and changed(board) == [False] * 3


def test_panels_with_a_variety_of_their_own_keep_it(board: Page) -> None:
    one, two, _ = board.ids
    board.document.apply(set_knobs({"truncation": 0.25}, two))
    board.menu("btn_draw", "changed").until(lambda: changed(board) == [False] * 3 and board.drawn)
    vary(board, 1.0)
    assert changed(board) == [True, False, True] and board.document.board.panels[1].knobs == {"truncation": 0.25}
    assert "Panels that keep a variety of their own: 2." in board.words
    board.click(f"btn_edit_{two}")
    assert slider(board, f"sld_variety_{two}").value == 0.25 and "Its own: the board has 1." in board.words
    board.click(f"btn_edit_{one}")
    assert slider(board, f"sld_variety_{one}").value == 1.0 and "Its own" not in board.words
    slider(board, f"sld_variety_{one}").set_value(MOST_VARIED)  # as is usual, but not on this board
    board.run()
    assert board.document.board.panels[0].knobs == {"truncation": MOST_VARIED}
    vary(board, 0.0)
    assert [panel.knobs.get("truncation") for panel in board.document.board.panels] == [MOST_VARIED, 0.25, None]


def test_other_knobs_stay_and_a_board_to_look_at_cannot_be_changed(
    board: Page, page: Callable[..., Page], monkeypatch: pytest.MonkeyPatch
) -> None:
    board.document.apply(set_knobs({"later": 1}))
    vary(board, 0.75)
    assert board.document.board.knobs == {"later": 1, "truncation": 0.75}
    doc = board.document
    doc.close()
    monkeypatch.setattr(board.desk, "document", lambda path: doc)
    assert slider(board).disabled and board.at.button(key="btn_variety_draw").disabled


def test_many_panels_with_their_own_are_counted(page: Callable[..., Page], make: Callable[..., Path]) -> None:
    make(["Mia walks."] * 10)
    tab = page("walk.board")
    for name in tab.ids[:9]:
        tab.document.apply(set_knobs({"truncation": 1.0}, name))
    slider(tab)
    assert "Panels that keep a variety of their own: 9 of them." in tab.words


@pytest.mark.parametrize(
    ("told", "means"),
    [(1, 1.0), ("0.5", 0.5), (-1, 0.0), (9, 2.0), ("much", 2.0), (None, 2.0), (float("nan"), 2.0), ([], 2.0)],
)
def test_what_a_file_says_of_variety_is_shown_within_its_range(told: object, means: float) -> None:
    assert variety({"truncation": told}) == means and variety({}) == MOST_VARIED
