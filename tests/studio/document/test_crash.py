"""Pulled plugs, full disks and cut files: the old state or the new one, never a half, and nothing shown is lost."""

from __future__ import annotations

import contextlib
import errno
import os
import random
import select
import signal
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from studio.document import (
    Board,
    Document,
    ModelRef,
    Take,
    add_take,
    delete_panel,
    insert_panel,
    move_panel,
    new_board,
    open_board,
    packed,
    set_text,
    set_title,
)
from studio.document import document as document_module
from studio.errors import DocumentError

pytestmark = pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")  # the child touches no threads
posix = pytest.mark.skipif(sys.platform == "win32", reason="needs fork and signals")


def make(folder: Path) -> Document:
    return Document.create(folder / "snow.board", new_board("Snow day", ["Mia walks.", "She waves.", "Max runs."]))


def crash(doc: Document) -> None:
    assert doc._lock is not None
    doc._idle.cancel()
    doc._lock.release()


def work(doc: Document) -> Iterator[Board]:
    """Every kind of change, media and compaction among them, for ever."""
    for number in range(10**6):
        first = doc.board.panels[0].id
        yield doc.apply(set_title(f"Title {number}"))
        sha256 = doc.add_media(f"picture {number}".encode() * 50)
        take = Take(id=f"T{number}", number=number, media=sha256, model=ModelRef(name="m"))
        yield doc.apply(add_take(first, take))
        yield doc.apply(move_panel(doc.board, first, 1))
        yield doc.apply(insert_panel(doc.board, 1, f"Sentence {number}."))
        yield doc.undo()
        yield doc.redo()
        yield doc.apply(delete_panel(doc.board.panels[1].id))
        doc.compact()


def in_child(run: Callable[[], None]) -> int:
    """Run in a forked process, which ends without any clean-up, and return its id."""
    child = os.fork()
    if child == 0:
        with contextlib.suppress(BaseException):
            run()
        os._exit(1)
    return child


def sound(path: Path, shown: int) -> Document:
    """Open a board after a crash: nothing that was shown is lost, and every take has its picture."""
    doc = Document.open(path)
    assert not doc.read_only
    assert shown <= doc.revision <= shown + 1
    for panel in doc.board.panels:
        for take in panel.takes:
            assert doc.read_media(take.media).startswith(b"picture")
    assert not list(path.rglob("*.tmp"))
    return doc


@posix
@pytest.mark.parametrize("kills", [100, pytest.param(300, marks=pytest.mark.slow)])
def test_a_killed_writer_loses_nothing_that_was_shown(tmp_path: Path, kills: int) -> None:
    make(tmp_path).close()
    path, chance = tmp_path / "snow.board", random.Random(0)
    last = total = 0
    for attempt in range(kills):
        reader, writer = os.pipe()

        def run(writer: int = writer, pause: float = 0.001 * (attempt % 3) or 3600.0) -> None:
            document_module.PAUSE_SECONDS = pause  # in two of three, a pause at nearly every command
            for board in work(Document.open(path)):
                os.write(writer, b"%d\n" % board.revision)

        child = in_child(run)
        os.close(writer)
        if attempt % 2:  # every other one shows something first, however slow the machine
            select.select([reader], [], [], 60)
        time.sleep(chance.uniform(0.005, 0.06))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        with open(reader, "rb") as pipe:  # noqa: PTH123 - a pipe
            lines = pipe.read().split(b"\n")
        shown = int(lines[-2]) if len(lines) > 1 else last
        with sound(path, shown) as doc:
            total += shown - last
            last = doc.apply(set_title("alive")).revision
    assert total >= kills // 2, "the writers were killed before they wrote anything"


@posix
@pytest.mark.parametrize("call", range(0, 60, 3))
def test_power_off_at_each_step_of_writing(tmp_path: Path, call: int) -> None:
    """The process ends inside the ``call``-th write, fsync or replace; a write leaves half of its bytes."""
    make(tmp_path).close()
    path, shown = tmp_path / "snow.board", tmp_path / "shown"
    shown.write_text("0")

    def run() -> None:
        left = [call]
        real = {name: getattr(os, name) for name in ("write", "fsync", "replace")}

        def guard(name: str) -> Callable[..., object]:
            def guarded(*args: object) -> object:
                left[0] -= 1
                if left[0] < 0:
                    if name == "write":
                        real["write"](args[0], memoryview(args[1])[: len(args[1]) // 2])  # type: ignore[arg-type]
                    os._exit(0)
                return real[name](*args)

            return guarded

        doc = Document.open(path)
        for name in real:
            setattr(os, name, guard(name))
        for board in work(doc):
            shown.write_text(str(board.revision))

    child = in_child(run)
    assert os.waitpid(child, 0)[1] == 0
    with sound(path, int(shown.read_text())) as doc:
        doc.apply(set_title("alive"))
    with Document.open(path) as doc:
        assert doc.board.title == "alive"


def test_a_journal_cut_at_every_byte(tmp_path: Path) -> None:
    doc = make(tmp_path)
    states = {0: doc.board}
    for command in (
        set_title("Ü – 雪"),
        move_panel(doc.board, doc.board.panels[0].id, 2),
        set_text(doc.board.panels[1].id, "Hi!"),
    ):
        states[doc.revision] = doc.apply(command)
    states[doc.revision] = doc.undo()
    crash(doc)
    journal = doc.path / "journal.jsonl"
    whole = journal.read_bytes()
    ends = [place + 1 for place, byte in enumerate(whole) if byte == 10]
    assert len(ends) == 4
    for cut in range(len(whole) + 1):
        journal.write_bytes(whole[:cut])
        again = Document.open(doc.path)
        complete = sum(1 for end in ends if end <= cut)
        assert again.board == (states[complete] if complete else states[0])
        torn = cut not in (0, *ends)
        assert bool(again.problems) == torn, cut
        if torn:
            assert f"({cut - (ends[complete - 1] if complete else 0)} bytes)" in again.problems[0]
        crash(again)
        assert journal.read_bytes() == whole[: ends[complete - 1] if complete else 0]  # mended


def test_a_journal_cut_at_every_byte_after_compaction(tmp_path: Path) -> None:
    """What is in ``board.json`` needs no journal: cutting costs undo, and changes that were made later, alone."""
    doc = make(tmp_path)
    states = {0: doc.board}
    for number, title in enumerate("ABCD", 1):
        states[number] = doc.apply(set_title(title))
        if number == 2:
            doc.compact()
    crash(doc)
    journal = doc.path / "journal.jsonl"
    whole = journal.read_bytes()
    ends = [place + 1 for place, byte in enumerate(whole) if byte == 10]
    for cut in range(len(whole) + 1):
        journal.write_bytes(whole[:cut])
        complete = sum(1 for end in ends if end <= cut)
        again = Document.open(doc.path, read_only=True)
        assert again.board == states[max(2, complete)], cut


def test_going_on_after_a_cut_journal(tmp_path: Path) -> None:
    doc = make(tmp_path)
    doc.apply(set_title("A"))
    doc.apply(move_panel(doc.board, doc.board.panels[0].id, 2))
    crash(doc)
    journal = doc.path / "journal.jsonl"
    journal.write_bytes(journal.read_bytes()[:-3] + b"\0\0\0")
    with Document.open(doc.path) as doc:
        assert doc.board.title == "A" and doc.revision == 1
        doc.apply(set_text(doc.board.panels[0].id, "On we go."))
        crash(doc)
    with Document.open(doc.path) as doc:
        assert doc.problems == [] and doc.board.sentences[0] == "On we go."


# Full disks ----------------------------------------------------------------------------------------------------------


def full(*_: object) -> int:
    raise OSError(errno.ENOSPC, "No space left on device")


def half_then_full(handle: int, data: bytes, real: Callable[[int, bytes], int] = os.write) -> int:
    if len(data) < 8:
        return full()
    return real(handle, data[: len(data) // 2])


@pytest.mark.parametrize(("name", "fake"), [("fsync", full), ("write", full), ("write", half_then_full)])
def test_a_full_disk_leaves_everything_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, fake: Callable[..., int]
) -> None:
    doc = make(tmp_path)
    doc.apply(set_title("Kept"))
    sha256 = doc.add_media(b"kept")
    before = {path: path.read_bytes() for path in doc.path.rglob("*") if path.is_file()}
    board = doc.board
    with monkeypatch.context() as patch:
        patch.setattr(os, name, fake)
        for attempt in (
            lambda: doc.apply(set_title("Lost")),
            lambda: doc.undo(),
            lambda: doc.add_media(b"lost picture " * 9),
            lambda: doc.compact(),
            lambda: doc.save_version("lost"),
        ):
            with pytest.raises(DocumentError, match=r"the disk is full: .* what was there is kept"):
                attempt()
    assert doc.board is board and doc.read_media(sha256) == b"kept"
    assert {path: path.read_bytes() for path in doc.path.rglob("*") if path.is_file()} == before
    doc.apply(set_title("There is room again"))
    crash(doc)
    with Document.open(doc.path) as doc:
        assert doc.board.title == "There is room again" and doc.problems == []


def test_what_a_full_disk_refused_waits_in_order_and_is_in_copies(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    doc = make(tmp_path)
    first = doc.board.panels[0].id
    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        for command in (set_text(first, "One."), set_title("Two"), move_panel(doc.board, first, 1)):
            with pytest.raises(DocumentError, match="the disk is full"):
                doc.apply(command)
        with pytest.raises(DocumentError, match="no panel"):
            doc.apply(set_text("nobody", "x"))  # a change that fits no board is refused for good
        assert "the disk is full" in doc.unsaved and doc.board.title != "Two"
        assert doc.wanted.title == "Two" and doc.wanted.panels[1].text == "One."
        (tmp_path / "copy.boardz").write_bytes(packed(doc))
        with pytest.raises(DocumentError, match="the disk is full"):
            doc.retry()
    with open_board(tmp_path / "copy.boardz") as copy:
        assert copy.board == doc.wanted
    wanted = doc.wanted
    assert doc.retry().panels == wanted.panels and not doc.unsaved and doc.revision == 3
    doc.undo()
    doc.undo()
    assert doc.board.title != "Two" and doc.board.panels[0].text == "One."
    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(DocumentError, match="the disk is full"):
            doc.apply(set_title("Last"))
    doc.close()  # there is room by now
    with Document.open(doc.path) as again:
        assert again.board.title == "Last"


def test_half_a_line_that_could_not_be_cut_is_written_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    doc = make(tmp_path)
    doc.apply(set_title("Kept"))
    with monkeypatch.context() as patch:
        patch.setattr(os, "write", half_then_full)
        patch.setattr(os, "truncate", full)
        with pytest.raises(DocumentError, match="the disk is full"):
            doc.apply(set_title("Lost"))
    doc.apply(move_panel(doc.board, doc.board.panels[0].id, 1))
    crash(doc)
    with Document.open(doc.path) as again:
        assert again.board == doc.board and again.problems == []


def test_no_room_to_compact_is_reported_and_nothing_is_lost(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(document_module, "COMPACT_EVERY", 2)
    doc = make(tmp_path)
    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", full)
        doc.apply(set_title("A"))
        doc.apply(move_panel(doc.board, doc.board.panels[0].id, 1))
        assert len(doc.problems) == 1 and "the disk is full" in doc.problems[0]
        doc.close()
    with Document.open(doc.path) as again:
        assert again.board == doc.board


def test_a_full_disk_makes_no_half_board(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(DocumentError, match="the disk is full"):
            make(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_may_not_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def denied(*_: object, **__: object) -> int:
        raise PermissionError(errno.EACCES, "Permission denied")

    make(tmp_path).close()
    real = os.open
    path = tmp_path / "snow.board"

    def open_unless_writing(name: Path, flags: int, *rest: int) -> int:
        return denied() if flags & (os.O_WRONLY | os.O_RDWR) else real(name, flags, *rest)

    monkeypatch.setattr(os, "open", open_unless_writing)
    doc = Document.open(path)
    assert doc.read_only and "cannot be written" in doc.read_only_reason
    with pytest.raises(DocumentError, match="may not be written here"):
        Document.create(tmp_path / "other.board", doc.board)
