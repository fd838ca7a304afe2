"""Prepare the garden: flowers, captions and exact labels as a data set of single pictures.

    prepare_garden("data/garden", {"train": 5000, "val": 300, "test": 700}, size=64, seed=0, workers=2)

A picture is a function of (seed, split, index, size) alone, so the bytes do not depend on how many workers there are or
how many other pictures are made.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path

from seqgan.checks import check_range
from seqgan.data.garden.drawing import SIZES, draw
from seqgan.data.garden.flower import SPLITS, dice_of, flower_of
from seqgan.data.garden.words import captions
from seqgan.data.manifest import Record
from seqgan.data.pictures import Picture, write_pictures
from seqgan.data.workers import mapped
from seqgan.errors import DataError

NAME = "garden"
LICENCE = "MIT (drawn by our code)"
SHARES = {"train": 0.83, "val": 0.05, "test": 0.12}
"""How one number of pictures is divided among the splits (house)."""
CHUNK = 16

Task = tuple[str, int]
"""A split and the picture's index in it."""


def picture_counts(pictures: int | Mapping[str, int]) -> dict[str, int]:
    """Pictures a split. Raises DataError for an unknown split, a negative count or none in all."""
    if isinstance(pictures, Mapping):
        unknown = sorted(set(pictures) - set(SPLITS))
        if unknown:
            raise DataError(f"pictures names the split {unknown[0]!r}; expected {', '.join(SPLITS)}")
        counts = {split: int(pictures.get(split, 0)) for split in SPLITS}
    else:
        rest = {split: round(pictures * SHARES[split]) for split in SPLITS[1:]}
        counts = {"train": pictures - sum(rest.values()), **rest}
    if min(counts.values()) < 0 or sum(counts.values()) < 1:
        raise DataError(f"pictures is {pictures}; expected at least one picture")
    return counts


def garden_picture(seed: int, size: int, task: Task) -> Picture:
    """One picture of the garden with its captions and labels. Raises DataError for an unknown split or size."""
    split, index = task
    flower = flower_of(seed, split, index)
    pixels = draw(flower, dice_of(seed, split, index, 2), size).pixels
    told = captions(flower, dice_of(seed, split, index, 1))
    return Picture(f"{split}-{index:06d}", split, told, pixels, flower.labels, flower.combination)


def prepare_garden(
    out: Path | str,
    counts: int | Mapping[str, int],
    size: int = 64,
    seed: int = 0,
    workers: int = 1,
    progress: bool = True,
) -> Record:
    """Draw a garden into the folder `out`; returns dataset.json's record.

    `counts` is a number for all splits together or one for each; `size` the height and width in pixels. The same
    arguments give the same data hash on every machine and with any number of workers. Raises DataError for counts,
    sizes and seeds that make no sense, and for a folder that holds other files; nothing half written stays.
    """
    planned = picture_counts(counts)
    check_range("size", size, *SIZES, DataError)
    check_range("seed", seed, 0, error=DataError)
    tasks = [(split, index) for split, count in planned.items() for index in range(count)]
    about = {"name": NAME, "size": [size, size], "crop": [size, size], "flip": True, "mismatch": "caption",
             "seed": seed, "licence": LICENCE}  # fmt: skip
    with mapped(partial, (garden_picture, seed, size), tasks, workers, CHUNK) as pictures:
        return write_pictures(out, pictures, about, progress)
