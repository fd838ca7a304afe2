"""Training of a judge of single pictures: real pictures in, the names of their label groups out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn

from seqgan.data.epochs import Epochs
from seqgan.data.pictures import PictureData
from seqgan.losses.labels import label_terms
from seqgan.losses.means import Mean
from seqgan.metrics.labels import class_accuracy
from seqgan.models.judges import PictureJudge
from seqgan.training.ema import Ema
from seqgan.training.frames import cropped, picture_sheet
from seqgan.training.phases import Phase
from seqgan.training.runtime import Runtime
from seqgan.training.tasks.judge import UNIFORMS, JudgeTraining, augment, judge_logits


@dataclass(frozen=True)
class JudgedBatch:
    """This process's pictures, uint8 (B, 3, H, W), at `own` of the `total` of a step, and their numbers in the data."""

    images: Tensor
    numbers: np.ndarray
    own: slice
    total: int


class PictureJudgeTask:
    """See `seqgan.training.task.Task`; the judge stands under the name "g", the network that is averaged."""

    def __init__(
        self, judge: PictureJudge, groups: dict[str, int], data: PictureData, val: PictureData, options: JudgeTraining,
        runtime: Runtime,
    ) -> None:  # fmt: skip
        self.data, self.val, self.groups, self.options, self.runtime = data, val, groups, options, runtime
        self.judge = judge.to(runtime.device).to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        self.networks: dict[str, nn.Module] = {"g": self.judge}
        self.epochs, self.epoch = Epochs(len(data), options.batch, options.seed), len(data)
        self.ema = Ema(self.judge, options.half_life)
        self.phases = [Phase.adam("g", [(self.judge, 1.0)], options.lr, (0.9, 0.99))]

    @property
    def heavy(self) -> list[nn.Module]:
        """The judge."""
        return [self.judge]

    def batch(self, step: int) -> JudgedBatch:
        """This process's pictures of a step."""
        numbers, rng = self.epochs.numbers(step), np.random.default_rng([self.options.seed, step])
        own = self.runtime.own(len(numbers))
        images = torch.from_numpy(cropped(self.data, numbers, rng)[own]).permute(0, 3, 1, 2)
        return JudgedBatch(images, numbers[own], own, len(numbers))

    def images(self, batch: JudgedBatch) -> int:
        """Pictures of the whole batch."""
        return batch.total

    def losses(self, phase: str, batch: JudgedBatch, noise: torch.Generator) -> dict[str, Mean]:
        """Cross-entropy of every group on pictures moved, lit and softened a little; names that are not told are left
        out."""
        uniforms = torch.rand(batch.total, UNIFORMS, generator=noise)[batch.own].to(self.runtime.device)
        frames = augment(batch.images.to(self.runtime.device), uniforms, self.options)
        logits = self.judge.train()(frames.contiguous(memory_format=torch.channels_last))
        targets = {name: self.data.labels[name][batch.numbers] for name in self.groups}
        told = {name: torch.from_numpy(each)[:, None].to(logits.device) for name, each in targets.items()}
        return label_terms({name: part[:, None] for name, part in by_group(logits, self.groups).items()}, told)

    def sheet(self) -> np.ndarray:
        """The first 64 pictures, augmented as the judge sees them."""
        images = torch.from_numpy(cropped(self.data, np.arange(min(64, len(self.data))), None)).permute(0, 3, 1, 2)
        uniforms = torch.rand(len(images), UNIFORMS, generator=torch.Generator().manual_seed(0))
        return picture_sheet(augment(images, uniforms, self.options))

    def validate(self) -> dict[str, float]:
        """Share of validation pictures whose name in every group the averaged judge tells; the score is their mean."""
        images = torch.from_numpy(cropped(self.val, np.arange(len(self.val)), None)).permute(0, 3, 1, 2)
        logits = by_group(judge_logits(self.ema.model, images, self.runtime.device), self.groups)
        shares = {name: class_accuracy(self.val.labels[name], part.argmax(1).numpy()) for name, part in logits.items()}
        figures = {name: round(share, 4) for name, share in shares.items() if share == share}  # nan: told of none
        return figures | {"score": round(float(np.mean(list(figures.values()))), 4)}


def by_group(logits: Tensor, groups: dict[str, int]) -> dict[str, Tensor]:
    """Logits (N, columns) as group -> (N, classes)."""
    return dict(zip(groups, logits.split(list(groups.values()), 1), strict=True))
