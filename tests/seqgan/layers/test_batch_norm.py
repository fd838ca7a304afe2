"""Shared batch norm: torch's own where one process holds the batch, and the whole batch's where two do."""

import copy

import pytest
import torch
from torch import nn

from seqgan.layers.batch_norm import SHARED, LoneBatchNorm1d, share_batch_norm


def _pair(maps: bool = True) -> tuple[nn.Module, nn.Module]:
    torch.manual_seed(0)
    layers = (nn.Conv2d(3, 4, 1), nn.BatchNorm2d(4)) if maps else (nn.Linear(3, 4), nn.BatchNorm1d(4))
    plain = nn.Sequential(*layers)
    nn.init.uniform_(plain[1].weight)
    shared = copy.deepcopy(plain)
    share_batch_norm(shared, lambda x: x)
    assert type(shared[1]) is SHARED[type(plain[1])]
    return plain, shared


@pytest.mark.parametrize("maps", [True, False])
def test_alone_it_is_torchs_own(maps: bool) -> None:
    plain, shared = _pair(maps)
    x = torch.randn(5, 3, *((4, 6) if maps else ())) * 3 + 1
    for mode in (True, False):
        plain.train(mode), shared.train(mode)
        torch.testing.assert_close(shared(x), plain(x), atol=1e-5, rtol=1e-5)
        for (name, mine), (_, theirs) in zip(shared.state_dict().items(), plain.state_dict().items(), strict=True):
            torch.testing.assert_close(mine, theirs, msg=name)


def test_statistics_of_the_others_count() -> None:
    """One process's half of a batch, with the sums of the other half added, is that half of the whole batch."""
    plain, shared = _pair()
    x = torch.randn(6, 3, 4, 6)
    whole, other = plain[0](x), plain[0](x[2:])
    sums = torch.cat([other.sum((0, 2, 3)), torch.tensor([4.0 * 24])])
    squares = (other - whole.mean((0, 2, 3), keepdim=True)).square().sum((0, 2, 3))
    object.__setattr__(shared[1], "reduce", lambda own: own + (sums if len(own) == len(sums) else squares))
    torch.testing.assert_close(shared(x[:2]), plain(x)[:2], atol=1e-5, rtol=1e-5)
    torch.testing.assert_close(shared[1].running_var, plain[1].running_var)


def test_a_lone_row_passes_by_the_running_statistics() -> None:
    lone, plain = LoneBatchNorm1d(4), nn.BatchNorm1d(4)
    rows = torch.randn(5, 4) * 3 + 1
    torch.testing.assert_close(lone(rows), plain(rows))
    torch.testing.assert_close(lone(rows[:1]), plain.eval()(rows[:1]))
    torch.testing.assert_close(lone.eval()(rows), plain(rows))
    with pytest.raises(ValueError, match="more than 1 value"):
        plain.train()(rows[:1])
