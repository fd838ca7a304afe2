"""Training of a judge of stories' panels: real frames in, what is there in every label group out."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor, nn

from seqgan.data.epochs import Epochs
from seqgan.data.sequences import SequenceData
from seqgan.losses.labels import label_terms
from seqgan.losses.means import Mean
from seqgan.metrics.labels import f1_micro
from seqgan.models.judges import PictureJudge
from seqgan.training.ema import Ema
from seqgan.training.frames import picture_sheet
from seqgan.training.phases import Phase
from seqgan.training.runtime import Runtime
from seqgan.training.tasks.judge import UNIFORMS, JudgeTraining, augment, judge_logits
from seqgan.training.tasks.picture_judge import JudgedBatch, by_group

CHECKED = 2000
"""Clips, spread evenly, that validation looks at."""


class SequenceJudgeTask:
    """See `seqgan.training.task.Task`; the judge stands under the name "g", the network that is averaged.

    A sample is a clip, seen by one of its frames; several names of a group may be there, or none. `rows` are the clips
    that are learnt from, `held` those of `val` that validation looks at.
    """

    def __init__(
        self, judge: PictureJudge, groups: dict[str, int], data: SequenceData, rows: np.ndarray, val: SequenceData,
        held: np.ndarray, options: JudgeTraining, mirror: bool, runtime: Runtime,
    ) -> None:  # fmt: skip
        self.data, self.rows, self.val, self.held = data, rows, val, held
        self.groups, self.options, self.mirror, self.runtime = groups, options, mirror, runtime
        self.judge = judge.to(runtime.device).to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        self.networks: dict[str, nn.Module] = {"g": self.judge}
        self.epochs, self.epoch = Epochs(len(rows), options.batch, options.seed), len(rows)
        self.ema = Ema(self.judge, options.half_life)
        self.phases = [Phase.adam("g", [(self.judge, 1.0)], options.lr, (0.9, 0.99))]

    @property
    def heavy(self) -> list[nn.Module]:
        """The judge."""
        return [self.judge]

    def batch(self, step: int) -> JudgedBatch:
        """This process's clips of a step, each by a frame drawn from it and mirrored or not."""
        clips, rng = self.rows[self.epochs.numbers(step)], np.random.default_rng([self.options.seed, step])
        starts, ends = self.data.starts[clips], self.data.starts[clips + 1]
        chosen, turned = rng.integers(starts, ends), rng.random(len(clips)) < 0.5 * self.mirror
        own = self.runtime.own(len(clips))
        images = pictures(self.data, chosen[own])
        images = torch.where(torch.from_numpy(turned[own])[:, None, None, None], images.flip(3), images)
        return JudgedBatch(images, clips[own], own, len(clips))

    def images(self, batch: JudgedBatch) -> int:
        """Frames of the whole batch."""
        return batch.total

    def losses(self, phase: str, batch: JudgedBatch, noise: torch.Generator) -> dict[str, Mean]:
        """Binary cross-entropy of every group, names added up, on frames moved, lit and softened a little."""
        uniforms = torch.rand(batch.total, UNIFORMS, generator=noise)[batch.own].to(self.runtime.device)
        frames = augment(batch.images.to(self.runtime.device), uniforms, self.options)
        logits = self.judge.train()(frames.contiguous(memory_format=torch.channels_last))
        told = {name: torch.from_numpy(self.data.labels[name][batch.numbers]).to(logits.device) for name in self.groups}
        return label_terms(by_group(logits, self.groups), told)

    def sheet(self) -> np.ndarray:
        """The evaluation frames of the first 64 clips, augmented as the judge sees them."""
        images = pictures(self.data, self.data.middle[self.rows[:64]])
        uniforms = torch.rand(len(images), UNIFORMS, generator=torch.Generator().manual_seed(0))
        return picture_sheet(augment(images, uniforms, self.options))

    def validate(self) -> dict[str, float]:
        """Micro F1 of every group on the evaluation frames of validation clips; the score is their mean."""
        clips = self.held[np.linspace(0, len(self.held) - 1, min(CHECKED, len(self.held))).astype(int)]
        images = pictures(self.val, self.val.middle[clips])
        logits = by_group(judge_logits(self.ema.model, images, self.runtime.device), self.groups)
        seen = {name: (part > 0).numpy().astype(np.uint8) for name, part in logits.items()}
        figures = {name: round(f1_micro(self.val.labels[name][clips], each), 4) for name, each in seen.items()}
        return figures | {"score": round(float(np.mean(list(figures.values()))), 4)}


def pictures(data: SequenceData, frames: np.ndarray) -> Tensor:
    """Frames of these numbers, uint8 (N, 3, H, W)."""
    return torch.from_numpy(np.array(data.frames[frames])).permute(0, 3, 1, 2)
