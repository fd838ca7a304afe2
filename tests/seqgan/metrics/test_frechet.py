"""The Frechet distance: written-down values, closed forms, scipy's matrix root, torchmetrics."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.linalg
import torch

from seqgan.errors import InputError
from seqgan.metrics.frechet import FeatureSums, Statistics, frechet_distance, statistics


def _golden_sets() -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.RandomState(0)
    return rng.randn(500, 8), rng.randn(400, 8) * 1.5 + 0.3


def test_golden() -> None:
    x, y = _golden_sets()
    assert frechet_distance(x, y) == pytest.approx(3.0142351858, abs=1e-9)
    biased = frechet_distance(statistics(x, unbiased=False), statistics(y, unbiased=False))
    assert biased == pytest.approx(3.0069155522, abs=1e-9)


def test_diagonal_gaussians_by_hand() -> None:
    first = Statistics(np.array([0.0, 1.0]), np.diag([1.0, 4.0]), 100)
    second = Statistics(np.array([1.0, 3.0]), np.diag([9.0, 1.0]), 100)
    assert frechet_distance(first, second) == pytest.approx(10, abs=1e-12)


@pytest.mark.parametrize("shape", [(500, 8), (20, 200), (2, 5)])
def test_a_set_is_at_zero_from_itself_of_any_rank(shape: tuple[int, int]) -> None:
    x = np.random.default_rng(0).standard_normal(shape) * 10 + 100
    assert frechet_distance(x, x) == pytest.approx(0, abs=1e-6)
    assert frechet_distance(x, x[::-1] + 2) == pytest.approx(4 * shape[1], rel=1e-6)


def test_sets_without_spread() -> None:
    assert frechet_distance(np.zeros((3, 2)), np.full((3, 2), 2.0)) == pytest.approx(8)


def test_agrees_with_the_matrix_root_of_scipy() -> None:
    rng = np.random.default_rng(3)
    x, y = rng.standard_normal((60, 20)) @ rng.standard_normal((20, 20)), rng.exponential(size=(50, 20))
    a, b = np.cov(x.T), np.cov(y.T)
    root = np.real(scipy.linalg.sqrtm(a @ b))
    wanted = ((x.mean(0) - y.mean(0)) ** 2).sum() + np.trace(a + b - 2 * root)
    assert frechet_distance(x, y) == pytest.approx(wanted, rel=1e-9)
    assert frechet_distance(y, x) == pytest.approx(wanted, rel=1e-9)


def test_singular_sets_by_their_singular_values() -> None:
    rng = np.random.default_rng(4)  # tr (S1 S2)^(1/2) is the sum of the singular values of the centred sets' product
    x, y = rng.standard_normal((12, 64)), rng.standard_normal((9, 64)) + 0.5
    u, v = (each - each.mean(0) for each in (x, y))
    u, v = u / np.sqrt(11), v / np.sqrt(8)
    nuclear = np.linalg.svd(u @ v.T, compute_uv=False).sum()
    wanted = ((x.mean(0) - y.mean(0)) ** 2).sum() + (u**2).sum() + (v**2).sum() - 2 * nuclear
    assert frechet_distance(x, y) == pytest.approx(wanted, rel=1e-9)


def test_agrees_with_torchmetrics() -> None:
    from torchmetrics.image.fid import FrechetInceptionDistance  # a slow import

    x, y = _golden_sets()
    network = torch.nn.Identity()
    network.num_features = 8  # type: ignore[assignment]
    theirs = FrechetInceptionDistance(feature=network).set_dtype(torch.float64)
    theirs.update(torch.from_numpy(x), real=True)
    theirs.update(torch.from_numpy(y), real=False)
    assert frechet_distance(torch.from_numpy(x), y) == pytest.approx(float(theirs.compute()), rel=1e-6)


def test_batches_of_any_size_and_far_from_zero_give_the_same() -> None:
    x = np.random.default_rng(5).standard_normal((101, 6)) + 1e6
    sums = FeatureSums(6)
    for batch in np.split(x, [1, 40, 41, 90]):
        sums.add(batch)
    found = sums.statistics()
    np.testing.assert_allclose(found.mean, x.mean(0), rtol=1e-15)
    np.testing.assert_allclose(found.covariance, np.cov(x.T), rtol=1e-8)
    assert found.count == sums.count == 101
    np.testing.assert_allclose(sums.statistics(unbiased=False).covariance, np.cov(x.T, bias=True), rtol=1e-8)


def test_small_sets_of_one_distribution_lie_apart() -> None:
    rng = np.random.default_rng(6)
    found = [frechet_distance(*(rng.standard_normal((250, 128)) for _ in range(2))) for _ in range(3)]
    assert np.mean(found) == pytest.approx(34.4, abs=1)


def test_bad_features_are_refused() -> None:
    with pytest.raises(InputError, match="4 and 3 wide"):
        frechet_distance(np.zeros((5, 4)), np.zeros((5, 3)))
    with pytest.raises(InputError, match="1 feature rows came"):
        frechet_distance(np.zeros((1, 4)), np.zeros((5, 4)))
    with pytest.raises(InputError, match=r"\(5,\); expected \(N, d\)"):
        statistics(np.zeros(5))
    with pytest.raises(InputError, match="NaN"):
        statistics(np.full((5, 2), np.inf))
    with pytest.raises(InputError, match="3 wide, those before them 4"):
        FeatureSums(4).add(np.zeros((2, 3)))
