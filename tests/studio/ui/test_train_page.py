"""The page Train & runs: processes that outlive the editor, run folders read as they are, curves, comparing."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import psutil
import pytest
from PIL import Image

from studio.errors import StudioError
from studio.ui import processes, trainer
from studio.ui.components.run_charts import POINTS, chart, thinned
from studio.ui.processes import ask_to_stop, is_alive, read_started, start
from studio.ui.runs import curves, differences, last_words, read_run, reason, run_folders
from studio.ui.trainer import Order, Recipe, begin, command, data_names, recipes, resume

RECIPE = Recipe("tiny", "story", "house", "tries things out", {"images": 1000})
PATIENCE = 120.0
WAITS = """
import signal, sys, time
signal.signal(signal.SIGINT, lambda *_: sys.exit(0))
print('up', flush=True)
time.sleep(300)
"""


def until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < end
        time.sleep(0.05)


@pytest.fixture
def run(home: Path) -> Callable[..., Path]:
    """Write a run folder as `seqgan train` does."""

    def run(name: str = "one", images: int = 600, saved: int | None = None, **options: object) -> Path:
        folder = home / "runs" / name
        (folder / "sheets").mkdir(parents=True)
        record = {"preset": "tiny", "data": "/data/set", "options": {"images": 1000, **options}}
        (folder / "options.json").write_text(json.dumps(record))
        lines = [{"images": k, "terms": {"g.total": 1000 / k, "d.real": 0.5}} for k in range(100, images + 1, 100)]
        lines.append({"images": images, "val": {"score": 0.25}})
        (folder / "log.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines) + '{"images": 9')
        for number in (200, images):
            Image.new("RGB", (64, 36), "red").save(folder / "sheets" / f"{number:09d}.png")
        if saved is not None:
            (folder / "checkpoint").mkdir()
            (folder / "checkpoint" / "config.json").write_text(json.dumps({"images_seen": saved}))
        return folder

    return run


def started(folder: Path, words: str = "", **changes: object) -> None:
    """Have a process of ours in a folder; when this returns it is over, or, if it waits, hears signals."""
    begun = start(folder, [sys.executable, "-c", words], "tiny", 1000)
    until(lambda: "up" in last_words(folder) if words == WAITS else not is_alive(begun))
    processes._write(folder, replace(begun, **changes))  # type: ignore[arg-type]


# Processes -----------------------------------------------------------------------------------------------------------


def test_a_process_outlives_the_program_that_started_it(tmp_path: Path) -> None:
    words = [sys.executable, "-c", WAITS]
    code = f"from pathlib import Path; from studio.ui.processes import start; start(Path(F), {words!r}, 'tiny', 5)"
    code = code.replace("Path(F)", f"Path({str(tmp_path)!r})")
    subprocess.run([sys.executable, "-c", code], check=True)
    begun = read_started(tmp_path)
    assert begun is not None and is_alive(begun) and (begun.preset, begun.images) == ("tiny", 5)
    assert not is_alive(replace(begun, born=begun.born - 60))  # another process that has its number
    until(lambda: "up" in last_words(tmp_path))
    ask_to_stop(tmp_path)
    assert (tmp_path / "stop").is_file()
    until(lambda: not is_alive(begun))
    after = read_started(tmp_path)
    assert after is not None and after.stop_asked


def test_without_signals_the_file_alone_asks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes.sys, "platform", "win32")
    kill = os.kill
    monkeypatch.setattr(os, "kill", lambda *_: pytest.fail("on Windows that would end it at once"))
    started(tmp_path, WAITS)
    ask_to_stop(tmp_path)
    begun = read_started(tmp_path)
    assert begun is not None and is_alive(begun) and (tmp_path / "stop").is_file()
    monkeypatch.setattr(os, "kill", kill)
    psutil.Process(begun.pid).kill()
    until(lambda: not is_alive(begun))


def test_a_record_that_cannot_be_read_is_none(tmp_path: Path) -> None:
    for text in ("{", "[]", '{"pid": 3}', '{"command": 3}'):
        (tmp_path / "process.json").write_text(text)
        assert read_started(tmp_path) is None


# Run folders ---------------------------------------------------------------------------------------------------------


def test_states_are_told_apart(run: Callable[..., Path], home: Path) -> None:
    assert read_run(run("elsewhere")).state == "elsewhere"
    old = run("old")
    for name in ("log.jsonl", "options.json"):
        os.utime(old / name, (1, 1))
    assert read_run(old).state == "unfinished"
    assert read_run(run("stopped", saved=600)).state == "stopped"
    assert read_run(run("finished", images=1000, saved=1000)).state == "finished"
    ours = run("ours")
    started(ours, WAITS)
    assert read_run(ours).state == "running"
    ask_to_stop(ours)
    assert read_run(ours).state in ("stopping", "unbegun")
    until(lambda: not read_run(ours).is_alive)
    assert read_run(ours).state == "unbegun"
    died = run("died", saved=300)
    os.utime(died / "checkpoint" / "config.json", (1, 1))
    started(died, "import sys; print('step 3'); sys.exit('error: no room left; make room')")
    assert read_run(died).state == "died" and reason(died) == "error: no room left; make room"
    started(died, "pass", moment=0.5)  # what is there was saved since
    assert read_run(died).state == "stopped"
    assert "may have been killed" in reason(home)
    assert {path.name for path in run_folders()} == {"elsewhere", "old", "stopped", "finished", "ours", "died"}


def test_progress_is_images_seen_of_images_asked(run: Callable[..., Path], home: Path) -> None:
    found = read_run(run(saved=640))
    assert (found.seen, found.asked, found.share, found.preset) == (640, 1000, 0.64, "tiny")
    new = home / "runs" / "new"
    started(new, WAITS)
    found = read_run(new)
    assert (found.state, found.seen, found.asked, found.share) == ("starting", 0, 1000, 0.0)
    ask_to_stop(new)
    until(lambda: not read_run(new).is_alive)


def test_curves_leave_out_what_is_cut_off_or_no_number(run: Callable[..., Path]) -> None:
    folder = run()
    with (folder / "log.jsonl").open("a") as file:
        file.write('\n{"images": 700, "terms": {"g.total": NaN, "odd": "x"}}\n[]\n{"images": "x"}\n')
    found = curves(folder)
    assert list(found) == ["g.total", "d.real", "val score"]
    assert found["g.total"][-1] == (600, 1000 / 600) and len(found["g.total"]) == 6


def test_settings_that_differ(run: Callable[..., Path]) -> None:
    runs = [read_run(run("a", lr={"g": 1})), read_run(run("b", lr={"g": 2, "d": 3}))]
    assert differences(runs) == {"lr.g": ["1", "2"], "lr.d": ["", "3"]}
    assert differences([runs[0], runs[0]]) == {}


def test_long_curves_are_thinned_to_what_can_be_seen() -> None:
    line = [(k, float(k)) for k in range(100_003)]
    short = thinned(line)
    assert len(short) <= POINTS + 1 and short[0] == line[0] and short[-1] == line[-1]
    assert thinned(line[:5]) == line[:5]
    assert len(chart({"a": line[:3], "b": line[:2]})["data"]["values"]) == 5


# Orders --------------------------------------------------------------------------------------------------------------


def test_a_short_run_logs_often_enough_to_be_seen(home: Path) -> None:
    words = command(
        Order("tiny", "synthetic", 500, settings="a.b=3\nloop.save_every=7\n", init="theatre-64"), RECIPE, home
    )
    assert words[1:5] == ["-m", "seqgan", "train", "tiny"] and words[-2:] == ["--set", "loop.save_every=7"]
    assert " ".join(words).endswith(
        "--max-images 500 --init theatre-64 --set loop.log_every=5 --set loop.sheet_every=50 "
        "--set a.b=3 --set loop.save_every=7"
    )
    long = command(Order("tiny", "synthetic"), replace(RECIPE, settings={"images": 10**7}), home)
    assert "--set" not in long and "--max-images" not in long


@pytest.mark.parametrize(
    ("order", "message"),
    [
        (Order("tiny", " "), "no data is named"),
        (Order("tiny", "x", name="../up"), "cannot be called"),
        (Order("tiny", "x", name="one"), "there is a run one already"),
        (Order("tiny", "x", settings="batch 3"), "setting 'batch 3' cannot be read"),
    ],
)
def test_an_order_that_cannot_be_is_refused(order: Order, message: str, run: Callable[..., Path]) -> None:
    run("one")
    with pytest.raises(StudioError, match=message):
        begin(order, RECIPE)


def test_what_cannot_be_resumed_says_why(run: Callable[..., Path], monkeypatch: pytest.MonkeyPatch, home: Path) -> None:
    folder = run()
    with pytest.raises(StudioError, match="was not started here"):
        resume(folder)
    started(folder, WAITS)
    with pytest.raises(StudioError, match="is still running"):
        resume(folder)
    ask_to_stop(folder)
    until(lambda: not read_run(folder).is_alive)
    (home / "runs" / "full").write_text("a file where a folder is needed")
    monkeypatch.setattr(trainer, "runs_folder", lambda: home / "runs" / "full")
    with pytest.raises(StudioError, match="could not be started"):
        begin(Order("tiny", "x"), RECIPE)


def test_recipes_and_data_are_those_of_seqgan(home: Path) -> None:
    found = recipes()
    assert found["storygan_small"].images == 240_000 and found["theatre_judge"].kind == "judge"
    (home / "data" / "mine").mkdir(parents=True)
    (home / "data" / "mine" / "dataset.json").write_text("{}")
    assert data_names() == ["synthetic", "mine"]


# The page ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def visit(page: Callable) -> Callable:
    def visit() -> object:
        tab = page()
        tab.at.switch_page("studio/ui/pages/train.py")
        return tab.run().until(lambda: "Reading the recipes" not in tab.words and "Getting ready" not in tab.words)

    return visit


def test_it_says_how_to_begin(visit: Callable) -> None:
    tab = visit()
    assert "No runs yet. Start the two-minute demo run, or train on your data above." in tab.words
    assert tab.at.selectbox(key="sel_recipe").value == "storygan_small"
    assert "tiny set that is drawn on the spot" in tab.words
    tab.at.text_input(key="txt_run_name").set_value("..")
    tab.click("btn_start_run")
    assert "cannot be called" in tab.at.error[0].value.replace("\\", "")


def test_the_demo_run_is_a_button(visit: Callable, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[Path, list[str], str, int]] = []
    monkeypatch.setattr(trainer, "start", lambda *order: asked.append(order))
    visit().click("btn_demo_run")
    ((folder, words, preset, images),) = asked
    assert (folder.name, preset, images) == ("demo", "storygan_small", 4000)
    assert words[words.index("--data") + 1] == "synthetic" and "loop.sheet_every=400" in words


def test_a_run_is_shown_and_compared(visit: Callable, run: Callable[..., Path]) -> None:
    run("alone", saved=600, seed=1)
    run("other", images=1000, saved=1000, seed=2)
    tab = visit().click("btn_run_alone")
    assert "## alone" in tab.words and "stopped, state saved" in tab.words
    assert "600 of 1,000 images" in tab.at.get("progress")[0].proto.text
    assert "started elsewhere" in tab.words and "btn_resume_run" not in tab.keys
    assert "Newest sheet, at 600 images" in tab.words
    tab.at.multiselect(key="sel_compare_runs").set_value(["other"])
    words = tab.run().words
    assert "| g\\.total | 1\\.6667 | 1 |" in words and "| seed | 1 | 2 |" in words


def test_compared_runs_show_their_newest_sheets_beside_each_other(visit: Callable, run: Callable[..., Path]) -> None:
    none, torn = run("none", images=300) / "sheets", run("torn", images=400) / "sheets"
    run("alone")
    run("other", images=1000)
    for file in none.glob("*.png"):
        file.unlink()
    (torn / "000000400.png").write_bytes(b"no picture")
    tab = visit().click("btn_run_alone")
    tab.at.multiselect(key="sel_compare_runs").set_value(["other", "none", "torn"])
    words = tab.run().words
    shown = [image.proto.imgs[0].alt for image in tab.at.get("image")]
    assert shown == ["newest sheet of alone, at 600 images", "newest sheet of other, at 1,000 images"]
    assert "**alone**, at 600 images" in words and "**other**, at 1,000 images" in words
    assert "**none**: no sheet of samples yet" in words and "**torn**: its newest sheet cannot be read" in words
    assert "Row by row of the same validation examples" in words


def test_a_run_that_died_says_why_and_can_be_resumed(visit: Callable, run: Callable[..., Path]) -> None:
    folder = run("gone")
    started(folder, "import sys; sys.exit('error: the disk is full; make room')")
    tab = visit()
    assert "the disk is full" in tab.at.error[0].value
    started(folder, WAITS)
    assert "btn_stop_run" in tab.run().keys
    until(lambda: "up" in last_words(folder))
    tab.click("btn_stop_run")
    until(lambda: not read_run(folder).is_alive)
    tab.run().click("btn_resume_run")
    assert read_started(folder).stop_asked is False  # type: ignore[union-attr]
    until(lambda: last_words(folder).count("up") > 1)
    ask_to_stop(folder)
    until(lambda: not read_run(folder).is_alive)
