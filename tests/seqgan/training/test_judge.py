"""Training of a judge: batches, augmentation, exact resume, loading, and what a card says of it."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch

from seqgan.checkpoints.format import read_config, read_weights
from seqgan.data.manifest import read_about
from seqgan.data.panels import space_of
from seqgan.data.theatre.prepare import prepare
from seqgan.errors import CheckpointError, ConfigError, DataError
from seqgan.models.judges import JudgeSizes, PanelJudge
from seqgan.resources import asset
from seqgan.training.card import write_judge_card
from seqgan.training.judge_report import confusion_lines, print_confusion, report_judge
from seqgan.training.judge_training import (
    JudgeOptions,
    check_strange,
    judge_task,
    load_judge,
)
from seqgan.training.reports import write_report
from seqgan.training.runtime import Runtime
from seqgan.training.tasks.judge import UNIFORMS, JudgeTraining, augment, judge_logits
from seqgan.training.train import run_training

SMALL = ["width=4", "training.batch=8", "loop={log_every: 8, sheet_every: 1000, save_every: 1000}"]
CPU = Runtime.choose("cpu", "float32", 1)


@pytest.fixture(scope="module")
def stories(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("theatre") / "data"
    prepare(asset("cast", "fluent"), folder, {"train": 8, "val": 3, "test": 3}, (32, 48), 3, 1, False)
    return folder


def _train(stories: Path, run: Path, images: int, *changes: str) -> Path:
    return run_training(
        "theatre_judge", stories, run, changes=[*SMALL, *changes], max_images=images, device="cpu",
        precision="float32", quiet=True,
    )  # fmt: skip


@pytest.fixture(scope="module")
def checkpoint(stories: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return _train(stories, tmp_path_factory.mktemp("run"), 64)


def test_the_judge_has_a_column_for_every_label(stories: Path) -> None:
    space = space_of(stories)
    assert JudgeSizes(*space.shape).columns == space.columns


def test_an_epoch_shows_every_panel_once(stories: Path) -> None:
    options = JudgeOptions(width=4, training=JudgeTraining(batch=5))
    task, _ = judge_task(options, stories, None, CPU)
    count = len(task.data)
    epoch = torch.cat([task.batch(step).images for step in range(-(-count // 5))])[:count]
    assert sorted(map(hash, (panel.numpy().tobytes() for panel in epoch))) == sorted(
        hash(np.ascontiguousarray(panel.transpose(2, 0, 1)).tobytes()) for panel in task.data.images
    )


def test_augmentation_of_strength_zero_changes_nothing() -> None:
    images = torch.randint(0, 256, (6, 3, 16, 24), dtype=torch.uint8)
    still = JudgeTraining(shift=0, light=0.0, soften=0.0)
    torch.testing.assert_close(augment(images, torch.rand(len(images), UNIFORMS), still), images.float() / 127.5 - 1)


def test_augmentation_is_small_and_every_panels_own() -> None:
    image = torch.zeros(8, 3, 16, 24, dtype=torch.uint8)
    image[:, :, 8, 12] = 255
    only_shift, uniforms = JudgeTraining(shift=2, light=0.0, soften=0.0), torch.rand(8, UNIFORMS)
    moved = augment(image, uniforms, only_shift)
    peaks = (moved[:, 0] == 1).nonzero()
    assert len(peaks) == 8
    assert (peaks[:, 1] - 8).abs().max() <= 2 and (peaks[:, 2] - 12).abs().max() <= 2
    parts = [augment(image[part], uniforms[part], only_shift) for part in (slice(3), slice(3, None))]
    assert torch.equal(moved, torch.cat(parts))
    flat = augment(torch.full_like(image, 127), uniforms, JudgeTraining())
    assert flat.abs().max() < 0.1 and flat.std() > 0


def test_half_and_resumed_half_equal_the_whole(stories: Path, tmp_path: Path) -> None:
    keep = "loop={log_every: 8, sheet_every: 1000, save_every: 1000, decay_from: 1.0}"
    whole = read_weights(_train(stories, tmp_path / "whole", 32, keep))
    _train(stories, tmp_path / "halves", 16, keep)
    halves = read_weights(_train(stories, tmp_path / "halves", 32, keep))
    assert all(torch.equal(whole[name], halves[name]) for name in whole)


def test_a_sheet_and_figures_are_made(stories: Path) -> None:
    task, _ = judge_task(JudgeOptions(width=4, training=JudgeTraining(batch=8)), stories, None, CPU)
    sheet = task.sheet()
    assert sheet.dtype == np.uint8 and sheet.shape[1:] == (8 * 48, 3) and sheet.shape[0] % 32 == 0
    figures = task.validate()
    assert figures["score"] == figures["characters"]
    assert all(0 <= value <= 1 for value in figures.values())


def test_batches_do_not_change_what_a_judge_says(stories: Path) -> None:
    torch.manual_seed(0)
    judge = PanelJudge(JudgeSizes(*space_of(stories).shape, width=4))
    images = torch.randint(0, 256, (7, 3, 32, 48), dtype=torch.uint8)
    whole, parts = (judge_logits(judge, images, torch.device("cpu"), batch) for batch in (7, 2))
    torch.testing.assert_close(whole, parts, atol=1e-5, rtol=1e-5)


def test_a_checkpoint_is_loaded_with_its_label_space(checkpoint: Path, stories: Path) -> None:
    config = read_config(checkpoint)
    assert config["family"] == "judge" and config["preset"] == "theatre_judge" and config["images_seen"] == 64
    assert "folder" not in json.dumps(config["trained_on"])  # no path of the machine it was made on
    judge = load_judge(str(checkpoint), "cpu")
    logits = judge.logits(np.zeros((3, 32, 48, 3), np.uint8))
    assert logits["characters"].shape == (3, 12) and logits["actor_action"].shape == (3, 12, 12)


def test_only_a_judge_is_taken_for_one(checkpoint: Path, tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text(json.dumps({**read_config(checkpoint), "family": "storygan"}))
    with pytest.raises(CheckpointError, match="'storygan'; expected a judge"):
        load_judge(str(tmp_path))


def test_a_judge_does_not_judge_what_it_was_trained_on(checkpoint: Path, stories: Path) -> None:
    judge, about = load_judge(str(checkpoint), "cpu"), read_about(stories)
    check_strange(judge, about, ("val", "test"))
    check_strange(judge, {**about, "hash": "another"}, ("test_unseen",))
    with pytest.raises(DataError, match="trained on split 'test_unseen' of this data set"):
        check_strange(judge, about, ("test", "test_unseen"))


def test_an_unknown_setting_names_the_nearest(stories: Path, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"training\.shift"):
        _train(stories, tmp_path / "run", 8, "training.shft=3")


def test_report_confusion_and_card(
    checkpoint: Path, stories: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    report = report_judge(stories, ("test",), str(checkpoint), "cpu")
    figures = report.figures["theatre-fluent"]["real_test"]
    assert figures["n"] == 3 and 0 <= figures["setting_accuracy"] <= 1
    shown = sum(len(p["actors"]) for line in (stories / "manifest.jsonl").read_text().splitlines()
                if (record := json.loads(line))["split"] == "test" for p in record["panels"])  # fmt: skip
    assert report.confusion.sum() == pytest.approx(shown)
    print_confusion(report)
    assert "characters on real panels" in capsys.readouterr().out
    folder = tmp_path / "judge"
    folder.mkdir()
    for name in ("config.json", "model.safetensors"):
        (folder / name).write_bytes((checkpoint / name).read_bytes())
    write_report(report.figures, folder / "eval.json")
    card = write_judge_card(folder, checkpoint.parent, confusion_lines(report)).read_text(encoding="utf-8")
    for part in ("## Confusion of characters", "| unicorn |", "`theatre_judge`", "real_test", "MIT"):
        assert part in card
    assert str(tmp_path) not in card
