"""A given picture moves at its own resolution, however small the network's frames are.

The network sees the whole picture at the size of its frames. What it draws is enlarged to the picture and laid over it,
so that all that stands still stays as sharp as it was given:

    frame = a m + (1 - a) picture        a, m: mask and foreground, enlarged

A picture whose shape is within 2 % of the frames' is resized to them, which nobody sees. Any other is never distorted
and nothing of it is left out: its outermost rows or columns are repeated until it has their shape, and what is drawn
over these is cut off again. Bars would show the network edges that no clip has, and a crop would leave still, or cut
through, whoever stands at the side.
"""

from __future__ import annotations

import numpy as np
from PIL import Image

SAME_SHAPE = 0.02
LARGEST_SIDE = 1920
"""Pixels: larger pictures are reduced first, or a clip of a photograph would fill the memory."""
_Size = tuple[int, int]


def bounded(picture: np.ndarray) -> np.ndarray:
    """A picture (H, W, 3) uint8, with no side longer than the largest; as it is where that holds."""
    longest = max(picture.shape[:2])
    if longest <= LARGEST_SIDE:
        return picture
    height, width = (max(1, round(side * LARGEST_SIDE / longest)) for side in picture.shape[:2])
    return np.array(Image.fromarray(picture).resize((width, height), Image.Resampling.LANCZOS))


def fitted(picture: np.ndarray, size: _Size) -> np.ndarray:
    """A picture (H, W, 3) uint8 of any shape as the network sees it: (h, w, 3), where `size` is (h, w)."""
    down, right = _margins((picture.shape[0], picture.shape[1]), size)
    whole = np.pad(picture, ((down, down), (right, right), (0, 0)), "edge")
    return np.array(Image.fromarray(whole).resize((size[1], size[0]), Image.Resampling.LANCZOS))


def moved(picture: np.ndarray, foreground: np.ndarray, mask: np.ndarray) -> np.ndarray:
    """The clip of a picture at its own size.

    Args:
        picture: (H, W, 3) uint8.
        foreground: (T, h, w, 3) uint8, drawn for the `fitted` picture.
        mask: (T, h, w) uint8, 255 where the foreground covers all; where it is 0, the picture stays as it is.

    Returns frames (T, H, W, 3) uint8.
    """
    return np.stack([_laid_over(picture, *pair) for pair in zip(foreground, mask, strict=True)])


def _laid_over(picture: np.ndarray, foreground: np.ndarray, mask: np.ndarray) -> np.ndarray:
    size = (picture.shape[0], picture.shape[1])
    share = _enlarged(mask, size).astype(np.float32)[..., None] / 255
    mixed = share * _enlarged(foreground, size) + (1 - share) * picture
    return mixed.round().astype(np.uint8)


def _enlarged(drawn: np.ndarray, size: _Size) -> np.ndarray:
    """What was drawn for a fitted picture, (h, w) or (h, w, 3) uint8, as large as the picture; margins are cut off."""
    height, width = size
    down, right = _margins(size, (drawn.shape[0], drawn.shape[1]))
    down, right = down * drawn.shape[0] / (height + 2 * down), right * drawn.shape[1] / (width + 2 * right)
    box = (right, down, drawn.shape[1] - right, drawn.shape[0] - down)
    return np.array(Image.fromarray(drawn).resize((width, height), Image.Resampling.BICUBIC, box))


def _margins(picture: _Size, frame: _Size) -> tuple[int, int]:
    """Rows above and below, and columns left and right, that a picture lacks to have a frame's shape."""
    (height, width), wanted = picture, frame[1] / frame[0]
    if abs(width / height / wanted - 1) <= SAME_SHAPE:
        return 0, 0
    return max(0, round((width / wanted - height) / 2)), max(0, round((height * wanted - width) / 2))
