"""Trained StoryGANs of sentence vectors as systems that evaluation and comparison draw from."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch

from seqgan.checks import check_shape
from seqgan.data.sequences import SequenceData
from seqgan.errors import InputError
from seqgan.sampling.story_vectors import VectorStorySampler
from seqgan.training.story_pictures import StoryPictures, of_sequences, resized


class StoryGANSystem:
    """Stories of a split by their numbers, told by first captions and drawn at the data's own size; see
    `seqgan.training.sequence_systems.DrawsStories`."""

    def __init__(self, sampler: VectorStorySampler, data: StoryPictures, guidance: float = 0.0) -> None:
        self.sampler, self.data, self.info, self.guidance = sampler, data, sampler.info, guidance

    @classmethod
    def load(cls, folder: Path, data: SequenceData, device: str = "cpu", guidance: float = 0.0) -> StoryGANSystem:
        """A checkpoint for the stories of some data; guidance: see `VectorStorySampler.draw`. Raises CheckpointError,
        and InputError where it was trained on vectors of another size, or stories of another length."""
        sampler = VectorStorySampler.load(folder, device)
        if sampler.info["text"] != "sentences" and data.vectors is None:
            raise InputError(f"{folder} was trained on sentence vectors, and {data.about['name']} has none; name "
                             "a data set with vectors")  # fmt: skip
        told = of_sequences(data, None, sampler.info["text"])
        check_shape("sentence vectors", told.vectors, ("captions", sampler.sizes.text))
        if told.panels != sampler.sizes.panels:
            raise InputError(f"{folder} tells stories of {sampler.sizes.panels} panels; those of {data.about['name']} "
                             f"have {told.panels}")  # fmt: skip
        return cls(sampler, told, guidance)

    def draw(self, stories: Sequence[int], seeds: Sequence[int]) -> np.ndarray:
        """Stories of these numbers in the split, uint8 (S, T, H, W, 3)."""
        rows, reads = np.asarray(stories), self.sampler.sizes.labels == len(self.data.names)
        labels = self.data.shown(rows).numpy() if reads else None
        said = self.data.said_by(rows, None)
        panels = self.sampler.draw(
            self.data.told_by(said).numpy(), seeds, labels, self.guidance, self.data.lines(said)
        )  # fmt: skip
        height, width = self.data.about["size"]
        frames = torch.from_numpy(panels).flatten(0, 1).permute(0, 3, 1, 2)
        sized = resized(frames, (height, width)).permute(0, 2, 3, 1)
        return sized.reshape(*panels.shape[:2], height, width, 3).numpy()
