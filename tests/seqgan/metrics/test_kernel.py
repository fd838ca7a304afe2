"""KID against its written-down value, a sum by hand, and torchmetrics."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from seqgan.errors import InputError
from seqgan.metrics.kernel import kid, kid_subsets


def test_golden() -> None:
    rng = np.random.RandomState(0)
    x, y = rng.randn(500, 8), rng.randn(400, 8) * 1.5 + 0.3
    assert kid(x[:400], y) == pytest.approx(1.2143241820, abs=1e-9)


def test_pairs_summed_by_hand() -> None:
    def k(a: float, b: float) -> float:
        return (a * b + 1) ** 3

    x, y = np.array([[0.0], [1.0]]), np.array([[2.0], [3.0], [4.0]])
    within_y = (k(2, 3) + k(2, 4) + k(3, 4)) / 3
    across = np.mean([k(a, b) for a in (0, 1) for b in (2, 3, 4)])
    assert kid(x, y) == pytest.approx(k(0, 1) + within_y - 2 * across)


def test_one_distribution_gives_about_zero() -> None:
    rng = np.random.default_rng(1)
    assert abs(kid(rng.standard_normal((300, 16)), rng.standard_normal((300, 16)))) < 0.05


def test_float32_features_are_summed_in_float64() -> None:
    rng = np.random.default_rng(2)
    x, y = (rng.standard_normal((50, 8)).astype(np.float32) for _ in range(2))
    assert kid(x, y) == kid(x.astype(np.float64), y.astype(np.float64))


@pytest.mark.parametrize("shapes", [((1, 4), (5, 4)), ((5, 4), (5, 3)), ((5,), (5,))])
def test_wrong_shapes_are_refused(shapes: tuple[tuple[int, ...], tuple[int, ...]]) -> None:
    with pytest.raises(InputError, match="2 or more"):
        kid(np.zeros(shapes[0]), np.zeros(shapes[1]))


def test_subsets_of_all_rows_are_kid_itself() -> None:
    rng = np.random.default_rng(3)
    x, y = rng.standard_normal((40, 5)), rng.standard_normal((40, 5)) + 1
    assert kid_subsets(x, y, subsets=3, size=40) == pytest.approx((kid(x, y), 0), abs=1e-12)


def test_subsets_by_seed_scatter_around_kid() -> None:
    rng = np.random.default_rng(4)
    x, y = rng.standard_normal((300, 4)), rng.standard_normal((250, 4)) * 1.3
    found = kid_subsets(x, y, subsets=60, size=100, seed=1)
    assert found == kid_subsets(torch.from_numpy(x), y, subsets=60, size=100, seed=1)
    assert found != kid_subsets(x, y, subsets=60, size=100, seed=2)
    assert found.mean == pytest.approx(kid(x, y), abs=3 * found.std / 60**0.5)


@pytest.mark.filterwarnings("ignore:Metric `Kernel Inception Distance` will save all extracted features")
def test_agrees_with_torchmetrics() -> None:
    from torchmetrics.image.kid import KernelInceptionDistance  # a slow import

    rng = np.random.default_rng(5)
    x, y = rng.standard_normal((50, 6)), rng.standard_normal((50, 6)) + 0.5
    network = torch.nn.Identity()
    network.num_features = 6  # type: ignore[assignment]
    theirs = KernelInceptionDistance(feature=network, subsets=1, subset_size=50).set_dtype(torch.float64)
    theirs.update(torch.from_numpy(x), real=True)
    theirs.update(torch.from_numpy(y), real=False)
    assert kid_subsets(x, y, subsets=1, size=50).mean == pytest.approx(float(theirs.compute()[0]), rel=1e-6)


@pytest.mark.parametrize(("subsets", "size"), [(1, 6), (0, 4), (1, 1)])
def test_subsets_are_never_shrunk(subsets: int, size: int) -> None:
    with pytest.raises(InputError, match="of sets of 5 and 9; expected 1 or more, of 2 to 5 rows"):
        kid_subsets(np.zeros((5, 2)), np.zeros((9, 2)), subsets, size)
