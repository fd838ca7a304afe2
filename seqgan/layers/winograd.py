"""3x3 convolutions by Winograd's minimal filtering, F(4x4, 3x3): 36 products for 16 pixels in place of 144.

Source: Lavin and Gray 2016, "Fast algorithms for convolutional neural networks" (arXiv:1509.09308): along one axis four
results y of six numbers x and three weights w are y = A'[(G w) * (B' x)], and a kernel of two axes does so along both.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from seqgan.layers.swap import is_simple, swap

TILE = 4
"""Results along an axis of a tile; it reads two more numbers than that."""
MANY, MUCH = 2**13, 2**25
"""Kernels of a layer from which, and kernels times pixels from which, it is the faster way on a CPU: products then
outweigh the sums around them, and these are long enough to be worth a call each."""
G = torch.tensor(
    [[1 / 4, 0, 0], [-1 / 6, -1 / 6, -1 / 6], [-1 / 6, 1 / 6, -1 / 6], [1 / 24, 1 / 12, 1 / 6],
     [1 / 24, -1 / 12, 1 / 6], [0, 0, 1]], dtype=torch.float64,
)  # fmt: skip


class WinogradConv2d(nn.Conv2d):
    """The same numbers as a 3x3 convolution of stride 1, within rounding, channels last in memory.

    On a CPU, in float32 and without gradients; elsewhere, and on small maps, it is the convolution that it was made of.
    """

    _kernels: Tensor | None = None

    def __init__(self, convolution: nn.Conv2d) -> None:
        assert not isinstance(convolution.padding, str), "padding is given in pixels"
        down, along = convolution.padding
        ins, outs = convolution.in_channels, convolution.out_channels
        super().__init__(ins, outs, 3, 1, (down, along), bias=False, device="meta")
        self.weight, self.bias = convolution.weight, convolution.bias
        self._border = (down, along)
        self.train(convolution.training)

    def forward(self, input: Tensor) -> Tensor:
        """(N, Ci, H, W) to (N, Co, H', W')."""
        if not self._pays(input):
            return super().forward(input)
        if self._kernels is None:  # of no use on small maps, which only a drawing tells
            self._kernels = kernels_of(self.weight.detach())
        return by_tiles(input, self._kernels, self.bias, self._border)

    def _pays(self, x: Tensor) -> bool:
        plain = x.device.type == "cpu" and x.dtype == torch.float32 and not torch.is_autocast_enabled("cpu")
        work = self.in_channels * self.out_channels * x.shape[2] * x.shape[3]
        return plain and work >= MUCH and not torch.is_grad_enabled()


def use_winograd(module: nn.Module) -> None:
    """Replace every 3x3 convolution of stride 1 inside with MANY kernels or more by a `WinogradConv2d`, in place."""
    swap(module, lambda layer: WinogradConv2d(layer) if type(layer) is nn.Conv2d and _fits(layer) else None)


def _fits(layer: nn.Conv2d) -> bool:
    return layer.kernel_size == (3, 3) and is_simple(layer) and layer.in_channels * layer.out_channels >= MANY


def kernels_of(weight: Tensor) -> Tensor:
    """(Co, Ci, 3, 3) to the kernels G w G' of a tile's 36 places, (36, Ci, Co)."""
    both = torch.kron(G, G) @ weight.double().reshape(-1, 9).T  # (36, Co * Ci)
    return both.float().unflatten(1, weight.shape[:2]).transpose(1, 2).contiguous()


def by_tiles(x: Tensor, kernels: Tensor, bias: Tensor | None, padding: tuple[int, int]) -> Tensor:
    """x (N, Ci, H, W), kernels (36, Ci, Co), bias (Co,) or None; returns (N, Co, H', W')."""
    (count, ins, *size), outs = x.shape, kernels.shape[2]
    height, width = (side + 2 * pad - 2 for side, pad in zip(size, padding, strict=True))
    down, along = -(-height // TILE), -(-width // TILE)  # tiles
    x = _padded(x, padding, TILE * down - height, TILE * along - width)  # (N, 4 down + 2, 4 along + 2, Ci)
    rows = x.new_empty(6, count, down, x.shape[2], ins)
    _spread(x.unfold(1, 6, TILE).movedim(4, 0), rows)
    tiles = x.new_empty(6, 6, count, down, along, ins)
    _spread(rows.unfold(3, 6, TILE).movedim(5, 0), tiles.transpose(0, 1))
    made = torch.bmm(tiles.flatten(2, 4).flatten(0, 1), kernels)  # (36, N * tiles, Co)
    if bias is not None:
        made[7] += bias  # the place that `_gather` adds to all results once
    made = made.view(6, 6, count, down, along, outs)
    rows = x.new_empty(TILE, 6, count, down, along, outs)
    _gather(made, rows)
    result = x.new_empty(count, down, TILE, along, TILE, outs)
    _gather(rows.transpose(0, 1), result.permute(4, 2, 0, 1, 3, 5))
    return result.flatten(3, 4).flatten(1, 2)[:, :height, :width].permute(0, 3, 1, 2)


def _padded(x: Tensor, padding: tuple[int, int], below: int, right: int) -> Tensor:
    """(N, C, H, W) to (N, H', W', C), with zeros around it and those that fill the last tiles."""
    down, along = padding
    return F.pad(x.permute(0, 2, 3, 1), (0, 0, along, along + right, down, down + below)).contiguous()


def _spread(x: Tensor, out: Tensor) -> None:
    """B' x along the first axis: (6, ...) to (6, ...)."""
    x0, x1, x2, x3, x4, x5 = x.unbind()
    out0, out1, out2, out3, out4, out5 = out.unbind()
    torch.add(x4, x2, alpha=-5, out=out0).add_(x0, alpha=4)
    even, odd = torch.add(x4, x2, alpha=-4, out=out1), torch.add(x3, x1, alpha=-4)
    torch.sub(even, odd, out=out2)
    even += odd
    even, odd = torch.sub(x4, x2, out=out3), x3 - x1
    torch.add(even, odd, alpha=-2, out=out4)
    even.add_(odd, alpha=2)
    torch.add(x5, x3, alpha=-5, out=out5).add_(x1, alpha=4)


def _gather(made: Tensor, out: Tensor) -> None:
    """A' m along the first axis: (6, ...) to (4, ...)."""
    made0, made1, made2, made3, made4, made5 = made.unbind()
    out0, out1, out2, out3 = out.unbind()
    near, near_gap, far, far_gap = made1 + made2, made1 - made2, made3 + made4, made3 - made4
    torch.add(near, far, out=out0).add_(made0)
    torch.add(near_gap, far_gap, alpha=2, out=out1)
    torch.add(near, far, alpha=4, out=out2)
    torch.add(near_gap, far_gap, alpha=8, out=out3).add_(made5)
