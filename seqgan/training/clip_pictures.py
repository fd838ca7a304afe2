"""Clips of a data set as networks take them: frames, words and frozen vectors of their captions.

A clip set is a sequence data set (`seqgan.data.sequences`) of one clip a story. Training takes any caption of a clip,
everything else the first.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from seqgan.data.manifest import Record
from seqgan.data.sequences import SequenceData, about_sequences
from seqgan.errors import DataError
from seqgan.text.captions import HIDDEN, SPECIAL, CaptionVocabulary, caption_words
from seqgan.text.encoders import FROZEN_SIZE
from seqgan.text.frozen import MissingPackage
from seqgan.training.story_pictures import any_place, resized, sentence_vectors


@dataclass(frozen=True)
class ClipPictures:
    """C clips: frames of clip c from starts[c] to starts[c + 1], captions from said[c] to said[c + 1], whose words are
    rows of `tokens`, (captions, L) int64 with 0 behind the last, and whose vectors are `frozen` (captions, 512), zeros
    where the encoder is not installed; kinds (C,): equal where a caption of one may be said of the other."""

    about: Record
    records: list[Record]
    frames: np.ndarray
    starts: np.ndarray
    captions: list[tuple[str, ...]]
    said: np.ndarray
    tokens: np.ndarray
    frozen: np.ndarray
    kinds: np.ndarray

    def __len__(self) -> int:
        return len(self.starts) - 1

    def told(self, clips: np.ndarray, rng: np.random.Generator | None) -> tuple[Tensor, Tensor]:
        """Words (N, L) int64 and frozen vectors (N, 512) of clips (N,): of any caption by `rng`, of the first
        without."""
        rows = any_place(self.said, clips, rng)
        return torch.from_numpy(self.tokens[rows]), torch.from_numpy(self.frozen[rows])

    def pictures(self, clips: np.ndarray, frames: int, size: tuple[int, int]) -> Tensor:
        """Clips (N,) as uint8 (N, 3, T, H, W), T of their frames, evenly spread. Raises DataError for a clip of fewer
        frames."""
        places = np.concatenate([self.places(int(clip), frames) for clip in clips])
        return clip_pixels(self.frames, places, frames, size).contiguous()  # as generators lay out what they draw

    def places(self, clip: int, frames: int) -> np.ndarray:
        """Rows of `frames` of `frames` frames of a clip, evenly spread over it, the first one first."""
        return evenly(self.records[clip], int(self.starts[clip]), frames)


def evenly(clip: Record, start: int, frames: int) -> np.ndarray:
    """Rows of so many frames of a clip that begins at `start`, evenly spread over it, the first one first. Raises
    DataError for a clip of fewer."""
    if (count := int(clip["frames"])) < frames:
        raise DataError(f"the clip {clip['id']!r} has {count} frames; expected {frames} at least: prepare the data "
                        "with more, or set network.frames=16 (of a judge: frames=16)")  # fmt: skip
    return start + np.arange(frames) * count // frames


def clip_pixels(pixels: np.ndarray, places: np.ndarray, frames: int, size: tuple[int, int]) -> Tensor:
    """Rows `places` (N * T,) of uint8 pictures as clips of T frames, uint8 (N, 3, T, H, W)."""
    chosen = torch.from_numpy(np.asarray(pixels[places])).permute(0, 3, 1, 2)
    return resized(chosen, size).unflatten(0, (-1, frames)).transpose(1, 2)


def real_clips(data: SequenceData, clips: np.ndarray, frames: int, size: tuple[int, int]) -> Tensor:
    """Clips (N,) of a data set as `ClipPictures.pictures` gives them, without anything that is said."""
    places = [evenly(data.clips[clip], int(data.starts[clip]), frames) for clip in clips.tolist()]
    return clip_pixels(data.frames, np.concatenate(places), frames, size)


def real_frames(data: SequenceData, clips: np.ndarray, frames: int, size: tuple[int, int]) -> np.ndarray:
    """The same as pictures, uint8 (N, T, H, W, 3)."""
    return real_clips(data, clips, frames, size).permute(0, 2, 3, 4, 1).numpy()


def vocabulary_of(data: SequenceData) -> CaptionVocabulary:
    """Every word of the captions, in the order of the alphabet."""
    words = {word for caption in chain.from_iterable(data.captions) for word in caption_words(caption)}
    return CaptionVocabulary((*SPECIAL, *sorted(words)))


def open_clips(folder: Path, split: str, vocabulary: CaptionVocabulary | None = None) -> ClipPictures:
    """The clips of a split, their words by a vocabulary, by default that of its own captions. Raises DataError where it
    is no set of clips or has no such split."""
    data = clip_data(folder, split)
    return of_clips(data, folder, vocabulary or vocabulary_of(data))


def clip_data(folder: Path, split: str) -> SequenceData:
    """A sequence data set of one clip a story. Raises DataError where its stories are longer."""
    if (length := about_sequences(folder)["length"]) != 1:
        raise DataError(f"{folder} holds stories of {length} panels; expected single clips, such as 'seqgan data "
                        "prepare fluent-scenes' makes")  # fmt: skip
    return SequenceData.open(folder, split)


def of_clips(data: SequenceData, folder: Path | None, vocabulary: CaptionVocabulary) -> ClipPictures:
    """Clips in the order of their stories; vectors of their captions are kept in `folder`, where one is given."""
    texts = list(chain.from_iterable(data.captions))
    return ClipPictures(
        data.about, data.clips, data.frames, data.starts, data.captions, data.vector_starts,
        tokens_of(texts, vocabulary), _frozen(data, folder, len(texts)), _kinds(data),
    )  # fmt: skip


def tokens_of(captions: Sequence[str], vocabulary: CaptionVocabulary) -> np.ndarray:
    """Words of captions as numbers, (captions, L) int64, 0 behind the last; where none is known, one hidden word."""
    numbers = [vocabulary.read(caption).numbers or (HIDDEN,) for caption in captions]
    rows = np.zeros((len(numbers), max(map(len, numbers))), np.int64)
    for row, each in zip(rows, numbers, strict=True):
        row[: len(each)] = each
    return rows


def _frozen(data: SequenceData, folder: Path | None, captions: int) -> np.ndarray:
    try:
        return sentence_vectors(data, folder)
    except MissingPackage:  # a training machine may have no more than torch: words alone will do
        return np.zeros((captions, FROZEN_SIZE), np.float32)


def _kinds(data: SequenceData) -> np.ndarray:
    """A number a clip, equal where all labels are, or, where the data has none, where the captions are."""
    labels = [group for group in data.labels.values() if group.shape[1]]
    if labels:
        return np.unique(np.concatenate(labels, 1), axis=0, return_inverse=True)[1].reshape(-1)
    return np.unique(["\n".join(sorted(own)) for own in data.captions], return_inverse=True)[1]
