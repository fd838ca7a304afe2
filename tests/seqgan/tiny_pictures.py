"""A picture data set of eight concepts in two styles, drawn in an instant, for whatever trains on pictures."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from seqgan.data.pictures import Picture, write_pictures

COLOURS = {"red": (220, 40, 30), "green": (40, 170, 60), "blue": (40, 80, 220), "yellow": (240, 200, 40)}
SHAPES = ("ring", "cross")
STYLES = {"plain": 255, "night": 30}
"""Style -> how bright its background is."""
SPLITS = ("train", "train", "train", "train", "val", "test")
"""Splits of the pictures of one concept in one style, which differ in place and size."""


def tiny_pictures(
    folder: Path, size: int = 32, crop: int | None = None, flip: bool = False, mismatch: str = "caption"
) -> Path:
    """Write 64 pictures of train, 16 of val and 16 of test into `folder`, which it returns."""
    sides = {"size": [size, size], "crop": [crop or size] * 2, "flip": flip}
    about = {"name": "tiny", **sides, "mismatch": mismatch, "seed": 0, "licence": "MIT"}
    write_pictures(folder, _pictures(size), about, progress=False)
    return folder


def _pictures(size: int) -> Iterator[Picture]:
    rng = np.random.default_rng(0)
    for colour in COLOURS:
        for shape in SHAPES:
            for style in STYLES:
                name = f"{colour} {shape}"
                told = (f"a {name}", f"a {name} in {style} style", f"a {style} picture of a {name}")
                labels = {"class": name, "style": style, "colour": colour}
                for number, split in enumerate(SPLITS):
                    pixels = _drawn(size, colour, shape, style, rng)
                    yield Picture(f"{colour}-{shape}-{style}-{number}", split, told, pixels, labels, name)


def _drawn(size: int, colour: str, shape: str, style: str, rng: np.random.Generator) -> np.ndarray:
    pixels = np.full((size, size, 3), STYLES[style], np.uint8)
    reach = size * rng.uniform(0.25, 0.35)
    down, along = size / 2 + rng.uniform(-0.1, 0.1, 2) * size
    y, x = np.mgrid[:size, :size] + 0.5
    far = np.hypot(y - down, x - along)
    thin = np.minimum(abs(y - down), abs(x - along)) < reach / 4
    shown = (far < reach) & (far > reach / 2) if shape == "ring" else (far < reach) & thin
    pixels[shown] = COLOURS[colour]
    return pixels
