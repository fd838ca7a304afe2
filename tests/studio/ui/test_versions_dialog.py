"""The dialog Versions: the board is kept under a name, looked at as it was, restored; and what Esc stops."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
import streamlit as st

from studio.document import delete_panel, read_version, set_text
from studio.rendering import Step
from studio.ui.board_jobs import DRAWING, EXPORT
from studio.ui.components.keys import press
from studio.ui.tickets import Ticket


@pytest.fixture
def board(page: Callable, make: Callable) -> object:
    """A tab with a board of three panels, drawn by the stage."""
    make()
    tab = page("walk.board").with_stage("sel_engine").menu("btn_draw", "missing")
    return tab.until(lambda: tab.drawn)


def keep(tab, name: str) -> str:
    """Keep the board under a name; return the name of the version's file."""
    before = set(tab.document.versions())
    tab.at.text_input(key="txt_version").set_value(name)
    tab.click("btn_keep")
    (new,) = set(tab.document.versions()) - before
    return new.name


def names(tab) -> set[str]:
    return {read_version(path).name for path in tab.document.versions()}


def test_a_version_is_kept_looked_at_restored_and_that_is_undone(board) -> None:
    before = board.document.board
    board.click("btn_versions")
    assert "No version is kept yet." in board.words
    first = keep(board, "First *cut*")
    assert board.at.button(key=f"btn_version_{first}").label == r"First \*cut\*"
    board.click(f"btn_version_{first}")
    assert board.at.button(key="btn_restore").disabled and "The board is just so now." in board.words

    board.click(f"btn_edit_{board.ids[1]}")
    board.document.apply(set_text(board.ids[0], "Pip sleeps."))
    board.document.apply(delete_panel(board.ids[1]))
    worse = board.document.board
    board.run().click("btn_versions")
    assert "3 panels · just now" in board.words and "Mia walks in the snow" in board.words.replace("\\", "")
    pictures = [element.proto.imgs[0].alt for element in board.at.get("image")]
    assert "Panel 2 then: She waves." in pictures
    board.click("btn_restore")
    assert board.document.board.panels == before.panels
    assert "is restored. Undo (Z) takes that back." in board.at.toast[0].value
    assert "btn_restore" not in board.run().keys and "Before First *cut* was restored" in names(board)
    board.click("btn_undo")
    assert board.document.board.panels == worse.panels
    board.click("btn_redo")
    assert board.document.board.panels == before.panels


def test_versions_that_cannot_be_used_say_why_and_the_others_stay(board) -> None:
    board.click("btn_versions")
    damaged, newer, good = (keep(board, name) for name in ("Damaged", "Newer", ""))
    assert names(board) == {"Damaged", "Newer", "Kept by hand"}
    folder, before = board.document.path / "versions", board.document.board
    (folder / damaged).write_text("{")
    (folder / newer).write_text(json.dumps({"kept": {"name": "Newer", "version": 99}}))
    for name, words in ((damaged, "is damaged at line 1"), (newer, "is of a newer program")):
        board.click(f"btn_version_{name}")
        assert words in board.at.error[0].value.replace("\\", "") and "btn_restore" not in board.keys
    board.click(f"btn_version_{good}")
    assert not board.at.error and board.document.board is before
    board.document.apply(set_text(board.ids[0], "Pip sleeps."))
    board.run()
    assert not board.at.button(key="btn_restore").disabled
    (folder / good).unlink()
    board.click("btn_restore")
    assert board.document.board.sentences[0] == "Pip sleeps."


def test_a_read_only_board_shows_its_versions_and_restores_none(page: Callable, make: Callable) -> None:
    path = make()
    tab = page("walk.board")
    kept = tab.document.save_version("First")
    tab.document.apply(set_text(tab.ids[0], "Pip sleeps."))
    tab.document.close()
    manifest = json.loads((path / "manifest.json").read_text())
    (path / "manifest.json").write_text(json.dumps({**manifest, "version": 99, "min_reader": 99}))
    tab.run().click("btn_versions").click(f"btn_version_{kept.name}")
    assert tab.at.button(key="btn_restore").disabled and tab.at.button(key="btn_keep").disabled
    assert "This board can be looked at, not changed" in tab.words


def test_what_changes_much_keeps_the_board_first(board) -> None:
    board.menu("btn_draw", "all").until(lambda: all(len(panel.takes) == 2 for panel in board.document.board.panels))
    assert names(board) == {"Before new takes of all panels"}


def test_nothing_looks_around_behind_a_dialog(board, monkeypatch: pytest.MonkeyPatch) -> None:
    made, seen = st.fragment, []

    def fragment(show: Callable[..., None], run_every: float | None = None) -> Callable[..., None]:
        seen.extend([show.__name__] * bool(run_every))
        return made(show, run_every=run_every)

    monkeypatch.setattr(st, "fragment", fragment)
    board.until(lambda: seen[-1:] == ["look_around"])
    seen.clear()
    board.click("btn_versions")
    assert seen == []


# Esc -----------------------------------------------------------------------------------------------------------------


@pytest.fixture
def export(board) -> Iterator[Ticket]:
    """An export of this tab that goes on until it is stopped."""
    over = threading.Event()

    def work(step: Step) -> None:
        while not over.wait(0.02):
            step.check()

    ticket = Ticket(board.desk.jobs, board.desk.jobs.submit("Export", work))
    board.desk.board_jobs.add(EXPORT, board.document, ticket)
    while not ticket.seconds:
        time.sleep(0.01)
    yield ticket
    over.set()


def long_ago(ticket: Ticket) -> None:
    """Have a job that runs begin a minute earlier."""
    job = ticket.queue._jobs[ticket.number]
    job.snapshot = replace(job.snapshot, started=time.monotonic() - 60)


@pytest.fixture
def pressed(board, monkeypatch: pytest.MonkeyPatch) -> Callable[[], object]:
    """Press Esc: what the page tells is what its callback hears, before the page is shown again."""

    def press_escape() -> object:
        monkeypatch.setattr("studio.ui.components.toolbar.cast_button", lambda doc, _marks: once(doc))
        return board.run()

    def once(doc) -> None:
        monkeypatch.setattr("studio.ui.components.toolbar.cast_button", lambda _doc, _marks: None)
        press(doc, "Esc")

    return press_escape


def test_escape_stops_a_short_export_at_once_and_asks_before_a_long_one_is_lost(board, export, pressed) -> None:
    long_ago(export)
    pressed()
    assert "The export has run for" in board.words and export.is_busy
    board.click("btn_go_on")
    assert export.is_busy and "btn_go_on" not in board.run().keys
    pressed()
    board.click("btn_stop_work").until(lambda: not export.is_busy)
    assert "btn_stop_work" not in board.run().keys


def test_escape_stops_the_first_of_two_drawings_which_its_line_says(board, pressed) -> None:
    def work(step: Step) -> None:
        while not step.cancelled():
            time.sleep(0.01)

    queues = (board.desk.live, board.desk.jobs)
    tickets = [Ticket(queue, queue.submit("Draw", work)) for queue in queues]
    first, second = [board.desk.board_jobs.add(DRAWING, board.document, ticket) for ticket in tickets]
    while not (first.seconds and second.seconds):
        time.sleep(0.01)
    assert ["Esc" in board.at.button(key=key).label for key in board.run().lines] == [True, False]
    pressed()
    assert first.wait(60).is_finished and second.is_busy
    pressed()
    assert second.wait(60).is_finished


def test_escape_stops_a_short_export_and_nothing_where_nothing_runs(board, export, pressed) -> None:
    pressed()
    board.until(lambda: not export.is_busy)
    assert "btn_stop_work" not in board.keys
    pressed()
    assert not board.at.error
