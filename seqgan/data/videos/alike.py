"""Videos that show the same film: a copy coded anew, or cut short, must not stand in another split than its model.

Each clip leaves a print, the signs of brightness steps in small pictures of its first, middle and last frame (a
difference hash). Videos with nearly the same print count as one source; films that are alike by chance suffer no more
harm than that. A copy that is cropped or mirrored, or that starts elsewhere, is not found.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import numpy as np
from PIL import Image

from seqgan.data.readers.clips import linked

GRID = 8
"""Steps a row, and rows: 64 bits a frame."""
BAND = 6
"""Hex digits; prints are compared that agree in one of the eight bands of so many."""
BITS = 7
"""Bits that a copy may differ in: one of the bands is then whole."""
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


def one_source(sources: Sequence[str], prints: Sequence[Sequence[str]]) -> dict[str, str]:
    """Source -> the first of those that show the same film, itself where there is no other.

    >>> one_source(["a", "b", "c"], [["0" * 47 + "1"], ["5" * 48], ["0" * 48, "3" * 48]])
    {'a': 'a', 'b': 'b', 'c': 'a'}
    """
    pairs = [(name, name) for name in sources]
    buckets: dict[tuple[int, str], dict[str, str]] = defaultdict(dict)
    for name, found in zip(sources, prints, strict=True):
        for each in filter(None, found):
            for place in range(0, len(each), BAND):
                alike = buckets[place, each[place : place + BAND]]
                pairs += [(name, other) for held, other in alike.items() if other != name and _near(each, held)]
                alike.setdefault(each, name)
    first: dict[int, str] = {}
    numbers = linked(pairs)[: len(sources)]
    return {name: first.setdefault(number, name) for name, number in zip(sources, numbers, strict=True)}


def _near(one: str, other: str) -> bool:
    return (int(one, 16) ^ int(other, 16)).bit_count() <= BITS
