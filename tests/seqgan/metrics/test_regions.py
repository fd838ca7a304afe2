"""The background of many pictures, what stands before it, and SSIM there: closed forms."""

from __future__ import annotations

import numpy as np
import pytest

from seqgan.errors import InputError
from seqgan.metrics.regions import median_picture, object_region, object_ssim
from seqgan.metrics.ssim import ssim, ssim_map

GREY = np.full((32, 40, 3), 100, np.uint8)


def _with_square(top: int, left: int, colour: int = 200) -> np.ndarray:
    picture = GREY.copy()
    picture[top : top + 6, left : left + 6] = colour
    return picture


def test_the_map_averages_to_ssim_and_knows_its_places() -> None:
    rng = np.random.default_rng(0)
    a, b = rng.integers(0, 256, (2, 3, 32, 40, 3), dtype=np.uint8)
    found = ssim_map(a, b)
    assert found.shape == (3, 22, 30)
    np.testing.assert_allclose(found.mean((1, 2)), ssim(a, b), rtol=1e-12)
    c = a.copy()
    c[0, 20, 33] = 255 - c[0, 20, 33]  # every window within 5 pixels of it changes, no other
    changed = np.argwhere(np.abs(ssim_map(a, c)[0].numpy() - 1) > 1e-9)
    assert changed.min(0).tolist() == [10, 23] and changed.max(0).tolist() == [20, 29]
    with pytest.raises(InputError, match="needs sides of 11"):
        ssim_map(a[:, :8], b[:, :8])


def test_the_median_is_the_empty_stage() -> None:
    pictures = np.stack([_with_square(2, 2), _with_square(10, 20), _with_square(20, 30), GREY])
    assert (median_picture(pictures) == GREY).all()
    odd = np.arange(5, dtype=np.uint8)[:, None, None, None].repeat(12, 1).repeat(3, 2).repeat(3, 3)
    assert (median_picture(odd) == 2).all()
    noise = np.random.default_rng(0).integers(0, 256, (501, 12, 16, 3), dtype=np.uint8)
    for count in (501, 500):
        wanted = np.rint(np.median(noise[:count], axis=0))
        np.testing.assert_array_equal(median_picture(noise[:count]), wanted)
    with pytest.raises(InputError, match="at least one"):
        median_picture(pictures[:0])


def test_a_region_is_what_differs_by_more_than_20_grown_by_3() -> None:
    region = object_region(np.stack([_with_square(10, 20), GREY, _with_square(10, 20, 120)]), GREY)
    assert region[0].sum() == 12 * 12 and region[0, 7:19, 17:29].all()
    assert not region[1:].any()  # a difference of 20 is not more than 20
    assert object_region(_with_square(10, 20, 121)[None], GREY).any()


def test_ssim_of_things_alone() -> None:
    truth = np.stack([_with_square(10, 20), GREY])
    whole = object_ssim(truth, truth, GREY)
    assert whole[0] == pytest.approx(1) and np.isnan(whole[1])
    empty = object_ssim(np.stack([GREY, GREY]), truth, GREY)[0]
    assert empty < 0.3 < 0.75 < float(ssim(GREY[None], truth[:1]))
    values = ssim_map(GREY[None], truth[:1])[0].numpy()
    assert empty == pytest.approx(values[2:14, 12:24].mean(), abs=1e-12)  # the region, 5 pixels further in
