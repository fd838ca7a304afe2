"""Exports that go on after their dialog was closed: the tray tells how far they are, and what came of them."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from studio.errors import ExportError
from studio.ui.exports import submit_export
from tests.studio.ui.conftest import Page


@pytest.fixture
def tab(page: Callable, make: Callable) -> Page:
    """A board whose panels are drawn."""
    make(["Mia walks."])
    tab = page("walk.board").with_stage("sel_engine").menu("btn_draw", "missing")
    return tab.until(lambda: tab.drawn)


class Slow:
    """An exporter that waits until it is let go, and then writes, or fails."""

    def __init__(self, fails: str = "") -> None:
        self.fails, self.go, self.at_work = fails, threading.Event(), threading.Event()

    def __call__(self, _doc, formats, folder: Path, _options, progress) -> list[Path]:
        progress.step(formats[0], 3, 12)
        self.at_work.set()
        while not self.go.wait(0.02):
            progress.step(formats[0], 4, 12)
        if self.fails:
            raise ExportError(self.fails)
        folder.mkdir(exist_ok=True)
        (folder / "walk.gif").write_bytes(b"GIF8")
        progress.note("a note")
        return [folder / "walk.gif"]


def begun(tab: Page, monkeypatch: pytest.MonkeyPatch, slow: Slow) -> Page:
    """Begin an export, as the dialog does, and close the dialog."""
    monkeypatch.setattr("studio.export.export", slow)
    editor = tab.at.session_state["editor"]
    submit_export(tab.desk, tab.document, ["gif"], {})
    assert slow.at_work.wait(30)
    editor.dialog = "export"
    assert "btn_export_cancel" in tab.run().keys  # its dialog tells it
    assert not any(str(key).startswith("btn_cancel_") for key in tab.keys)
    editor.dialog = ""
    return tab.run()


def test_what_goes_on_is_shown_and_what_came_of_it_until_it_was_seen(tab: Page, monkeypatch) -> None:
    slow = Slow()
    begun(tab, monkeypatch, slow)
    assert [line.startswith("Export · GIF ") for line in tab.lines.values()] == [True]
    slow.go.set()
    tab.until(lambda: "btn_export_seen" in tab.keys)
    assert "The export is done" in tab.words and "a note" in tab.words and not tab.lines
    assert [each.proto.label for each in tab.at.get("download_button")] == [r"walk\.gif"]
    assert str(tab.document.path / "exports") in [code.value for code in tab.at.code]
    tab.click("btn_export_seen")
    assert "The export is done" not in tab.words and "btn_export_seen" not in tab.run().keys


def test_an_export_that_fails_says_why_and_can_be_tried_again(tab: Page, monkeypatch) -> None:
    slow = Slow("there is no room on the disk; free some")
    begun(tab, monkeypatch, slow)
    slow.go.set()
    tab.until(lambda: "btn_export_again" in tab.keys)
    assert any("there is no room on the disk" in error.value for error in tab.at.error)
    tab.click("btn_export_again")
    assert "btn_export_now" in tab.keys and "btn_export_again" not in tab.keys


def test_it_is_stopped_from_the_tray(tab: Page, monkeypatch) -> None:
    begun(tab, monkeypatch, Slow()).click(*tab.lines)
    tab.until(lambda: "btn_export_seen" in tab.keys)
    assert "The export was stopped. Files that were there are kept." in tab.words
    assert "btn_export_seen" not in tab.click("btn_export_seen").keys


def test_after_a_reload_it_is_shown_until_it_is_put_away(tab: Page, page: Callable, monkeypatch) -> None:
    slow = Slow()
    begun(tab, monkeypatch, slow)
    again = page("walk.board")
    assert [line.startswith("Export · GIF ") for line in again.lines.values()] == [True]
    slow.go.set()
    again.until(lambda: "btn_export_seen" in again.keys)
    for each in (again, page("walk.board")):
        assert [file.proto.label for file in each.at.get("download_button")] == [r"walk\.gif"]
    again.click("btn_export_seen")
    assert "The export is done" not in again.words and "The export is done" not in page("walk.board").words


def test_what_its_dialog_has_told_is_not_told_again(tab: Page) -> None:
    tab.click("btn_export")
    tab.at.pills[0].set_value(["csv"])
    tab.run().click("btn_export_now")
    tab.until(lambda: bool(tab.at.get("download_button")))
    tab.at.session_state["editor"].dialog = ""
    assert "The export is done" not in tab.run().words and not tab.at.get("download_button")
