"""What `seqgan train clip_judge` needs to know: its settings and its task.

seqgan train clip_judge --data fluent-scenes --run-dir runs/judge      # what measures clips
judge = load_clip_judge("runs/judge/checkpoint")
names, features = judge.read(clips)                                    # uint8 (N, T, H, W, 3) in
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import torch

from seqgan.checkpoints.format import load_into, read_weights
from seqgan.checks import check_range
from seqgan.config import to_dict
from seqgan.errors import ConfigError, DataError
from seqgan.models.judges import ClipJudge, ClipJudgeSizes
from seqgan.training.clip_labels import judged_groups, names_of
from seqgan.training.clip_pictures import clip_data
from seqgan.training.damsm_setup import of_data
from seqgan.training.loaded_judge import CLIPS
from seqgan.training.runtime import Runtime
from seqgan.training.tasks.clip_judge import ClipJudgeTask
from seqgan.training.tasks.judge import JudgeTraining

LEAST = 16
"""Frames of a clip: as few as the clip generators draw."""


@dataclass(frozen=True)
class ClipJudgeOptions:
    """Everything a run is started with, resolved. `images`: clips. `groups`: the label groups that are judged; none:
    every one that tells clips apart. `frames`: of each clip, evenly spread. Raises ConfigError for too few."""

    images: int = 60_000
    seed: int = 0
    width: int = 16
    frames: int = 16
    groups: tuple[str, ...] = ()
    training: JudgeTraining = field(default_factory=lambda: JudgeTraining(batch=32))
    loop: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        check_range("frames", self.frames, LEAST, error=ConfigError)


def clip_judge_task(
    options: ClipJudgeOptions, folder: Path, init: Path | None, runtime: Runtime
) -> tuple[ClipJudgeTask, dict[str, Any]]:
    """The task and what its checkpoint's config must hold. `init` is a checkpoint whose weights it starts from.

    It learns from training clips alone. Raises ConfigError, DataError, CheckpointError.
    """
    data, val = clip_data(folder, "train"), clip_data(folder, "val")
    names = judged_groups(data, options.groups)
    told, held = ({group: names_of(each, group, own) for group, own in names.items()} for each in (data, val))
    if all((each < 0).all() for each in held.values()):
        raise DataError(f"no validation clip has one name of {', '.join(names)}; name other groups")
    groups = {group: len(own) for group, own in names.items()}
    sizes = ClipJudgeSizes(tuple(groups.values()), options.width)
    torch.manual_seed(options.seed)
    network = ClipJudge(sizes)
    if init:
        load_into(network, read_weights(init), init)
    training = replace(options.training, seed=options.seed)
    task = ClipJudgeTask(network, groups, options.frames, data, told, val, held, training, runtime)
    config = {
        "family": CLIPS, "sizes": to_dict(sizes), "size": list(data.about["size"]), "frames": options.frames,
        "labels": {group: list(own) for group, own in names.items()},
        "trained_on": {**of_data(data.about), "splits": ["train"]},
        "licence": f"MIT; trained on: {data.about['licence']}",
    }  # fmt: skip
    return task, config
