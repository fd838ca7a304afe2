"""Another program changes the files of an open board: nothing is written over, and nothing is lost."""

from __future__ import annotations

from pathlib import Path

import pytest

from studio.document import Document, set_text, set_title
from studio.errors import DocumentError
from tests.studio.document.boards import elsewhere, make


@pytest.mark.parametrize(("change", "theirs"), [("board.json", "A"), ("append", "Theirs"), ("remove", "Snow day")])
def test_files_changed_under_us_are_not_written_over(tmp_path: Path, change: str, theirs: str) -> None:
    doc = make(tmp_path)
    doc.apply(set_title("A"))
    elsewhere(doc, change)
    found = {path: path.read_bytes() for path in doc.path.glob("*.json*")}
    with pytest.raises(DocumentError, match="changed by another program while it was open here"):
        doc.apply(set_text(doc.board.panels[0].id, "Mine."))
    assert {path: path.read_bytes() for path in doc.path.glob("*.json*")} == found
    assert doc.read_only and doc.read_only_reason == "another program changed its files"
    doc.close()
    with Document.open(doc.path) as again:
        assert again.board.title == theirs and again.board.sentences[0] == "Mia walks."
        mine = again.restore_version(again.versions()[0])
        assert mine.title == "A" and mine.sentences[0] == "Mine."
        assert again.undo().title == theirs


def test_files_that_were_only_touched_are_still_ours(tmp_path: Path) -> None:
    with make(tmp_path) as doc:
        doc.apply(set_title("A"))
        elsewhere(doc, "touch")
        doc.apply(set_title("B"))
        doc.compact()
    assert Document.open(doc.path, read_only=True).board.title == "B"


def test_closing_after_a_conflict_keeps_both(tmp_path: Path) -> None:
    doc = make(tmp_path)
    doc.apply(set_title("Mine"))
    elsewhere(doc, "board.json")
    doc.close()
    assert "changed by another program" in doc.problems[0] and not (doc.path / ".lock").exists()
    with Document.open(doc.path) as again:
        assert again.restore_version(again.versions()[0]).title == "Mine"
