"""What waits or is half done when the editor ends: a new process goes on with it and makes the rest only."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from studio.document import Document
from studio.export.info import read_info
from studio.rendering import draw_board, open_engine
from studio.ui.clips import latest
from studio.ui.desk import Desk
from studio.ui.drawing import submit_board
from studio.ui.engines import STAGE
from studio.ui.going_on import take_up
from studio.ui.orders import Drawing
from studio.ui.queue_file import NAME
from studio.ui.words import plain
from tests.seqgan.sampling.clip_models import save_clip_model
from tests.studio.ui.conftest import PATIENCE, ROOT, Gate, Page

FIVE = ["Mia walks in the snow.", "She waves.", "Max jumps on the beach.", "Max runs.", "Mia sleeps."]

SLOW_EDITOR = """
import sys, time
from pathlib import Path
from studio.export import Progress
from studio.rendering import open_engine
from studio.ui.clips import Asked, submit_clips, uploaded
from studio.ui.desk import Desk
from studio.ui.drawing import submit_board
from studio.ui.engines import STAGE
from studio.ui.exports import submit_export

class Slow:
    def __init__(self):
        self.stage, self.drawn = open_engine("stage"), 0
    def __getattr__(self, name):
        return getattr(self.stage, name)
    def draw(self, *asked):
        for drawn in self.stage.draw(*asked):
            time.sleep(600 * (self.drawn == 2))
            self.drawn += 1
            yield drawn

def step(self, kind, done, total, steps=[]):
    steps.append(done)
    time.sleep(600 * (len(steps) == 9))

Progress.step = step
home, picture, *boards = map(Path, sys.argv[1:])
desk = Desk(home)
desk.engines._engines[STAGE] = Slow()
desk.engines.prepare(STAGE)
walk, run = map(desk.document, boards)
submit_export(desk, walk, ["mp4"], {"size": (160, 90), "fps": 8})
submit_board(desk, run, STAGE, "all")
last = submit_clips(desk, Asked("a man runs", "moved", 3, None, "motion", uploaded("my.png", picture.read_bytes())))
submit_board(desk, walk, STAGE, [panel.id for panel in walk.board.panels])  # in the queue that stands beside
print("asked", flush=True)
last.wait(600)
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
    drawn: Path, make: Callable[..., Path], home: Path, tmp_path: Path, page: Callable[..., Page]
) -> None:
    waiting, picture, films = make(["Max runs."], "run", "A run"), tmp_path / "my.png", drawn / "exports"
    save_clip_model(home / "models" / "moved", gist="picture", background="gist")
    Image.new("RGB", (96, 64), "tan").save(picture)
    command = [sys.executable, "-c", SLOW_EDITOR, str(home), str(picture), str(drawn), str(waiting)]
    editor = subprocess.Popen(command, cwd=ROOT, env=os.environ, stdout=subprocess.PIPE, text=True)
    try:
        soon(lambda: (sum(takes(drawn)) == 7 and bool(list(films.glob(".*")))) or editor.poll() is not None)
        assert [line["kind"] for line in kept(home)[1:]] == ["export", "draw", "clips", "draw"]
    finally:
        editor.send_signal(signal.SIGKILL)
        editor.communicate()
    assert takes(drawn) == [2, 2, 1, 1, 1] and takes(waiting) == [0] and list(films.glob("[!.]*.mp4")) == []
    picture.unlink()  # its content is what was handed in
    tab = page("walk.board")
    told = "1 export (A walk), 2 drawings (A run, A walk), 1 set of clips (“a man runs”)"
    assert plain(f"in the queue again: {told}") in tab.words
    tab.until(lambda: takes(drawn) == [2] * 5 and takes(waiting) == [1] and "The export is done" in tab.words)
    (film,) = films.glob("[!.]*.mp4")
    assert len(read_info(film)["made"]["panels"]) == 5
    soon(lambda: len(latest()) == 4)
    assert read_info(latest()[0])["made"]["first"]["file"] == "my.png"
    assert "btn_went_on" in tab.keys and not tab.at.exception
    assert "btn_went_on" not in tab.click("btn_went_on").keys
    soon(lambda: kept(home) == [])
    (mine,) = (home / "queue").iterdir()  # what was left is taken away
    assert sorted(path.name for path in mine.iterdir()) == [".lock", NAME]


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
    assert "The editor ended 2 times during the drawing of A walk" in desk.notes[0]


def test_a_running_job_counts_its_starts_until_the_editor_is_closed_in_good_order(
    home: Path, drawn: Path, desk: Desk
) -> None:
    gate, again = threading.Event(), Drawing(board=drawn, choice=STAGE)
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


def test_a_disk_that_refuses_stops_no_drawing_and_is_said(
    drawn: Path, home: Path, page: Callable[..., Page], desk: Desk
) -> None:
    home.joinpath("queue").write_text("a file where a folder was expected")
    tab = page("walk.board").with_stage("sel_engine")
    desk.jobs.pause()
    tab.menu("btn_draw", "all")
    assert "would be lost with a restart" in tab.words
    tab.click("btn_resume").until(lambda: takes(drawn) == [2] * 5)
