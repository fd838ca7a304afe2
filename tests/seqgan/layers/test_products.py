"""Convolutions as products: equal to convolutions, on few pixels and on many, with and without padding and bias."""

import pytest
import torch
from torch import nn

from seqgan.layers import products
from seqgan.layers.folding import fold
from seqgan.layers.products import FEW, ProductConv2d


@pytest.mark.parametrize("side", [3, int(FEW**0.5), int(FEW**0.5) + 1])
@pytest.mark.parametrize(("kernel", "padding", "bias"), [(3, 1, True), (3, 0, False), ((1, 3), (0, 2), True)])
def test_equal_to_a_convolution(side: int, kernel: int | tuple[int, int], padding: int, bias: bool) -> None:
    convolution, x = nn.Conv2d(5, 7, kernel, padding=padding, bias=bias), torch.randn(2, 5, side, side + 1)
    torch.testing.assert_close(ProductConv2d(convolution)(x), convolution(x), rtol=1e-4, atol=1e-5)


def test_only_layers_with_many_weights_become_products(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(products, "MANY", 100)
    network = nn.Sequential(
        nn.Conv2d(2, 8, 3), nn.BatchNorm2d(8), nn.Conv2d(8, 2, 1), nn.Conv2d(2, 8, 3, stride=2),
        nn.Conv2d(8, 8, 3, padding=1, padding_mode="reflect"),
    ).eval()  # fmt: skip
    folded, x = fold(network), torch.randn(1, 2, 9, 9)
    assert [type(layer) is ProductConv2d for layer in folded] == [True, False, False, False, False]
    torch.testing.assert_close(folded(x), network(x), rtol=1e-4, atol=1e-5)
