"""The recipe of the shipped models: a trial of the whole, done once and never twice."""

from __future__ import annotations

from pathlib import Path

import pytest

from seqgan.checkpoints.format import read_config
from seqgan.config import from_dict
from seqgan.errors import InterruptedRun
from seqgan.presets import preset
from seqgan.training.judge_training import JudgeOptions
from seqgan.training.reports import read_report
from seqgan.training.theatre_recipe import DATA, STEPS, Recipe
from seqgan.training.train import resolve

TINY = ("network.width=8", "network.d_width=8", "network.maps=4", "network.gist=16", "training.batch=2")
LOOP = "loop={log_every: 8, sheet_every: 1000, save_every: 1000}"


def test_every_step_has_its_data_its_start_and_settings_that_exist() -> None:
    done: set[str | None] = {None}
    for step in STEPS:
        assert step.init in done and step.data in {data.name for data in DATA}
        assert resolve(preset(step.preset), step.changes, step.images).images == step.images
        done.add(step.name)
    assert from_dict(JudgeOptions, preset("theatre_judge").settings).images >= 100_000


def test_no_data_is_shared_between_judge_and_generator() -> None:
    seeds = {data.name: data.seed for data in DATA}
    assert seeds.pop("judge") not in seeds.values()


def test_a_step_that_failed_is_done_again_and_one_that_is_done_is_not(tmp_path: Path) -> None:
    told: list[str] = []
    recipe = Recipe(tmp_path, tmp_path / "out", say=told.append)

    def fail() -> None:
        raise InterruptedRun("stopped")

    with pytest.raises(InterruptedRun):
        recipe._once("step", fail)
    recipe._once("step", lambda: None)
    recipe._once("step", fail)
    assert told == ["step: begins", "step: begins", "step: done before"]


@pytest.mark.slow
def test_a_trial_of_the_whole(tmp_path: Path) -> None:
    told: list[str] = []
    recipe = Recipe(
        tmp_path / "work", tmp_path / "models", scale=1e-4, device="cpu", threads=1, changes=(*TINY, LOOP),
        judge_changes=("width=4", "training.batch=8", LOOP), stories=2, metrics=("labels",), say=told.append,
    )  # fmt: skip
    folder = recipe.run()
    assert read_config(folder)["preset"] == "storygan_theatre"
    assert set(read_report(folder / "eval.json")["theatre-fluent"]) == {
        "test", "real_test", "test_unseen", "real_test_unseen"
    }  # fmt: skip
    for name in ("theatre-64", "theatre-judge"):
        assert "## Figures" in (tmp_path / "models" / name / "README.md").read_text(encoding="utf-8")
    told.clear()
    recipe.run()
    assert all(line.endswith("done before") for line in told)
