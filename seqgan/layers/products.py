"""A convolution with very many weights on very few pixels, as one product of matrices."""

from __future__ import annotations

import torch.nn.functional as F
from torch import Tensor, nn

from seqgan.layers.swap import is_simple, swap

MANY, FEW = 2**22, 64
"""Weights from which, and pixels up to which, a product is the faster way on a CPU, whose convolutions are made for
larger maps: one of 1024 channels on 6x6 pixels takes four times as long."""


class ProductConv2d(nn.Module):
    """The same numbers as a convolution of stride 1 within rounding (house). Its weight is a matrix, (Co, Ci * K)."""

    def __init__(self, convolution: nn.Conv2d) -> None:
        super().__init__()
        self.weight, self.bias = nn.Parameter(convolution.weight.detach().flatten(1)), convolution.bias
        assert not isinstance(convolution.padding, str), "padding is given in pixels"
        self.kernel, self.padding = convolution.weight.shape[1:], convolution.padding
        self.train(convolution.training)

    def forward(self, input: Tensor) -> Tensor:
        """(N, Ci, H, W) to (N, Co, H', W')."""
        if input.shape[2] * input.shape[3] > FEW:
            return F.conv2d(input, self.weight.unflatten(1, self.kernel), self.bias, padding=self.padding)
        (_, height, width), (down, right) = self.kernel, self.padding
        columns = F.unfold(input, (height, width), padding=self.padding)  # (N, Ci * K, H' * W')
        result = self.weight @ columns  # (N, Co, H' * W')
        result = result if self.bias is None else result + self.bias[:, None]
        return result.unflatten(2, (input.shape[2] + 2 * down - height + 1, input.shape[3] + 2 * right - width + 1))


def use_products(module: nn.Module) -> None:
    """Replace every convolution of stride 1 inside that has more than MANY weights by a `ProductConv2d`, in place."""
    swap(module, lambda layer: ProductConv2d(layer) if type(layer) is nn.Conv2d and _fits(layer) else None)


def _fits(layer: nn.Conv2d) -> bool:
    return layer.weight.numel() > MANY and is_simple(layer)
