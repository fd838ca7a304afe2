"""The model that a run has trained: measured in a process of its own, given a card, put among the installed ones."""

from __future__ import annotations

import json
import shutil
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest
from PIL import Image

from seqgan.resources import asset
from studio.errors import EngineError, StudioError
from studio.rendering.models import find_model, verify
from studio.ui.measuring import FOLDER, can_be_measured, measure, measuring, stop_measuring
from studio.ui.processes import start
from studio.ui.publishing import SIGNED, write_card
from studio.ui.runs import last_words, read_run

WAITS = "import time; print('up', flush=True); time.sleep(300)"


def until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + 300
    while not true():
        assert time.monotonic() < end
        time.sleep(0.05)


def finished_run(home: Path) -> Path:
    """Write a run that is through: the shipped StoryGAN as `seqgan train` leaves it, without card and figures."""
    folder = home / "runs" / "mine"
    (folder / "sheets").mkdir(parents=True)
    shutil.copytree(asset("models/theatre-64"), folder / "checkpoint")
    for name in ("README.md", "eval.json", "samples.png"):
        (folder / "checkpoint" / name).unlink(missing_ok=True)
    seen = json.loads((folder / "checkpoint" / "config.json").read_text())["images_seen"]
    record = {"preset": "theatre_64", "data": "synthetic", "options": {"images": seen, "lr": {"g": 0.5}}}
    (folder / "options.json").write_text(json.dumps(record))
    for number, colour in ((10, "red"), (seen, "blue")):
        Image.new("RGB", (64, 36), colour).save(folder / "sheets" / f"{number:09d}.png")
    return folder


@pytest.fixture
def finished(home: Path) -> Path:
    """A run that is through."""
    return finished_run(home)


@pytest.fixture
def visit(page: Callable) -> Callable:
    def visit() -> object:
        tab = page()
        tab.at.switch_page("studio/ui/pages/train.py")
        return tab.run()

    return visit


def test_a_run_is_measured_in_a_process_of_its_own(visit: Callable, finished: Path) -> None:
    tab = visit()
    assert tab.at.text_input(key="txt_measure_data_mine").value == "synthetic"
    tab.at.number_input(key="num_measure").set_value(1)
    tab.click("btn_measure")
    assert "Being measured" in tab.words and tab.at.button(key="btn_measure").disabled
    until(lambda: measuring(read_run(finished)).state != "running")
    assert measuring(read_run(finished)).state == "measured", last_words(finished / FOLDER)
    tab.run()
    assert "character\\_f1" in tab.words and "btn_stop_measuring" not in tab.keys


def test_a_run_is_published_with_a_card(visit: Callable, finished: Path, home: Path) -> None:
    shutil.copy(asset("models/theatre-64/eval.json"), finished / "checkpoint")
    tab = visit()
    tab.at.text_input(key="txt_publish_mine").set_value("my-theatre")
    tab.run().click("btn_publish").until(lambda: "my\\-theatre\\: whole" in " ".join(e.value for e in tab.at.success))
    model = find_model("my-theatre")
    assert model == home / "models" / "my-theatre" and verify(model).recorded
    card = (model / "README.md").read_text()
    assert card.startswith("# mine\n") and "recipe `theatre_64`" in card and '"lr": {"g": 0.5}' in card
    assert "On theatre" in card and "character\\_f1" in card and "one take a panel" in card
    with Image.open(model / "samples.png") as samples:
        assert samples.convert("RGB").getpixel((0, 0)) == (0, 0, 255)
    tab.click("btn_publish").until(lambda: bool(tab.at.error))
    assert "installed already" in tab.at.error[0].value


def test_measuring_is_stopped_or_fails_with_its_reason(visit: Callable, finished: Path) -> None:
    start(finished / FOLDER, [sys.executable, "-c", WAITS], "x", 1)
    until(lambda: "up" in last_words(finished / FOLDER))
    run = read_run(finished)
    with pytest.raises(StudioError, match="mine is being measured"):
        measure(run, "synthetic", 1)
    tab = visit().click("btn_stop_measuring")
    until(lambda: measuring(run).state == "stopped")
    assert "nothing was measured" in tab.run().words
    start(finished / FOLDER, [sys.executable, "-c", "import sys; sys.exit('error: no judge; name one')"], "x", 1)
    until(lambda: measuring(run).state == "failed")
    assert "no judge; name one" in tab.run().at.error[0].value
    tab.at.text_input(key="txt_measure_data_mine").set_value(" ")
    tab.run().click("btn_measure")
    assert "no data is named" in tab.at.error[0].value


def test_what_still_changes_is_not_measured(finished: Path) -> None:
    start(finished, [sys.executable, "-c", WAITS], "theatre_64", 10**9)
    run = read_run(finished)
    assert run.is_alive and not can_be_measured(run)
    with pytest.raises(StudioError, match="wait for the training"):
        measure(run, "synthetic", 1)
    stop_measuring(run)  # there is nothing to stop
    assert read_run(finished).is_alive
    assert run.started is not None
    psutil.Process(run.started.pid).kill()
    until(lambda: not read_run(finished).is_alive)


def test_a_card_of_ours_is_written_anew_and_others_are_kept(finished: Path) -> None:
    run, card = read_run(finished), finished / "checkpoint" / "README.md"
    assert "It was not measured" in write_card(run).joinpath("README.md").read_text()
    figures = {"birds": {"test": {"match": 0.5, "match_low": 0.4, "match_high": 0.625, "protocol": "as printed"}}}
    (finished / "checkpoint" / "eval.json").write_text(json.dumps(figures))
    write_card(run)
    assert "On birds:" in card.read_text() and "0\\.5000" in card.read_text() and "as printed" in card.read_text()
    assert SIGNED in card.read_text()
    card.write_text("# By hand")
    write_card(run)
    assert card.read_text() == "# By hand"
    (finished / "checkpoint" / "config.json").write_text("{")
    with pytest.raises(EngineError, match="copy the model anew"):
        write_card(run)
