"""R2 of recovered noise against its closed forms."""

from __future__ import annotations

import numpy as np
import pytest

from seqgan.errors import InputError
from seqgan.metrics.style import r_squared

Z = np.random.default_rng(0).standard_normal((4000, 3))


def test_exact_is_one_and_the_mean_is_zero() -> None:
    assert r_squared(Z, Z) == 1
    assert r_squared(Z, np.broadcast_to(Z.mean(0), Z.shape)) == pytest.approx(0, abs=1e-12)
    assert r_squared(Z, -Z) == pytest.approx(1 - 4 * (Z**2).sum(0) @ (1 / ((Z - Z.mean(0)) ** 2).sum(0)) / 3)


def test_noise_of_a_tenth_of_the_variance_leaves_nine_tenths() -> None:
    noise = np.random.default_rng(1).standard_normal(Z.shape) * 0.1**0.5
    assert r_squared(Z, Z + noise) == pytest.approx(0.9, abs=0.01)


def test_every_dimension_counts_alike_whatever_its_scale() -> None:
    found = Z.copy()
    found[:, 0] = Z[:, 0].mean()
    assert r_squared(Z * [100, 1, 1], found * [100, 1, 1]) == pytest.approx(2 / 3)


def test_other_shapes_and_rows_that_do_not_vary_are_refused() -> None:
    with pytest.raises(InputError, match=r"found has shape \(4000, 2\), expected \(4000, 3\)"):
        r_squared(Z, Z[:, :2])
    for rows in (0, 1):
        with pytest.raises(InputError, match="give at least 2 different rows"):
            r_squared(Z[:rows], Z[:rows])
