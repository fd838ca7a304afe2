"""A given picture moves at its own size: closed forms of the mix, and how pictures of other shapes are fitted."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from seqgan.sampling.animate import LARGEST_SIDE, bounded, fitted, moved

SHAPES = [(64, 64), (64, 112), (113, 65), (360, 640), (9, 300)]


def _noise(*shape: int) -> np.ndarray:
    return np.random.default_rng(0).integers(0, 256, shape).astype(np.uint8)


@pytest.mark.parametrize("shape", SHAPES)
def test_where_the_mask_is_empty_every_frame_is_exactly_the_picture(shape: tuple[int, int]) -> None:
    picture, foreground = _noise(*shape, 3), _noise(4, 16, 24, 3)
    frames = moved(picture, foreground, np.zeros((4, 16, 24), np.uint8))
    assert frames.shape == (4, *shape, 3) and (frames == picture).all()


@pytest.mark.parametrize("shape", SHAPES)
def test_where_the_mask_is_full_only_the_foreground_shows(shape: tuple[int, int]) -> None:
    colours = np.array([[10, 200, 30], [250, 0, 90]], np.uint8)
    foreground = np.broadcast_to(colours[:, None, None], (2, 16, 24, 3)).copy()
    frames = moved(_noise(*shape, 3), foreground, np.full((2, 16, 24), 255, np.uint8))
    assert (frames == colours[:, None, None]).all()


def test_half_a_mask_is_the_middle_of_both() -> None:
    foreground, mask = np.full((1, 8, 8, 3), 200, np.uint8), np.full((1, 8, 8), 51, np.uint8)
    assert (moved(np.full((32, 32, 3), 100, np.uint8), foreground, mask) == 120).all()  # 0.2 x 200 + 0.8 x 100


def test_a_picture_of_nearly_the_same_shape_is_resized() -> None:
    picture = _noise(100, 101, 3)
    wanted = np.array(Image.fromarray(picture).resize((32, 32), Image.Resampling.LANCZOS))
    assert np.array_equal(fitted(picture, (32, 32)), wanted)


@pytest.mark.parametrize(("shape", "square"), [((32, 64), (64, 64)), ((64, 32), (64, 64)), ((32, 32), (32, 64))])
def test_another_shape_is_shown_whole_and_undistorted(shape: tuple[int, int], square: tuple[int, int]) -> None:
    """A round spot stays round, where the mask finds it is where it lies in the picture, and the rest is its edges."""
    height, width = shape
    y, x = np.mgrid[:height, :width]
    spot = (y - height / 2 + 0.5) ** 2 + (x - width * 0.75 + 0.5) ** 2 < (min(shape) / 5) ** 2
    picture = np.where(spot[..., None], 255, 40).astype(np.uint8).repeat(3, 2)
    seen = fitted(picture, square)
    assert seen.shape == (*square, 3) and (seen[[0, -1]] == 40).all() and (seen[:, [0, -1]] == 40).all()
    rows, columns = np.nonzero(seen[..., 0] > 128)
    assert abs(np.ptp(rows) - np.ptp(columns)) <= 1
    scale = min(square[0] / height, square[1] / width)
    assert abs(spot.sum() * scale**2 - len(rows)) <= 0.06 * len(rows) + 4
    black = moved(picture, np.zeros((1, *seen.shape), np.uint8), seen[None, ..., 0])[0, ..., 0]
    assert (black[spot] < 130).all() and black[spot].mean() < 15  # covered where the spot is, and there alone
    assert black[~spot].mean() > 30


def test_large_pictures_are_reduced_and_others_are_not() -> None:
    small = _noise(20, 30, 3)
    assert bounded(small) is small
    assert bounded(np.zeros((10, 4000, 3), np.uint8)).shape == (5, LARGEST_SIDE, 3)
