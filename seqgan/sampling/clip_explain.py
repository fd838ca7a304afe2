"""How a clip came about, on one sheet: the gist, the text's filters, and eight moments of every stream."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PIL import Image

from seqgan.sampling.clip import DrawnClip
from seqgan.sampling.explain import told
from seqgan.sampling.sheet import MOMENTS
from seqgan.sampling.typeset import CELL, GAP, NORMAL, cell, labelled_row, stacked, text_block

KERNEL = 28
"""Pixels a side of a filter on the sheet."""


def clip_sheet(drawn: Sequence[DrawnClip]) -> np.ndarray:
    """A block for each of `drawn`, one below the other; uint8 (H, W, 3)."""
    return stacked([strip for each in drawn for strip in _block(each)])


def _block(drawn: DrawnClip) -> list[Image.Image]:
    width = MOMENTS * (CELL + GAP) - GAP
    strips = [text_block(f"{drawn.caption}  (seed {drawn.seed}, motion {drawn.motion_seed})", width, NORMAL, bold=True)]
    strips += [text_block(line, width, quiet=True) for line in told(drawn.reading)]
    still = [
        (name, each) for name, each in (("gist", drawn.gist), ("background", drawn.background)) if each is not None
    ]
    if still:
        strips.append(labelled_row([cell(each) for _, each in still], [name for name, _ in still], width))
    if drawn.filters is not None:
        strips.append(text_block("filters that the text lays over the gist; grey weighs nothing", width))
        strips.append(_filters(drawn.filters, width))
    moving = (("foreground", drawn.foreground), ("mask: where it covers the background", drawn.mask),
              ("clip", drawn.frames))  # fmt: skip
    for name, each in moving:
        if each is not None:
            strips += [text_block(name, width), _moments(each, width)]
    return strips


def _moments(frames: np.ndarray, width: int) -> Image.Image:
    """Eight frames of (T, H, W, 3) or (T, H, W), evenly spread, with their numbers."""
    chosen = np.arange(MOMENTS) * len(frames) // MOMENTS
    coloured = frames if frames.ndim == 4 else np.repeat(frames[..., None], 3, 3)
    return labelled_row([cell(coloured[number]) for number in chosen], [str(number + 1) for number in chosen], width)


def _filters(filters: np.ndarray, width: int) -> Image.Image:
    """Filters (F, k, k, 3) side by side, as many as fit."""
    most = (width + GAP) // (KERNEL + GAP)
    images = [cell(each, KERNEL) for each in filters[:most]]
    return labelled_row(images, [""] * len(images), width)
