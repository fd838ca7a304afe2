"""Folded batch norms: the same numbers, fewer layers, and what must stay as it is."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor, nn

from seqgan.errors import InputError
from seqgan.layers.blocks import same_block, up_block
from seqgan.layers.folding import fold


def _seen(network: nn.Module) -> nn.Module:
    """In eval mode, its norms with statistics and weights of their own."""
    torch.manual_seed(0)
    for part in network.modules():
        if isinstance(part, nn.BatchNorm1d | nn.BatchNorm2d | nn.BatchNorm3d):
            for values in (part.running_mean, part.weight, part.bias):
                if values is not None:
                    values.data.normal_(0.5)
            if part.running_var is not None:
                part.running_var.uniform_(0.2, 3.0)
    return network.eval()


def _norms(network: nn.Module) -> int:
    return sum(isinstance(part, nn.BatchNorm1d | nn.BatchNorm2d | nn.BatchNorm3d) for part in network.modules())


CASES = {
    "convolution": (same_block(3, 5), torch.randn(2, 3, 6, 7)),
    "transposed": (up_block(3, 5), torch.randn(2, 3, 6, 7)),
    "linear": (nn.Sequential(nn.Linear(4, 6), nn.BatchNorm1d(6), nn.ReLU()), torch.randn(5, 4)),
    "with a bias": (nn.Sequential(nn.Conv2d(3, 5, 3), nn.BatchNorm2d(5)), torch.randn(2, 3, 6, 7)),
    "groups": (nn.Sequential(nn.Conv2d(4, 6, 3, groups=2), nn.BatchNorm2d(6)), torch.randn(2, 4, 6, 7)),
    "without gamma": (nn.Sequential(nn.Conv2d(3, 5, 3), nn.BatchNorm2d(5, affine=False)), torch.randn(2, 3, 6, 7)),
    "of time": (nn.Sequential(nn.Conv3d(2, 4, 3, 1, 1), nn.BatchNorm3d(4)), torch.randn(2, 2, 3, 4, 5)),
    "nested": (nn.Sequential(same_block(3, 4), nn.Sequential(up_block(4, 2))), torch.randn(1, 3, 4, 4)),
}


@pytest.mark.parametrize("name", CASES)
def test_the_numbers_stay_and_the_norms_go(name: str) -> None:
    network, x = _seen(CASES[name][0]), CASES[name][1]
    folded = fold(network)
    assert _norms(folded) == 0 < _norms(network)
    torch.testing.assert_close(folded(x), network(x), atol=1e-5, rtol=0)


def test_by_hand() -> None:
    """y = 2 (3 x - 4) / sqrt(24 + 1) + 7 = 1.2 x + 5.4."""
    linear, norm = nn.Linear(1, 1, bias=False), nn.BatchNorm1d(1, eps=1.0)
    linear.weight.data.fill_(3.0)
    assert norm.running_mean is not None and norm.running_var is not None
    norm.running_mean.fill_(4.0)
    norm.running_var.fill_(24.0)
    norm.weight.data.fill_(2.0)
    norm.bias.data.fill_(7.0)
    folded = fold(nn.Sequential(linear, norm).eval())[0]
    assert isinstance(folded, nn.Linear)
    assert folded.weight.item() == pytest.approx(1.2) and folded.bias.item() == pytest.approx(5.4)


def _stays() -> dict[str, tuple[nn.Sequential, Tensor]]:
    spectral = nn.utils.parametrizations.spectral_norm(nn.Conv2d(3, 5, 3))
    return {
        "norm first": (nn.Sequential(nn.BatchNorm2d(3), nn.ReLU(), nn.Conv2d(3, 5, 3)), torch.randn(2, 3, 6, 7)),
        "something between": (
            nn.Sequential(nn.Conv2d(3, 5, 3), nn.ReLU(), nn.BatchNorm2d(5)), torch.randn(2, 3, 6, 7),
        ),
        "of the batch": (
            nn.Sequential(nn.Conv2d(3, 5, 3), nn.BatchNorm2d(5, track_running_stats=False)), torch.randn(2, 3, 6, 7),
        ),
        "spectral": (nn.Sequential(spectral, nn.BatchNorm2d(5)), torch.randn(2, 3, 6, 7)),
        "transposed groups": (
            nn.Sequential(nn.ConvTranspose2d(4, 6, 4, 2, 1, groups=2), nn.BatchNorm2d(6)), torch.randn(2, 4, 3, 3),
        ),
    }  # fmt: skip


@pytest.mark.parametrize("name", _stays())
def test_what_cannot_be_folded_stays(name: str) -> None:
    network, x = _stays()[name]
    folded = fold(_seen(network))
    assert _norms(folded) == _norms(network)
    torch.testing.assert_close(folded(x), network(x), atol=0, rtol=0)


def test_the_given_network_is_left_alone() -> None:
    network = _seen(nn.Sequential(same_block(3, 5)))
    before = {name: value.clone() for name, value in network.state_dict().items()}
    fold(network)
    assert {name: value.tolist() for name, value in network.state_dict().items()} == {
        name: value.tolist() for name, value in before.items()
    }


def test_training_mode_is_refused() -> None:
    network = nn.Sequential(same_block(3, 5)).eval()
    network[0][1].train()  # type: ignore[index]
    with pytest.raises(InputError, match=r"^0.1 is in training mode, expected eval mode: call eval\(\)"):
        fold(network)
