"""Training of a judge of single pictures: real pictures in, the names of their label groups out."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import torch
from torch import Tensor

from seqgan.data.pictures import PictureData
from seqgan.metrics.labels import class_accuracy
from seqgan.models.judges import PictureJudge
from seqgan.training.frames import cropped
from seqgan.training.runtime import Runtime
from seqgan.training.tasks.judge import JudgedBatch, JudgeTask, JudgeTraining


class PictureJudgeTask(JudgeTask):
    """The task of a judge of pictures; `groups` are the label groups and how many names each has."""

    def __init__(
        self, judge: PictureJudge, groups: dict[str, int], data: PictureData, val: PictureData, options: JudgeTraining,
        runtime: Runtime,
    ) -> None:  # fmt: skip
        super().__init__(judge, len(data), options, runtime)
        self.data, self.val, self.groups = data, val, groups

    def batch(self, step: int) -> JudgedBatch:
        """This process's pictures of a step."""
        numbers, rng = self.epochs.numbers(step), np.random.default_rng([self.options.seed, step])
        own = self.runtime.own(len(numbers))
        images = torch.from_numpy(cropped(self.data, numbers, rng)[own]).permute(0, 3, 1, 2)
        told = {name: torch.from_numpy(self.data.labels[name][numbers[own]])[:, None] for name in self.groups}
        return JudgedBatch(images, told, own, len(numbers))

    def first(self) -> Tensor:
        """The first 64 pictures of the data."""
        return pixels(self.data, np.arange(min(64, len(self.data))))

    def split(self, logits: Tensor) -> dict[str, Tensor]:
        """By group, (N, 1, classes): a picture has one name of each."""
        return one_of_each(logits, self.groups)

    def validate(self) -> dict[str, float]:
        """Share of validation pictures whose name in every group the averaged judge tells; the score is their mean."""
        return told_right(self.averaged(pixels(self.val, np.arange(len(self.val)))), self.val.labels)


def pixels(data: PictureData, numbers: np.ndarray) -> Tensor:
    """Pictures of these numbers, uint8 (N, 3, H, W), cut in the middle."""
    return torch.from_numpy(cropped(data, numbers, None)).permute(0, 3, 1, 2)


def told_right(said: dict[str, Tensor], labels: Mapping[str, np.ndarray]) -> dict[str, float]:
    """Share of rows whose name in every group is told, of logits (N, 1, classes) and names (N,), and their mean."""
    shares = {name: class_accuracy(labels[name], part[:, 0].argmax(1).numpy()) for name, part in said.items()}
    figures = {name: round(share, 4) for name, share in shares.items() if share == share}  # nan: told of none
    return figures | {"score": round(float(np.mean(list(figures.values()))), 4)}


def one_of_each(logits: Tensor, groups: dict[str, int]) -> dict[str, Tensor]:
    """Logits (N, columns) as `label_terms` takes those of one name of each group, (N, 1, classes)."""
    return {name: part[:, None] for name, part in by_group(logits, groups).items()}


def by_group(logits: Tensor, groups: dict[str, int]) -> dict[str, Tensor]:
    """Logits (N, columns) as group -> (N, classes)."""
    return dict(zip(groups, logits.split(list(groups.values()), 1), strict=True))
