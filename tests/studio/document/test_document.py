"""A document on disk: commands survive, undo survives, one writes and others look."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from studio.document import (
    Batch,
    Board,
    Document,
    ModelRef,
    Note,
    Take,
    add_take,
    delete_panel,
    insert_panel,
    move_panel,
    new_id,
    set_duration,
    set_notes,
    set_text,
    set_title,
)
from studio.document import document as document_module
from studio.document.commands import SetPanel
from studio.document.journal import PICTURED, TYPED, read_journal
from studio.document.store import BACKUPS, backups
from studio.errors import DocumentError
from tests.studio.document.boards import crash, make


def plain(board: Board) -> dict[str, object]:
    return board.model_dump(exclude={"revision"})


def test_files_of_a_new_board(tmp_path: Path) -> None:
    with make(tmp_path) as doc:
        assert sorted(path.name for path in doc.path.iterdir()) == [
            ".lock", "board.json", "manifest.json", "media", "versions",
        ]  # fmt: skip
        manifest = json.loads((doc.path / "manifest.json").read_text())
        assert (manifest["format"], manifest["version"], manifest["min_reader"]) == ("seqgan.board", 1, 1)
        text = (doc.path / "board.json").read_text()
        assert text == json.dumps(json.loads(text), sort_keys=True, indent=2, ensure_ascii=False) + "\n"
    assert not (doc.path / ".lock").exists()


def test_a_command_is_in_the_journal_before_it_shows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    doc = make(tmp_path)
    seen: list[tuple[str, int]] = []
    real = os.fsync

    def fsync(handle: int) -> None:
        seen.append((doc.board.title, len(read_journal(doc.path / "journal.jsonl").entries)))
        real(handle)

    monkeypatch.setattr(os, "fsync", fsync)
    doc.apply(set_title("Later"))
    assert seen[0] == ("Snow day", 1)  # on disk, not shown yet
    assert doc.board.title == "Later"
    doc.close()


def test_everything_survives_a_crash(tmp_path: Path) -> None:
    doc = make(tmp_path)
    doc.apply(set_title("Later"))
    doc.apply(delete_panel(doc.board.panels[0].id))
    doc.undo()
    crash(doc)
    again = Document.open(doc.path)
    assert again.board == doc.board and again.revision == 3 and again.problems == []
    again.close()


def test_undo_and_redo_over_restarts(tmp_path: Path) -> None:
    states = []
    with make(tmp_path) as doc:
        path, first = doc.path, doc.board.panels[0].id
        states.append(plain(doc.board))
        steps = (
            set_title("A"),
            move_panel(doc.board, first, 2),
            insert_panel(doc.board, 1, "New."),
            delete_panel(first),
        )
        for command in steps:
            states.append(plain(doc.apply(command)))
    for back in (3, 2, 1, 0):
        with Document.open(path) as doc:
            assert doc.can_undo
            assert plain(doc.undo()) == states[back]
    with Document.open(path) as doc:
        assert not doc.can_undo
        with pytest.raises(DocumentError, match="nothing to undo"):
            doc.undo()
    for forth in (1, 2, 3, 4):
        with Document.open(path) as doc:
            assert plain(doc.redo()) == states[forth]
    with Document.open(path) as doc, pytest.raises(DocumentError, match="nothing to redo"):
        doc.redo()


def test_a_new_command_ends_redo(tmp_path: Path) -> None:
    with make(tmp_path) as doc:
        doc.apply(set_title("A"))
        doc.undo()
        assert doc.can_redo
        doc.apply(delete_panel(doc.board.panels[0].id))
        assert not doc.can_redo
        assert plain(doc.undo())["title"] == "Snow day"


def test_typing_in_one_field_is_one_step(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    moments = iter(f"2026-11-21T12:00:0{second}.000Z" for second in (0, 1, 2, 5, 6, 7, 8, 8, 9))
    monkeypatch.setattr(document_module, "now", lambda: next(moments))
    with make(tmp_path) as doc:
        first, second = doc.board.panels[0].id, doc.board.panels[1].id
        for text in ("M", "Mi", "Mia"):  # 0, 1, 2 s
            doc.apply(set_text(first, text))
        doc.apply(set_text(first, "Mia jumps."))  # 5 s: a pause before it
        doc.apply(set_text(second, "Other."))  # 6 s: another panel
        crash(doc)
    with Document.open(doc.path) as doc:
        assert doc.undo().sentences[:2] == ("Mia jumps.", "She waves.")
        assert doc.undo().sentences[0] == "Mia"
        assert doc.undo().sentences[0] == "Mia walks."
        assert doc.redo().sentences[0] == "Mia"
    assert len(read_journal(doc.path / "journal.jsonl").entries) == 9


@pytest.mark.parametrize("field", ["text", "dialogue", "action", "notes"])
def test_what_is_typed_in_quick_succession_is_undone_at_once(
    field: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(document_module, "now", lambda: "2026-11-21T12:00:00.000Z")  # on a busy machine, too
    with make(tmp_path) as doc:
        panel = doc.board.panels[0]
        for words in ("Run", "Run,", "Run, Mia!"):
            doc.apply(SetPanel(panel=panel.id, values={field: words}))
        assert getattr(doc.undo().panels[0], field) == getattr(panel, field) and not doc.can_undo


def retold(panel: str, text: str, label: str = TYPED, seconds: float = 0.0) -> Batch:
    """A sentence with its picture, as live drawing does it; with "" the picture alone."""
    take = Take(id=new_id(), media="0" * 64, model=ModelRef(name="stage"), text=text, seconds=seconds)
    words = (set_text(panel, text),) if text else ()
    return Batch(label=label, commands=(*words, add_take(panel, take)))


def clock(monkeypatch: pytest.MonkeyPatch, *seconds: float) -> None:
    """Let commands come at these seconds."""
    moments = iter(f"2026-11-21T12:00:{second:06.3f}Z" for second in seconds)
    monkeypatch.setattr(document_module, "now", lambda: next(moments))


def test_a_sentence_that_is_drawn_while_it_is_typed_is_one_step(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock(monkeypatch, 0, 1, 4, 5, 10, 20, 21, 22)
    with make(tmp_path) as doc:
        before, panel = plain(doc.board), doc.board.panels[0].id
        doc.apply(retold(panel, "Mia r"))
        doc.apply(retold(panel, "Mia runs"))
        doc.apply(retold(panel, "Mia runs.", seconds=2.0))  # at 4 s, but it was drawn for two of them
        typed = plain(doc.board)
        doc.apply(retold(panel, "", "retake"))  # 5 s: a press of a button is a step of its own
        doc.apply(retold(panel, "Mia sits."))  # 10 s: a pause before it
        crash(doc)
    assert len(read_journal(doc.path / "journal.jsonl").entries) == 5
    with Document.open(doc.path) as doc:
        assert len(doc.undo().panels[0].takes) == 4 and plain(doc.undo()) == typed
        assert plain(doc.undo()) == before and not doc.can_undo


def test_a_picture_that_waited_for_its_model_is_undone_with_what_was_typed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock(monkeypatch, 0, 30, 31, 32)
    with make(tmp_path) as doc:
        before, panel = plain(doc.board), doc.board.panels[0].id
        doc.apply(set_text(panel, "Mia runs."))
        doc.apply(retold(panel, "", PICTURED))
        assert plain(doc.undo()) == before and not doc.can_undo
        assert doc.redo().panels[0].takes and doc.board.panels[0].text == "Mia runs."


def test_what_an_earlier_program_undid_apart_is_as_it_left_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(document_module, "now", lambda: "2026-11-21T12:00:00.000Z")
    with make(tmp_path) as doc:
        before, panel = plain(doc.board), doc.board.panels[0].id
        for words in ("Mia runs", "Mia runs."):
            doc.apply(retold(panel, words))
        doc._history.done = [(1,), (2,)]
        doc.undo()
        crash(doc)
    with Document.open(doc.path) as doc:
        assert doc.board.sentences[0] == "Mia runs" and doc.redo().sentences[0] == "Mia runs."
        doc.undo()
        assert plain(doc.undo()) == before and not doc.can_undo


def test_what_reading_found_is_no_step_of_its_own(tmp_path: Path) -> None:
    with make(tmp_path) as doc:
        doc.apply(delete_panel(doc.board.panels[0].id))
        doc.apply(set_notes([Note(kind="ignored", word="spaceship")]))
        assert len(doc.undo().panels) == 3 and doc.board.notes == () and not doc.can_undo
        assert len(doc.redo().panels) == 2 and len(doc.board.notes) == 1


def test_many_threads_share_one_document(tmp_path: Path) -> None:
    with make(tmp_path) as doc:
        panels = [panel.id for panel in doc.board.panels]
        work = [lambda p=p, k=k: doc.apply(set_duration(p, k)) for k in range(10) for p in panels]
        with ThreadPoolExecutor(6) as pool:
            for done in [pool.submit(each) for each in work]:
                done.result()
        crash(doc)
    with Document.open(doc.path) as again:
        assert again.revision == 30 and again.board == doc.board


def test_deleted_and_undone_takes_keep_their_pictures(tmp_path: Path) -> None:
    with make(tmp_path) as doc:
        sha256 = doc.add_media(b"a picture")
        panel = doc.board.panels[0]
        doc.apply(add_take(panel.id, Take(id="T", media=sha256, model=ModelRef(name="m"))))
        before = doc.board.panels[0]
        doc.apply(delete_panel(panel.id))
        assert doc.read_media(sha256) == b"a picture"
        assert doc.undo().panels[0] == before
        doc.undo()
        assert doc.picture(doc.board.panels[0]) is None and doc.media_path(sha256) is not None
        doc.redo()
        assert doc.picture(doc.board.panels[0]) == doc.media_path(sha256)


def test_media_are_stored_once_and_checked(tmp_path: Path) -> None:
    with make(tmp_path) as doc:
        sha256 = doc.add_media(b"a picture")
        path = doc.media_path(sha256)
        assert path is not None and path == doc.path / "media" / sha256[:2] / f"{sha256}.png"
        stamp = path.stat().st_mtime_ns
        assert doc.add_media(b"a picture") == sha256 and path.stat().st_mtime_ns == stamp
        path.write_bytes(b"tampered!")
        with pytest.raises(DocumentError, match="was changed since"):
            doc.read_media(sha256)
        assert doc.media_path(sha256) is None  # counts as lost: it is shown so, and drawn anew
        assert doc.add_media(b"a picture") == sha256 and doc.read_media(sha256) == b"a picture"  # mended
        assert doc.media_path(sha256) == path
        path.unlink()
        assert doc.media_path(sha256) is None
        with pytest.raises(DocumentError, match="is missing"):
            doc.read_media(sha256)
        with pytest.raises(DocumentError, match="names no medium"):
            doc.media_path("../../etc/passwd")


def test_missing_media_never_prevent_opening(tmp_path: Path) -> None:
    with make(tmp_path) as doc:
        take = Take(id="T", media="0" * 64, model=ModelRef(name="gone"))
        doc.apply(add_take(doc.board.panels[0].id, take))
    with Document.open(doc.path) as doc:
        assert doc.picture(doc.board.panels[0]) is None and doc.problems == []


def test_compaction_keeps_twenty_backups(tmp_path: Path) -> None:
    with make(tmp_path) as doc:
        for number in range(BACKUPS + 5):
            doc.apply(set_duration(doc.board.panels[0].id, 1500 + number))
            doc.compact()
        kept = backups(doc.path)
        assert len(kept) == BACKUPS
        newest = json.loads(kept[-1].read_text())
        assert newest["panels"][0]["duration_ms"] == 1500 + BACKUPS + 3 and newest["revision"] == BACKUPS + 4
        assert not list(doc.path.glob(".*.tmp"))


def test_compaction_happens_by_itself_and_shortens_the_journal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(document_module, "COMPACT_EVERY", 10)
    monkeypatch.setattr(document_module, "trimmed", lambda entries: entries[-15:])
    with make(tmp_path) as doc:
        for number in range(40):
            doc.apply(set_title(f"Title {number}") if number % 2 else set_duration(doc.board.panels[0].id, number))
        assert json.loads((doc.path / "board.json").read_text())["revision"] == 40
        crash(doc)
    assert len(read_journal(doc.path / "journal.jsonl").entries) == 15
    with Document.open(doc.path) as doc:
        assert doc.board.title == "Title 39"
        for _ in range(15):
            doc.undo()
        assert not doc.can_undo
        assert doc.board.title == "Title 23"


def test_unknown_keys_survive(tmp_path: Path) -> None:
    doc = make(tmp_path)
    doc.apply(add_take(doc.board.panels[0].id, Take(id="T", media="1" * 64, model=ModelRef(name="m"))))
    doc.close()
    path = doc.path / "board.json"
    data = json.loads(path.read_text())
    data["later"] = {"a": 1}
    data["panels"][0]["dialogue"] = "Hello!"
    data["panels"][0]["takes"][0]["stars"] = 5
    data["panels"][0]["takes"][0]["model"]["family"] = "x"
    path.write_text(json.dumps(data))
    with Document.open(doc.path) as doc:
        doc.apply(set_text(doc.board.panels[0].id, "Changed."))
        doc.apply(delete_panel(doc.board.panels[0].id))
        doc.undo()
        crash(doc)
    Document.open(doc.path).close()
    again = json.loads(path.read_text())
    assert again["later"] == {"a": 1} and again["panels"][0]["text"] == "Changed."
    assert again["panels"][0]["dialogue"] == "Hello!" and again["panels"][0]["takes"][0]["stars"] == 5
    assert again["panels"][0]["takes"][0]["model"]["family"] == "x"


def test_a_second_document_is_read_only(tmp_path: Path) -> None:
    with make(tmp_path) as doc:
        second = Document.open(doc.path)
        assert second.read_only and "this program has it open" in second.read_only_reason
        with pytest.raises(DocumentError, match="read-only"):
            second.apply(set_title("x"))
        with pytest.raises(DocumentError, match="read-only"):
            second.add_media(b"x")
        second.close()
        doc.apply(set_title("still mine"))
    with Document.open(doc.path) as doc:
        assert not doc.read_only


def test_a_second_process_opens_read_only(tmp_path: Path) -> None:
    code = (
        "import sys; from studio.document import Document; doc = Document.open(sys.argv[1]);"
        "print(doc.read_only, doc.read_only_reason)"
    )
    with make(tmp_path) as doc:
        doc.apply(set_title("Mine"))
        out = subprocess.run([sys.executable, "-c", code, doc.path], capture_output=True, text=True, check=True).stdout
    assert out.startswith("True") and f"process {os.getpid()} on " in out


def test_a_board_of_a_newer_program_opens_read_only(tmp_path: Path) -> None:
    make(tmp_path).close()
    path = tmp_path / "snow.board"
    manifest = json.loads((path / "manifest.json").read_text())
    (path / "manifest.json").write_text(json.dumps(manifest | {"version": 2}))
    doc = Document.open(path)
    assert doc.read_only and "version 2" in doc.read_only_reason and doc.board.sentences[0] == "Mia walks."
    assert not (path / ".lock").exists()


def test_a_lock_left_by_a_crash_is_taken_over(tmp_path: Path) -> None:
    make(tmp_path).close()
    path = tmp_path / "snow.board"
    (path / ".lock").write_text('{"pid": 1, "host": "elsewhere", "since": "2020"}')
    with Document.open(path) as doc:
        assert not doc.read_only


def test_versions_are_saved_and_restored(tmp_path: Path) -> None:
    with make(tmp_path) as doc:
        version = doc.save_version("First cut!")
        assert version.name.endswith("_first-cut.json") and doc.versions() == [version]
        doc.apply(set_title("Worse"))
        doc.apply(delete_panel(doc.board.panels[0].id))
        worse = plain(doc.board)
        assert doc.restore_version(version).sentences == ("Mia walks.", "She waves.", "Max runs.")
        assert doc.board.title == "Snow day"
        assert plain(doc.undo()) == worse


def test_versions_of_one_moment_are_all_kept(tmp_path: Path) -> None:
    with make(tmp_path) as doc:
        kept = [doc.save_version("Same") for _ in range(3)]
        assert sorted(kept) == sorted(doc.versions()) and len(set(kept)) == 3
        kept[0].write_text("{")
        with pytest.raises(DocumentError, match="same.json is damaged"):
            doc.restore_version(kept[0])


def test_restore_from_a_backup_by_hand_replays_the_journal(tmp_path: Path) -> None:
    with make(tmp_path) as doc:
        doc.apply(set_title("A"))
        doc.compact()
        doc.apply(set_title("B"))
    (doc.path / "board.json").write_bytes(backups(doc.path)[0].read_bytes())
    with Document.open(doc.path) as doc:
        assert doc.board.title == "B"


def test_a_journal_that_does_not_join_is_set_aside(tmp_path: Path) -> None:
    with make(tmp_path) as doc:
        for title in "ABC":
            doc.apply(set_title(title))
    lines = (doc.path / "journal.jsonl").read_bytes().splitlines(keepends=True)
    (doc.path / "journal.jsonl").write_bytes(lines[2])
    (doc.path / "board.json").write_bytes(backups(doc.path)[0].read_bytes())  # at revision 0
    with Document.open(doc.path) as doc:
        assert doc.board.title == "Snow day" and "do not join" in doc.problems[0]
        assert len(list((doc.path / "versions").glob("journal-*.jsonl"))) == 1
        doc.apply(set_title("D"))
    with Document.open(doc.path) as doc:
        assert doc.board.title == "D"
