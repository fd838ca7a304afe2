"""Bootstrap intervals against scipy's and closed forms."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.stats

from seqgan.errors import InputError
from seqgan.metrics.bootstrap import (
    difference_interval,
    jackknife_interval,
    mean_interval,
    resampled_interval,
    wilson_interval,
)


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


def test_wilson_agrees_with_scipy_and_has_a_width_at_the_ends() -> None:
    for hits, count in ((0, 10), (3, 10), (10, 10), (617, 1000)):
        wanted = scipy.stats.binomtest(hits, count).proportion_ci(method="wilson")
        found = wilson_interval(hits / count, count)
        assert (found.value, found.low, found.high) == pytest.approx((hits / count, wanted.low, wanted.high), abs=1e-12)
    assert wilson_interval(0.0, 10).low == 0 and wilson_interval(1.0, 10).low < 0.8
    with pytest.raises(InputError, match="at least one"):
        wilson_interval(0.5, 0)


def test_a_resampled_mean_is_the_bootstrap_of_the_mean_and_knows_gaps() -> None:
    values = np.random.default_rng(0).exponential(size=50)
    assert resampled_interval(lambda rows: float(values[rows].mean()), 50) == mean_interval(values)
    nothing = resampled_interval(lambda rows: float("nan"), 3)
    assert np.isnan(nothing).all()


def test_the_jackknife_of_a_mean_is_its_standard_error() -> None:
    values = np.random.default_rng(0).standard_normal(400)
    found = jackknife_interval(lambda rows: float(values[rows].mean()), 400, groups=400)
    assert found.high - found.value == pytest.approx(1.959964 * values.std(ddof=1) / 20, rel=1e-4)
    rough = jackknife_interval(lambda rows: float(values[rows].mean()), 400)
    assert 0.5 < (rough.high - rough.low) / (found.high - found.low) < 1.6
    with pytest.raises(InputError, match="two or more"):
        jackknife_interval(lambda rows: 0.0, 1)
