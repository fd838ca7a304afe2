"""Frozen sentence vectors of prepared stories, so that training needs neither the encoder nor its package."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from seqgan.data.manifest import read_split
from seqgan.text.encoders import FROZEN_SIZE

Encode = Callable[[Sequence[str]], np.ndarray]
CHUNK = 64


def embed_stories(folder: Path, split: str, encode: Encode, share: float = 1.0) -> int:
    """Write `cache/SPLIT/frozen.npy`, float16 (panels, 512): vectors for the first `share` of the stories, then zero.

    `encode` maps N sentences to float32 (N, 512). Returns the number of sentences embedded. Raises DataError for a
    folder that holds no prepared stories.
    """
    texts = [record["text"] for record in read_split(folder, split)]
    chosen = [sentence for story in texts[: round(share * len(texts))] for sentence in story]
    vectors = np.zeros((sum(map(len, texts)), FROZEN_SIZE), np.float16)
    for start in range(0, len(chosen), CHUNK):
        part = chosen[start : start + CHUNK]
        vectors[start : start + len(part)] = encode(part)
    cache = folder / "cache" / split
    cache.mkdir(parents=True, exist_ok=True)
    np.save(cache / "frozen.tmp.npy", vectors)
    (cache / "frozen.tmp.npy").replace(cache / "frozen.npy")
    return len(chosen)
