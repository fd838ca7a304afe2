"""What stands behind the things of a data set's frames: the median of every pixel, over all or scene by scene."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from seqgan.checks import check_choice
from seqgan.errors import ConfigError
from seqgan.metrics.regions import LEVEL
from seqgan.training.story_pictures import StoryPictures, label_columns

FRAMES = 1280
"""Of the training clips, spread evenly, one frame each: as many at most make the median of a scene."""


@dataclass(frozen=True)
class Scenes:
    """Backgrounds (G, 3, H, W) int16 of G scenes, and the scene of every clip of a data set, (C,)."""

    backgrounds: Tensor
    of_clip: np.ndarray

    @classmethod
    def of(cls, data: StoryPictures, size: tuple[int, int], groups: Sequence[str] = ()) -> Scenes:
        """The scenes of the stories of `data`: clips are of one scene where their labels of all `groups` are the same,
        so that without groups there is one. Raises ConfigError for a group that the data does not have."""
        columns = _columns(data, groups)
        _, of_clip = np.unique(data.labels[:, columns], axis=0, return_inverse=True)
        of_clip = of_clip.reshape(-1)
        told = np.unique(data.stories)
        medians = [_median(data, told[of_clip[told] == scene], size) for scene in range(int(of_clip.max()) + 1)]
        return cls(torch.stack(medians), of_clip)

    def figure(self, images: Tensor, clips: np.ndarray) -> Tensor:
        """What is not background in images (N, 3, H, W) uint8 of clips (N,): (N, 1, H, W) of 0 and 1."""
        behind = self.backgrounds[torch.from_numpy(self.of_clip[clips])].to(images.device)
        return ((images.short() - behind).abs().amax(1, keepdim=True) > LEVEL).float()


def _columns(data: StoryPictures, groups: Sequence[str]) -> np.ndarray:
    """The label columns of groups."""
    known = label_columns(data.about)
    for group in groups:
        check_choice("training.scene", group, known, ConfigError)
    every = np.arange(data.labels.shape[1])
    return np.concatenate([every[:0], *(every[columns] for group, columns in known.items() if group in groups)])


def _median(data: StoryPictures, clips: np.ndarray, size: tuple[int, int]) -> Tensor:
    """The median frame of clips, int16 (3, H, W); zeros where there is none."""
    if not len(clips):
        return torch.zeros(3, *size, dtype=torch.int16)
    chosen = np.unique(clips[np.linspace(0, len(clips) - 1, min(FRAMES, len(clips))).astype(int)])
    return data.frames_of(chosen, size, None).median(0).values.short()
