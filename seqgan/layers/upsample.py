"""Nearest upsampling by two followed by a 3x3 convolution, as one layer with a share of the multiplications."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

SMALL = 64
"""Pixels of a map up to which `by_products` is the faster way: it saves more products and writes more numbers."""


class UpsampleConv2d(nn.Conv2d):
    """Upsample x2 (nearest), then convolve 3x3 with padding 1 and no bias; the weight is that of the convolution.

    Of the 3x3 pixels under a kernel some are copies of one another, so that less than nine products a pixel will do.
    The result is equal within rounding (house), channels last in memory. `plain` takes both steps as named.
    """

    plain = False

    def __init__(self, ins: int, outs: int) -> None:
        super().__init__(ins, outs, 3, 1, 1, bias=False)

    def forward(self, input: Tensor) -> Tensor:
        """(N, Ci, H, W) to (N, Co, 2H, 2W)."""
        if self.plain:
            return super().forward(F.interpolate(input, scale_factor=2.0, mode="nearest"))
        x = input.contiguous(memory_format=torch.channels_last)
        return (by_products if x.shape[2] * x.shape[3] <= SMALL else by_folding)(x, self.weight)


def by_folding(x: Tensor, weight: Tensor) -> Tensor:
    """Weights of equal pixels added up first: a transposed convolution 4/2/1, four products a pixel.

    x (N, Ci, H, W), weight (Co, Ci, 3, 3); along each axis its four taps are w2, w1 + w2, w0 + w1, w0.
    """
    axis = weight.new_tensor([[0, 0, 1], [0, 1, 1], [1, 1, 0], [1, 0, 0]])
    taps = (weight.reshape(-1, 9) @ torch.kron(axis, axis).T).reshape(*weight.shape[:2], 4, 4)
    return F.conv_transpose2d(x, taps.transpose(0, 1), stride=2, padding=1)


def by_products(x: Tensor, weight: Tensor) -> Tensor:
    """Nine products a pixel of x, 9/4 a pixel of the result (after Winograd's minimal filtering).

    x (N, Ci, H, W), weight (Co, Ci, 3, 3). Along one axis, with S = w0 + w1 + w2,

        y[2i]     = S x[i] - w0 (x[i] - x[i - 1])
        y[2i + 1] = S x[i] + w2 (x[i + 1] - x[i])

    takes three products for two results; in two axes the differences along rows, columns and both are taken.
    """
    outs, (height, width) = weight.shape[0], x.shape[2:]
    still, rows, columns, both = _kernels(weight).split([outs, 2 * outs, 2 * outs, 4 * outs])
    down = F.pad(x, (0, 0, 1, 1)).diff(dim=2)  # (N, Ci, H + 1, W)
    across, diagonal = (F.pad(part, (1, 1)).diff(dim=3) for part in (x, down))  # (N, Ci, H or H + 1, W + 1)
    middle = F.conv2d(x, still)  # (N, Co, H, W)
    vertical = F.conv2d(down, rows).unflatten(1, (2, outs))  # (N, 2, Co, H + 1, W)
    horizontal = F.conv2d(across, columns).unflatten(1, (2, outs))  # (N, 2, Co, H, W + 1)
    corners = F.conv2d(diagonal, both).unflatten(1, (2, 2, outs))  # (N, 2, 2, Co, H + 1, W + 1)
    lines = []
    for p in (0, 1):
        line = middle + vertical[:, p, :, p : p + height]
        parts = ((horizontal[:, q, :, :, q:], corners[:, p, q, :, p : p + height, q:]) for q in (0, 1))
        pair = [line + across[..., :width] + corner[..., :width] for across, corner in parts]
        lines.append(torch.stack(pair, 4))  # (N, Co, H, W, 2)
    result = torch.stack(lines, 3).flatten(4, 5).flatten(2, 3)  # (N, Co, 2H, 2W)
    return result.contiguous(memory_format=torch.channels_last)


def _kernels(weight: Tensor) -> Tensor:
    """(Co, Ci, 3, 3) to the 1x1 kernels of the nine products, (9 Co, Ci, 1, 1): S, -w0, w2 along each axis."""
    axis = weight.new_tensor([[1, 1, 1], [-1, 0, 0], [0, 0, 1]])
    order = [0, 3, 6, 1, 2, 4, 5, 7, 8]  # both axes S; rows; columns; both
    return (torch.kron(axis, axis)[order] @ weight.reshape(-1, 9).T).reshape(-1, weight.shape[1], 1, 1)
