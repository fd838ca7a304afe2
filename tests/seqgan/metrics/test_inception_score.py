"""Inception Score: written-down values, closed forms, torchmetrics."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from seqgan.errors import InputError
from seqgan.metrics.inception_score import inception_score


def _softmax(logits: np.ndarray) -> np.ndarray:
    powers = np.exp(logits)
    return powers / powers.sum(1, keepdims=True)


def test_golden() -> None:
    rng = np.random.RandomState(0)
    table = _softmax(rng.randn(5000, 10) * 2)
    assert inception_score(table, splits=1) == pytest.approx((2.6269122137, 0), abs=1e-9)
    assert inception_score(table) == pytest.approx((2.6196027722, 0.0320676147), abs=1e-9)
    few = _softmax(rng.randn(500, 1000) * 2)  # many classes, few pictures: the score depends on how many
    assert inception_score(few, splits=1).mean == pytest.approx(6.495, abs=5e-4)
    assert inception_score(few).mean == pytest.approx(5.529, abs=5e-4)


def test_closed_forms() -> None:
    assert inception_score(np.full((40, 7), 1 / 7), splits=4) == pytest.approx((1, 0))
    assert inception_score(np.tile(np.eye(5), (8, 1)), splits=2) == pytest.approx((5, 0))
    assert inception_score(np.eye(5)[[2] * 30], splits=3) == pytest.approx((1, 0))


def test_runs_start_at_i_n_over_s() -> None:
    table = np.eye(2)[[0, 1, 0, 0, 0]]  # 5 rows in 2: rows 0 and 1, then 2 to 4
    assert inception_score(table, splits=2) == pytest.approx((1.5, 0.5))


@pytest.mark.filterwarnings("ignore:Metric `InceptionScore` will save all extracted features")
def test_agrees_with_torchmetrics_but_for_its_shuffle_and_sample_deviation() -> None:
    from torchmetrics.image.inception import InceptionScore  # a slow import

    logits = torch.from_numpy(np.random.default_rng(1).standard_normal((200, 12)) * 3)
    metric = InceptionScore(feature=torch.nn.Identity(), splits=4).set_dtype(torch.float64)
    metric.update(logits)
    with torch.random.fork_rng():
        torch.manual_seed(0)
        order = torch.randperm(200)
        torch.manual_seed(0)
        mean, std = (float(value) for value in metric.compute())
    ours = inception_score(logits[order].softmax(1), splits=4)
    assert ours == pytest.approx((mean, std * (3 / 4) ** 0.5), rel=1e-6)


def test_tensors_of_few_bits_will_do() -> None:
    table = torch.randn(64, 10, generator=torch.Generator().manual_seed(0)).softmax(1)
    assert inception_score(table.bfloat16().requires_grad_()).mean == pytest.approx(
        inception_score(table).mean, rel=0.01
    )


def test_logits_and_too_few_rows_are_refused() -> None:
    with pytest.raises(InputError, match="apply softmax"):
        inception_score(np.random.default_rng(0).standard_normal((20, 4)))
    with pytest.raises(InputError, match="apply softmax"):
        inception_score(np.full((20, 4), 0.5))
    with pytest.raises(InputError, match="5 rows were to be split in 10 parts"):
        inception_score(np.full((5, 2), 0.5))
    with pytest.raises(InputError, match="NaN"):
        inception_score(np.full((20, 4), np.nan))
