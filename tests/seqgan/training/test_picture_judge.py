"""Training of a judge of single pictures: it learns, resumes exactly, is loaded, and says what it cannot do."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from seqgan.checkpoints.format import read_config, read_weights
from seqgan.data.pictures import PictureData
from seqgan.errors import CheckpointError, ConfigError, DataError, InputError
from seqgan.metrics.labels import class_accuracy
from seqgan.training.loaded_judge import load_picture_judge
from seqgan.training.picture_judge_setup import MOST, PictureJudgeOptions, judged, picture_judge_task
from seqgan.training.runtime import Runtime
from seqgan.training.tasks.judge import JudgeTraining
from seqgan.training.tasks.picture_judge import by_group
from seqgan.training.train import run_training
from tests.seqgan.tiny_pictures import tiny_pictures

CPU = Runtime.choose("cpu", "float32", 1)
TINY = PictureJudgeOptions(width=4, training=JudgeTraining(batch=16))
SMALL = ["width=4", "training.batch=32", "training.half_life=200", "training.lr=0.004"]
SPARSE = "loop={log_every: 64, sheet_every: 100000, save_every: 100000, decay_from: 1.0}"


def _train(data: Path, run: Path, images: int, *changes: str) -> Path:
    return run_training(
        "picture_judge", data, run, changes=[*SMALL, SPARSE, *changes], max_images=images, device="cpu",
        precision="float32", quiet=True,
    )  # fmt: skip


@pytest.fixture(scope="module")
def checkpoint(pictures: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return _train(pictures, tmp_path_factory.mktemp("run"), 1280)


def test_it_tells_style_and_colour_of_pictures_that_it_never_saw(checkpoint: Path, pictures: Path) -> None:
    judge, test = load_picture_judge(str(checkpoint)), PictureData.open(pictures, "test")
    for group, logits in judge.logits(np.asarray(test.images)).items():
        assert logits.shape == (16, len(test.names[group])) and logits.dtype == np.float32
        accuracy = class_accuracy(test.labels[group], logits.argmax(1))
        assert accuracy >= {"style": 0.9, "colour": 0.6, "class": 0.3}[group], group  # chance: 1 of 2, 4, 8


def test_its_config_tells_what_it_knows_and_where_from(checkpoint: Path, pictures: Path) -> None:
    config = read_config(checkpoint)
    assert config["family"] == "picture_judge" and config["images_seen"] == 1280 and config["size"] == [32, 32]
    assert config["labels"]["style"] == ["night", "plain"] and list(config["labels"]) == ["class", "colour", "style"]
    assert config["trained_on"]["hash"] == json.loads((pictures / "dataset.json").read_text())["hash"]
    assert config["trained_on"]["splits"] == ["train"] and str(pictures) not in json.dumps(config)


def test_half_and_resumed_half_equal_the_whole(pictures: Path, tmp_path: Path) -> None:
    whole = read_weights(_train(pictures, tmp_path / "whole", 64))
    _train(pictures, tmp_path / "halves", 32)
    halves = read_weights(_train(pictures, tmp_path / "halves", 64))
    assert all(torch.equal(whole[name], halves[name]) for name in whole)


def test_it_goes_on_from_weights(checkpoint: Path, pictures: Path) -> None:
    task, _ = picture_judge_task(TINY, pictures, checkpoint, CPU)
    assert task.validate()["style"] >= 0.9
    with pytest.raises(CheckpointError, match="do not fit this network"):
        picture_judge_task(replace(TINY, width=6), pictures, checkpoint, CPU)


def test_names_that_are_not_told_cost_nothing_and_count_nothing(pictures: Path) -> None:
    task, _ = picture_judge_task(replace(TINY, groups=("style", "colour")), pictures, None, CPU)
    task.data.labels["style"][:] = -1
    terms = task.losses("g", task.batch(0), torch.Generator().manual_seed(0))
    assert terms["style"].value == 0 and terms["colour"].value > 0
    task.val.labels["style"][:] = -1
    figures = task.validate()
    assert list(figures) == ["colour", "score"] and figures["score"] == figures["colour"]


def test_the_score_is_the_mean_of_the_groups(pictures: Path) -> None:
    task, _ = picture_judge_task(TINY, pictures, None, CPU)
    figures = task.validate()
    assert figures.pop("score") == pytest.approx(np.mean(list(figures.values())), abs=1e-4)


def test_crops_and_mirrored_pictures_are_of_the_size_that_the_data_asks_for(tmp_path: Path) -> None:
    data = tiny_pictures(tmp_path / "data", size=32, crop=24, flip=True)
    task, config = picture_judge_task(TINY, data, None, CPU)
    batch = task.batch(0)
    assert batch.images.shape == (16, 3, 24, 24) and config["size"] == [24, 24] and task.images(batch) == 16
    assert torch.equal(batch.images, task.batch(0).images) and not torch.equal(batch.images, task.batch(1).images)
    assert task.sheet().shape == (8 * 24, 8 * 24, 3)


def test_logits_are_split_in_the_order_of_the_groups() -> None:
    logits = torch.arange(10.0).reshape(2, 5)
    parts = by_group(logits, {"style": 2, "colour": 3})
    assert torch.equal(parts["style"], logits[:, :2]) and torch.equal(parts["colour"], logits[:, 2:])


def test_groups_of_one_name_or_too_many_are_judged_only_when_named(pictures: Path) -> None:
    data = PictureData.open(pictures, "train")
    data.names.update(one=("only",), many=tuple(map(str, range(MOST + 1))))
    assert judged(data, ()) == ["class", "colour", "style"] and judged(data, ("many",)) == ["many"]
    with pytest.raises(ConfigError, match="label group 'styles' does not exist; did you mean \"style\""):
        judged(data, ("styles",))
    data.names.clear()
    with pytest.raises(ConfigError, match="no label group has 2 to 100 names"):
        judged(data, ())


def test_groups_that_no_validation_picture_has_are_refused(pictures: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened = PictureData.open

    def without(folder: Path, split: str) -> PictureData:
        data = opened(folder, split)
        data.labels["style"][:] = -1
        return data

    monkeypatch.setattr(PictureData, "open", without)
    with pytest.raises(DataError, match="no validation picture has a label of style"):
        picture_judge_task(PictureJudgeOptions(groups=("style",)), pictures, None, CPU)


def test_only_a_judge_of_pictures_of_its_size_is_taken(checkpoint: Path, tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text(json.dumps({**read_config(checkpoint), "family": "judge"}))
    with pytest.raises(CheckpointError, match="'judge'; expected a picture_judge"):
        load_picture_judge(str(tmp_path))
    with pytest.raises(InputError, match=r"pictures has shape \(2, 64, 64, 3\), expected \(N, 32, 32, 3\)"):
        load_picture_judge(str(checkpoint)).logits(np.zeros((2, 64, 64, 3), np.uint8))
