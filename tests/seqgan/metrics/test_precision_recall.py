"""k-NN precision and recall on sets small enough to see through, and against loops."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from seqgan.errors import InputError
from seqgan.metrics import precision_recall as module
from seqgan.metrics.precision_recall import precision_recall


def _by_loops(real: np.ndarray, fake: np.ndarray, k: int) -> tuple[float, float]:
    def share(queries: np.ndarray, points: np.ndarray) -> float:
        reach = [sorted(np.linalg.norm(points - p, axis=1))[k] for p in points]  # the first is the point itself
        inside = [any(np.linalg.norm(q - p) <= r for p, r in zip(points, reach, strict=True)) for q in queries]
        return float(np.mean(inside))

    return share(fake, real), share(real, fake)


def test_on_a_line() -> None:
    real = np.array([[0.0], [1.0], [2.0], [10.0]])  # with k = 1 they reach 1, 1, 1 and 8
    fake = np.array([[3.0], [3.5], [-2.0]])  # these reach 0.5, 0.5 and 5
    assert precision_recall(real, fake, k=1) == (2 / 3, 3 / 4)


def test_equal_and_distant_sets() -> None:
    x = np.random.default_rng(0).standard_normal((50, 4))
    assert precision_recall(x, x) == (1, 1)
    assert precision_recall(x, x + 100) == (0, 0)


def test_a_collapsed_generator_is_precise_and_recalls_nothing() -> None:
    real = np.random.default_rng(1).standard_normal((200, 4))
    found = precision_recall(real, np.repeat(real[:1], 200, axis=0))
    assert found.precision == 1
    assert found.recall == pytest.approx(1 / 200)


@pytest.mark.parametrize("k", [1, 3, 5])
def test_agrees_with_loops_in_runs_of_any_length(k: int, monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(2)
    real, fake = rng.standard_normal((60, 3)), rng.standard_normal((40, 3)) * 1.5
    assert precision_recall(real, fake, k) == pytest.approx(_by_loops(real, fake, k))
    monkeypatch.setattr(module, "ROWS", 7)
    assert precision_recall(torch.from_numpy(real), fake, k) == pytest.approx(_by_loops(real, fake, k))


def test_too_few_neighbours_are_refused() -> None:
    with pytest.raises(InputError, match="4 or more"):
        precision_recall(np.zeros((3, 2)), np.zeros((9, 2)))
    with pytest.raises(InputError, match="k is 0"):
        precision_recall(np.zeros((3, 2)), np.zeros((9, 2)), k=0)
