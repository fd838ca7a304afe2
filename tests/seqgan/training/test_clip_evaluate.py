"""Evaluation of what draws clips: real clips as a system, one that draws all alike, an untrained one, and refusals."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from seqgan.cli.main import run
from seqgan.errors import ConfigError, DataError
from seqgan.sampling.clip import ClipSampler
from seqgan.training.clip_evaluate import evaluate_clip_judge, real_figures, system_figures
from seqgan.training.clip_reference import ClipReference, find_clip_judges, one_of_each, pixels
from seqgan.training.measure import measure
from seqgan.training.reports import figure_rows
from tests.seqgan.sampling.clip_models import save_clip_model
from tests.seqgan.tiny_clips import FRAMES, SIZE

GROUPS = ("actions", "personas", "places")


@pytest.fixture(scope="module")
def reference(clips: Path, clip_judge: Path) -> ClipReference:
    return ClipReference.open(clips, "test", None, find_clip_judges([str(clip_judge)], clips, ("test",)), FRAMES,
                              (SIZE, SIZE))  # fmt: skip


@pytest.fixture(scope="module")
def drawer(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_clip_model(tmp_path_factory.mktemp("models") / "tiny", reads_vectors=False, base=(2, 2))


def _figures(reference: ClipReference, takes: Sequence[np.ndarray]) -> dict[str, Any]:
    return system_figures(reference, [reference.look(each, each[:, 0]) for each in takes])


def test_real_clips_are_worth_what_they_are_worth(reference: ClipReference) -> None:
    ours, real = _figures(reference, [reference.real] * 2), real_figures(reference)
    for group, chance in zip(GROUPS, (1 / 2, 1 / 3, 1 / 2), strict=True):
        whole = f"{group}_balanced_accuracy"
        assert ours[whole] == ours[f"{group}_in_set"] == real[whole] > 0.9
        assert ours[f"{group}_of_in_set"] == 1 and ours[f"{whole}_std"] == 0
        assert ours[f"{group}_chance"] == ours[f"{group}_majority"] == pytest.approx(chance)
        assert ours[f"{whole}_low"] <= ours[whole] <= ours[f"{whole}_high"]
    assert ours["fvd_clip_judge"] == pytest.approx(0, abs=1e-3) and real["fvd_clip_judge"] > 0
    assert ours["change_log_ratio"] == pytest.approx(0, abs=1e-6)
    assert ours["frozen_share"] == ours["still_difference"] == 0
    assert ours["start_ssim"] == pytest.approx(1)  # the first frame stands for the gist
    assert ours["diversity_within"] == pytest.approx(0, abs=1e-3) and np.isnan(real["diversity_within"])
    assert ours["gist_personas_balanced_accuracy"] == real["gist_personas_balanced_accuracy"]
    assert sum(sum(row.values()) for row in ours["personas_confusion"].values()) == 24


def test_a_system_that_draws_all_alike_is_at_chance_and_seen_to_be_collapsed(reference: ClipReference) -> None:
    one = np.broadcast_to(reference.real[:1], reference.real.shape)
    ours = _figures(reference, [one, one])
    for group in GROUPS:
        assert ours[f"{group}_balanced_accuracy"] == pytest.approx(ours[f"{group}_chance"])
        assert len({said for row in ours[f"{group}_confusion"].values() for said in row}) == 1
    assert ours["diversity_across_of_real"] == pytest.approx(0, abs=1e-3) and ours["fvd_clip_judge"] > 1
    assert ours["still_difference"] > 0.05


def test_frozen_clips_are_counted(reference: ClipReference) -> None:
    frozen = np.repeat(reference.real[:, :1], FRAMES, 1)
    ours = _figures(reference, [frozen])
    assert ours["frozen_share"] == 1 and ours["change"] == ours["warp_error"] == ours["flickering_share"] == 0
    assert np.isnan(ours["change_log_ratio"])
    still = {group: ours[f"gist_{group}_balanced_accuracy"] for group in GROUPS}
    assert still == {group: ours[f"{group}_balanced_accuracy"] for group in GROUPS}


def test_copies_of_training_clips_are_near_them(reference: ClipReference) -> None:
    others = replace(reference)
    shifted = reference.real ^ np.uint8(16)  # real clips that are no copies
    seen = replace(reference.truth, pixels=pixels(shifted), features=reference.judge.read(shifted)[1])
    others.__dict__["truth"] = seen
    ours = _figures(others, [reference.real])
    assert ours["neighbour_pixel_ratio"] == 0 and ours["neighbour_feature_ratio"] < 0.1


def test_a_checkpoint_is_drawn_and_measured(
    drawer: Path, clips: Path, clip_judge: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["evaluate", str(drawer), "--data", str(clips), "--judge", str(clip_judge), "--n", "4"]
    assert run([*words, "--json", str(tmp_path / "eval.json")]) == 0
    report = json.loads((tmp_path / "eval.json").read_text(encoding="utf-8"))["squares"]
    assert list(report) == ["test", "real_test"]
    ours = report["test"]
    assert ours["n"] == 4 and ours["takes"] == 3 and ours["model"] == "tiny" and "judge" in ours["protocol"]
    assert {"fvd_clip_judge", "gist_places_balanced_accuracy", "neighbour_feature_ratio", "warp_error"} <= set(ours)
    shown = [row[0] for row in figure_rows(report)]
    assert "actions_in_set" in shown and "actions_confusion" not in shown
    said = capsys.readouterr().out
    assert "fvd_clip_judge" in said and "drawing test" in said and "12/12" in said
    assert run([*words, "--json", "-"]) == 0
    assert set(json.loads(capsys.readouterr().out)) == {"squares"}  # and no bar among it


def test_what_is_drawn_depends_on_the_seed_alone(drawer: Path, reference: ClipReference) -> None:
    sampler = ClipSampler.load(drawer, "cpu")
    few = [replace(reference, clips=rows) for rows in (np.array([3, 7]), np.array([7, 9]))]
    first, second = (next(each.takes(sampler, 1)) for each in few)
    np.testing.assert_array_equal(first.pixels[1], second.pixels[0])


def test_the_judge_says_what_it_is_worth(clips: Path, clip_judge: Path) -> None:
    found = evaluate_clip_judge(str(clip_judge), clips, ("test",), None)["squares"]["real_test"]
    assert found["personas_balanced_accuracy"] > 0.9 and found["takes"] == 0 and found["n"] == 12


def test_judges_that_agree_change_nothing(reference: ClipReference) -> None:
    two = replace(reference, judges=reference.judges * 2)
    ours, real = (real_figures(each) for each in (two, reference))
    for group in GROUPS:
        assert ours[f"{group}_accuracy"] == real[f"{group}_accuracy"] == 1 and two.truth.names[group].shape == (2, 12)
        counts = [sum(sum(row.values()) for row in each[f"{group}_confusion"].values()) for each in (ours, real)]
        assert counts == [24, 12]


def test_one_clip_of_each_cell_is_drawn_and_they_differ() -> None:
    cells = np.array([5, 5, 2, 2, 2, 5, 9])
    assert one_of_each(cells).tolist() == [1, 2, 6]  # the first of cell 2, the second of 5, the only one of 9


def test_what_does_not_fit_is_refused(drawer: Path, clips: Path, clip_judge: Path, sequences: Path) -> None:
    with pytest.raises(DataError, match="train one with seqgan train clip_judge"):
        measure(drawer, clips)
    with pytest.raises(ConfigError, match="leave --metrics out"):
        measure(drawer, clips, metrics=("labels",))
    with pytest.raises(ConfigError, match="'gtt2v' is not guided by labels; leave --guidance out"):
        measure(drawer, clips, guidance=0.2)
    with pytest.raises(DataError, match="the judge was trained on train of this data set"):
        find_clip_judges([str(clip_judge)], clips, ("train",))
    with pytest.raises(DataError, match="train one with seqgan train clip_judge"):
        find_clip_judges([], clips, ("test",))
    with pytest.raises(DataError, match="expected single clips"):
        find_clip_judges([str(clip_judge)], sequences, ("test",))
    with pytest.raises(DataError, match="distances need 2 or more"):
        ClipReference.open(clips, "test", 1, find_clip_judges([str(clip_judge)], clips, ("test",)), 16, (32, 32))
