"""Videos that show the same film: a copy coded anew, or cut short, must not stand in another split than its model.

Each clip leaves a print, the signs of brightness steps in small pictures of its first, middle and last frame (a
difference hash). Videos with a print in common count as one source, and a print that two films share by chance does no
more harm than that. A copy that is cropped or mirrored, or that starts elsewhere, is not found.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from PIL import Image

from seqgan.data.readers.clips import linked

GRID = 8
"""Steps a row, and rows: 64 bits a frame."""
PLAIN = 8
"""Bits that must be set, and unset, in a frame that tells films apart."""


def clip_print(frames: np.ndarray) -> str:
    """The print of a clip, uint8 (F, H, W, 3), as 48 hex digits; "" where all three frames are plain."""
    bits = np.stack([_steps(frames[place]) for place in (0, len(frames) // 2, -1)])
    count = bits.sum((1, 2))
    plain = (count < PLAIN) | (count > bits[0].size - PLAIN)
    return "" if plain.all() else np.packbits(bits).tobytes().hex()


def _steps(frame: np.ndarray) -> np.ndarray:
    small = Image.fromarray(frame).convert("L").resize((GRID + 1, GRID), Image.Resampling.BOX)
    grey = np.asarray(small, np.int16)
    return grey[:, 1:] > grey[:, :-1]


def one_source(sources: Sequence[str], prints: Sequence[Sequence[str]]) -> Mapping[str, str]:
    """Source -> the first of those that show the same film, itself where there is no other.

    >>> one_source(["a", "b", "c"], [["x"], ["y"], ["x", "z"]])
    {'a': 'a', 'b': 'b', 'c': 'a'}
    """
    tagged = [(f"source {name}", *(f"print {each}" for each in found if each))
              for name, found in zip(sources, prints, strict=True)]  # fmt: skip
    first: dict[int, str] = {}
    return {name: first.setdefault(number, name) for name, number in zip(sources, linked(tagged), strict=True)}
