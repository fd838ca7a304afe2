"""Damaged boards: what can be mended is, from backup and journal; what cannot is named, with what to do."""

from __future__ import annotations

from pathlib import Path

import pytest

from studio.document import Document, set_duration, set_text, set_title
from studio.errors import DocumentError
from tests.studio.document.boards import crash, make


def worked_on(folder: Path) -> Document:
    """A closed board with backups of its revisions 0 to 2, at revision 4: the last change is in the journal alone."""
    doc = make(folder)
    for number in range(3):
        doc.apply(set_duration(doc.board.panels[0].id, 1500 + number))
        doc.compact()
    doc.apply(set_title("Never saved"))
    crash(doc)
    return doc


HALF = "half"
DAMAGES: list[tuple[str | bytes | None, str]] = [
    (HALF, r"board.json is damaged at line \d+ column \d+"),
    (b"\xff\xfe{}", "damaged at byte 0"),
    (b"[]", "holds a list"),
    (b"", "damaged at line 1 column 1"),
    (b'{"id": "x", "panels": [{"id": 5}]}', r"damaged at panels\.0\.id"),
    (None, "board.json is missing"),
]


@pytest.mark.parametrize(("damage", "words"), DAMAGES)
def test_a_damaged_board_comes_back_from_backup_and_journal(
    tmp_path: Path, damage: str | bytes | None, words: str
) -> None:
    before = worked_on(tmp_path)
    path = before.path / "board.json"
    good = path.read_bytes()
    if damage is None:
        path.unlink()
    else:
        path.write_bytes(good[: len(good) // 2] if damage is HALF else damage)  # type: ignore[arg-type]
    looked = Document.open(before.path, read_only=True)
    assert looked.board == before.board and path.exists() == (damage is not None)
    with Document.open(before.path) as doc:
        assert doc.board == before.board
        (problem,) = doc.problems
        assert "made anew from backup-r00000002.json and the journal" in problem
        assert list((doc.path / "versions").glob("damaged-*.json")) == (
            [] if damage is None else [doc.path / problem.split()[-1]]
        )
        assert doc.undo().title == "Snow day"
        crash(doc)
    with Document.open(before.path) as doc:
        assert doc.board.title == "Snow day" and doc.problems == []


def test_damage_beyond_the_backups(tmp_path: Path) -> None:
    doc = worked_on(tmp_path)
    path, kept = doc.path / "board.json", doc.backups()
    path.write_text("{")
    kept[-1].write_text("{")
    with Document.open(doc.path) as again:
        assert "backup-r00000001.json" in again.problems[0] and again.board == doc.board
    for backup in again.backups():
        backup.unlink()
    path.write_text("{")
    with pytest.raises(
        DocumentError, match="board.json is damaged at line 1 .* there is no backup: draw the board again"
    ):
        Document.open(doc.path)
    assert path.read_text() == "{" and not (doc.path / ".lock").exists()


def test_a_damaged_manifest_says_what_to_write(tmp_path: Path) -> None:
    make(tmp_path).close()
    manifest = tmp_path / "snow.board" / "manifest.json"
    manifest.write_text("{")
    with pytest.raises(
        DocumentError, match='manifest.json is damaged .* write {"format": "seqgan.board", "version": 1}'
    ):
        Document.open(manifest.parent)
    manifest.write_text('{"format": "seqgan.board", "version": 1}')
    Document.open(manifest.parent).close()


def test_what_is_no_board_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match="there is no board at"):
        Document.open(tmp_path / "none.board")
    with pytest.raises(DocumentError, match="a folder without manifest"):
        Document.open(tmp_path)
    (tmp_path / "file").write_text("x")
    with pytest.raises(DocumentError, match="a file without manifest"):
        Document.open(tmp_path / "file")
    (tmp_path / "manifest.json").write_text('{"format": "other"}')
    with pytest.raises(DocumentError, match="says format 'other'"):
        Document.open(tmp_path)


def test_create_never_overwrites(tmp_path: Path) -> None:
    make(tmp_path).close()
    with pytest.raises(DocumentError, match="is there already"):
        make(tmp_path)
    (tmp_path / "empty.board").mkdir()
    make(tmp_path, "empty.board").close()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["empty.board", "snow.board"]


BROKEN = (
    b"{\n",
    b'{"n": 2}\n',
    b'{"n":2,"at":"","do":{"op":"explode"},"inverse":{"op":"explode"}}\n',
    b"[" * 9000 + b"\n",
)


@pytest.mark.parametrize("broken", BROKEN)
def test_a_damaged_line_in_the_journal_costs_what_follows_it(tmp_path: Path, broken: bytes) -> None:
    doc = make(tmp_path)
    for title in "ABC":
        doc.apply(set_title(title))
    crash(doc)
    journal = doc.path / "journal.jsonl"
    lines = journal.read_bytes().splitlines(keepends=True)
    journal.write_bytes(whole := lines[0] + broken + lines[2])
    with Document.open(doc.path) as doc:
        assert "journal.jsonl is damaged at line 2" in doc.problems[0] and doc.board.title == "A"
        (aside,) = (doc.path / "versions").glob("journal-*.jsonl")
        assert aside.read_bytes() == whole and journal.read_bytes() == lines[0]
        assert doc.undo().title == "Snow day"
    assert Document.open(doc.path, read_only=True).problems == []


def test_a_change_that_does_not_fit_stops_there(tmp_path: Path) -> None:
    doc = make(tmp_path)
    doc.apply(set_title("A"))
    doc.apply(set_text(doc.board.panels[0].id, "B"))
    crash(doc)
    journal = doc.path / "journal.jsonl"
    journal.write_bytes(journal.read_bytes().replace(doc.board.panels[0].id.encode(), b"nobody"))
    with Document.open(doc.path) as doc:
        assert "change 2 of journal.jsonl does not fit" in doc.problems[0]
        assert doc.board.title == "A" and doc.board.sentences[0] == "Mia walks."
        doc.apply(set_title("On"))
    assert Document.open(doc.path, read_only=True).board.title == "On"
