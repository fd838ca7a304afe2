"""Training of a judge of stories' panels: it learns, goes on from weights, is loaded, and says what it cannot do."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from seqgan.checkpoints.format import read_config, read_weights
from seqgan.data.clevr.prepare import prepare_clevr
from seqgan.data.sequences import Clip, SequenceData, Story, write_sequences
from seqgan.errors import CheckpointError, ConfigError, DataError, InputError
from seqgan.metrics.labels import f1_micro
from seqgan.training.loaded_judge import load_sequence_judge
from seqgan.training.runtime import Runtime
from seqgan.training.sequence_judge_setup import SequenceJudgeOptions, sequence_judge_task
from seqgan.training.tasks.judge import JudgeTraining
from seqgan.training.train import run_training

CPU = Runtime.choose("cpu", "float32", 1)
TINY = SequenceJudgeOptions(width=4, training=JudgeTraining(batch=16))


def test_it_says_what_panels_show_that_it_never_saw(story_judge: Path, sequences: Path) -> None:
    judge, test = load_sequence_judge(str(story_judge)), SequenceData.open(sequences, "test")
    seen = judge.seen(test.frames[test.middle])["characters"]
    assert seen.dtype == np.uint8 and seen.shape == (80, 3)
    assert f1_micro(test.labels["characters"], seen) > 0.9
    with pytest.raises(InputError, match="pictures has shape"):
        judge.seen(test.frames[:2, :12])


def test_its_config_tells_what_it_knows_and_where_from(story_judge: Path, sequences: Path) -> None:
    config = read_config(story_judge)
    assert config["family"] == "sequence_judge" and config["labels"] == {"characters": ["red", "green", "blue"]}
    assert config["trained_on"]["hash"] == SequenceData.open(sequences, "test").about["hash"]
    assert config["trained_on"]["splits"] == ["train"] and config["size"] == [24, 24]


def test_half_and_resumed_half_equal_the_whole(sequences: Path, tmp_path: Path) -> None:
    def train(run: Path, images: int) -> dict[str, torch.Tensor]:
        changes = ["width=4", "training.batch=32", "loop={decay_from: 1.0, save_every: 100000, sheet_every: 100000}"]
        return read_weights(run_training("story_judge", sequences, run, changes=changes, max_images=images,
                                         device="cpu", precision="float32", quiet=True))  # fmt: skip

    whole = train(tmp_path / "whole", 64)
    train(tmp_path / "halves", 32)
    halves = train(tmp_path / "halves", 64)
    assert all(torch.equal(whole[name], halves[name]) for name in whole)


def test_it_goes_on_from_weights_of_its_own_width(story_judge: Path, sequences: Path) -> None:
    task, _ = sequence_judge_task(replace(TINY, width=8), sequences, story_judge, CPU)
    assert task.validate()["characters"] > 0.9 and task.sheet().shape[1] == 8 * 24
    with pytest.raises(CheckpointError, match="do not fit this network"):
        sequence_judge_task(TINY, sequences, story_judge, CPU)


def test_mirrored_frames_keep_their_labels_and_none_is_mirrored_unasked(sequences: Path) -> None:
    task, _ = sequence_judge_task(replace(TINY, mirror=False), sequences, None, CPU)
    batch = task.batch(0)
    clips = [
        task.data.frames[task.data.starts[clip] : task.data.starts[clip + 1]]
        for clip in task.rows[task.epochs.numbers(0)]
    ]
    images = batch.images.permute(0, 2, 3, 1).numpy()
    assert all((image == frames).all((1, 2, 3)).any() for image, frames in zip(images, clips, strict=True))
    task.mirror = True
    turned = (task.batch(0).images != batch.images).flatten(1).any(1).numpy()
    assert 0 < turned.sum() < 16
    both = np.flatnonzero(turned)
    assert torch.equal(task.batch(0).images[both].flip(3), batch.images[both])


def test_without_validation_stories_a_part_of_the_clips_is_held_back(tmp_path: Path) -> None:
    frames = np.zeros((1, 24, 24, 3), np.uint8)
    clips = [Clip(f"c{number}", frames, ("a",), {"who": ("a",)}) for number in range(60)]
    stories = [Story(f"s{number}", "train", (f"c{number}",), "s") for number in range(60)]
    about = {"name": "n", "size": [24, 24], "length": 1, "groups": {"who": ["a"]}, "seed": 0, "licence": "MIT"}
    write_sequences(tmp_path / "d", clips, stories, about, progress=False)
    task, _ = sequence_judge_task(TINY, tmp_path / "d", None, CPU)
    assert len(task.rows) == 57 and len(task.held) == 3 and not set(task.rows) & set(task.held)


def test_what_is_not_there_is_refused(sequences: Path, pictures: Path, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="characters"):
        sequence_judge_task(replace(TINY, groups=("character",)), sequences, None, CPU)
    with pytest.raises(DataError, match="expected stories of clips"):
        sequence_judge_task(TINY, pictures, None, CPU)
    clip, story = Clip("c", np.zeros((1, 24, 24, 3), np.uint8), ("a",), {}), Story("s", "train", ("c",), "s")
    about = {"name": "bare", "size": [24, 24], "length": 1, "groups": {}, "seed": 0, "licence": "MIT"}
    write_sequences(tmp_path / "bare", [clip], [story], about, progress=False)
    with pytest.raises(DataError, match="bare has no labels"):
        sequence_judge_task(TINY, tmp_path / "bare", None, CPU)
    with pytest.raises(CheckpointError, match="train story_judge"):
        load_sequence_judge("emoji-judge")


def test_groups_are_read_in_the_order_in_which_they_were_learnt(tmp_path: Path) -> None:
    prepare_clevr(tmp_path / "data", {"train": 4}, 32, progress=False)
    _, config = sequence_judge_task(replace(TINY, training=JudgeTraining(batch=8)), tmp_path / "data", None, CPU)
    words = ["width=4", "training.batch=8"]
    made = run_training("story_judge", tmp_path / "data", tmp_path / "run", changes=words, max_images=8, quiet=True)
    judge = load_sequence_judge(str(made))
    assert list(judge.names) == list(config["labels"]) == ["colours", "materials", "shapes", "sizes"]
    assert judge.network.sizes.groups == tuple(len(names) for names in judge.names.values())
