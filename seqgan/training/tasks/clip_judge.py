"""Training of a judge of clips: real clips in, the name of each of their label groups out."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import torch
from torch import Tensor

from seqgan.data.sequences import SequenceData
from seqgan.models.judges import ClipJudge
from seqgan.training.clip_pictures import real_clips
from seqgan.training.frames import picture_sheet
from seqgan.training.runtime import Runtime
from seqgan.training.tasks.judge import JudgedBatch, JudgeTask, JudgeTraining, augment, uniforms_of_first
from seqgan.training.tasks.picture_judge import one_of_each, told_right

SHOWN, MOMENTS = 8, 8
"""Clips of the sheet, and frames of each."""
CHECKED = 1000
"""Clips, spread evenly, that validation looks at."""


class ClipJudgeTask(JudgeTask):
    """The task of a judge of clips; `groups` are the label groups and how many names each has; labels: group -> the
    name of each clip, (C,), or -1."""

    def __init__(
        self, judge: ClipJudge, groups: dict[str, int], frames: int, data: SequenceData,
        labels: Mapping[str, np.ndarray], val: SequenceData, val_labels: Mapping[str, np.ndarray],
        options: JudgeTraining, runtime: Runtime,
    ) -> None:  # fmt: skip
        super().__init__(judge, len(data.clips), options, runtime)
        self.data, self.labels, self.val, self.val_labels = data, labels, val, val_labels
        self.groups, self.frames = groups, frames
        self.size = (int(data.about["size"][0]), int(data.about["size"][1]))

    def batch(self, step: int) -> JudgedBatch:
        """This process's clips of a step."""
        clips = self.epochs.numbers(step)
        own = self.runtime.own(len(clips))
        told = {name: torch.from_numpy(self.labels[name][clips[own]])[:, None] for name in self.groups}
        return JudgedBatch(self._pictures(self.data, clips[own]), told, own, len(clips))

    def _pictures(self, data: SequenceData, clips: np.ndarray) -> Tensor:
        return real_clips(data, clips, self.frames, self.size)

    def varied(self, images: Tensor, uniforms: Tensor) -> Tensor:
        """Clips as the judge learns from them: all frames of one are changed alike."""
        flat = augment(images.transpose(1, 2).flatten(0, 1), uniforms.repeat_interleave(self.frames, 0), self.options)
        return flat.unflatten(0, (-1, self.frames)).transpose(1, 2)

    def first(self) -> Tensor:
        """The first clips of the data."""
        return self._pictures(self.data, np.arange(min(SHOWN, len(self.data.clips))))

    def sheet(self) -> np.ndarray:
        """A row of eight frames for each of the first clips, as the judge sees them."""
        images = self.first()
        moments = np.arange(MOMENTS) * self.frames // MOMENTS
        seen = self.varied(images, uniforms_of_first(len(images)))[:, :, moments]
        return picture_sheet(seen.transpose(1, 2).flatten(0, 1), MOMENTS)

    def split(self, logits: Tensor) -> dict[str, Tensor]:
        """By group, (N, 1, classes): a clip has one name of each."""
        return one_of_each(logits, self.groups)

    def validate(self) -> dict[str, float]:
        """Share of validation clips whose name in every group the averaged judge tells; the score is their mean."""
        count = len(self.val.clips)
        clips = np.unique(np.linspace(0, count - 1, min(CHECKED, count)).astype(int))
        labels = {name: each[clips] for name, each in self.val_labels.items()}
        return told_right(self.averaged(self._pictures(self.val, clips)), labels)
