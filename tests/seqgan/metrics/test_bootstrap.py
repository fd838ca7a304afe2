"""Bootstrap intervals against scipy's and closed forms."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.stats

from seqgan.errors import InputError
from seqgan.metrics.bootstrap import difference_interval, mean_interval


def test_agrees_with_scipy() -> None:
    values = np.random.default_rng(0).exponential(size=200)
    found = mean_interval(values, resamples=5000)
    wanted = scipy.stats.bootstrap(
        (values,), np.mean, n_resamples=5000, method="percentile", rng=np.random.default_rng(1)
    ).confidence_interval
    assert found.value == values.mean()
    assert (found.low, found.high) == pytest.approx((wanted.low, wanted.high), abs=0.01)


def test_covers_the_true_mean_as_often_as_it_says() -> None:
    rng = np.random.default_rng(2)
    found = [mean_interval(rng.standard_normal(60), resamples=100) for _ in range(200)]
    assert np.mean([low <= 0 <= high for _, low, high in found]) == pytest.approx(0.95, abs=0.05)


def test_a_constant_has_no_width_and_a_lower_level_a_smaller_one() -> None:
    assert mean_interval(np.full(9, 2.0)) == (2, 2, 2)
    values = np.arange(50.0)
    wide, narrow = mean_interval(values), mean_interval(values, level=0.5)
    assert wide.low < narrow.low < narrow.high < wide.high
    assert wide == mean_interval(values)
    assert wide != mean_interval(values, seed=1)


def test_pairs_tell_apart_what_sets_do_not() -> None:
    rng = np.random.default_rng(3)
    hard = rng.standard_normal(100) * 5
    ours, theirs = hard + 0.3, hard + 0.1 * rng.standard_normal(100)
    found = difference_interval(ours, theirs)
    assert found.value == pytest.approx(0.3, abs=0.05)
    assert found.low > 0.2
    assert mean_interval(ours).low < theirs.mean() < mean_interval(ours).high


def test_bad_input_is_refused() -> None:
    with pytest.raises(InputError, match="at least one"):
        mean_interval(np.zeros(0))
    with pytest.raises(InputError, match="same units"):
        difference_interval(np.zeros(3), np.zeros(4))
    with pytest.raises(InputError, match="0 resamples"):
        mean_interval(np.zeros(3), resamples=0)
    with pytest.raises(InputError, match="level 1"):
        mean_interval(np.zeros(3), level=1)
