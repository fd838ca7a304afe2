"""What makes a small clip pleasant to watch, and is said of it in the file: enlarged frames, and frames between frames.

Frames between two are made by dense optical flow (DIS, Kroeger et al. 2016, as OpenCV has it): both are moved towards
the moment and mixed by their nearness to it. A clip is taken to go round, so that the last frame leads to the first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

if TYPE_CHECKING:
    from collections.abc import Iterator


def enlarged(frames: np.ndarray, times: int) -> list[Image.Image]:
    """Frames (T, H, W, 3) uint8 as pictures `times` as large, by Lanczos."""
    pictures = [Image.fromarray(frame) for frame in frames]
    if times == 1:
        return pictures
    size = (pictures[0].width * times, pictures[0].height * times)
    return [picture.resize(size, Image.Resampling.LANCZOS) for picture in pictures]


def smoothed(frames: np.ndarray, times: int) -> np.ndarray:
    """`times` as many frames: (T, H, W, 3) uint8 to (times T, H, W, 3), the given ones among them as they are."""
    if times == 1:
        return frames
    pairs = zip(frames, np.roll(frames, -1, 0), strict=True)
    return np.stack([each for one, two in pairs for each in (one, *_between(one, two, times))])


def _between(one: np.ndarray, two: np.ndarray, times: int) -> Iterator[np.ndarray]:
    """The `times - 1` frames between two."""
    there, back = _flow(one, two), _flow(two, one)
    for number in range(1, times):
        share = number / times
        parts = _moved(one, -share * there), _moved(two, -(1 - share) * back)
        yield ((1 - share) * parts[0] + share * parts[1]).round().clip(0, 255).astype(np.uint8)


def _flow(one: np.ndarray, two: np.ndarray) -> np.ndarray:
    """Where every pixel goes from one frame to the other, (H, W, 2) float32 in pixels."""
    import cv2

    grey = [cv2.cvtColor(frame, cv2.COLOR_RGB2GRAY) for frame in (one, two)]
    return cv2.DISOpticalFlow_create(cv2.DISOPTICAL_FLOW_PRESET_MEDIUM).calc(grey[0], grey[1], None)  # type: ignore[call-overload]


def _moved(frame: np.ndarray, by: np.ndarray) -> np.ndarray:
    """A frame read at places moved by (H, W, 2) pixels, float32."""
    import cv2

    height, width = frame.shape[:2]
    y, x = np.mgrid[:height, :width].astype(np.float32)
    return cv2.remap(frame, x + by[..., 0], y + by[..., 1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE).astype(
        np.float32
    )
