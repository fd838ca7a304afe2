"""A trained judge of pictures, loaded: what `picture_judge` and `story_judge` leave behind, by name or folder."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor

from seqgan.checkpoints.format import find_checkpoint, load_into, read_weights, weights_hash
from seqgan.checks import check_shape
from seqgan.config import from_dict
from seqgan.errors import ConfigError
from seqgan.layers.channels_last import channels_last
from seqgan.models.judges import PictureJudge, PictureJudgeSizes
from seqgan.training.tasks.judge import judge_logits
from seqgan.training.tasks.picture_judge import by_group

PICTURES, STORIES, CLIPS = "picture_judge", "sequence_judge", "clip_judge"
"""The families: one name of every group is in a picture, or in a clip; any names of a group are in a story's panel."""
ADVICE = {
    PICTURES: "", STORIES: "; train one with seqgan train story_judge --data DATA",
    CLIPS: "; train one with seqgan train clip_judge --data DATA",
}  # fmt: skip


@dataclass(frozen=True)
class LoadedJudge:
    """A trained judge: the names of its label groups, and the height and width of the pictures that it knows."""

    network: PictureJudge
    names: dict[str, tuple[str, ...]]
    size: tuple[int, int]
    info: dict[str, Any]
    device: torch.device

    def logits(self, pictures: np.ndarray) -> dict[str, np.ndarray]:
        """Logits by label group, (N, names) float32, of uint8 pictures (N, H, W, 3). Raises InputError for pictures
        of another size."""
        check_shape("pictures", pictures, ("N", *self.size, 3))
        images = torch.from_numpy(np.array(pictures)).permute(0, 3, 1, 2)
        logits = judge_logits(self.network, images, self.device)
        return {group: part.numpy() for group, part in self._grouped(logits).items()}

    def seen(self, pictures: np.ndarray) -> dict[str, np.ndarray]:
        """What is there at more than even odds, by label group: uint8 (N, names) of 0 and 1. Raises as `logits`."""
        return {group: (part > 0).astype(np.uint8) for group, part in self.logits(pictures).items()}

    def answers(self, frames: Tensor) -> dict[str, Tensor]:
        """Logits of pictures (N, 3, H, W) in [-1, 1], with gradient."""
        return self._grouped(self.network(frames))

    def _grouped(self, logits: Tensor) -> dict[str, Tensor]:
        return by_group(logits, {group: len(names) for group, names in self.names.items()})


def load_picture_judge(name: str, device: torch.device | str = "cpu") -> LoadedJudge:
    """A judge of pictures, float32, eval mode. Raises CheckpointError for anything else."""
    return _load(name, PICTURES, device)


def load_sequence_judge(name: str, device: torch.device | str = "cpu") -> LoadedJudge:
    """A judge of stories' panels alike."""
    return _load(name, STORIES, device)


def check_teachers(
    judges: Sequence[LoadedJudge], size: Sequence[int], groups: Mapping[str, Sequence[str]]
) -> Sequence[LoadedJudge]:  # fmt: skip
    """Those that are to teach what is in pictures of this size. Raises ConfigError for one that knows pictures of
    another, or labels that the data do not have in this order."""
    for judge in judges:
        name = judge.info["name"]
        if list(judge.size) != list(size):
            raise ConfigError(f"{name} knows pictures of {list(judge.size)}, what is drawn has {list(size)}; train one "
                              "on these data")  # fmt: skip
        for group, known in judge.names.items():
            if tuple(groups.get(group, ())) != known:
                raise ConfigError(f"{name} judges {group!r} of other data; train one on these")
    return judges


def check_untaught(judge: Mapping[str, Any], teachers: Sequence[Mapping[str, Any]]) -> None:
    """Raises ConfigError for a judge, by its info, that was a teacher of what it is to measure."""
    if judge["weights_sha256"] in {each["weights_sha256"] for each in teachers}:
        raise ConfigError(f"the generator was trained with the judge {judge['name']}, which would praise it for having "
                          "listened; name one of another seed")  # fmt: skip


def _load(name: str, family: str, device: torch.device | str) -> LoadedJudge:
    folder, config = find_checkpoint(name, family, ADVICE[family])
    network = PictureJudge(from_dict(PictureJudgeSizes, config["sizes"]))
    load_into(network, read_weights(folder), folder)
    network = channels_last(network.eval().requires_grad_(False).to(device))
    names = {group: tuple(each) for group, each in config["labels"].items()}
    info = {"name": folder.name, "weights_sha256": weights_hash(folder), "trained_on": config["trained_on"]}
    height, width = config["size"]
    return LoadedJudge(network, names, (height, width), info, torch.device(device))
