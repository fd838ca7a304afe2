"""Convolutions by tiles: equal to convolutions at any size, by fewer products, where that pays and nowhere else."""

from copy import deepcopy

import pytest
import torch
from torch import nn
from torch.utils.flop_counter import FlopCounterMode

from seqgan.layers import winograd
from seqgan.layers.folding import fold
from seqgan.layers.winograd import WinogradConv2d, kernels_of

SIDE = 16


@pytest.fixture(autouse=True)
def _little_is_much(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(winograd, "MUCH", 16 * SIDE * SIDE)


@pytest.mark.parametrize(("height", "width"), [(SIDE, SIDE), (SIDE + 1, SIDE + 2), (SIDE + 5, SIDE + 3)])
@pytest.mark.parametrize(("padding", "bias"), [(1, True), (0, False), ((0, 2), True)])
def test_equal_to_a_convolution(height: int, width: int, padding: int | tuple[int, int], bias: bool) -> None:
    convolution, x = nn.Conv2d(5, 7, 3, padding=padding, bias=bias), torch.randn(2, 5, height, width)
    with torch.inference_mode():
        found, wanted = WinogradConv2d(convolution)(x), convolution(x)
    torch.testing.assert_close(found, wanted, rtol=1e-4, atol=1e-5)


def test_a_quarter_of_the_products() -> None:
    layer, x = WinogradConv2d(nn.Conv2d(8, 8, 3, padding=1)), torch.randn(1, 8, 2 * SIDE, 2 * SIDE)
    with torch.inference_mode():
        layer(x)  # its kernels are made once
        with FlopCounterMode(display=False) as by_tiles:
            layer(x)
    with FlopCounterMode(display=False) as directly:
        layer(x)
    assert 4 * by_tiles.get_total_flops() == directly.get_total_flops()


def test_a_kernel_that_only_copies() -> None:
    weight = torch.zeros(1, 1, 3, 3)
    weight[0, 0, 1, 1] = 1
    centre = torch.tensor([0, -1 / 6, 1 / 6, 1 / 12, -1 / 12, 0])  # the middle column of G
    torch.testing.assert_close(kernels_of(weight)[:, 0, 0], torch.outer(centre, centre).flatten())


@pytest.mark.parametrize("case", ["gradients", "few pixels", "bfloat16", "autocast"])
def test_elsewhere_it_is_the_convolution_itself(case: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(winograd, "by_tiles", lambda *args: pytest.fail("nothing is gained here"))
    convolution = nn.Conv2d(4, 4, 3, padding=1)
    x = torch.randn(1, 4, SIDE - 1 if case == "few pixels" else SIDE, SIDE)
    if case == "bfloat16":
        convolution, x = convolution.bfloat16(), x.bfloat16()
    layer = WinogradConv2d(convolution)
    with torch.set_grad_enabled(case == "gradients"), torch.autocast("cpu", enabled=case == "autocast"):
        assert torch.equal(layer(x), convolution(x))


def test_only_layers_of_many_channels_are_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(winograd, "MANY", 64)
    network = nn.Sequential(
        nn.Conv2d(3, 8, 3, padding=1), nn.Conv2d(8, 8, 3, padding=1), nn.BatchNorm2d(8), nn.Conv2d(8, 8, 1),
        nn.Conv2d(8, 8, 3, stride=2), nn.Conv2d(8, 8, 3, padding=1, padding_mode="reflect"),
        nn.Conv2d(8, 8, 3, padding=2, dilation=2), nn.Conv2d(16, 16, 3, groups=2),
    ).eval()  # fmt: skip
    network[2].running_mean.normal_()
    folded, x = fold(network), torch.randn(1, 3, SIDE, SIDE)
    assert [type(layer) is WinogradConv2d for layer in folded] == [False, True] + 6 * [False]
    with torch.inference_mode():
        torch.testing.assert_close(folded[:3](x), network[:3](x), rtol=1e-4, atol=1e-5)
        torch.testing.assert_close(deepcopy(folded)[:3](x), network[:3](x), rtol=1e-4, atol=1e-5)
    assert folded.state_dict().keys() == {f"{n}.{p}" for n in (0, 1, 3, 4, 5, 6, 7) for p in ("weight", "bias")}
