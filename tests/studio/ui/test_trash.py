"""Deleted boards on the disk: moved aside whole, put back, deleted for good; whoever has one open keeps it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from studio.document import Document
from studio.errors import DocumentError
from studio.ui.boards import find_board, shelf
from studio.ui.trash import (
    deleted_at,
    deleted_boards,
    is_own,
    put_back,
    remove_for_good,
    size_of,
    throw_away,
    trash_folder,
)

HOLD = "import sys; from studio.document import Document; doc = Document.open(sys.argv[1]); print(flush=True); input()"


def files(board: Path) -> dict[str, bytes]:
    return {str(path.relative_to(board)): path.read_bytes() for path in board.rglob("*") if path.is_file()}


def test_a_board_is_moved_whole_and_put_back(make: Callable[..., Path]) -> None:
    path = make()
    before = files(path)
    there = throw_away(path)
    assert files(there) == before and not path.exists() and shelf() == []
    assert [(board.title, board.panels, board.path) for board in deleted_boards()] == [("A walk", 3, there)]
    assert abs(time.time() - deleted_at(there)) < 60
    with pytest.raises(DocumentError, match="it was deleted, and Open has it among Deleted boards"):
        find_board(path.name)
    assert put_back(there) == path and files(path) == before
    assert deleted_boards() == [] and list(trash_folder().iterdir()) == [] and deleted_at(there) == 0.0


def test_a_board_whose_name_was_taken_comes_back_under_another(make: Callable[..., Path]) -> None:
    first = throw_away(make(title="First"))
    second = throw_away(make(title="Second"))
    make(title="Third")
    assert sorted(board.title for board in deleted_boards()) == ["First", "Second"]
    assert [board.title for board in deleted_boards() if board.has("sec WALK")] == ["Second"]
    assert [put_back(path).name for path in (second, first)] == ["walk-2.board", "walk-3.board"]
    assert {board.title for board in shelf()} == {"First", "Second", "Third"}


def test_a_board_that_another_process_has_open_stays(make: Callable[..., Path]) -> None:
    path = make()
    with subprocess.Popen([sys.executable, "-c", HOLD, path], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout is not None
        other.stdout.readline()
        with pytest.raises(DocumentError, match=rf"not deleted: process {other.pid} on .*; close it there first"):
            throw_away(path)
        other.communicate(b"\n")
    assert [board.name for board in shelf()] == ["walk.board"] and deleted_boards() == []
    throw_away(path)


def test_only_boards_of_the_folder_are_deleted(make: Callable[..., Path], home: Path, tmp_path: Path) -> None:
    outside = make().rename(tmp_path / "walk.board")
    (home / "boards" / "link.board").symlink_to(outside)
    for path in (outside, home / "boards" / "link.board", home / "boards" / "gone.board"):
        assert not is_own(path)
        with pytest.raises(DocumentError, match="there is no board"):
            throw_away(path)
    assert (outside / "board.json").is_file() and not trash_folder().exists()


def test_a_folder_that_may_not_be_written_stays(make: Callable[..., Path], monkeypatch: pytest.MonkeyPatch) -> None:
    path = make()

    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    with monkeypatch.context() as patch:
        patch.setattr(os, "open", refuse)
        patch.setattr(os, "access", lambda *_: False)
        with pytest.raises(DocumentError, match=r"cannot be written \(Permission denied\); check the rights"):
            throw_away(path)
    with monkeypatch.context() as patch:
        patch.setattr(Path, "rename", refuse)
        with pytest.raises(DocumentError, match=r"cannot be moved to .*trash \(Permission denied\)"):
            throw_away(path)
    assert list(trash_folder().iterdir()) == []
    with Document.open(path) as doc:
        assert not doc.read_only


def test_what_was_put_back_elsewhere_is_said(make: Callable[..., Path]) -> None:
    there = throw_away(make())
    put_back(there)
    with pytest.raises(DocumentError, match=r"walk\.board is not put back \(No such file"):
        put_back(there)
    remove_for_good([there])
    assert len(shelf()) == 1


def test_the_trash_is_emptied_of_what_was_shown(make: Callable[..., Path], monkeypatch: pytest.MonkeyPatch) -> None:
    boards = [throw_away(make(name=name)) for name in ("one", "two")]
    later = throw_away(make(name="three"))
    assert size_of(boards) == sum(len(data) for board in boards for data in files(board).values()) > 0
    assert size_of([boards[0].with_name("gone")]) == 0

    def busy(board: Path) -> None:
        raise PermissionError(13, "Permission denied", str(board / "board.json"))

    with monkeypatch.context() as patch:
        patch.setattr(shutil, "rmtree", busy)
        with pytest.raises(DocumentError, match=r"one\.board could not be deleted for good \(Permission denied: .*"):
            remove_for_good(boards)
    assert len(deleted_boards()) == 3
    remove_for_good(boards)
    assert [board.path for board in deleted_boards()] == [later] and len(list(trash_folder().iterdir())) == 1
