"""Figures of clips on a square that moves, on still, shuffled and random clips, and on tables small enough to see
through."""

from __future__ import annotations

import math

import numpy as np
import pytest

from seqgan.errors import InputError
from seqgan.metrics.clips import (
    STILL,
    balanced_interval,
    cell_accuracy,
    cell_difference,
    cell_shares,
    change,
    detail,
    diversity,
    flickering_share,
    frozen_share,
    log_ratio,
    second_change,
    still_difference,
    warp_error,
)


def _toy() -> np.ndarray:
    """A unit square of 10 pixels that moves two pixels a frame, (1, 16, 64, 64, 1)."""
    clip = np.zeros((1, 16, 64, 64, 1), np.float32)
    for t in range(16):
        clip[0, t, 20:30, 5 + 2 * t : 15 + 2 * t] = 1
    return clip


def test_changes_of_the_golden_square() -> None:
    toy = _toy()
    assert change(toy) == pytest.approx(40 / 4096) and round(float(change(toy)[0]), 6) == 0.009766
    assert second_change(toy) == pytest.approx(80 / 4096) and round(float(second_change(toy)[0]), 6) == 0.019531
    still = np.repeat(toy[:, :1], 16, 1)
    assert change(still) == second_change(still) == 0
    np.testing.assert_allclose(change((toy * 255).astype(np.uint8)), change(toy), rtol=1e-6)


def test_a_blur_takes_detail_away() -> None:
    steps = np.zeros((1, 3, 8, 8, 3))
    steps[:, :, :, 4:] = 1  # one edge among seven differences to the side, none up and down
    assert detail(steps) == pytest.approx(1 / 14)
    noise = np.random.default_rng(0).random((1, 3, 16, 16, 3))
    assert detail((noise + np.roll(noise, 1, 3)) / 2) < 0.9 * detail(noise)
    assert detail(np.full((1, 3, 8, 8, 3), 0.5)) == 0


def test_warp_error_of_the_golden_square() -> None:
    toy, rng = _toy(), np.random.default_rng(0)
    moving = float(warp_error(toy)[0])
    assert round(moving, 5) == 4e-05
    assert warp_error(np.repeat(toy[:, :1], 16, 1)) == 0
    assert float(warp_error(toy[:, rng.permutation(16)])[0]) > 50 * moving
    assert 0.11 < float(warp_error(rng.random(toy.shape))[0]) < 0.13
    with pytest.raises(InputError, match="16 pixels a side"):
        warp_error(toy[:, :, :8])


def test_still_frames_are_not_warped() -> None:
    noise = np.repeat(np.random.default_rng(1).random((1, 1, 32, 32, 3)), 4, 1)
    assert warp_error(noise) == 0


def test_frozen_and_flickering_clips_stand_against_real_ones() -> None:
    real = np.linspace(0.01, 0.03, 21)
    assert frozen_share(np.array([0.0, 0.0019, 0.0021, 0.5]), real) == 0.5
    ones = np.ones(21)
    assert flickering_share((np.ones(4), np.array([0.0, 1.0, 1.94, 2.0])), (ones, np.linspace(0.9, 1.9, 21))) == 0.5
    assert flickering_share((np.zeros(2), np.zeros(2)), (ones, ones)) == 0
    assert log_ratio(np.array([2.0, 4.0]), np.array([6.0])) == pytest.approx(math.log(2))
    assert log_ratio(np.array([6.0]), np.array([3.0])) == pytest.approx(math.log(2))
    assert math.isnan(log_ratio(np.zeros(2), real))


def test_the_background_is_looked_at_where_the_real_clip_is_still() -> None:
    real = np.full((2, 4, 2, 2, 3), 0.5, np.float32)
    real[0, ::2, 0, 0, 1] += 4 * STILL  # one pixel of one clip moves
    ours = real + 0.25
    ours[0, :, 0, 0] = 0
    np.testing.assert_allclose(still_difference(ours, real), 0.25, atol=1e-6)
    real[1, ::2] = 0
    assert math.isnan(still_difference(ours, real)[1])
    with pytest.raises(InputError, match="each beside its own"):
        still_difference(ours[:1], real)


def test_a_collapsed_generator_has_other_captions_as_near_as_its_own() -> None:
    kinds = np.array([0, 0, 1, 1])
    assert diversity(np.array([[0.0], [1.0], [10.0], [11.0]]), kinds) == pytest.approx((10, 1))
    across, within = diversity(np.array([[0.0], [1.0], [0.0], [1.0]]), kinds)
    assert (across, within) == pytest.approx((0.5, 1))
    assert math.isnan(diversity(np.array([[0.0], [1.0]]), np.array([0, 1]))[1])
    with pytest.raises(InputError, match="2 features and 4 kinds"):
        diversity(np.zeros((2, 1)), kinds)


def test_cells_are_counted_once_however_many_clips_they_have() -> None:
    right, cells = np.array([1, 1, 1, 0, 0]), np.array([7, 7, 7, 3, 3])
    assert cell_shares(right, cells).tolist() == [0, 1]
    assert cell_accuracy(right, cells) == (0.5, 0, 1)
    better = cell_difference(np.array([1, 1, 1, 1, 1]), right, cells)
    assert better == (0.5, 0, 1)
    assert cell_difference(right, right, cells) == (0, 0, 0)
    with pytest.raises(InputError, match="5 answers and 2 cells"):
        cell_shares(right, cells[:2])


def test_balanced_accuracy_counts_classes_alike_and_draws_cells() -> None:
    true, said = np.array([4, 4, 4, 9]), np.array([4, 4, 4, 4])
    assert balanced_interval(true, said, np.zeros(4)) == (0.5, 0.5, 0.5)
    spread = balanced_interval(true, said, np.array([0, 1, 2, 3]))
    assert spread.value == 0.5 and (spread.low, spread.high) == (0.5, 1)
    assert balanced_interval(true, true, np.arange(4)) == (1, 1, 1)


def test_what_is_no_clip_is_refused() -> None:
    for wrong in (np.zeros((2, 2, 8, 8, 3)), np.zeros((3, 8, 8, 3)), np.zeros((0, 3, 8, 8, 3))):
        with pytest.raises(InputError, match="expected \\(N, T, H, W, C\\) with T of 3 or more"):
            change(wrong)
