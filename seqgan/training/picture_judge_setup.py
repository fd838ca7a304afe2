"""What `seqgan train` needs to know of a judge of single pictures: its settings, its task."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import torch

from seqgan.checkpoints.format import load_into, read_weights
from seqgan.checks import check_choice
from seqgan.config import to_dict
from seqgan.data.pictures import PictureData
from seqgan.errors import ConfigError, DataError
from seqgan.models.judges import PictureJudge, PictureJudgeSizes
from seqgan.training.damsm_setup import trained_on, validation_split
from seqgan.training.loaded_judge import PICTURES
from seqgan.training.runtime import Runtime
from seqgan.training.tasks.judge import JudgeTraining
from seqgan.training.tasks.picture_judge import PictureJudgeTask

MOST = 100
"""Names of a group that is judged unasked: a group of more has few pictures a name."""


@dataclass(frozen=True)
class PictureJudgeOptions:
    """Everything a run is started with, resolved. `groups`: the label groups that are judged; none: every group of 2 to
    100 names. `splits`: what is learnt from. `mirror`: half of the pictures are mirrored, also where their captions
    tell left from right: labels seldom do."""

    images: int = 120_000
    seed: int = 0
    width: int = 16
    groups: tuple[str, ...] = ()
    splits: tuple[str, ...] = ("train",)
    mirror: bool = True
    training: JudgeTraining = field(default_factory=JudgeTraining)
    loop: dict[str, Any] = field(default_factory=dict)


def picture_judge_task(
    options: PictureJudgeOptions, folder: Path, init: Path | None, runtime: Runtime
) -> tuple[PictureJudgeTask, dict[str, Any]]:
    """The task and what its checkpoint's config must hold. `init` is a checkpoint whose weights it starts from.

    Raises ConfigError, DataError, CheckpointError.
    """
    data, val = PictureData.open(folder, options.splits), PictureData.open(folder, validation_split(folder))
    data = replace(data, about={**data.about, "flip": options.mirror})
    names = {group: data.names[group] for group in judged(data, options.groups)}
    if all((val.labels[group] < 0).all() for group in names):
        raise DataError(f"no validation picture has a label of {', '.join(names)}; name other groups")
    groups = {group: len(each) for group, each in names.items()}
    sizes = PictureJudgeSizes(tuple(groups.values()), options.width)
    torch.manual_seed(options.seed)
    network = PictureJudge(sizes)
    if init:
        load_into(network, read_weights(init), init)
    task = PictureJudgeTask(network, groups, data, val, replace(options.training, seed=options.seed), runtime)
    config = {
        "family": PICTURES, "sizes": to_dict(sizes), "size": list(data.about["crop"]),
        "labels": {group: list(each) for group, each in names.items()},
        "trained_on": {**trained_on(data), "splits": list(options.splits)},
        "licence": f"MIT; trained on: {data.about['licence']}",
    }  # fmt: skip
    return task, config


def judged(data: PictureData, wanted: Sequence[str]) -> list[str]:
    """The label groups that are judged. Raises ConfigError for one that the data does not have, or for none."""
    for group in wanted:
        check_choice("label group", group, data.names, ConfigError)
    groups = list(wanted) or [group for group, names in data.names.items() if 2 <= len(names) <= MOST]
    if not groups:
        raise ConfigError(f"no label group has 2 to {MOST} names; name one: groups=[GROUP]")
    return sorted(groups)  # as a checkpoint's config has them
