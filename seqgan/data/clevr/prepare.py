"""Prepare CLEVR-SV as drawn by our renderer: scenes, sentences and vectors as a sequence data set.

    prepare_clevr("data/clevr-sv", {"train": 10000, "val": 500, "test": 3000}, seed=0, workers=2)

A story is a function of (seed, split, index, size) alone, so the bytes do not depend on how many workers there are or
how many other stories are made.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from itertools import chain
from pathlib import Path

import numpy as np

from seqgan.checks import check_range
from seqgan.data.clevr.render import SIZES, draw_story, seen_shares
from seqgan.data.clevr.scene import GROUPS, PANELS, SPLITS, Scene, draw_scene, story_dice
from seqgan.data.clevr.telling import sentences
from seqgan.data.clevr.vectors import named_labels, scene_vectors
from seqgan.data.manifest import ABOUT, Record
from seqgan.data.sequences import Clip, Story, write_sequences
from seqgan.data.workers import mapped
from seqgan.errors import DataError

NAME = "clevr-sv"
LICENCE = "CC0 or MIT, as you like (drawn by our code)"
COUNTS = {"train": 10_000, "val": 500, "test": 3_000}
"""Stories a split; those of train and test as published."""
LEAST_SEEN = 200 / (320 * 240)
"""Part of the picture that must be seen of each thing (CLEVR's 200 pixels)."""
CHUNK = 8

Task = tuple[str, int]
"""A split and the story's index in it."""


def story_id(split: str, index: int) -> str:
    """The name of a drawn story: "train-000012"."""
    return f"{split}-{index:06d}"


def story_scene(seed: int, split: str, index: int) -> tuple[Scene, tuple[str, ...]]:
    """The scene of a story and its sentences; each thing is well seen when all are there."""
    rng = story_dice(seed, split, index)
    scene = draw_scene(rng)
    while min(seen_shares(scene)) < LEAST_SEEN:
        scene = draw_scene(rng)
    return scene, sentences(scene, rng)


def panel_clips(story: str, panels: np.ndarray, captions: Sequence[str], vectors: np.ndarray) -> list[Clip]:
    """The clips of a story of T panels (T, H, W, 3) uint8: one frame each, with sentence, labels and vector (T, 75)."""
    return [
        Clip(f"{story}/{number}", panel[None], (caption,), named_labels(vector), vector[None])
        for number, (panel, caption, vector) in enumerate(zip(panels, captions, vectors, strict=True), start=1)
    ]


def told_story(story: str, split: str) -> Story:
    """A story of its panels; every story is a scene of its own."""
    return Story(story, split, tuple(f"{story}/{panel}" for panel in range(1, PANELS + 1)), story)


def _drawn(seed: int, size: int, task: Task) -> list[Clip]:
    """The clips of one story, drawn."""
    scene, told = story_scene(seed, *task)
    return panel_clips(story_id(*task), draw_story(scene, size), told, scene_vectors(scene))


def prepare_clevr(
    out: Path | str, counts: Mapping[str, int], size: int = 64, seed: int = 0, workers: int = 1, progress: bool = True
) -> Record:
    """Draw stories into the folder `out`; returns dataset.json's record.

    `counts` tells the stories of train, val and test; `size` the height and width in pixels. The same arguments give
    the same data hash with any number of workers. Raises DataError for counts, sizes and seeds that make no sense, and
    for a folder that holds other files; nothing half written stays.
    """
    if unknown := sorted(set(counts) - set(SPLITS)):
        raise DataError(f"counts names the split {unknown[0]!r}; expected {', '.join(SPLITS)}")
    for split, count in counts.items():
        check_range(f"stories of {split}", count, 0, error=DataError)
    check_range("size", size, *SIZES, DataError)
    check_range("seed", seed, 0, error=DataError)
    tasks = [(split, index) for split in SPLITS for index in range(counts.get(split, 0))]
    with mapped(partial, (_drawn, seed, size), tasks, workers, CHUNK) as stories:
        return write_sequences(
            out, chain.from_iterable(stories), (told_story(story_id(*task), task[0]) for task in tasks),
            about_clevr(NAME, size, seed, LICENCE), progress,
        )  # fmt: skip


def about_clevr(name: str, size: int, seed: int, licence: str) -> Record:
    """What a data set of such stories tells of itself."""
    groups = {group: list(names) for group, names in GROUPS.items()}
    return {"name": name, "size": [size, size], "length": PANELS, "groups": groups, "seed": seed, "licence": licence}


def write_synthetic(folder: Path, count: int = 60) -> None:
    """Draw a few stories to try things out with, where they are not there yet."""
    if not (folder / ABOUT).is_file():
        prepare_clevr(folder, {"train": count, "val": max(2, count // 10)}, progress=False)
