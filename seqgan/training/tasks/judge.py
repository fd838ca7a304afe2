"""Training of a judge: single real panels in, their labels out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from seqgan.data.epochs import Epochs
from seqgan.data.panels import PanelData
from seqgan.losses.labels import label_terms
from seqgan.losses.means import Mean
from seqgan.models.judges import PanelJudge
from seqgan.training.ema import Ema
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
class PanelBatch:
    """Panels (N, 3, H, W) uint8 and targets: group -> (N, rows); `own` says where they are among all `total` panels of
    a batch that several processes share."""

    images: Tensor
    targets: dict[str, Tensor]
    own: slice
    total: int


class JudgeTask:
    """See `seqgan.training.task.Task`; the judge stands under the name "g", the network that is averaged."""

    def __init__(
        self, judge: PanelJudge, data: PanelData, val: PanelData, options: JudgeTraining, runtime: Runtime
    ) -> None:
        self.data, self.val, self.options, self.runtime = data, val, options, runtime
        self.judge = judge.to(runtime.device).to(memory_format=torch.channels_last)
        self.networks: dict[str, nn.Module] = {"g": self.judge}
        self.epochs = Epochs(len(data), options.batch, options.seed)
        self.epoch = len(data)
        self.ema = Ema(self.judge, options.half_life)
        self.phases = [Phase.adam("g", [(self.judge, 1.0)], options.lr, (0.9, 0.99))]

    @property
    def heavy(self) -> list[nn.Module]:
        """The judge."""
        return [self.judge]

    def batch(self, step: int) -> PanelBatch:
        """This process's panels of a step."""
        numbers = self.epochs.numbers(step)
        own = self.runtime.own(len(numbers))
        return PanelBatch(*labelled(self.data, numbers[own]), own, len(numbers))

    def images(self, batch: PanelBatch) -> int:
        """Panels of the whole batch."""
        return batch.total

    def losses(self, phase: str, batch: PanelBatch, noise: torch.Generator) -> dict[str, Mean]:
        """Cross-entropy of every label group on panels moved, lit and softened a little."""
        uniforms = torch.rand(batch.total, UNIFORMS, generator=noise)[batch.own].to(self.runtime.device)
        frames = augment(batch.images.to(self.runtime.device), uniforms, self.options)
        frames = frames.contiguous(memory_format=torch.channels_last)
        parts = self.data.space.split(self.judge.train()(frames))
        return label_terms(parts, {name: value.to(frames.device) for name, value in batch.targets.items()})

    def sheet(self) -> np.ndarray:
        """The first 64 augmented panels of epoch 0, as the judge sees them."""
        numbers = np.arange(min(64, len(self.data)))
        images, _ = labelled(self.data, numbers)
        uniforms = torch.rand(len(images), UNIFORMS, generator=torch.Generator().manual_seed(0))
        frames = augment(images, uniforms, self.options)
        frames = F.pad(frames, (0, 0, 0, 0, 0, 0, 0, -len(frames) % 8))
        rows = ((frames.unflatten(0, (-1, 8)).permute(0, 3, 1, 4, 2).clamp(-1, 1) + 1) * 127.5).round()
        return rows.flatten(0, 1).flatten(1, 2).to(torch.uint8).numpy()  # (R*H, 8*W, 3)

    def validate(self) -> dict[str, float]:
        """Share of validation panels (the first 1,000) whose group the averaged judge gets right."""
        numbers = np.arange(min(1000, len(self.val)))
        images, targets = labelled(self.val, numbers)
        judge = self.ema.model
        assert isinstance(judge, PanelJudge), "the average is of the judge"
        parts = self.val.space.split(judge_logits(judge, images, self.runtime.device))
        figures = {name: right(part, targets[name]) for name, part in parts.items()}
        return figures | {"score": figures["characters"]}


def labelled(data: PanelData, numbers: np.ndarray) -> tuple[Tensor, dict[str, Tensor]]:
    """Panels of these numbers, uint8 (N, 3, H, W), and their labels, group -> (N, rows)."""
    images = torch.from_numpy(data.images[numbers]).permute(0, 3, 1, 2)
    return images, {name: torch.from_numpy(value[numbers]) for name, value in data.targets.items()}


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
    """Logits (N, columns) of uint8 pictures (N, 3, H, W), float32, in batches; none depends on another."""
    judge.eval()
    chunks = [part.to(device, memory_format=torch.channels_last).float() / 127.5 - 1 for part in images.split(batch)]
    return torch.cat([judge(chunk).cpu() for chunk in chunks])
