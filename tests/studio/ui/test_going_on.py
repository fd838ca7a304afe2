"""Drawings that wait or are half done when the editor ends: a new process goes on with them and draws the rest only."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from studio.document import Document, delete_panel, lock
from studio.errors import DocumentError
from studio.rendering import Step, draw_board, open_engine
from studio.ui.desk import Desk
from studio.ui.drawing import submit_board
from studio.ui.engines import STAGE, Choice
from studio.ui.going_on import take_up
from studio.ui.orders import Order
from studio.ui.queue_file import NAME
from tests.studio.ui.conftest import PATIENCE, ROOT, Page

FIVE = ["Mia walks in the snow.", "She waves.", "Max jumps on the beach.", "Max runs.", "Mia sleeps."]

SLOW_EDITOR = """
import sys, time
from pathlib import Path
from studio.rendering import open_engine
from studio.ui.desk import Desk
from studio.ui.engines import STAGE
from studio.ui.drawing import submit_board

class Slow:
    def __init__(self):
        self.stage = open_engine("stage")
    def __getattr__(self, name):
        return getattr(self.stage, name)
    def draw(self, *asked):
        for drawn in self.stage.draw(*asked):
            time.sleep(0.7)
            yield drawn

home, *boards = map(Path, sys.argv[1:])
desk = Desk(home)
desk.engines._engines[STAGE] = Slow()
jobs = [submit_board(desk, desk.document(board), STAGE, "all") for board in boards]
print("asked", flush=True)
jobs[-1].wait(600)
"""


@pytest.fixture
def drawn(make: Callable[..., Path]) -> Path:
    """A board of five panels with a picture each."""
    path = make(FIVE)
    with Document.open(path) as doc:
        draw_board(doc, open_engine("stage"))
    return path


def takes(path: Path) -> list[int]:
    """How many takes the panels of a board have, whoever draws it."""
    with Document.open(path, read_only=True) as doc:
        return [len(panel.takes) for panel in doc.board.panels]


def kept(home: Path) -> list[dict]:
    """The lines of the file in which a process keeps its jobs."""
    lines = [line for file in home.glob(f"queue/*/{NAME}") for line in file.read_text().splitlines()]
    return [json.loads(line) for line in lines]


def soon(true: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < end
        time.sleep(0.02)


def test_a_process_that_is_killed_in_mid_job_loses_no_job_and_no_picture(
    drawn: Path, make: Callable[..., Path], home: Path, page: Callable[..., Page]
) -> None:
    waiting = make(["Max runs."], "run", "A run")
    command = [sys.executable, "-c", SLOW_EDITOR, str(home), str(drawn), str(waiting)]
    editor = subprocess.Popen(command, cwd=ROOT, env=os.environ, stdout=subprocess.PIPE, text=True)
    try:
        soon(lambda: sum(takes(drawn)) >= 7 or editor.poll() is not None)
        assert [line["panels"] for line in kept(home)[1:]] == ["all", "all"]
    finally:
        editor.send_signal(signal.SIGKILL)
        editor.communicate()
    before = takes(drawn)
    assert 7 <= sum(before) < 10 and takes(waiting) == [0]
    tab = page("walk.board")
    assert "in the queue again\\: 2 drawings \\(A walk, A run\\)" in tab.words
    tab.until(lambda: takes(drawn) == [2] * 5 and takes(waiting) == [1])
    assert "btn_went_on" in tab.keys and not tab.at.exception
    assert "btn_went_on" not in tab.click("btn_went_on").keys
    soon(lambda: kept(home) == [])
    assert len(list((home / "queue").iterdir())) == 1  # what was left is taken away


class Gate:
    """A job that runs until it is let go, so that others wait."""

    def __init__(self, desk: Desk) -> None:
        self.let = threading.Event()
        began = threading.Event()

        def work(step: Step) -> None:
            began.set()
            while not self.let.wait(0.01) and not step.cancelled():
                pass

        desk.jobs.submit("Gate", work)
        assert began.wait(PATIENCE)


@pytest.fixture
def earlier(home: Path) -> Iterator[Desk]:
    """The desk of an editor that ends, with a job that keeps the others waiting."""
    desk = Desk(home)
    Gate(desk)
    yield desk
    desk.close()


def ids(doc: Document) -> list[str]:
    return [panel.id for panel in doc.board.panels]


def test_what_waits_when_the_editor_is_closed_waits_in_the_next_in_its_order(
    earlier: Desk, drawn: Path, make: Callable[..., Path], desk: Desk
) -> None:
    doc, other = earlier.document(drawn), earlier.document(make(["Max runs."], "run", "A run"))
    submit_board(earlier, doc, STAGE, "all")
    submit_board(earlier, doc, STAGE, ids(doc)[:2], takes=2)
    last = submit_board(earlier, other, STAGE)
    cancelled = submit_board(earlier, other, STAGE, ids(other))
    cancelled.cancel()
    earlier.jobs.move(last.number, -2)
    earlier.close()
    gate = Gate(desk)
    take_up(desk)
    titles = ["Draw A run", "Draw all of A walk", "Draw 2 panels of A walk"]
    assert [job.title for job in desk.jobs.waiting()] == titles
    assert set(desk.underway.of(desk.document(drawn)).values()) == {"queued"} and not desk.jobs.paused
    gate.let.set()
    soon(lambda: not desk.jobs.busy)
    assert takes(drawn) == [4, 4, 2, 2, 2]
    soon(lambda: kept(desk.home) == [])


def test_a_queue_that_was_paused_stays_paused(earlier: Desk, drawn: Path, page: Callable[..., Page]) -> None:
    submit_board(earlier, earlier.document(drawn), STAGE, "all")
    earlier.jobs.pause()
    earlier.close()
    tab = page("walk.board")
    tab.until(lambda: "btn_resume" in tab.keys)
    assert "1\\. Draw all of A walk" in tab.words and takes(drawn) == [1] * 5
    assert [bar.proto.text for bar in tab.at.get("progress")] == ["Waiting\\: the queue is paused"]
    tab.click("btn_resume").until(lambda: takes(drawn) == [2] * 5 and tab.drawn)
    assert "5 panels drawn" in tab.words


def test_a_drawing_in_which_the_editor_ended_twice_waits_for_a_person(
    earlier: Desk, drawn: Path, home: Path, desk: Desk
) -> None:
    submit_board(earlier, earlier.document(drawn), STAGE, "all")
    earlier.close()
    (file,) = home.glob(f"queue/*/{NAME}")
    file.write_text(file.read_text().replace('"starts": 0', '"starts": 2'))
    take_up(desk)
    assert desk.jobs.paused and len(desk.jobs.waiting()) == 1
    assert "The editor ended 2 times while A walk was drawn" in desk.notes[0]


def test_a_running_job_counts_its_starts_until_the_editor_is_closed_in_good_order(
    home: Path, drawn: Path, desk: Desk
) -> None:
    gate, again = threading.Event(), Order(drawn, STAGE).plain()
    number = desk.jobs.submit("Draw", lambda _step: gate.wait(PATIENCE), again=again)
    soon(lambda: [line.get("starts") for line in kept(home)[1:]] == [1])
    desk.kept.end()
    assert kept(home)[1]["starts"] == 0
    gate.set()
    desk.jobs.wait(number)
    assert len(kept(home)) == 2  # nothing is written any more


def test_boards_that_are_gone_damaged_or_open_elsewhere_are_told_and_dropped(
    earlier: Desk, drawn: Path, make: Callable[..., Path], desk: Desk
) -> None:
    paths = [drawn, *(make(["Max runs."], name) for name in ("gone", "broken", "busy"))]
    for path in paths:
        submit_board(earlier, earlier.document(path), STAGE, "all")
    earlier.close()
    shutil.rmtree(paths[1])
    (paths[2] / "manifest.json").write_text("{")
    with Document.open(paths[3]):
        take_up(desk)
        soon(lambda: not desk.jobs.busy)
    dropped = [note for note in desk.notes if "was dropped" in note]
    assert [note.split()[3] for note in dropped] == ["gone", "broken", "busy"] and "cannot be changed" in dropped[2]
    assert takes(drawn) == [2] * 5


@pytest.mark.parametrize(
    ("text", "jobs", "strange"),
    [
        ("", 0, False),
        ("not ours at all", 0, True),
        ('{"format": "else"}\n{LINE}\n', 0, True),
        ('{HEAD}\n{LINE}\n{"kind": "draw", "boa', 1, True),
        ('{HEAD}\n[1]\n{LINE}\n', 1, True),
        ('{HEAD}\n{LINE}\n' + "x" * (4 << 20), 0, True),
        ("\ud800\n", 0, True),
    ],
)  # fmt: skip
def test_a_torn_or_foreign_file_costs_nothing_but_itself(
    text: str, jobs: int, strange: bool, drawn: Path, home: Path, desk: Desk
) -> None:
    line = json.dumps(Order(drawn, STAGE, "all").plain())
    text = text.replace("{LINE}", line).replace("{HEAD}", '{"format": "seqgan.queue", "version": 1, "paused": false}')
    folder = home / "queue" / "01OTHER"
    folder.mkdir(parents=True)
    (folder / NAME).write_bytes(text.encode(errors="surrogatepass"))
    desk.jobs.pause()
    take_up(desk)
    assert len(desk.jobs.waiting()) == jobs and any("could not be read" in note for note in desk.notes) == strange
    assert not folder.exists()


@pytest.mark.parametrize("board", ["a\0b", "x" * 5000, "", "/"])
def test_a_board_that_can_be_nowhere_is_told_and_dropped(board: str, drawn: Path, home: Path, desk: Desk) -> None:
    folder = home / "queue" / "01OTHER"
    folder.mkdir(parents=True)
    head = '{"format": "seqgan.queue", "version": 1, "paused": false}'
    line = json.dumps({**Order(drawn, STAGE).plain(), "board": board})
    (folder / NAME).write_text(f"{head}\n{line}\n")
    take_up(desk)
    assert len(desk.notes) == 1 and "was dropped" in desk.notes[0] and not folder.exists()


def test_the_file_of_a_newer_program_and_of_a_living_one_are_left_alone(
    earlier: Desk, drawn: Path, home: Path, desk: Desk
) -> None:
    submit_board(earlier, earlier.document(drawn), STAGE, "all")
    folder = home / "queue" / "01NEWER"
    folder.mkdir(parents=True)
    (folder / NAME).write_text('{"format": "seqgan.queue", "version": 2}\n{}\n')
    take_up(desk)
    assert not desk.notes and not desk.jobs.busy and folder.exists()
    assert desk.kept.has_left() and len(list((home / "queue").iterdir())) == 2


def test_a_disk_that_refuses_stops_no_drawing_and_is_said(
    drawn: Path, home: Path, page: Callable[..., Page], desk: Desk
) -> None:
    home.joinpath("queue").write_text("a file where a folder was expected")
    tab = page("walk.board").with_stage("sel_engine")
    desk.jobs.pause()
    tab.menu("btn_draw", "all")
    assert "would be lost with a restart" in tab.words
    tab.click("btn_resume").until(lambda: takes(drawn) == [2] * 5)


# Orders --------------------------------------------------------------------------------------------------------------


def test_an_order_is_the_same_after_it_was_written_and_read(drawn: Path) -> None:
    own = {"birds": Choice("frame", "birds")}
    order = Order(drawn.resolve(), Choice("gan", "theatre-64"), ["a", "b"], 4, own, {"a": 3}, 1)
    assert Order.read(json.loads(json.dumps(order.plain()))) == order


@pytest.mark.parametrize(
    "change",
    [{"kind": "else"}, {"board": 3}, {"choice": "stage"}, {"choice": ["stage"]}, {"panels": "some"}, {"panels": [1]},
     {"takes": True}, {"takes": 0}, {"takes": 10**9}, {"goals": {"a": 10**9}}, {"own": []},
     {"goals": {"a": "1"}}, {"starts": None}],
)  # fmt: skip
def test_an_order_that_is_not_as_ours_are_is_refused(change: dict, drawn: Path) -> None:
    with pytest.raises(DocumentError, match="could not be read"):
        Order.read({**Order(drawn, STAGE).plain(), **change})


def test_what_is_left_of_an_order(drawn: Path) -> None:
    with Document.open(drawn) as doc:
        one, two, three, four, five = ids(doc)
        begun = Order(drawn, STAGE, "all", 2).begun(doc)
        assert set(begun.goals.values()) == {3}
        draw_board(doc, open_engine("stage"), [one, two])
        draw_board(doc, open_engine("stage"), [one])
        doc.apply(lock(four))
        doc.apply(delete_panel(five))
        assert [(each.panels, each.takes) for each in begun.rest(doc)] == [([two], 1), ([three], 2)]
        named = Order(drawn, STAGE, [three, five])
        assert [each.panels for each in named.rest(doc)] == [[three]]
        assert Order(drawn, STAGE, [five]).rest(doc) == []
        changed = Order(drawn, STAGE, "changed")
        assert changed.begun(doc) == changed and changed.rest(doc) == [changed]
