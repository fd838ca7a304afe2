"""Sheets of pictures: a story drawn several times (a row a seed, a column a panel), or captions (a row each)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from seqgan.sampling.noise import board_seeds

GAP = 4
MOMENTS = 8
"""Frames of a clip that are shown, evenly spread."""


def story_sheet(sampler: Any, sentences: Sequence[str], seeds: Sequence[int]) -> np.ndarray:
    """Draw ``sentences`` once for each seed and lay the panels out; uint8 (rows, columns, 3) on white.

    Args:
        sampler: a StorySampler or StageSampler.
        sentences: the story.
        seeds: one a row: the board seed whose first takes are drawn.
    """
    rows = [_row([panel for _, panel in sampler.draw(sentences, board_seeds(seed, len(sentences)))]) for seed in seeds]
    return _stack(rows, axis=0)


def vector_story_sheet(sampler: Any, sentences: Sequence[str], seeds: Sequence[int]) -> np.ndarray:
    """The same of a VectorStorySampler that was trained on sentences; a seed is that of the whole story."""
    rows = [_row(list(sampler.draw_sentences([sentences], [seed])[0])) for seed in seeds]
    return _stack(rows, axis=0)


def frame_sheet(sampler: Any, captions: Sequence[str], seeds: Sequence[int]) -> np.ndarray:
    """Draw every caption of a FrameSampler with every seed: a row a caption, a column a seed; uint8 on white."""
    rows = [_row([picture for _, picture in sampler.draw([caption] * len(seeds), seeds)]) for caption in captions]
    return _stack(rows, axis=0)


def clip_rows(sampler: Any, captions: Sequence[str], seeds: Sequence[int]) -> np.ndarray:
    """Draw every caption of a ClipSampler with every seed: a row a clip, eight moments of it; uint8 on white."""
    pairs = [(caption, seed) for caption in captions for seed in seeds]
    clips = [clip for _, clip in sampler.draw(*map(list, zip(*pairs, strict=True)))]
    return _stack([_row(list(clip[np.arange(MOMENTS) * len(clip) // MOMENTS])) for clip in clips], axis=0)


def picture_grid(pictures: Sequence[np.ndarray], columns: int) -> np.ndarray:
    """Pictures of one size, uint8 (H, W, 3), in rows of `columns`, the last filled up with white; uint8 on white."""
    blank = np.full_like(pictures[0], 255)
    filled = [*pictures, *[blank] * (-len(pictures) % columns)]
    return _stack([_row(filled[start : start + columns]) for start in range(0, len(filled), columns)], axis=0)


def _row(panels: list[np.ndarray]) -> np.ndarray:
    return _stack(panels, axis=1)


def _stack(pictures: list[np.ndarray], axis: int) -> np.ndarray:
    """Join pictures along an axis with a white gap between them."""
    shape = list(pictures[0].shape)
    shape[axis] = GAP
    gap = np.full(shape, 255, np.uint8)
    parts = [part for picture in pictures for part in (gap, picture)][1:]
    return np.concatenate(parts, axis=axis)
