"""Frames of a small clip as pictures that are pleasant to watch."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PIL import Image

if TYPE_CHECKING:
    import numpy as np


def enlarged(frames: np.ndarray, times: int) -> list[Image.Image]:
    """Frames (T, H, W, 3) uint8 as pictures `times` as large, by Lanczos."""
    pictures = [Image.fromarray(frame) for frame in frames]
    if times == 1:
        return pictures
    size = (pictures[0].width * times, pictures[0].height * times)
    return [picture.resize(size, Image.Resampling.LANCZOS) for picture in pictures]
