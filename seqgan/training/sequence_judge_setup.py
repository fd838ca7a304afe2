"""What `seqgan train story_judge` needs to know: its settings and its task.

seqgan train story_judge --data pororo --run-dir runs/judge     # what measures character F1 and frame accuracy
judge = load_sequence_judge("runs/judge/checkpoint")
judge.seen(panels)["characters"]                                # uint8 (N, names), 1 at probability above 0.5
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch

from seqgan.checkpoints.format import load_into, read_weights
from seqgan.checks import check_choice
from seqgan.config import to_dict
from seqgan.data.sequences import SequenceData
from seqgan.errors import ConfigError, DataError
from seqgan.models.judges import PictureJudge, PictureJudgeSizes
from seqgan.training.damsm_setup import of_data
from seqgan.training.loaded_judge import STORIES
from seqgan.training.runtime import Runtime
from seqgan.training.tasks.judge import JudgeTraining
from seqgan.training.tasks.sequence_judge import SequenceJudgeTask

HELD = 20
"""Where a data set has no validation stories, one training clip in so many is looked at and not learnt from."""


@dataclass(frozen=True)
class SequenceJudgeOptions:
    """Everything a run is started with, resolved. `groups`: the label groups that are judged; none: every one.
    `mirror`: half of the frames are mirrored, which names of places and directions would not bear."""

    images: int = 120_000
    seed: int = 0
    width: int = 16
    groups: tuple[str, ...] = ()
    mirror: bool = True
    training: JudgeTraining = field(default_factory=JudgeTraining)
    loop: dict[str, Any] = field(default_factory=dict)


def sequence_judge_task(
    options: SequenceJudgeOptions, folder: Path, init: Path | None, runtime: Runtime
) -> tuple[SequenceJudgeTask, dict[str, Any]]:
    """The task and what its checkpoint's config must hold. `init` is a checkpoint whose weights it starts from.

    It learns from training stories alone. Raises ConfigError, DataError, CheckpointError.
    """
    data, rows, val, held = _learnt_and_held(folder)
    names = {group: tuple(data.about["groups"][group]) for group in _judged(data, options.groups)}
    sizes = PictureJudgeSizes(tuple(len(each) for each in names.values()), options.width)
    torch.manual_seed(options.seed)
    network = PictureJudge(sizes)
    if init:
        load_into(network, read_weights(init), init)
    training, groups = replace(options.training, seed=options.seed), {group: len(each) for group, each in names.items()}
    task = SequenceJudgeTask(network, groups, data, rows, val, held, training, options.mirror, runtime)
    config = {
        "family": STORIES, "sizes": to_dict(sizes), "size": list(data.about["size"]),
        "labels": {group: list(each) for group, each in names.items()},
        "trained_on": {**of_data(data.about), "splits": ["train"]},
        "licence": f"MIT; trained on: {data.about['licence']}",
    }  # fmt: skip
    return task, config


def _learnt_and_held(folder: Path) -> tuple[SequenceData, np.ndarray, SequenceData, np.ndarray]:
    """Training stories, the clips of theirs to learn from, and clips to look at on the way."""
    data = SequenceData.open(folder, "train")
    every = np.arange(len(data.clips))
    if "val" in data.about["counts"]:
        val = SequenceData.open(folder, "val")
        return data, every, val, np.arange(len(val.clips))
    return data, every[every % HELD > 0], data, every[::HELD]


def _judged(data: SequenceData, wanted: tuple[str, ...]) -> list[str]:
    for group in wanted:
        check_choice("label group", group, data.about["groups"], ConfigError)
    groups = list(wanted) or [group for group, names in data.about["groups"].items() if names]
    if not groups:
        raise DataError(f"{data.about['name']} has no labels; a judge needs some, such as who is in each clip")
    return sorted(groups)  # as a checkpoint's config has them
