"""Training of a judge of stories' panels: real frames in, what is there in every label group out."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from seqgan.data.sequences import SequenceData
from seqgan.metrics.labels import f1_micro
from seqgan.models.judges import PictureJudge
from seqgan.training.runtime import Runtime
from seqgan.training.tasks.judge import JudgedBatch, JudgeTask, JudgeTraining
from seqgan.training.tasks.picture_judge import by_group

CHECKED = 2000
"""Clips, spread evenly, that validation looks at."""


class SequenceJudgeTask(JudgeTask):
    """The task of a judge of stories' panels.

    A sample is a clip, seen by one of its frames; several names of a group may be there, or none. `rows` are the clips
    that are learnt from, `held` those of `val` that validation looks at.
    """

    def __init__(
        self, judge: PictureJudge, groups: dict[str, int], data: SequenceData, rows: np.ndarray, val: SequenceData,
        held: np.ndarray, options: JudgeTraining, mirror: bool, runtime: Runtime,
    ) -> None:  # fmt: skip
        super().__init__(judge, len(rows), options, runtime)
        self.data, self.rows, self.val, self.held = data, rows, val, held
        self.groups, self.mirror = groups, mirror

    def batch(self, step: int) -> JudgedBatch:
        """This process's clips of a step, each by a frame drawn from it and mirrored or not."""
        clips, rng = self.rows[self.epochs.numbers(step)], np.random.default_rng([self.options.seed, step])
        starts, ends = self.data.starts[clips], self.data.starts[clips + 1]
        chosen, turned = rng.integers(starts, ends), rng.random(len(clips)) < 0.5 * self.mirror
        own = self.runtime.own(len(clips))
        images = pictures(self.data, chosen[own])
        images = torch.where(torch.from_numpy(turned[own])[:, None, None, None], images.flip(3), images)
        told = {name: torch.from_numpy(self.data.labels[name][clips[own]]) for name in self.groups}
        return JudgedBatch(images, told, own, len(clips))

    def first(self) -> Tensor:
        """The evaluation frames of the first 64 clips."""
        return pictures(self.data, self.data.middle[self.rows[:64]])

    def split(self, logits: Tensor) -> dict[str, Tensor]:
        """By group, (N, names), each there or not."""
        return by_group(logits, self.groups)

    def validate(self) -> dict[str, float]:
        """Micro F1 of every group on the evaluation frames of validation clips; the score is their mean."""
        clips = self.held[np.linspace(0, len(self.held) - 1, min(CHECKED, len(self.held))).astype(int)]
        images = pictures(self.val, self.val.middle[clips])
        seen = {name: (part > 0).numpy().astype(np.uint8) for name, part in self.averaged(images).items()}
        figures = {name: round(f1_micro(self.val.labels[name][clips], each), 4) for name, each in seen.items()}
        return figures | {"score": round(float(np.mean(list(figures.values()))), 4)}


def pictures(data: SequenceData, frames: np.ndarray) -> Tensor:
    """Frames of these numbers, uint8 (N, 3, H, W)."""
    return torch.from_numpy(np.array(data.frames[frames])).permute(0, 3, 1, 2)
