"""Upsampling and convolving in one: equal to both steps, in values, gradients and second derivatives."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.autograd import gradcheck, gradgradcheck

from seqgan.layers import upsample
from seqgan.layers.folding import fold
from seqgan.layers.upsample import SMALL, UpsampleConv2d, UpsampleProducts, by_folding, by_products, product_kernels


def _nine(x: Tensor, weight: Tensor) -> Tensor:
    return by_products(x, product_kernels(weight))


WAYS = pytest.mark.parametrize("way", [by_folding, _nine])


def _inputs(height: int = 3, width: int = 2) -> tuple[Tensor, Tensor]:
    torch.manual_seed(0)
    x = torch.randn(2, 3, height, width, dtype=torch.float64, requires_grad=True)
    return x, torch.randn(4, 3, 3, 3, dtype=torch.float64, requires_grad=True)


@WAYS
@pytest.mark.parametrize("size", [(1, 1), (3, 2), (4, 7)])
def test_equal_to_both_steps(way: Callable[[Tensor, Tensor], Tensor], size: tuple[int, int]) -> None:
    x, weight = _inputs(*size)
    plain = F.conv2d(F.interpolate(x, scale_factor=2.0), weight, padding=1)
    torch.testing.assert_close(way(x, weight), plain, rtol=1e-12, atol=1e-12)


@WAYS
def test_gradients_and_their_gradients(way: Callable[[Tensor, Tensor], Tensor]) -> None:
    assert gradcheck(way, _inputs(2, 2)) and gradgradcheck(way, _inputs(2, 2), fast_mode=True)


REFLECT = pytest.mark.parametrize("reflect", [False, True])


@REFLECT
@pytest.mark.parametrize("side", [2, int(SMALL**0.5), int(SMALL**0.5) + 1])
def test_the_layer_is_that_of_the_two_steps(side: int, reflect: bool) -> None:
    layer, x = UpsampleConv2d(3, 4, reflect), torch.randn(2, 3, side, side)
    found = layer(x)
    layer.plain = True
    torch.testing.assert_close(found, layer(x), rtol=1e-4, atol=1e-5)
    assert found.is_contiguous(memory_format=torch.channels_last)
    assert [name for name, _ in layer.named_parameters()] == ["weight"]


@REFLECT
def test_folded_for_good_with_the_norm_behind_it(reflect: bool) -> None:
    network = nn.Sequential(nn.Identity(), UpsampleConv2d(3, 4, reflect), nn.BatchNorm2d(4), nn.GLU(1))
    x = torch.randn(2, 3, 5, 4)
    network(3 * x + 1)  # statistics that are not those of the start
    folded = fold(network.eval())
    assert isinstance(folded[1], nn.ConvTranspose2d) and isinstance(network[1], UpsampleConv2d)
    torch.testing.assert_close(folded(x), network(x), rtol=1e-4, atol=1e-5)


@REFLECT
def test_many_weights_are_not_made_more(reflect: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(upsample, "MANY", 11)
    network = nn.Sequential(nn.Identity(), UpsampleConv2d(3, 4, reflect), nn.BatchNorm2d(4), nn.ReLU())
    x = torch.randn(2, 3, 5, 4)
    network(3 * x + 1)
    folded = fold(network.eval())
    assert isinstance(folded[1], UpsampleProducts) and folded[1].reflect == reflect
    torch.testing.assert_close(folded(x), network(x), rtol=1e-4, atol=1e-5)
