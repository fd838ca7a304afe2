"""Versions of a board: kept under a name, read back, restored as one step of undo, over restarts and after damage."""

from __future__ import annotations

import json
import re
import time
from pathlib import Path

import pytest

from studio.document import (
    Document,
    ModelRef,
    Take,
    add_take,
    delete_panel,
    new_board,
    open_board,
    pack_board,
    read_version,
    set_cast,
    set_text,
    set_title,
)
from studio.errors import DocumentError


def make(folder: Path) -> Document:
    return Document.create(folder / "snow.board", new_board("Snow day", ["Mia walks.", "She waves.", "Max runs."]))


def spoil(doc: Document) -> None:
    """Change the board in all its parts."""
    doc.apply(set_title("Worse"))
    doc.apply(set_cast({"Anna": "mia"}))
    doc.apply(delete_panel(doc.board.panels[0].id))
    first = doc.board.panels[0].id
    doc.apply(set_text(first, "Something else."))
    doc.apply(add_take(first, Take(id="T", media=doc.add_media(b"picture"), model=ModelRef(name="m"))))


def content(doc: Document) -> dict[str, object]:
    return doc.board.model_dump(exclude={"revision"})


def crash(doc: Document) -> None:
    assert doc._lock is not None
    doc._lock.release()


def test_a_version_says_its_name_its_moment_and_what_it_holds(tmp_path: Path) -> None:
    with make(tmp_path) as doc:
        version = read_version(doc.save_version("  Scene 2: Ana's\nfirst «cut»  "))
        assert version.name == "Scene 2: Ana's first «cut»" and version.problem == ""
        assert abs(version.moment - time.time()) < 5
        assert version.board is not None and version.board.panels == doc.board.panels
        assert read_version(doc.save_version("/../..")).path.parent == doc.path / "versions"


def test_restoring_is_undone_and_redone(tmp_path: Path) -> None:
    with make(tmp_path) as doc:
        good, version = content(doc), doc.save_version("Good")
        spoil(doc)
        bad = content(doc)
        doc.restore_version(version)
        assert content(doc) == good
        doc.undo()
        assert content(doc) == bad and doc.read_media(doc.board.panels[0].takes[0].media) == b"picture"
        doc.redo()
        assert content(doc) == good
        assert "kept" not in content(doc)


def test_a_restored_board_outlives_a_crash_and_can_still_be_undone(tmp_path: Path) -> None:
    doc = make(tmp_path)
    version = doc.save_version("Good")
    spoil(doc)
    bad = content(doc)
    doc.restore_version(version)
    crash(doc)
    with Document.open(doc.path) as again:
        assert again.problems == [] and again.board.sentences == ("Mia walks.", "She waves.", "Max runs.")
        again.undo()
        assert content(again) == bad
        crash(again)
    with Document.open(doc.path) as again:
        again.redo()
        assert again.board.title == "Snow day"


def test_the_board_is_kept_before_it_is_changed_unless_it_is_already(tmp_path: Path) -> None:
    with make(tmp_path) as doc:
        doc.keep_before("one")
        doc.keep_before("two")
        assert [read_version(path).name for path in doc.versions()] == ["one"]
        spoil(doc)
        doc.keep_before("three")
        doc.undo()
        assert {read_version(path).name for path in doc.versions()} == {"one", "three"}
        for path in doc.versions():
            path.write_text("{")
        doc.keep_before("four")
        assert len(doc.versions()) == 3


def test_versions_of_one_second_stand_in_the_order_they_were_made(tmp_path: Path) -> None:
    names = ["zebra", "ape", "", "ape", "Mole", "10", "9"]
    with make(tmp_path) as doc:
        made = [doc.save_version(name) for name in names]
        assert doc.versions() == made and len(set(made)) == len(names)
        assert [read_version(path).name for path in made] == ["zebra", "ape", "version", "ape", "Mole", "10", "9"]
        moments = [read_version(path).moment for path in made]
        assert moments == sorted(set(moments)) and abs(moments[-1] - time.time()) < 5
        older = [made[0].with_name(f"2026-11-21T12-04-00_{slug}.json") for slug in ("ape", "ape-2", "bee")]
        later = made[0].with_name("2026-11-21T12-04-00-001_ant.json")
        for path in (*older, later):
            path.write_bytes(made[0].read_bytes())
        assert doc.versions() == [*older, later, *made]
        assert read_version(older[0]).moment == read_version(later).moment - 0.001
        assert doc.restore_version(older[0]).title == "Snow day"


def test_versions_of_before_they_had_names_and_backups_are_read_too(tmp_path: Path) -> None:
    with make(tmp_path) as doc:
        path = doc.save_version("First cut")
        data = json.loads(path.read_text())
        assert data.pop("kept") == {"name": "First cut", "version": 1}
        path.write_text(json.dumps(data))
        assert (read_version(path).name, read_version(path).problem) == ("first cut", "")
        doc.apply(set_title("Another"))
        doc.compact()
        backup = read_version(doc.backups()[0])
        assert backup.board is not None and abs(backup.moment - time.time()) < 60
        assert doc.restore_version(backup.path).title == "Snow day"


WRONG = [
    (b"{", "is damaged at line 1"),
    (b"[]", "holds a list, expected an object"),
    (b"\xff", "not UTF-8"),
    (b'{"panels": 5}', "is damaged at id"),
    (b'{"kept": {"version": 2}, "split": "dream"}', r"newer program \(version 2, this one reads 1\); update to use it"),
    (None, "is missing"),
]


@pytest.mark.parametrize(("data", "words"), WRONG)
def test_a_version_that_cannot_be_used_says_why_and_changes_nothing(
    tmp_path: Path, data: bytes | None, words: str
) -> None:
    with make(tmp_path) as doc:
        path, before = doc.save_version("First cut"), doc.board
        path.unlink()
        if data is not None:
            path.write_bytes(data)
        version = read_version(path)
        assert version.board is None and version.name == "first cut" and re.search(words, version.problem)
        with pytest.raises(DocumentError, match=words):
            doc.restore_version(path)
        assert doc.board is before and not doc.can_undo


def test_a_board_that_may_only_be_looked_at_shows_its_versions_and_restores_none(tmp_path: Path) -> None:
    with make(tmp_path) as doc:
        doc.save_version("First cut")
    shared = open_board(pack_board(doc.path, tmp_path / "snow.boardz"))
    (path,) = shared.versions()
    assert read_version(path).name == "First cut"
    for attempt in (
        lambda: shared.restore_version(path),
        lambda: shared.keep_before("x"),
        lambda: shared.save_version("x"),
    ):
        with pytest.raises(DocumentError, match="open read-only"):
            attempt()
