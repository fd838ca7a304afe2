"""Panels are marked, and the marked ones exported, drawn or deleted together."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from tests.studio.ui.conftest import SENTENCES, Page


@pytest.fixture
def board(page: Callable, make: Callable) -> Page:
    """A tab with a board of four panels, drawn by the stage."""
    make([*SENTENCES, "It snows."])
    tab = page("walk.board").with_stage("sel_engine").menu("btn_draw", "missing")
    return tab.until(lambda: tab.drawn)


def mark(tab: Page, *numbers: int) -> None:
    """Mark panels, counted from 1."""
    for number in numbers:
        tab.menu(f"btn_more_{tab.ids[number - 1]}", "Mark")


def test_marked_panels_are_exported_together(board: Page) -> None:
    mark(board, 4, 1, 2)
    assert r"3 panels marked :gray[1-2,4]" in board.words
    assert board.words.count(":blue-badge[:material/check: marked]") == 3
    board.click("btn_marked_export")
    assert board.at.text_input(key="txt_panels").value == "1-2,4"
    board.at.button_group(key="pills_formats").set_value(["srt"])
    board.run().click("btn_export_now").until(lambda: bool(board.at.get("download_button")))
    written = [path.name for path in (board.document.path / "exports").rglob("*") if path.is_file()]
    assert written == ["walk-part-1-2_4.srt"]
    board.at.session_state["editor"].dialog = ""
    mark(board, 4)
    assert "2 panels marked :gray[1-2]" in board.words
    board.click("btn_marked_none")
    assert "marked" not in board.words and "btn_marked_export" not in board.keys


def test_marked_panels_get_takes_unless_they_are_locked(board: Page) -> None:
    board.menu(f"btn_more_{board.ids[2]}", "Lock")
    mark(board, 1, 3)
    board.click("btn_marked_draw").until(lambda: len(board.document.board.panels[0].takes) == 2)
    assert [len(panel.takes) for panel in board.document.board.panels] == [2, 1, 1, 1]


def test_marked_panels_are_deleted_in_one_step(board: Page) -> None:
    before, ids = board.document.board.panels, board.ids
    mark(board, 2, 3)
    board.click("btn_marked_delete")
    assert board.ids == [ids[0], ids[3]] and "btn_marked_delete" not in board.keys
    board.click("btn_undo")
    assert board.document.board.panels == before
    assert "2 panels marked :gray[2-3]" in board.words  # they are marked still


def test_the_list_shows_marks_and_adds_panels(board: Page) -> None:
    mark(board, 2)
    board.show("List")
    assert list(board.at.data_editor[0].value["marked"]) == [False, True, False, False]
    for sentence in ("Pip  sings.", "", "Max sleeps."):
        board.type("txt_further", sentence)
        assert board.at.text_input(key=board.key("txt_further")).value == ""
    assert board.document.board.sentences[4:] == ("Pip sings.", "Max sleeps.")
    assert list(board.at.data_editor[0].value["text"]) == list(board.document.board.sentences)


def test_panels_of_a_board_that_cannot_be_changed_are_marked_and_exported(page: Callable, make: Callable) -> None:
    path = make()
    newer = json.loads((path / "manifest.json").read_text())
    (path / "manifest.json").write_text(json.dumps({**newer, "version": 99, "min_reader": 99}))
    tab = page("walk.board")
    mark(tab, 1)
    off = {key: tab.at.button(key=f"btn_marked_{key}").disabled for key in ("export", "draw", "delete")}
    assert off == {"export": False, "draw": True, "delete": True}
