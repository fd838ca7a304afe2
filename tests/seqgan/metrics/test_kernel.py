"""KID against its written-down value and a sum by hand."""

from __future__ import annotations

import numpy as np
import pytest

from seqgan.errors import InputError
from seqgan.metrics.kernel import kid


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
