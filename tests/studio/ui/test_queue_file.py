"""The file in which jobs are kept: torn, foreign, old and newer ones, and what stands beside it."""

from __future__ import annotations

import json
import threading
from pathlib import Path
from typing import Any

import pytest

from studio.rendering import Step
from studio.ui.desk import Desk
from studio.ui.engines import STAGE
from studio.ui.going_on import take_up
from studio.ui.orders import Asked, Clips, Drawing, Enclosed
from studio.ui.queue_file import NAME
from tests.studio.ui.conftest import PATIENCE

HEAD = '{"format": "seqgan.queue", "version": 2, "paused": false}'


@pytest.fixture
def walk(make: Any) -> Path:
    """A board that nobody has drawn yet."""
    return make()


def left(home: Path, *lines: object, name: str = "01OTHER", head: str = HEAD) -> Path:
    """The folder of a process that has ended, with a file of jobs; records are written as JSON."""
    folder = home / "queue" / name
    folder.mkdir(parents=True)
    text = "\n".join([head, *(line if isinstance(line, str) else json.dumps(line) for line in lines)])
    (folder / NAME).write_bytes(f"{text}\n".encode(errors="surrogatepass"))
    return folder


def draw(board: Path) -> dict[str, Any]:
    """The record of a drawing."""
    return Drawing(board=board, choice=STAGE, panels="all").plain()


@pytest.mark.parametrize(
    ("head", "rest", "jobs", "strange"),
    [
        ("", "", 0, True),
        ("not ours at all", "", 0, True),
        ('{"format": "else"}', "{LINE}", 0, True),
        (HEAD, '{LINE}\n{"kind": "draw", "boa', 1, True),
        (HEAD, "[1]\n{LINE}", 1, True),
        (HEAD, '{"kind": ["draw"]}\n{LINE}', 1, True),
        (HEAD, "{LINE}\n" + "x" * (4 << 20), 0, True),
        ("\ud800", "", 0, True),
    ],
)  # fmt: skip
def test_a_torn_or_foreign_file_costs_nothing_but_itself(
    head: str, rest: str, jobs: int, strange: bool, walk: Path, home: Path, desk: Desk
) -> None:
    folder = left(home, rest.replace("{LINE}", json.dumps(draw(walk))), head=head)
    desk.jobs.pause()
    take_up(desk)
    assert len(desk.jobs.waiting()) == jobs and any("could not be read" in note for note in desk.notes) == strange
    assert not folder.exists()


def test_an_empty_file_is_taken_away_without_a_word(home: Path, desk: Desk) -> None:
    folder = left(home)
    (folder / NAME).write_bytes(b"")
    take_up(desk)
    assert not desk.notes and not folder.exists()


@pytest.mark.parametrize("board", ["a\0b", "x" * 5000, "", "/"])
def test_a_board_that_can_be_nowhere_is_told_and_dropped(board: str, walk: Path, home: Path, desk: Desk) -> None:
    folder = left(home, draw(walk) | {"board": board})
    take_up(desk)
    assert len(desk.notes) == 1 and "was dropped" in desk.notes[0] and not folder.exists()


def test_drawings_of_the_first_form_are_still_read(walk: Path, home: Path, desk: Desk) -> None:
    record = {
        "kind": "draw", "board": str(walk), "choice": ["stage", ""], "panels": "all", "takes": 2, "own": {},
        "goals": {}, "starts": 0,
    }  # fmt: skip
    left(home, record, record, head=HEAD.replace("2", "1").replace("false", "true"))
    take_up(desk)
    assert desk.jobs.paused and len(desk.jobs.waiting()) == 1  # the same board drawn anew replaces what waits
    assert desk.notes == ["Left undone when the editor ended, and in the queue again: 2 drawings (A walk)."]


def test_what_a_newer_program_left_stays_and_is_told_once(walk: Path, home: Path, desk: Desk) -> None:
    newer = left(home, draw(walk), name="01NEWER", head=HEAD.replace("2", "3"))
    before = (newer / NAME).read_bytes()
    odd = {"kind": "sculpt", "board": str(walk), "chisel": 3}
    mixed = left(home, draw(walk), odd, name="02MIXED")
    desk.jobs.pause()
    take_up(desk)
    assert (newer / NAME).read_bytes() == before and len(desk.jobs.waiting()) == 1
    assert [json.loads(line) for line in (mixed / NAME).read_text().splitlines()] == [json.loads(HEAD), odd]
    told = [note for note in desk.notes if "a newer version of Seqgan Studio left undone" in note]
    assert [str(folder) in note for folder, note in zip((newer, mixed), told, strict=True)] == [True, True]
    desk.notes.clear()
    take_up(desk)
    assert not desk.notes and not desk.kept.has_left() and sorted(newer.iterdir()) == [newer / NAME]


def test_an_order_in_two_files_is_carried_out_once(walk: Path, home: Path, desk: Desk) -> None:
    """A process that ends while it takes up what another left has it in its own file, too."""
    record = draw(walk)
    folders = [left(home, record, name="01A"), left(home, record | {"starts": 1}, name="02B")]
    desk.jobs.pause()
    take_up(desk)
    assert len(desk.jobs.waiting()) == 1 and not any(folder.exists() for folder in folders)


def test_nothing_begins_before_the_old_record_is_gone(
    walk: Path, home: Path, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    from studio.ui import queue_file

    states, remove = [], queue_file._remove

    def look(*told: Any) -> None:
        states.extend(job.state for job in desk.jobs.snapshots())
        remove(*told)

    left(home, draw(walk))
    monkeypatch.setattr(queue_file, "_remove", look)
    take_up(desk)
    assert states == ["queued"] and desk.jobs.wait(1, PATIENCE).state == "done"


def test_a_living_process_keeps_its_jobs(walk: Path, home: Path, desk: Desk) -> None:
    other = Desk(home)
    other.jobs.pause()
    other.jobs.submit("Draw", lambda _step: None, again=Drawing(board=walk, choice=STAGE))
    take_up(desk)
    assert not desk.notes and not desk.jobs.busy and desk.kept.has_left()
    other.close()


def test_what_was_handed_in_stands_beside_the_jobs_as_long_as_they_need_it(home: Path, desk: Desk) -> None:
    picture = Enclosed.of("my.png", b"PNG")
    desk.jobs.pause()
    orders = [Clips(asked=Asked("x", "m", seed, first=picture)) for seed in (1, 2)]
    jobs = [desk.jobs.submit("Clips", lambda _step: None, again=order) for order in orders]
    (file,) = home.glob(f"queue/*/{picture.sha256}")
    assert file.read_bytes() == b"PNG"
    desk.jobs.cancel(jobs[0])
    assert file.exists()
    desk.jobs.cancel(jobs[1])
    assert not file.exists()


def test_a_job_that_was_told_to_stop_is_not_asked_for_again(walk: Path, home: Path, desk: Desk) -> None:
    began, go = threading.Event(), threading.Event()

    def work(_step: Step) -> None:
        began.set()
        go.wait(PATIENCE)

    job = desk.jobs.submit("Draw", work, again=Drawing(board=walk, choice=STAGE))
    assert began.wait(PATIENCE)
    desk.jobs.cancel(job)
    (file,) = home.glob(f"queue/*/{NAME}")
    assert file.read_bytes() == b"" and desk.jobs.snapshot(job).state == "running"
    go.set()


def test_what_a_killed_writer_left_is_taken_away_but_no_file_of_others(walk: Path, home: Path, desk: Desk) -> None:
    torn, kept = left(home, draw(walk), name="01TORN"), left(home, name="02KEPT")
    for name in (f".{NAME}.01ABC.tmp", f".{'a' * 64}.01ABC.tmp", "b" * 64):
        (torn / name).write_bytes(b"half")
    (kept / "letter.txt").write_text("not ours")
    desk.jobs.pause()
    take_up(desk)
    assert not torn.exists() and [path.name for path in kept.iterdir()] == ["letter.txt"]
