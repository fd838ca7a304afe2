"""Training of judges: real pictures in, their labels out. What all judges' tasks share, and the task of a judge of the
theatre's panels."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from seqgan.data.epochs import Epochs
from seqgan.data.panels import PanelData
from seqgan.layers.channels_last import FORMATS, channels_last
from seqgan.losses.labels import label_terms
from seqgan.losses.means import Mean
from seqgan.models.judges import PanelJudge
from seqgan.training.ema import Ema
from seqgan.training.frames import picture_sheet
from seqgan.training.phases import Phase
from seqgan.training.runtime import Runtime
from seqgan.training.tasks.story import right

UNIFORMS = 6
"""Random numbers of a panel's augmentation: down, aside, softened or not, how much, light, contrast."""


@dataclass(frozen=True)
class JudgeTraining:
    """Settings of the task; `shift` in pixels, `light` as a share of full brightness and contrast."""

    batch: int = 64
    lr: float = 1.5e-3
    half_life: int = 4_000
    seed: int = 0
    shift: int = 2
    light: float = 0.08
    soften: float = 0.25
    """Share of panels that are mixed with their own 3x3 blur, so that sharpness alone decides nothing."""


@dataclass(frozen=True)
class JudgedBatch:
    """Pictures (N, 3, H, W) or clips (N, 3, T, H, W), uint8, and targets as `label_terms` takes them, by group; `own`
    says where they are among all `total` pictures of a batch that several processes share."""

    images: Tensor
    targets: dict[str, Tensor]
    own: slice
    total: int


class JudgeTask(ABC):
    """See `seqgan.training.task.Task`; the judge stands under the name "g", the network that is averaged. It learns
    from `count` pictures; a task says which are in a batch, which are shown, and how well the average does."""

    def __init__(self, judge: nn.Module, count: int, options: JudgeTraining, runtime: Runtime) -> None:
        self.options, self.runtime = options, runtime
        self.judge = channels_last(judge.to(runtime.device))
        self.networks: dict[str, nn.Module] = {"g": self.judge}
        self.epochs, self.epoch = Epochs(count, options.batch, options.seed), count
        self.ema = Ema(self.judge, options.half_life)
        self.phases = [Phase.adam("g", [(self.judge, 1.0)], options.lr, (0.9, 0.99))]

    @abstractmethod
    def batch(self, step: int) -> JudgedBatch:
        """This process's pictures of a step."""

    @abstractmethod
    def first(self) -> Tensor:
        """Up to 64 pictures to show, uint8 (N, 3, H, W)."""

    @abstractmethod
    def split(self, logits: Tensor) -> dict[str, Tensor]:
        """Logits (N, columns) by group, as `label_terms` takes them."""

    @abstractmethod
    def validate(self) -> dict[str, float]:
        """How many validation pictures the averaged judge gets right, by group, and a score."""

    @property
    def heavy(self) -> list[nn.Module]:
        """The judge."""
        return [self.judge]

    def images(self, batch: JudgedBatch) -> int:
        """Pictures of the whole batch."""
        return batch.total

    def losses(self, phase: str, batch: JudgedBatch, noise: torch.Generator) -> dict[str, Mean]:
        """Cross-entropy of every label group on pictures moved, lit and softened a little; what no picture is told is
        left out."""
        uniforms = torch.rand(batch.total, UNIFORMS, generator=noise)[batch.own].to(self.runtime.device)
        frames = self.varied(batch.images.to(self.runtime.device), uniforms)
        logits = self.judge.train()(frames.contiguous(memory_format=FORMATS[frames.dim()]))
        return label_terms(self.split(logits), {name: each.to(logits.device) for name, each in batch.targets.items()})

    def varied(self, images: Tensor, uniforms: Tensor) -> Tensor:
        """Pictures as the judge learns from them; see `augment`."""
        return augment(images, uniforms, self.options)

    def sheet(self) -> np.ndarray:
        """The first pictures, augmented as the judge sees them."""
        images = self.first()
        return picture_sheet(self.varied(images, uniforms_of_first(len(images))))

    def averaged(self, images: Tensor) -> dict[str, Tensor]:
        """What the averaged judge says of pictures or clips, as a batch has them, by group, on the CPU."""
        return self.split(judge_logits(self.ema.model, images, self.runtime.device))


class PanelJudgeTask(JudgeTask):
    """The task of a judge of the theatre's panels."""

    def __init__(
        self, judge: PanelJudge, data: PanelData, val: PanelData, options: JudgeTraining, runtime: Runtime
    ) -> None:
        super().__init__(judge, len(data), options, runtime)
        self.data, self.val = data, val

    def batch(self, step: int) -> JudgedBatch:
        """This process's panels of a step."""
        numbers = self.epochs.numbers(step)
        own = self.runtime.own(len(numbers))
        return JudgedBatch(*labelled(self.data, numbers[own]), own, len(numbers))

    def first(self) -> Tensor:
        """The first 64 panels of the data."""
        return labelled(self.data, np.arange(min(64, len(self.data))))[0]

    def split(self, logits: Tensor) -> dict[str, Tensor]:
        """By the groups of the label space."""
        return self.data.space.split(logits)

    def validate(self) -> dict[str, float]:
        """Share of validation panels (the first 1,000) whose group the averaged judge gets right."""
        images, targets = labelled(self.val, np.arange(min(1000, len(self.val))))
        figures = {name: right(part, targets[name]) for name, part in self.averaged(images).items()}
        return figures | {"score": figures["characters"]}


def labelled(data: PanelData, numbers: np.ndarray) -> tuple[Tensor, dict[str, Tensor]]:
    """Panels of these numbers, uint8 (N, 3, H, W), and their labels, group -> (N, rows)."""
    images = torch.from_numpy(data.images[numbers]).permute(0, 3, 1, 2)
    return images, {name: torch.from_numpy(value[numbers]) for name, value in data.targets.items()}


def uniforms_of_first(count: int) -> Tensor:
    """The random numbers (count, UNIFORMS) of the pictures that are shown: always the same."""
    return torch.rand(count, UNIFORMS, generator=torch.Generator().manual_seed(0))


def augment(images: Tensor, uniforms: Tensor, options: JudgeTraining) -> Tensor:
    """uint8 (N, 3, H, W) to floats near [-1, 1], each shifted, lit, contrasted and some of them softened.

    uniforms (N, UNIFORMS) in [0, 1) are each panel's own random numbers.
    """
    frames = _shift(images.float() / 127.5 - 1, options.shift, uniforms[:, :2])
    chance, much, light, contrast = uniforms[:, 2:, None, None, None].unbind(1)  # each (N, 1, 1, 1)
    blur = F.avg_pool2d(F.pad(frames, (1, 1, 1, 1), mode="replicate"), 3, 1)
    frames = frames.lerp(blur, (much * (chance < options.soften)).expand_as(frames))
    return frames * (1 + options.light * (2 * contrast - 1)) + options.light * (2 * light - 1)


def _shift(frames: Tensor, reach: int, uniforms: Tensor) -> Tensor:
    """Every frame moved by up to `reach` pixels both ways, its border repeated."""
    count, _, height, width = frames.shape
    moves = (uniforms * (2 * reach + 1)).long().clamp(max=2 * reach) - reach  # (N, 2)
    numbers, down, along = (torch.arange(size, device=frames.device) for size in (count, height, width))
    rows = (down + moves[:, :1]).clamp(0, height - 1)
    columns = (along + moves[:, 1:]).clamp(0, width - 1)
    picked = frames.permute(0, 2, 3, 1)[numbers[:, None, None], rows[:, :, None], columns[:, None, :]]
    return picked.permute(0, 3, 1, 2)


@torch.inference_mode()
def judge_logits(judge: nn.Module, images: Tensor, device: torch.device, batch: int = 128) -> Tensor:
    """Logits (N, columns) of uint8 pictures (N, 3, H, W) or clips (N, 3, T, H, W), float32, in batches; none depends
    on another."""
    judge.eval()
    kept = FORMATS[images.dim()]
    return torch.cat([judge(part.to(device, memory_format=kept).float() / 127.5 - 1).cpu()
                      for part in images.split(batch)])  # fmt: skip
