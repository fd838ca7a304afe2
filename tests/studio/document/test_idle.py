"""``board.json`` is written in a pause: soon, of several tabs, never over what another program wrote."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import ClassVar

import pytest

from studio.document import Document, delete_panel, set_duration, set_title
from studio.document import document as document_module
from studio.document.idle import Idle
from studio.errors import DocumentError
from tests.studio.document.boards import crash, elsewhere, make


def until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + 60
    while not true():
        assert time.monotonic() < end
        time.sleep(0.01)


def saved(doc: Document) -> int:
    """The revision of ``board.json``."""
    return json.loads((doc.path / "board.json").read_text())["revision"]


def test_a_pause_writes_the_board(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(document_module, "PAUSE_SECONDS", 0.05)
    with make(tmp_path) as doc:
        doc.apply(set_title("A"))
        until(lambda: saved(doc) == 1)
        doc.apply(delete_panel(doc.board.panels[0].id))
        doc.undo()
        until(lambda: saved(doc) == 3)
        assert doc.board.title == "A" and doc.problems == []
        crash(doc)
    looked = Document.open(doc.path, read_only=True)
    assert looked.board == doc.board and looked.problems == []


def test_two_tabs_and_pauses_lose_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(document_module, "PAUSE_SECONDS", 0.002)
    doc = make(tmp_path)
    first, second = (panel.id for panel in doc.board.panels[:2])

    def tab(panel: str) -> None:
        for number in range(1, 21):
            doc.apply(set_duration(panel, 1500 + number))
            time.sleep(0.004 * (number % 3))

    with ThreadPoolExecutor(2) as tabs:
        list(tabs.map(tab, (first, second)))
    until(lambda: saved(doc) == 40)
    assert len(doc.backups()) > 1 and doc.problems == []
    crash(doc)
    with Document.open(doc.path) as again:
        assert again.board == doc.board and again.problems == []
        assert [panel.duration_ms for panel in again.board.panels[:2]] == [1520, 1520]


def test_in_a_pause_nothing_of_another_program_is_written_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(document_module, "PAUSE_SECONDS", 0.05)
    doc = make(tmp_path)
    elsewhere(doc, "board.json")
    monkeypatch.setattr(doc, "_must_be_ours", lambda _board: None)
    doc.apply(set_title("Mine"))
    monkeypatch.undo()
    until(lambda: doc._idle._timer is None)
    time.sleep(0.05)
    assert json.loads((doc.path / "board.json").read_text())["title"] == "Theirs" and not doc.read_only
    with pytest.raises(DocumentError, match="changed by another program"):
        doc.apply(set_title("Told"))


def test_a_closed_board_is_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(document_module, "PAUSE_SECONDS", 0.05)
    doc = make(tmp_path)
    doc.apply(set_title("A"))
    doc.close()
    assert doc._idle._timer is None
    with Document.open(doc.path) as again:
        before = (doc.path / "board.json").stat()
        time.sleep(0.15)
        assert (doc.path / "board.json").stat() == before and not again.read_only


def test_changes_put_a_pause_off() -> None:
    class Sleeper:
        rested: ClassVar[list[float]] = []

        def rest(self) -> None:
            self.rested.append(time.monotonic())

    sleeper, rested, last = Sleeper(), Sleeper.rested, 0.0
    idle = Idle(0.2, sleeper.rest)
    for _ in range(10):
        idle.busy()
        last = time.monotonic()
        time.sleep(0.03)
    until(lambda: bool(rested))
    assert rested[0] - last >= 0.2
    idle.busy()
    idle.cancel()
    time.sleep(0.3)
    assert len(rested) == 1
    idle.busy()
    del sleeper  # it is not kept for the sake of a rest
    time.sleep(0.3)
    assert len(rested) == 1
