"""Stories of a data set as networks take them: sentence vectors, labels and pictures, one of each a panel.

Vectors are the data's own where it has some; otherwise sentences pass the frozen sentence encoder, once. Where a clip
has several captions or frames, training takes any of them, and everything else the first caption and the middle frame.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, chain, pairwise
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from seqgan.checks import check_choice
from seqgan.data.manifest import Record
from seqgan.data.sequences import SequenceData, about_sequences
from seqgan.errors import ConfigError, DataError
from seqgan.models.story_words import tokens_of
from seqgan.text.frozen import shared_encoder
from seqgan.text.vocab import Vocabulary

TEXTS = ("vectors", "changes", "sentences")
"""What tells a panel: the data's own vectors; what of them the panel before it did not have (house), which asks a
system to remember where the vectors pile up, as those of CLEVR-SV do; or frozen vectors of its sentences."""
ENCODED = 256
"""Sentences that are encoded at a time."""


@dataclass(frozen=True)
class StoryPictures:
    """S stories of T panels: rows (S, T) of C clips, of which clip c has frames starts[c] to starts[c + 1] and sentence
    vectors said[c] to said[c + 1], of the captions of these numbers; labels (C, K) float32; sources (S,), where no
    wrong story may come from; the vocabulary that captions are read by, where their words are asked for."""

    about: Record
    text: str
    stories: np.ndarray
    frames: np.ndarray
    starts: np.ndarray
    vectors: np.ndarray
    said: np.ndarray
    labels: np.ndarray
    names: tuple[str, ...]
    sources: np.ndarray
    captions: tuple[str, ...]
    vocabulary: Vocabulary | None = None

    def __len__(self) -> int:
        return len(self.stories)

    def of(self, rows: np.ndarray) -> StoryPictures:
        """Those of a mask (S,), or of numbers."""
        return replace(self, stories=self.stories[rows], sources=self.sources[rows])

    @property
    def panels(self) -> int:
        """Panels of a story."""
        return self.stories.shape[1]

    def reading(self, vocabulary: Vocabulary | None) -> StoryPictures:
        """The same, read by a vocabulary."""
        return replace(self, vocabulary=vocabulary)

    def words(self) -> Vocabulary:
        """A vocabulary of the captions of these stories, each counted once."""
        clips = np.unique(self.stories)
        chosen = (self.captions[self.said[clip] : self.said[clip + 1]] for clip in clips)
        return Vocabulary.build(chosen)

    def said_by(self, rows: np.ndarray, rng: np.random.Generator | None) -> np.ndarray:
        """The numbers of the captions that tell stories (N,), (N, T): any of a panel's by `rng`, the first without."""
        return any_place(self.said, self.stories[rows], rng)

    def told(self, rows: np.ndarray, rng: np.random.Generator | None) -> Tensor:
        """Sentence vectors of stories (N,), (N, T, D) float32, of the captions of `said_by`."""
        return self.told_by(self.said_by(rows, rng))

    def told_by(self, said: np.ndarray) -> Tensor:
        """Sentence vectors of captions (N, T), (N, T, D) float32."""
        vectors = self.vectors[said]
        if self.text == "changes":
            vectors[:, 1:] -= vectors[:, :-1].copy()
        return torch.from_numpy(vectors)

    def lines(self, said: np.ndarray) -> list[list[str]]:
        """The sentences of captions (N, T), a story's in a list."""
        return [[self.captions[number] for number in story] for story in said]

    def tokens(self, said: np.ndarray) -> Tensor | None:
        """The words of captions (N, T), (N, T, L) int64, 0 = padding; None without a vocabulary."""
        return None if self.vocabulary is None else tokens_of(self.lines(said), self.vocabulary)

    def shown(self, rows: np.ndarray) -> Tensor:
        """Labels of stories (N,), (N, T, K) float32 of 0 and 1."""
        return torch.from_numpy(self.labels[self.stories[rows]])

    def pictures(self, rows: np.ndarray, size: tuple[int, int], rng: np.random.Generator | None) -> Tensor:
        """Pictures of stories (N,) at `size`, uint8 (N, T, 3, H, W), channels last in memory: any frame of a panel by
        `rng`, the middle one without."""
        clips = self.stories[rows]
        return self.frames_of(clips.reshape(-1), size, rng).unflatten(0, clips.shape)

    def frames_of(self, clips: np.ndarray, size: tuple[int, int], rng: np.random.Generator | None) -> Tensor:
        """Pictures of clips (N,), likewise: uint8 (N, 3, H, W)."""
        middle = (self.starts[clips] + self.starts[clips + 1]) // 2
        chosen = middle if rng is None else any_place(self.starts, clips, rng)
        return resized(torch.from_numpy(np.asarray(self.frames[chosen])).permute(0, 3, 1, 2), size)


def resized(frames: Tensor, size: tuple[int, int]) -> Tensor:
    """uint8 pictures (N, 3, H, W) at another size (bilinear), or as they are."""
    if tuple(frames.shape[2:]) == tuple(size):
        return frames
    larger = F.interpolate(frames.float(), size, mode="bilinear", align_corners=False, antialias=True)
    return larger.round().clamp(0, 255).to(torch.uint8)


def any_place(starts: np.ndarray, clips: np.ndarray, rng: np.random.Generator | None) -> np.ndarray:
    """A place of every clip between its start and the next one's: by `rng`, else the first."""
    if rng is None:
        return starts[clips]
    return starts[clips] + np.floor(rng.random(clips.shape) * (starts[clips + 1] - starts[clips])).astype(np.int64)


def open_stories(folder: Path, split: str, text: str = "") -> StoryPictures:
    """The stories of a split, told by `text` (one of TEXTS; "": vectors where the data has some).

    Raises DataError for what cannot be read, ConfigError where vectors are asked for and there are none.
    """
    if text:
        check_choice("text", text, TEXTS, ConfigError)
    data = SequenceData.open(folder, split)
    if text in TEXTS[:2] and data.vectors is None:
        raise ConfigError(f"text={text}, but {folder} has no sentence vectors; set text=sentences")
    return of_sequences(data, folder, text)


def train_and_held(folder: Path, text: str = "") -> tuple[StoryPictures, StoryPictures]:
    """Stories to learn from, and stories to look at on the way: "val" where there is such a split, else those of the
    last twentieth of the training sources, or the training stories where these are two at most. Raises as
    `open_stories`."""
    train = open_stories(folder, "train", text)
    if "val" in about_sequences(folder)["counts"]:
        return train, open_stories(folder, "val", text)
    count = int(train.sources.max()) + 1
    if count < 3:
        return train, train
    held = train.sources >= count - max(count // 20, 1)
    return train.of(~held), train.of(held)


def of_sequences(data: SequenceData, folder: Path | None, text: str = "") -> StoryPictures:
    """Stories of a sequence data set; vectors of its sentences are kept in `folder`, where one is given."""
    groups = {group: names for group, names in data.about["groups"].items() if names}
    columns = [data.labels[group] for group in groups]
    text = text or ("sentences" if data.vectors is None else "vectors")
    vectors = sentence_vectors(data, folder) if text == "sentences" else data.vectors
    assert vectors is not None, "asked for above"
    return StoryPictures(
        data.about, text, data.stories, data.frames, data.starts, vectors, data.vector_starts,
        np.concatenate([np.zeros((len(data.clips), 0)), *columns], 1).astype(np.float32),
        tuple(chain.from_iterable(groups.values())), data.sources, tuple(chain.from_iterable(data.captions)),
    )  # fmt: skip


def encoded(captions: Sequence[str]) -> np.ndarray:
    """Frozen vectors of captions, float32 (captions, 512); equal ones are encoded once."""
    unique, encoder = list(dict.fromkeys(captions)), shared_encoder()
    parts = [encoder.encode(unique[start : start + ENCODED]) for start in range(0, len(unique), ENCODED)]
    row = {caption: number for number, caption in enumerate(unique)}
    return np.concatenate(parts)[[row[caption] for caption in captions]]


def sentence_vectors(data: SequenceData, folder: Path | None) -> np.ndarray:
    """Frozen vectors of all captions, float32 (captions, 512), made once and kept in `cache/` of the data set."""
    captions = list(chain.from_iterable(data.captions))
    if folder is None:
        return encoded(captions)
    splits = "+".join(dict.fromkeys(record["split"] for record in data.records))
    kept = folder / "cache" / f"sentences-{splits}-{data.about['hash'][:16]}.npy"
    if kept.is_file():
        vectors = np.load(kept, allow_pickle=False)
        if len(vectors) == len(captions):
            return vectors
    vectors = encoded(captions)
    kept.parent.mkdir(exist_ok=True)
    beside = kept.with_suffix(".part.npy")
    np.save(beside, vectors)
    beside.replace(kept)
    return vectors


def label_columns(about: Record) -> dict[str, slice]:
    """Where the labels of each group stand in the rows of `StoryPictures.labels`."""
    names = {group: each for group, each in about["groups"].items() if each}
    ends = pairwise(accumulate((len(each) for each in names.values()), initial=0))
    return {group: slice(*each) for group, each in zip(names, ends, strict=True)}


def check_sources(data: StoryPictures) -> StoryPictures:
    """The same stories. Raises DataError where all have one source, so that no mismatched pair can be made."""
    if len(np.unique(data.sources)) < 2:
        raise DataError(f"all {len(data)} stories of {data.about['name']} have one source; mismatched pairs need two, "
                        "such as two episodes")  # fmt: skip
    return data
