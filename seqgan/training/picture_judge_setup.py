"""What `seqgan train` needs to know of a judge of single pictures: its settings, its task, and how one is loaded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from seqgan.checkpoints.format import find_checkpoint, load_into, read_weights, weights_hash
from seqgan.checks import check_choice, check_shape
from seqgan.config import from_dict, to_dict
from seqgan.data.pictures import PictureData
from seqgan.errors import ConfigError, DataError
from seqgan.models.judges import PictureJudge, PictureJudgeSizes
from seqgan.training.damsm_setup import trained_on, validation_split
from seqgan.training.runtime import Runtime
from seqgan.training.tasks.judge import JudgeTraining, judge_logits
from seqgan.training.tasks.picture_judge import PictureJudgeTask, by_group

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


@dataclass(frozen=True)
class LoadedPictureJudge:
    """A trained judge: the names of its label groups, and the height and width of the pictures that it knows."""

    network: PictureJudge
    names: dict[str, tuple[str, ...]]
    size: tuple[int, int]
    info: dict[str, Any]
    device: torch.device

    def logits(self, pictures: np.ndarray) -> dict[str, np.ndarray]:
        """Logits by label group, (N, classes) float32, of uint8 pictures (N, H, W, 3). Raises InputError for pictures
        of another size."""
        check_shape("pictures", pictures, ("N", *self.size, 3))
        images = torch.from_numpy(np.array(pictures)).permute(0, 3, 1, 2)
        logits = judge_logits(self.network, images, self.device)
        return {group: part.numpy() for group, part in self._grouped(logits).items()}

    def answers(self, frames: Tensor) -> dict[str, Tensor]:
        """The same of pictures (N, 3, H, W) in [-1, 1], with gradient."""
        return self._grouped(self.network(frames))

    def _grouped(self, logits: Tensor) -> dict[str, Tensor]:
        return by_group(logits, {group: len(names) for group, names in self.names.items()})


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
        "family": "picture_judge", "sizes": to_dict(sizes), "size": list(data.about["crop"]),
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


def load_picture_judge(name: str, device: torch.device | str = "cpu") -> LoadedPictureJudge:
    """A judge by installed name or folder, float32, eval mode. Raises CheckpointError for anything else."""
    folder, config = find_checkpoint(name, "picture_judge")
    network = PictureJudge(from_dict(PictureJudgeSizes, config["sizes"]))
    load_into(network, read_weights(folder), folder)
    network = network.eval().requires_grad_(False).to(device).to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    names = {group: tuple(each) for group, each in config["labels"].items()}
    info = {"name": folder.name, "weights_sha256": weights_hash(folder), "trained_on": config["trained_on"]}
    height, width = config["size"]
    return LoadedPictureJudge(network, names, (height, width), info, torch.device(device))
