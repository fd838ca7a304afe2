"""Stories told in attribute vectors, as CLEVR-SV has them: every panel adds an object to a scene."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from seqgan.data.clevr.prepare import prepare_clevr
from seqgan.data.clevr.scene import PANELS
from seqgan.data.clevr.vectors import LAYOUT, LENGTH, labels_of
from seqgan.data.manifest import ABOUT
from seqgan.data.sequences import SequenceData, about_sequences
from seqgan.errors import DataError

SIZE = 64


@dataclass(frozen=True)
class AttributeStories:
    """S stories: vectors (S, T, 75) float32, cumulative, and their pictures (S, T, H, W, 3) uint8."""

    vectors: np.ndarray
    images: np.ndarray

    def __len__(self) -> int:
        return len(self.vectors)

    @property
    def labels(self) -> np.ndarray:
        """What is in each panel, (S, T, 15) float32 in {0, 1}: shapes, colours, materials, sizes."""
        return labels_of(self.vectors)

    def parts(self, share: float = 0.1) -> tuple[AttributeStories, AttributeStories]:
        """The first stories to train on and the last `share` (one at least) to look at."""
        last = max(round(share * len(self)), 1)
        return (
            AttributeStories(self.vectors[:-last], self.images[:-last]),
            AttributeStories(self.vectors[-last:], self.images[-last:]),
        )


def read_stories(folder: Path, split: str | Sequence[str]) -> AttributeStories:
    """The stories of a sequence data set that is told in vectors of 75 numbers.

    Raises DataError where it is told otherwise, has pictures of another size, or no such split.
    """
    about = about_sequences(folder)
    if about["vector"] != LENGTH or about["length"] != PANELS:
        raise DataError(f"{folder} has {about['length']} panels a story and vectors of {about['vector']} numbers; "
                        f"expected {PANELS} panels and {LAYOUT}, run 'seqgan data prepare clevr-sv'")  # fmt: skip
    if list(about["size"]) != [SIZE, SIZE]:
        raise DataError(f"{folder} has pictures of {about['size'][0]} x {about['size'][1]}; prepare them at {SIZE}")
    data = SequenceData.open(folder, split)
    if data.vectors is None or len(data.vectors) != len(data.clips):
        raise DataError(f"{folder} has clips with several vectors; expected one a panel")
    return AttributeStories(data.vectors[data.stories], data.frames[data.middle[data.stories]])


def train_and_val(folder: Path) -> tuple[AttributeStories, AttributeStories]:
    """What to train on and what to look at: the last tenth of train where there is no val. Raises DataError."""
    if "val" in about_sequences(folder)["counts"]:
        return read_stories(folder, "train"), read_stories(folder, "val")
    return read_stories(folder, "train").parts()


def write_synthetic(folder: Path, count: int = 60) -> None:
    """Draw a few stories of CLEVR-SV to try things out with, where they are not there yet."""
    if not (folder / ABOUT).is_file():
        prepare_clevr(folder, {"train": count, "val": max(2, count // 10)}, progress=False)
