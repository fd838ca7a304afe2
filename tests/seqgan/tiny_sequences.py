"""A tiny sequence data set: squares of three colours before a grey stage, in stories of three clips that overlap."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from seqgan.data.sequences import Clip, Story, write_sequences

COLOURS = {"red": (220, 30, 30), "green": (30, 200, 40), "blue": (40, 60, 230)}
SIZE, LENGTH = 24, 3
SPLITS = {"train": 24, "val": 8, "test": 16}
"""Episodes of each split, of five clips and so of three stories."""


def panel(names: tuple[str, ...], rng: np.random.Generator) -> np.ndarray:
    """The named squares, each at its own height, somewhere along it."""
    picture = np.full((SIZE, SIZE, 3), 120, np.uint8)
    for name in names:
        top, left = 2 + 7 * list(COLOURS).index(name), int(rng.integers(1, SIZE - 7))
        picture[top : top + 6, left : left + 6] = COLOURS[name]
    return picture


def _clips() -> Iterator[Clip]:
    rng = np.random.default_rng(0)
    for split, episodes in SPLITS.items():
        for episode in range(episodes):
            for number in range(5):
                names = tuple(name for name in COLOURS if rng.random() < 0.5)
                frames = np.stack([panel(names, rng) for _ in range(2)])
                text = (f"{' and '.join(names) or 'nobody'} in {split} {episode} take {number}",)
                yield Clip(f"{split}{episode}/{number}", frames, text, {"characters": names})


def _stories() -> Iterator[Story]:
    for split, episodes in SPLITS.items():
        for episode in range(episodes):
            for first in range(3):
                clips = tuple(f"{split}{episode}/{first + step}" for step in range(LENGTH))
                yield Story(f"{split}{episode}-{first}", split, clips, f"{split}{episode}")


def tiny_sequences(out: Path) -> Path:
    """Write it and return the folder."""
    about = {"name": "squares", "size": [SIZE, SIZE], "length": LENGTH, "groups": {"characters": list(COLOURS)},
             "seed": 0, "licence": "MIT"}  # fmt: skip
    write_sequences(out, _clips(), _stories(), about, progress=False)
    return out
