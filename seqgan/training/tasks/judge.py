"""Training of a judge: single real panels in, their labels out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from seqgan.data.panels import PanelData
from seqgan.losses.labels import label_terms
from seqgan.models.judges import PanelJudge
from seqgan.training.ema import Ema
from seqgan.training.phases import Phase
from seqgan.training.runtime import Runtime
from seqgan.training.tasks.story import right


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
    """Panels (N, 3, H, W) uint8 and targets: group -> (N, rows)."""

    images: Tensor
    targets: dict[str, Tensor]


class JudgeTask:
    """See `seqgan.training.task.Task`; the judge stands under the name "g", the network that is averaged."""

    def __init__(
        self, judge: PanelJudge, data: PanelData, val: PanelData, options: JudgeTraining, runtime: Runtime
    ) -> None:
        self.data, self.val, self.options, self.runtime = data, val, options, runtime
        self.judge = judge.to(runtime.device).to(memory_format=torch.channels_last)
        self.networks: dict[str, nn.Module] = {"g": self.judge}
        self.ema = Ema(self.judge, options.half_life)
        self.phases = [Phase.adam("g", [(self.judge, 1.0)], options.lr, (0.9, 0.99))]

    def batch(self, step: int) -> PanelBatch:
        """Panels of a step: epoch e is a permutation seeded by (seed, e)."""
        size, count = self.options.batch, len(self.data)
        places = np.arange(step * size, (step + 1) * size)
        numbers = [self._permutation(int(e))[p] for e, p in zip(places // count, places % count, strict=True)]
        return panel_batch(self.data, np.array(numbers))

    def _permutation(self, epoch: int) -> np.ndarray:
        if getattr(self, "_epoch", (-1,))[0] != epoch:
            order = np.random.default_rng([self.options.seed, epoch]).permutation(len(self.data))
            self._epoch = (epoch, order)
        return self._epoch[1]

    def images(self, batch: PanelBatch) -> int:
        """Panels of the batch."""
        return len(batch.images)

    def losses(self, phase: str, batch: PanelBatch, noise: torch.Generator) -> dict[str, Tensor]:
        """Cross-entropy of every label group on panels moved, lit and softened a little."""
        frames = augment(batch.images, self.options, noise).to(self.runtime.device, memory_format=torch.channels_last)
        parts = self.data.space.split(self.judge.train()(frames))
        return label_terms(parts, {name: value.to(frames.device) for name, value in batch.targets.items()})

    def sheet(self) -> np.ndarray:
        """The first 64 augmented panels of epoch 0, as the judge sees them."""
        numbers = np.arange(min(64, len(self.data)))
        images = panel_batch(self.data, numbers).images
        frames = augment(images, self.options, torch.Generator().manual_seed(0))
        frames = F.pad(frames, (0, 0, 0, 0, 0, 0, 0, -len(frames) % 8))
        rows = ((frames.unflatten(0, (-1, 8)).permute(0, 3, 1, 4, 2).clamp(-1, 1) + 1) * 127.5).round()
        return rows.flatten(0, 1).flatten(1, 2).to(torch.uint8).numpy()  # (R*H, 8*W, 3)

    def validate(self) -> dict[str, float]:
        """Share of validation panels (the first 1,000) whose group the averaged judge gets right."""
        numbers = np.arange(min(1000, len(self.val)))
        batch = panel_batch(self.val, numbers)
        judge = self.ema.model
        assert isinstance(judge, PanelJudge), "the average is of the judge"
        parts = self.val.space.split(judge_logits(judge, batch.images, self.runtime.device))
        figures = {name: right(part, batch.targets[name]) for name, part in parts.items()}
        return figures | {"score": figures["characters"]}

    def export(self) -> dict[str, Any]:
        """The label space."""
        return {"labels": self.data.space.to_dict()}


def panel_batch(data: PanelData, numbers: np.ndarray) -> PanelBatch:
    """Panels of these numbers with their labels."""
    images = torch.from_numpy(data.images[numbers]).permute(0, 3, 1, 2)
    return PanelBatch(images, {name: torch.from_numpy(value[numbers]) for name, value in data.targets.items()})


def augment(images: Tensor, options: JudgeTraining, noise: torch.Generator) -> Tensor:
    """uint8 (N, 3, H, W) to floats near [-1, 1], each shifted, lit, contrasted and some of them softened."""
    frames = images.float() / 127.5 - 1
    frames = _shift(frames, options.shift, noise)
    count = len(frames)
    blur = F.avg_pool2d(F.pad(frames, (1, 1, 1, 1), mode="replicate"), 3, 1)
    amount = torch.rand(count, 1, 1, 1, generator=noise)
    amount = amount * (torch.rand(count, 1, 1, 1, generator=noise) < options.soften)
    frames = frames.lerp(blur, amount.expand_as(frames))
    light, contrast = (options.light * (2 * torch.rand(count, 1, 1, 1, generator=noise) - 1) for _ in range(2))
    return frames * (1 + contrast) + light


def _shift(frames: Tensor, reach: int, noise: torch.Generator) -> Tensor:
    """Every frame moved by up to `reach` pixels both ways, its border repeated."""
    count, _, height, width = frames.shape
    moves = torch.randint(2 * reach + 1, (2, count), generator=noise) - reach
    rows = (torch.arange(height)[None] + moves[0][:, None]).clamp(0, height - 1)
    columns = (torch.arange(width)[None] + moves[1][:, None]).clamp(0, width - 1)
    picked = frames.permute(0, 2, 3, 1)[torch.arange(count)[:, None, None], rows[:, :, None], columns[:, None, :]]
    return picked.permute(0, 3, 1, 2)


@torch.inference_mode()
def judge_logits(judge: PanelJudge, images: Tensor, device: torch.device, batch: int = 128) -> Tensor:
    """Logits (N, columns) of uint8 panels (N, 3, H, W), float32, in batches; no panel depends on another."""
    judge.eval()
    chunks = [part.to(device, memory_format=torch.channels_last).float() / 127.5 - 1 for part in images.split(batch)]
    return torch.cat([judge(chunk).cpu() for chunk in chunks])
