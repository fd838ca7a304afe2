"""SSIM where something is: the background that most pictures share, what stands before it, and SSIM there alone.

In scenes of few small things an empty stage scores high SSIM, so its score is always given beside a model's, and the
things are scored by themselves. (House definitions.) Pictures are uint8 (N, H, W, 3).
"""

from __future__ import annotations

import numpy as np
import torch
import torch.nn.functional as F

from seqgan.checks import check_shape
from seqgan.errors import InputError
from seqgan.metrics.ssim import WINDOW, ssim_map

LEVEL = 20
"""Of 255: a pixel whose largest channel difference from the background is greater belongs to a thing."""
GROW = 3
"""Pixels by which a region is grown to all sides, corners too."""
VALUES, COUNTED = 256, 4096
CHUNK = 512


def median_picture(pictures: np.ndarray) -> np.ndarray:
    """The median of every pixel and channel over pictures (N, H, W, 3), uint8 (H, W, 3); halves go to the even side.

    A memory map will do: values are counted, line by line. Raises InputError for no picture.
    """
    check_shape("pictures", pictures, ("N", "H", "W", 3))
    if not len(pictures):
        raise InputError("no picture came; a median needs at least one")
    return np.stack([_median_line(pictures[:, row]) for row in range(pictures.shape[1])])


def _median_line(lines: np.ndarray) -> np.ndarray:
    """(N, W, 3) to (W, 3), by counts that stay in a processor's cache."""
    base = np.arange(lines[0].size) * VALUES
    counts = np.zeros(len(base) * VALUES, np.int64)
    for start in range(0, len(lines), COUNTED):
        part = lines[start : start + COUNTED].reshape(-1, len(base))
        counts += np.bincount((base + part).reshape(-1), minlength=len(counts))
    below = counts.reshape(-1, VALUES).cumsum(1)
    middle = [(below > place).argmax(1) for place in ((len(lines) - 1) // 2, len(lines) // 2)]
    return np.rint(np.mean(middle, axis=0)).astype(np.uint8).reshape(lines.shape[1:])


def object_region(pictures: np.ndarray, background: np.ndarray, level: int = LEVEL, grow: int = GROW) -> np.ndarray:
    """Where things stand before `background` (H, W, 3): bool (N, H, W).

    A pixel counts whose largest channel difference exceeds `level` / 255, and all within `grow` pixels of it.
    """
    check_shape("pictures", pictures, ("N", *background.shape))
    parts = [pictures[start : start + CHUNK] for start in range(0, len(pictures), CHUNK)]
    apart = [np.abs(part.astype(np.int16) - background.astype(np.int16)).max(3) > level for part in parts]
    found = torch.from_numpy(np.concatenate(apart)).float()[:, None]
    return F.max_pool2d(found, 2 * grow + 1, 1, grow)[:, 0].bool().numpy()


def object_ssim(drawn: np.ndarray, truth: np.ndarray, background: np.ndarray) -> np.ndarray:
    """The mean of the SSIM map over the object region of each true picture, (N,); nan where nothing stands in it.

    The map is that of `seqgan.metrics.ssim.ssim_map`: what lies within 5 pixels of the border is not in it.
    """
    edge = WINDOW // 2
    region = object_region(truth, background)[:, edge:-edge, edge:-edge]
    values = [
        ssim_map(drawn[start : start + CHUNK], truth[start : start + CHUNK]).numpy()
        for start in range(0, len(truth), CHUNK)
    ]
    counts = region.sum((1, 2))
    sums = (np.concatenate(values) * region).sum((1, 2))
    return np.where(counts > 0, sums / np.maximum(counts, 1), np.nan)
