"""Frames between frames."""

from __future__ import annotations

import numpy as np

from seqgan.sampling.smooth import smoothed


def _square(left: int) -> np.ndarray:
    """A bright square on a textured ground, so that flow has something to hold on to."""
    frame = np.full((48, 64, 3), 60, np.uint8)
    frame[16:32, left : left + 16] = 220
    frame[20:28, left + 4 : left + 12] = (250, 40, 40)
    return frame


def _middle(frame: np.ndarray) -> float:
    columns = (frame[..., 0].astype(float) - 60).clip(0).sum(0)
    return float((columns * np.arange(64)).sum() / columns.sum())


def test_once_changes_nothing() -> None:
    frames = np.stack([_square(8), _square(12)])
    assert smoothed(frames, 1) is frames


def test_given_frames_stay_and_those_between_lie_between() -> None:
    """Half way, not both halves at once; the last leads to the first again."""
    frames = np.stack([_square(8), _square(16), _square(24)])
    smooth = smoothed(frames, 4)
    assert smooth.shape == (12, 48, 64, 3) and np.array_equal(smooth[::4], frames)
    places = [_middle(frame) for frame in smooth[:9]]
    assert np.allclose(places, np.linspace(places[0], places[-1], 9), atol=1.2)
    half = smooth[2].astype(int)
    assert (half[24] > 150).any(1).sum() <= 20  # one square of 16, not two
    assert places[-1] > _middle(smooth[10]) > places[0]
