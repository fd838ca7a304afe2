"""Frames between the frames of a clip, by dense optical flow (DIS, Kroeger et al. 2016, as OpenCV has it).

Both frames are moved towards the moment and mixed by their nearness to it (house). A clip is taken to go round, so that
the last frame leads to the first.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from seqgan.opencv import cv2


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
    grey = [cv2.cvtColor(frame, cv2.COLOR_RGB2GRAY) for frame in (one, two)]
    return cv2.DISOpticalFlow_create(cv2.DISOPTICAL_FLOW_PRESET_MEDIUM).calc(grey[0], grey[1], None)  # type: ignore[call-overload]


def _moved(frame: np.ndarray, by: np.ndarray) -> np.ndarray:
    """A frame read at places moved by (H, W, 2) pixels, float32."""
    height, width = frame.shape[:2]
    y, x = np.mgrid[:height, :width].astype(np.float32)
    return cv2.remap(frame, x + by[..., 0], y + by[..., 1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE).astype(
        np.float32
    )
