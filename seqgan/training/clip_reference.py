"""What clip generators are held against: real clips of a split, the training clips, and what a judge says of both.

One `ClipReference` serves all systems of a comparison. A system is told by its takes: all clips drawn once from one
seed each, and again from other seeds. Names are told by every judge; the features are those of the first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from seqgan.data.sequences import SequenceData
from seqgan.errors import DataError
from seqgan.metrics.clips import change, detail, second_change, still_difference, warp_error
from seqgan.metrics.ssim import ssim
from seqgan.sampling.clip import ClipSampler
from seqgan.sampling.noise import board_seeds
from seqgan.training.clip_labels import cells_of, counted, names_of
from seqgan.training.clip_pictures import clip_data, real_frames
from seqgan.training.loaded_clip_judge import LoadedClipJudge, load_clip_judge
from seqgan.training.pictures import thumbnails

MOMENTS = 4
"""Frames of a clip, evenly spread, whose thumbnails are its pixels when the nearest training clip is looked for."""
PART = 64
"""Training clips that are held at once."""


@dataclass(frozen=True)
class Look:
    """What J judges see of N clips: names: group -> the likeliest (J, N); features (N, d); pixels (N, p) uint8; rows:
    figure -> one number a clip (N,); still: the names again, of their gists standing still, or none."""

    names: dict[str, np.ndarray]
    features: np.ndarray
    pixels: np.ndarray
    rows: dict[str, np.ndarray]
    still: dict[str, np.ndarray]


@dataclass(frozen=True)
class ClipReference:
    """Clips of these numbers of `data`, at the length and size that is compared, and the training clips."""

    data: SequenceData
    train: SequenceData
    clips: np.ndarray
    judges: tuple[LoadedClipJudge, ...]
    frames: int
    size: tuple[int, int]
    seed: int = 0

    @classmethod
    def open(
        cls, folder: Path, split: str, n: int | None, judges: Sequence[LoadedClipJudge], frames: int,
        size: tuple[int, int], seed: int = 0, by_cell: bool = False,
    ) -> ClipReference:  # fmt: skip
        """`n` clips of a split, spread evenly over it (all where it has fewer), or over one of each of its cells.
        Raises DataError."""
        data, train = clip_data(folder, split), clip_data(folder, "train")
        clips = one_of_each(cells_of(data)) if by_cell else np.arange(len(data.clips))
        clips = clips[np.unique(np.linspace(0, len(clips) - 1, min(n or len(clips), len(clips))).astype(int))]
        if len(clips) < 2:
            raise DataError(f"{len(clips)} clip of split {split!r} is to be measured; distances need 2 or more")
        return cls(data, train, clips, tuple(judges), frames, size, seed)

    @property
    def judge(self) -> LoadedClipJudge:
        """The judge whose features are compared; all know the same names."""
        return self.judges[0]

    @cached_property
    def real(self) -> np.ndarray:
        """The real clips, uint8 (N, T, H, W, 3)."""
        return self._pictures(self.data, self.clips)

    @cached_property
    def truth(self) -> Look:
        """What is seen of them; their first frames stand for gists."""
        return self.look(self.real, self.real[:, 0])

    @cached_property
    def labels(self) -> dict[str, np.ndarray]:
        """Which name of each group of the judge they have, (N,), or -1."""
        return {group: names_of(self.data, group, names)[self.clips] for group, names in self.judge.names.items()}

    @cached_property
    def cells(self) -> np.ndarray:
        """Their cells, (N,)."""
        return cells_of(self.data)[self.clips]

    @cached_property
    def captions(self) -> list[str]:
        """The first caption of each."""
        return [self.data.captions[clip][0] for clip in self.clips]

    @cached_property
    def bank(self) -> tuple[np.ndarray, np.ndarray]:
        """Features and pixels of all training clips."""
        every = np.arange(len(self.train.clips))
        parts = (self._pictures(self.train, every[start : start + PART]) for start in range(0, len(every), PART))
        both = [(self.judge.read(part)[1], pixels(part)) for part in parts]
        return np.concatenate([each[0] for each in both]), np.concatenate([each[1] for each in both])

    def _pictures(self, data: SequenceData, clips: np.ndarray) -> np.ndarray:
        return real_frames(data, clips, self.frames, self.size)

    def look(self, clips: np.ndarray, gists: np.ndarray | None = None) -> Look:
        """Look at clips that stand for the real ones, uint8 (N, T, H, W, 3), and at their gists (N, H, W, 3)."""
        (names, features), still = self._seen(clips), {}
        rows = {
            "change": change(clips), "second_change": second_change(clips), "warp_error": warp_error(clips),
            "still_difference": still_difference(clips, self.real), "detail": detail(clips),
        }  # fmt: skip
        if gists is not None:
            still = self._seen(np.repeat(gists[:, None], self.frames, 1))[0]
            rows["start_ssim"] = ssim(clips[:, 0], gists).numpy()
        return Look(names, features, pixels(clips), rows, still)

    def _seen(self, clips: np.ndarray) -> tuple[dict[str, np.ndarray], np.ndarray]:
        """What each judge names in clips, group -> (J, N), and the features of the first (N, d)."""
        said, features = zip(*(judge.read(clips) for judge in self.judges), strict=True)
        return {group: np.stack([each[group] for each in said]) for group in self.judge.names}, features[0]

    def takes(
        self, sampler: ClipSampler, count: int, done: Callable[[int], object] = lambda _count: None
    ) -> Iterator[Look]:  # fmt: skip
        """What is seen of each take of a sampler; `done` hears of every clip drawn."""
        for take in range(count):
            seeds = board_seeds(self.seed, int(self.clips.max()) + 1, take)
            yield self.look(*self._drawn(sampler, [seeds[clip] for clip in self.clips], done))

    def _drawn(
        self, sampler: ClipSampler, seeds: Sequence[int], done: Callable[[int], object]
    ) -> tuple[np.ndarray, np.ndarray | None]:  # fmt: skip
        """All captions drawn once, and the gists. What moves a given picture is given the real first frame."""
        given = self.real[:, 0] if sampler.needs_picture else [None] * len(seeds)
        each = zip(self.captions, seeds, given, strict=True)
        drawn = []
        for caption, seed, first in each:
            drawn.append(sampler.explain(caption, seed, first=first))
            done(1)
        gists = [clip.gist for clip in drawn if clip.gist is not None]
        return np.stack([clip.frames for clip in drawn]), np.stack(gists) if gists else None


def pixels(clips: np.ndarray) -> np.ndarray:
    """Thumbnails of a few frames of uint8 clips (N, T, H, W, 3), as rows (N, p) uint8."""
    seen = clips[:, np.arange(MOMENTS) * clips.shape[1] // MOMENTS]
    return thumbnails(seen.reshape(-1, *seen.shape[2:])).reshape(len(clips), -1)


def one_of_each(cells: np.ndarray) -> np.ndarray:
    """Places of one clip of each cell in cells (C,): the first of the first cell, the second of the second, and so on,
    so that they differ in all else."""
    every = [np.flatnonzero(cells == cell) for cell in np.unique(cells)]
    return np.sort([clips[number % len(clips)] for number, clips in enumerate(every)])


def find_clip_judges(
    names: Sequence[str], folder: Path, splits: Sequence[str], device: str = "cpu"
) -> tuple[LoadedClipJudge, ...]:  # fmt: skip
    """Judges of these names. Raises DataError for none, for those that do not fit the data (`_fitting`), and for some
    that name other groups than the first."""
    judges = tuple(_fitting(name, folder, splits, device) for name in names or ("",))
    for each in judges[1:]:
        if list(each.names) != list(judges[0].names):
            raise DataError(f"the judge {each.info['name']} tells {', '.join(each.names)}, {judges[0].info['name']} "
                            f"{', '.join(judges[0].names)}; train them alike")  # fmt: skip
    return judges


def _fitting(name: str, folder: Path, splits: Sequence[str], device: str) -> LoadedClipJudge:
    """The judge of that name. Raises DataError for none, for one that learnt from clips that it is to judge, and for
    one that names other things."""
    if not name:
        raise DataError("clips are measured by a judge; train one with seqgan train clip_judge --data DATA, and name "
                        "it with --judge")  # fmt: skip
    judge, about = load_clip_judge(name, device), clip_data(folder, splits[0]).about
    known = judge.info["trained_on"]
    if known["hash"] == about["hash"] and set(known["splits"]) & set(splits):
        raise DataError(f"the judge was trained on {', '.join(known['splits'])} of this data set; judge other splits")
    strange = [group for group in judge.names if group not in about["groups"]]
    if strange := strange or [group for group, names in judge.names.items() if names != counted(about, group)]:
        raise DataError(f"the judge's {', '.join(strange)} are not those of the data; train one on this data")
    return judge
