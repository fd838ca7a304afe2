"""Whole boards in the dialog that opens one: duplicated, downloaded, deleted, put back, deleted for good."""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from studio.document import Document, open_board, set_title
from studio.errors import DocumentError
from studio.rendering import draw_board, open_engine
from studio.ui import filing
from studio.ui.boards import shelf
from studio.ui.desk import Desk
from studio.ui.engines import STAGE
from studio.ui.filing import copy_title, download
from studio.ui.trash import deleted_boards, throw_away
from tests.studio.ui.conftest import PATIENCE, Page
from tests.studio.ui.test_trash import HOLD


@pytest.fixture
def two(make: Callable[..., Path], page: Callable[..., Page]) -> Page:
    """The dialog of a tab with one of two boards open."""
    make(["Cleo sleeps."], "other", "Other")
    make()
    return page("walk.board").click("btn_open")


def done(tab: Page) -> Page:
    """Look until what was asked for is through and told."""
    return tab.until(lambda: tab.at.session_state["editor"].filing is None)


def toasts(tab: Page) -> list[str]:
    return [toast.value for toast in tab.at.toast]


def titles() -> set[str]:
    return {board.title for board in shelf()}


# Copies --------------------------------------------------------------------------------------------------------------


def test_a_duplicate_has_all_takes_and_an_id_of_its_own_and_is_opened(two: Page, home: Path) -> None:
    other = home / "boards" / "other.board"
    with Document.open(other) as doc:
        for _ in range(2):
            draw_board(doc, open_engine("stage"), "all")
    done(two.click("btn_duplicate_other.board"))
    copy = two.document
    assert copy.board.title == "Other copy" and copy.path.name == "other-copy.board" and not copy.read_only
    assert len(copy.board.panels[0].takes) == 2 and all(map(copy.picture, copy.board.panels[0].takes))
    with Document.open(other, read_only=True) as doc:
        assert doc.board.id != copy.board.id and doc.board.panels == copy.board.panels
    assert toasts(two) == ["This is the copy: it can be changed."] and "txt_boards" not in two.at.session_state
    assert (other / ".lock").exists() is False  # it was only looked at


def test_copies_of_copies_are_numbered(make: Callable[..., Path]) -> None:
    assert copy_title("A walk") == "A walk copy"
    make(name="copy", title="A walk copy")
    assert [copy_title(each) for each in ("A walk", "A walk copy", "A walk copy 7")] == ["A walk copy 2"] * 3
    assert copy_title("Hard copy machine") == "Hard copy machine copy"


def test_a_damaged_board_is_not_copied_and_it_is_said_why(two: Page, home: Path) -> None:
    (home / "boards" / "other.board" / "board.json").write_text("{")
    done(two.click("btn_duplicate_other.board"))
    assert "other\\.board/board\\.json is damaged" in two.at.error[-1].value
    assert two.document.board.title == "A walk" and "btn_duplicate_walk.board" in two.keys


def test_a_download_is_a_board_as_it_is_by_now(two: Page, tmp_path: Path, home: Path) -> None:
    buttons = {each.proto.label: each.proto for each in two.at.get("download_button")}
    assert list(buttons) == ["Download"] and len(two.at.get("download_button")) == 2
    two.document.apply(set_title("Walked"))
    for path in (two.document.path, home / "boards" / "other.board"):
        (tmp_path / "shared.boardz").write_bytes(download(two.desk, path))
        with open_board(tmp_path / "shared.boardz") as shared:
            assert shared.board.title == ("Walked" if path == two.document.path else "Other")
    with pytest.raises(DocumentError, match="there is no board"):
        download(two.desk, home / "boards" / "gone.board")


def test_a_damaged_board_is_not_downloaded_and_it_is_said_why(two: Page, home: Path) -> None:
    two.at.get("download_button")[0].click()
    assert not two.run().at.error
    (home / "boards" / "other.board" / "board.json").write_text("{")
    next(each for each in two.at.get("download_button") if "other" in each.key).click()
    told = two.run().at.error[-1]  # the page behind the dialog says it, too
    assert "other\\.board/board\\.json is damaged" in told.value
    assert not two.run().at.error


# Deleting ------------------------------------------------------------------------------------------------------------


def test_a_deleted_board_is_put_back(two: Page) -> None:
    done(two.click("btn_delete_other.board"))
    assert "btn_board_other.board" not in two.keys and titles() == {"A walk"}
    assert toasts(two) == ["Other is deleted. *Deleted boards* puts it back."]
    assert two.document.board.title == "A walk" and "They stay until you empty this list." in two.words
    (there,) = deleted_boards()
    two.click(f"btn_back_{there.path.parent.name}")
    assert toasts(two) == ["Other is back."] and titles() == {"A walk", "Other"}
    assert "btn_board_other.board" in two.keys and "They stay until" not in two.words


def test_a_name_that_was_taken_meanwhile_is_said(two: Page, make: Callable[..., Path]) -> None:
    done(two.click("btn_delete_other.board"))
    make(name="other", title="Another")
    (there,) = deleted_boards()
    two.run().click(f"btn_back_{there.path.parent.name}")
    assert toasts(two) == ["Other is back as other\\-2\\.board, for there is another other\\.board."]
    shutil.rmtree(there.path.parent, ignore_errors=True)


def test_what_another_tab_put_back_is_said(two: Page) -> None:
    done(two.click("btn_delete_other.board"))
    (there,) = deleted_boards()
    filing.put_back(there.path)
    two.click(f"btn_back_{there.path.parent.name}")
    assert "is not put back \\(No such file" in two.at.error[-1].value and "btn_board_other.board" in two.keys


class Slow:
    """The stage, which draws its first panel and then waits."""

    def __init__(self) -> None:
        self.stage, self.go, self.at_work = open_engine("stage"), threading.Event(), threading.Event()

    def __getattr__(self, name: str) -> object:
        return getattr(self.stage, name)

    def draw(self, *asked: object) -> Iterator[object]:
        for number, drawn in enumerate(self.stage.draw(*asked)):  # type: ignore[arg-type]
            if number == 1:
                self.at_work.set()
                assert self.go.wait(PATIENCE)
            yield drawn


@pytest.fixture
def slow(desk: Desk) -> Iterator[Slow]:
    engine = Slow()
    desk.engines._engines[STAGE] = engine  # type: ignore[assignment]
    yield engine
    engine.go.set()


def test_what_is_drawn_of_a_board_stops_and_every_tab_that_has_it_gets_another(
    two: Page, page: Callable[..., Page], slow: Slow
) -> None:
    two.with_stage("sel_engine").menu("btn_draw", "missing")
    assert slow.at_work.wait(PATIENCE)
    idle = page("walk.board")
    assert "A walk" in [field.value for field in idle.at.text_input]
    two.click("btn_delete_walk.board")
    assert "Delete a board…" in two.words and two.at.button(key="btn_delete_other.board").disabled
    idle.run()
    slow.go.set()
    done(two)
    (there,) = deleted_boards()
    with Document.open(there.path, read_only=True) as doc:
        assert [len(panel.takes) for panel in doc.board.panels] == [1, 1, 0]  # the one at hand was finished
        assert all(doc.picture(panel) for panel in doc.board.panels[:2])
    assert two.document.board.title == "Other" and "btn_lost" not in two.keys
    assert toasts(two) == ["A walk is deleted. *Deleted boards* puts it back."]
    idle.run()
    assert idle.document.board.title == "Other" and idle.at.query_params["board"] == "other.board"
    assert "A walk was deleted while it was open here." in idle.at.info[0].value and not idle.at.error
    assert "btn_lost" not in idle.click("btn_lost").keys


def test_the_last_board_is_deleted_and_put_back(make: Callable[..., Path], page: Callable[..., Page]) -> None:
    path = make()
    tab, other = page("walk.board").click("btn_open"), page("walk.board")
    done(tab.click("btn_delete_walk.board"))
    assert "No board is open" in [each.value for each in tab.at.title] and "board" not in tab.at.query_params
    assert toasts(tab) == ["A walk is deleted. *Deleted boards* puts it back."] and "No boards yet." in tab.words
    other.run()
    assert "A walk was deleted" in other.at.info[0].value
    other.at.switch_page("studio/ui/pages/story.py")
    other.run()
    other.at.switch_page("studio/ui/pages/board.py")
    other.run().click("btn_open")
    (there,) = deleted_boards()
    other.click(f"btn_back_{there.path.parent.name}").click("btn_board_walk.board")
    assert other.document.path == path and not other.document.read_only and "btn_lost" not in other.keys


def test_a_board_that_is_gone_otherwise_is_said(two: Page, page: Callable[..., Page], home: Path) -> None:
    path = home / "boards" / "other.board"
    with subprocess.Popen([sys.executable, "-c", HOLD, path], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout is not None
        other.stdout.readline()
        tab = page("other.board").click("btn_open").click("btn_delete_other.board")
        assert f"not deleted: process {other.pid} on" in done(tab).at.error[-1].value.replace("\\", "")
        assert tab.document.read_only and tab.document.board.title == "Other"
        shutil.rmtree(path)
        tab.run()
        assert tab.document.board.title == "A walk"
        assert "The board other is no longer there" in tab.at.info[0].value
        other.communicate(b"\n")


def test_a_board_with_changes_that_the_disk_refuses_stays(two: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(DocumentError):
            two.document.apply(set_title("Walked"))
        done(two.run().click("btn_delete_walk.board"))
        assert "the disk is full" in two.at.error[-1].value and two.document.wanted.title == "Walked"
    done(two.click("btn_delete_walk.board"))
    assert [board.title for board in deleted_boards()] == ["Walked"]


def test_a_board_whose_job_does_not_stop_stays(two: Page, slow: Slow, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(filing, "STOP_SECONDS", 0.01)
    two.with_stage("sel_engine").menu("btn_draw", "missing")
    assert slow.at_work.wait(PATIENCE)
    two.click("btn_delete_walk.board")
    assert "a job on it has not stopped yet" in done(two).at.error[-1].value
    slow.go.set()
    assert two.document.board.title == "A walk" and deleted_boards() == []


def test_a_board_that_cannot_be_opened_can_be_deleted(two: Page, home: Path) -> None:
    (home / "boards" / "other.board" / "board.json").write_text("{")
    done(two.click("btn_delete_other.board"))
    assert [board.title for board in deleted_boards()] == ["other"] and not two.at.error


def test_a_board_elsewhere_is_not_ours_to_delete(
    make: Callable[..., Path], page: Callable[..., Page], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STUDIO_BOARD", str(make().rename(tmp_path / "mine.board")))
    tab = page("mine.board").click("btn_open")
    assert {"btn_open_mine.board", "btn_duplicate_mine.board"} <= tab.keys and "btn_delete_mine.board" not in tab.keys
    assert tab.click("btn_open_mine.board").document.path.parent == tmp_path


# For good ------------------------------------------------------------------------------------------------------------


def test_emptying_asks_first_and_tells_the_size(two: Page, home: Path, make: Callable[..., Path]) -> None:
    done(two.click("btn_delete_other.board"))
    (deleted_boards()[0].path / "large").write_bytes(bytes(3 << 20))
    assert "btn_empty" not in two.keys
    two.at.session_state["pop_empty"] = True
    assert "1 deleted board of 3.0 MiB in all would be gone for good." in two.run().words
    throw_away(make(name="late", title="Late"))
    done(two.click("btn_empty"))
    assert toasts(two) == ["1 board deleted for good."]
    assert [board.title for board in deleted_boards()] == ["Late"] and "btn_empty" not in two.keys


def test_many_deleted_boards_are_found_by_their_titles(two: Page, make: Callable[..., Path]) -> None:
    for number in range(22):
        throw_away(make(name=f"old-{number}", title=f"Old {number}"))
    assert "and 2 deleted before; search for their titles" in two.run().words
    assert len([key for key in two.keys if str(key).startswith("btn_back_")]) == 20
    two.at.text_input(key="txt_boards").set_value("old-7")
    two.run()
    assert len([key for key in two.keys if str(key).startswith("btn_back_")]) == 1
    assert "No board is called that" in two.words and [each.label for each in two.at.expander][-1].endswith("(22)")
