"""Training of a judge of clips: it learns, resumes, is loaded, reads what counts, and says what it cannot do."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from seqgan.checkpoints.format import read_config, read_weights
from seqgan.data.sequences import Clip, SequenceData, Story, write_sequences
from seqgan.errors import CheckpointError, ConfigError, DataError, InputError
from seqgan.models.judges import ClipJudge
from seqgan.registry import build
from seqgan.training.clip_judge_setup import ClipJudgeOptions, clip_judge_task
from seqgan.training.clip_labels import cells_of, counted, names_of
from seqgan.training.loaded_clip_judge import load_clip_judge
from seqgan.training.loop import LoopOptions, run_phase
from seqgan.training.runtime import Runtime
from seqgan.training.tasks.judge import UNIFORMS, JudgeTraining
from seqgan.training.train import run_training
from tests.seqgan.tiny_clips import FRAMES, SIZE

CPU = Runtime.choose("cpu", "float32", 1)
TINY = ClipJudgeOptions(width=4, training=JudgeTraining(batch=8))


def _real(folder: Path, split: str) -> tuple[SequenceData, np.ndarray]:
    data = SequenceData.open(folder, split)
    return data, np.stack([data.frames[start : start + FRAMES] for start in data.starts[:-1]])


def _told(folder: Path, **more: object) -> None:
    path = folder / "dataset.json"
    path.write_text(json.dumps(json.loads(path.read_text(encoding="utf-8")) | more), encoding="utf-8")


def test_it_names_what_clips_show_that_it_never_saw(clip_judge: Path, clips: Path) -> None:
    judge = load_clip_judge(str(clip_judge))
    data, real = _real(clips, "test")
    names, features = judge.read(real)
    assert features.shape == (12, 64) and list(names) == ["actions", "personas", "places"]
    for group, own in judge.names.items():
        assert (names[group] == names_of(data, group, own)).mean() > 0.9
    larger, long = np.repeat(np.repeat(real, 2, 2), 2, 3), np.repeat(real, 2, 1)
    assert all(np.array_equal(judge.read(long)[0][group], said) for group, said in names.items())
    np.testing.assert_allclose(judge.read(long)[1], features)
    assert (judge.read(larger)[0]["personas"] == names["personas"]).all()
    with pytest.raises(InputError, match="clips of 8 frames came; this judge knows those of 16"):
        judge.read(real[:, ::2])


def test_its_config_builds_it_and_tells_where_it_is_from(clip_judge: Path, clips: Path) -> None:
    config = read_config(clip_judge)
    assert isinstance(build(config["family"], config["sizes"]), ClipJudge) and config["frames"] == FRAMES
    assert config["labels"]["places"] == ["sand", "snow"] and config["trained_on"]["splits"] == ["train"]
    assert config["trained_on"]["hash"] == SequenceData.open(clips, "test").about["hash"]


def test_half_and_resumed_half_equal_the_whole(clips: Path, tmp_path: Path) -> None:
    def train(run: Path, images: int) -> dict[str, torch.Tensor]:
        changes = ["width=2", "training.batch=8", "loop={decay_from: 1.0, save_every: 100000, sheet_every: 100000}"]
        return read_weights(run_training("clip_judge", clips, run, changes=changes, max_images=images,
                                         device="cpu", precision="float32", quiet=True))  # fmt: skip

    whole = train(tmp_path / "whole", 32)
    train(tmp_path / "halves", 16)
    halves = train(tmp_path / "halves", 32)
    assert all(torch.equal(whole[name], halves[name]) for name in whole)


def test_frames_of_a_clip_are_changed_alike(clips: Path) -> None:
    task, _ = clip_judge_task(replace(TINY, training=JudgeTraining(batch=8, shift=4, soften=1.0)), clips, None, CPU)
    still = task.batch(0).images[:, :, :1].expand(-1, -1, FRAMES, -1, -1)
    seen = task.varied(still, torch.rand(8, UNIFORMS, generator=torch.Generator().manual_seed(1)))
    assert seen.shape == (8, 3, FRAMES, SIZE, SIZE)
    torch.testing.assert_close(seen, seen[:, :, :1].expand_as(seen))
    assert task.sheet().shape == (8 * SIZE, 8 * SIZE, 3)


def test_a_step_in_half_precision_is_finite(clips: Path) -> None:
    runtime = Runtime(torch.device("cpu"), bf16=True)
    task, _ = clip_judge_task(TINY, clips, None, runtime)
    rubbish = [torch.full((size,), float("nan")) for size in (256, 4096, 27648, 65536) for _ in range(24)]
    del rubbish  # what is freed is what uninitialised memory holds next
    terms = run_phase(task, task.phases[0], [task.batch(0)], 0, runtime, LoopOptions(images=100))
    assert terms.keys() == {"g.actions", "g.personas", "g.places"}
    assert all(each.isfinite().all() for each in (*terms.values(), *task.judge.parameters()))


def test_it_goes_on_from_weights_of_its_own_width(clip_judge: Path, clips: Path) -> None:
    task, _ = clip_judge_task(TINY, clips, clip_judge, CPU)
    assert task.validate()["personas"] > 0.9
    with pytest.raises(CheckpointError, match="do not fit this network"):
        clip_judge_task(replace(TINY, width=2), clips, clip_judge, CPU)


def _one(name: str, split: str, labels: dict[str, tuple[str, ...]]) -> tuple[Clip, Story]:
    return Clip(name, np.zeros((16, 16, 16, 3), np.uint8), ("a",), labels), Story(name, split, (name,), name)


def _write(folder: Path, *labels: dict[str, tuple[str, ...]]) -> Path:
    both = [_one(f"{split}{number}", split, each) for split in ("train", "val") for number, each in enumerate(labels)]
    groups = {"actions": ["jump", "run", "wave"], "personas": ["bear"], "props": ["ball", "hat"]}
    about = {"name": "few", "size": [16, 16], "length": 1, "groups": groups, "seed": 0, "licence": "MIT"}
    write_sequences(folder, [clip for clip, _ in both], [story for _, story in both], about, progress=False)
    return folder


def test_only_names_that_count_are_told_apart(tmp_path: Path) -> None:
    bear = ("bear",)
    folder = _write(
        tmp_path / "few", {"actions": ("jump",), "personas": bear, "props": ("ball", "hat")},
        {"actions": ("wave",), "personas": bear}, {"actions": ("run",), "personas": bear},
    )  # fmt: skip
    tiny = replace(TINY, training=JudgeTraining(batch=2))
    assert clip_judge_task(tiny, folder, None, CPU)[1]["labels"] == {"actions": ["jump", "run", "wave"]}
    _told(folder, counted={"actions": ["wave", "jump"]})
    task, config = clip_judge_task(tiny, folder, None, CPU)
    assert config["labels"] == {"actions": ["wave", "jump"]} and task.labels["actions"].tolist() == [1, 0, -1]
    data = SequenceData.open(folder, "val")
    assert names_of(data, "props", ("ball", "hat")).tolist() == [-1, -1, -1]
    assert len(set(cells_of(data).tolist())) == 3
    assert counted(data.about, "personas") == ("bear",)
    with pytest.raises(ConfigError, match="do not tell personas apart"):
        clip_judge_task(replace(tiny, groups=("personas",)), folder, None, CPU)
    _told(folder, counted={"actions": ["fly"]})
    with pytest.raises(DataError, match="counts the actions fly, which `groups` does not name"):
        clip_judge_task(tiny, folder, None, CPU)


def test_what_is_not_there_is_refused(clips: Path, sequences: Path, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="actions"):
        clip_judge_task(replace(TINY, groups=("action",)), clips, None, CPU)
    with pytest.raises(DataError, match="expected single clips"):
        clip_judge_task(TINY, sequences, None, CPU)
    with pytest.raises(DataError, match="no label group of few tells its clips apart"):
        clip_judge_task(TINY, _write(tmp_path / "few", {}, {}), None, CPU)
    with pytest.raises(DataError, match=r"has 16 frames; expected 32 at least.*of a judge: frames=16"):
        clip_judge_task(replace(TINY, frames=32), clips, None, CPU)[0].batch(0)
    with pytest.raises(ConfigError, match="frames is 8, expected at least 16"):
        replace(TINY, frames=8)
    with pytest.raises(CheckpointError, match="train clip_judge"):
        load_clip_judge("emoji-judge")
