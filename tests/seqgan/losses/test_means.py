"""Means over samples in several processes: parts are divided by the counts of all."""

import pytest
import torch

from seqgan.losses.means import Mean, mean


def test_a_mean_is_torchs_and_its_gradient_too() -> None:
    values = torch.tensor([1.0, 2.0, 6.0], requires_grad=True)
    (0.5 * mean(values)).value.backward()
    assert mean(values).value.item() == 3
    assert values.grad is not None and values.grad.tolist() == pytest.approx([1 / 6] * 3)


def test_two_halves_of_unequal_size_are_the_whole_once_both_know_the_count() -> None:
    values = torch.randn(7)
    parts = [mean(part) + 2 * mean(part.square()) for part in (values[:2], values[2:])]
    counts = [torch.tensor(7.0)] * 2
    whole = mean(values) + 2 * mean(values.square())
    assert sum(part.over(counts).item() for part in parts) == pytest.approx(whole.value.item(), rel=1e-5)


def test_a_count_of_nothing_is_nothing() -> None:
    assert Mean.ratio(torch.tensor(0.0), 0).value.item() == 0
