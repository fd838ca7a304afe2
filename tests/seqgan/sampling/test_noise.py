"""Noise that a seed alone decides."""

from __future__ import annotations

import zlib

import numpy as np
import pytest

from seqgan.errors import InputError
from seqgan.sampling import panel_noise
from seqgan.sampling.noise import board_seeds

PINNED = [-0.326061, -2.255962, -0.489335]


def test_noise_is_what_the_design_says() -> None:
    entropy = np.random.SeedSequence([7, zlib.crc32(b"stage"), 2])
    expected = np.random.Generator(np.random.PCG64(entropy)).standard_normal(5).astype(np.float32)
    noise = panel_noise(7, "stage", 5, step=2)
    assert noise.dtype == np.float32
    np.testing.assert_array_equal(noise, expected)


def test_noise_is_pinned() -> None:
    """Written down: another number here would change every picture that people made."""
    np.testing.assert_allclose(panel_noise(0, "z", 3), PINNED, atol=1e-6)


def test_seed_stream_and_step_each_matter_and_the_count_does_not() -> None:
    noise = panel_noise(1, "z", 16)
    for other in (panel_noise(2, "z", 16), panel_noise(1, "stage", 16), panel_noise(1, "z", 16, step=1)):
        assert np.abs(noise - other).max() > 0.1
    np.testing.assert_array_equal(panel_noise(1, "z", 40)[:16], noise)


def test_noise_is_standard_normal() -> None:
    noise = np.stack([panel_noise(seed, "z", 16) for seed in range(2000)])
    assert abs(float(noise.mean())) < 0.02 and abs(float(noise.std()) - 1) < 0.02
    assert np.abs(np.corrcoef(noise, rowvar=False) - np.eye(16)).max() < 0.1


@pytest.mark.parametrize("wrong", [{"take_seed": -1}, {"n": -1}, {"step": -1}])
def test_negative_numbers_are_refused(wrong: dict[str, int]) -> None:
    with pytest.raises(InputError, match="was -1; expected 0 or more"):
        panel_noise(**{"take_seed": 0, "stream": "z", "n": 1, **wrong})  # type: ignore[arg-type]


def test_board_seeds_are_told_apart_and_checked() -> None:
    assert len({*board_seeds(0, 50), *board_seeds(1, 50), *board_seeds(0, 50, take=1)}) == 150
    assert board_seeds(0, 2) == board_seeds(0, 5)[:2]
    with pytest.raises(InputError, match="must be 0 or more"):
        board_seeds(-1, 2)
