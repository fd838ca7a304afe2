"""Which boards may be opened, and what new ones are called."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from studio.document import Document, set_title
from studio.errors import DocumentError
from studio.ui.boards import find_board, free_path, given_board, saved_at, shelf, shelved, title_of


def test_shelf_lists_the_newest_first_after_the_given_one(make: Callable[..., Path], tmp_path: Path) -> None:
    old, new = make(name="old", title="Old"), make(name="new", title="New")
    for name in ("board.json", "journal.jsonl"):
        if (old / name).exists():
            os.utime(old / name, (1, 1))
    given = make(name="given").rename(tmp_path / "elsewhere.board")
    assert [board.name for board in shelf(given)] == ["elsewhere.board", "new.board", "old.board"]
    assert shelf()[0].title == "New"
    assert shelf()[0].panels == 3
    assert new.name == shelf()[0].name


def test_words_are_looked_for_in_titles_and_names(make: Callable[..., Path]) -> None:
    make(name="snow-day", title="Mia and the ICE")
    make(name="beach", title="Snow at the beach")
    assert {board.name for board in shelf(words="SNOW")} == {"snow-day.board", "beach.board"}
    assert [board.name for board in shelf(words="snow ice")] == ["snow-day.board"]
    assert shelf(words="zork") == [] and len(shelf(words=" ", limit=1)) == 1


def test_a_board_is_read_again_only_when_it_was_saved(make: Callable[..., Path]) -> None:
    path = make(title="Before")
    before, saved = shelved.cache_info().misses, saved_at(path)
    assert [board.title for board in (*shelf(), *shelf())] == 2 * ["Before"]
    assert shelved.cache_info().misses == before + 1
    with Document.open(path) as doc:
        doc.apply(set_title("After"))
    os.utime(path / "board.json", (saved + 9, saved + 9))
    assert shelf()[0].title == "After"


def test_an_unreadable_board_is_listed_by_its_name(make: Callable[..., Path]) -> None:
    (make(name="broken") / "board.json").write_text("{")
    assert [(board.title, board.panels) for board in shelf()] == [("broken", 0)]


def test_a_name_is_never_a_path(make: Callable[..., Path], tmp_path: Path) -> None:
    path = make()
    assert find_board("walk.board") == path
    secret = make(name="secret").rename(tmp_path / "secret.board")
    for name in (str(secret), "../../secret.board", "..", "", "walk.board/../walk.board"):
        with pytest.raises(DocumentError, match="there is no board"):
            find_board(name)
    assert find_board("secret.board", given=secret) == secret


def test_links_out_of_the_folder_are_not_followed(make: Callable[..., Path], home: Path, tmp_path: Path) -> None:
    outside = make(name="outside").rename(tmp_path / "outside.board")
    (home / "boards" / "link.board").symlink_to(outside)
    assert shelf() == []
    with pytest.raises(DocumentError):
        find_board("link.board")


@pytest.mark.parametrize(
    ("title", "name"),
    [("Snow day!", "snow-day.board"), ("兔子", "story.board"), ("../../etc", "etc.board"), ("Ça va", "ca-va.board"),
     ("Con", "con-1.board"), ("aux.", "aux-1.board"), ("COM¹", "com1-1.board"), ("The end . .", "the-end.board"),
     ("a" * 39 + " b", "a" * 39 + ".board"), ("Console", "console.board")],
)  # fmt: skip
def test_new_boards_are_named_after_their_title_as_every_system_can_have_it(title: str, name: str) -> None:
    assert free_path(title).name == name


def test_a_taken_name_gets_a_number(make: Callable[..., Path]) -> None:
    make(name="walk")
    make(name="walk-2")
    assert free_path("Walk").name == "walk-3.board"


def test_titles_are_the_first_words() -> None:
    assert title_of(["Mia walks in the deep white snow."]) == "Mia walks in the deep…"
    assert title_of(["Hello."]) == "Hello"
    assert title_of([]) == "Story"


def test_the_given_board_comes_from_the_arguments_or_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    assert given_board([]) is None
    assert given_board(["a.board"]) == Path("a.board").resolve()
    monkeypatch.setenv("STUDIO_BOARD", "b.board")
    assert given_board([]) == Path("b.board").resolve()
