"""GAN-INT: sentences between sentences, and the one mean they are weighed in."""

from __future__ import annotations

import math

import pytest
import torch

from seqgan.errors import ConfigError
from seqgan.losses.interpolation import between, interpolated_g_loss, with_between


def test_a_batch_grows_by_half() -> None:
    sent = torch.randn(8, 5)
    grown = with_between(sent)
    assert grown.shape == (12, 5)
    assert torch.equal(grown[:8], sent)
    torch.testing.assert_close(grown[8:], (sent[:4] + sent[4:]) / 2)


def test_between_two_equal_sentences_lies_the_same() -> None:
    sent = torch.randn(3, 5).repeat(2, 1)
    torch.testing.assert_close(between(sent), sent[:3])


@pytest.mark.parametrize(("rows", "pairs"), [(1, 0), (2, 1), (5, 2)])
def test_rows_without_a_partner_are_in_no_pair(rows: int, pairs: int) -> None:
    sent = torch.arange(float(rows))[:, None]
    assert between(sent).flatten().tolist() == [(k + rows // 2 + k) / 2 for k in range(pairs)]


def test_every_pair_may_have_its_own_share() -> None:
    sent = torch.tensor([[0.0], [10.0], [4.0], [20.0]])
    assert between(sent, torch.tensor([1.0, 0.25])).tolist() == [[0.0], [17.5]]
    assert between(sent, torch.tensor([-0.5, 1.5])).tolist() == [[6.0], [5.0]]  # beyond both: the release's type 2


def test_one_mean_over_half_as_many_again() -> None:
    logits = torch.tensor([0.0, 1.0, -1.0, 2.0, 0.5, -0.5])
    cost = torch.nn.functional.softplus(-logits)
    assert interpolated_g_loss(logits, 4).value.item() == pytest.approx(cost.mean().item())
    light = interpolated_g_loss(logits, 4, weight=0.5).value.item()
    assert light == pytest.approx((cost[:4].sum() + 0.5 * cost[4:].sum()).item() / 6)
    assert interpolated_g_loss(torch.zeros(6), 4).value.item() == pytest.approx(math.log(2))


def test_there_is_nothing_to_pair_those_between_with() -> None:
    with pytest.raises(ConfigError, match="no paired criterion like relativistic"):
        interpolated_g_loss(torch.zeros(3), 2, criterion="relativistic")
