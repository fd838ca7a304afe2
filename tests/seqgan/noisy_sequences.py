"""A sequence data set of a few clips of noise: three episodes, windows of three clips, one an episode a split."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from seqgan.data.manifest import Record
from seqgan.data.sequences import Clip, Story, write_sequences

CAST = ("Ann", "Bob", "Cid")
ABOUT: dict[str, Any] = {"name": "tiny", "size": [8, 12], "length": 3, "groups": {"characters": list(CAST)}, "seed": 0,
                         "licence": "made by tests"}  # fmt: skip
EPISODES = {"ep1": "train", "ep2": "train", "ep3": "val", "ep4": "test"}
CLIPS = 5
"""Clips of an episode: three windows of three."""


def noisy_clips(size: tuple[int, int] = (8, 12), vector: int = 4) -> Iterator[Clip]:
    """Five clips an episode, of one to three frames, with one caption or two."""
    dice = np.random.default_rng(0)
    for episode in EPISODES:
        for number in range(1, CLIPS + 1):
            frames = dice.integers(0, 256, (1 + number % 3, *size, 3), np.uint8)
            there = tuple(name for place, name in enumerate(CAST) if (number >> place) & 1)
            captions = tuple(f"{' and '.join(there)} run {way}" for way in ("home", "away")[: 1 + number % 2])
            vectors = dice.normal(size=(len(captions), vector)).astype(np.float32) if vector else None
            yield Clip(f"{episode}/{number}", frames, captions, {"characters": there}, vectors)


def noisy_stories(length: int = 3) -> list[Story]:
    """Every window of an episode."""
    return [
        Story(f"{episode}/{start}", split, tuple(f"{episode}/{start + step}" for step in range(length)), episode)
        for episode, split in EPISODES.items()
        for start in range(1, CLIPS - length + 2)
    ]


def noisy_sequences(out: Path, size: tuple[int, int] = (8, 12), length: int = 3, vector: int = 4) -> Record:
    """Write it; returns dataset.json's record."""
    about = ABOUT | {"size": list(size), "length": length}
    return write_sequences(out, noisy_clips(size, vector), noisy_stories(length), about, progress=False)
