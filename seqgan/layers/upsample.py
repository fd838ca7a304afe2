"""Nearest upsampling by two followed by a 3x3 convolution, as one layer with a share of the multiplications.

Where the weights no longer change, `fold_upsampling` gives these layers the form that draws fastest.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from seqgan.layers.swap import swap

MANY = 2**16
"""Kernels of a layer up to which a transposed convolution is worth its larger weights."""
SMALL = 64
"""Pixels of a map up to which `by_products` is the faster way: it saves more products and writes more numbers."""


class UpsampleConv2d(nn.Conv2d):
    """Upsample x2 (nearest), then convolve 3x3 without bias; the weight is that of the convolution.

    `reflect`: the enlarged map is padded by reflection instead of zeros. Of the 3x3 pixels under a kernel some are
    copies of one another, so that less than nine products a pixel will do. The result is equal within rounding (house),
    channels last in memory. `plain` takes both steps as named.
    """

    plain = False

    def __init__(self, ins: int, outs: int, reflect: bool = False) -> None:
        super().__init__(ins, outs, 3, 1, 1, bias=False, padding_mode="reflect" if reflect else "zeros")

    def forward(self, input: Tensor) -> Tensor:
        """(N, Ci, H, W) to (N, Co, 2H, 2W)."""
        if self.plain:
            return super().forward(F.interpolate(input, scale_factor=2.0, mode="nearest"))
        x = input.contiguous(memory_format=torch.channels_last)
        if self.padding_mode == "reflect":  # the reflection of an enlarged map is the enlargement of copied borders
            return by_folding(F.pad(x, (1, 1, 1, 1), mode="replicate"), self.weight, 3)
        if x.shape[2] * x.shape[3] <= SMALL:
            return by_products(x, product_kernels(self.weight))
        return by_folding(x, self.weight)


def make_plain(module: nn.Module) -> None:
    """Contiguous in memory, and every `UpsampleConv2d` inside takes both steps, in place: the form to compare with."""
    module.to(memory_format=torch.contiguous_format)
    for layer in module.modules():
        if isinstance(layer, UpsampleConv2d):
            layer.plain = True


def fold_upsampling(module: nn.Module) -> None:
    """Replace every `UpsampleConv2d` inside by a form that has the weights it has now, in place: a transposed
    convolution.

    Those with very many weights work on few pixels, and reading the weights is their work: a transposed convolution has
    16 where the others have nine. They take nine products.
    """
    swap(module, lambda layer: _folded(layer) if isinstance(layer, UpsampleConv2d) else None)


def _folded(layer: UpsampleConv2d) -> nn.Module:
    return _transposed(layer) if layer.in_channels * layer.out_channels <= MANY else UpsampleProducts(layer)


class UpsampleProducts(nn.Module):
    """`by_products` with the kernels of an `UpsampleConv2d` as it is now."""

    def __init__(self, layer: UpsampleConv2d) -> None:
        super().__init__()
        self.reflect = layer.padding_mode == "reflect"
        self.kernels = nn.ParameterList(product_kernels(layer.weight.detach()))
        self.train(layer.training)

    def forward(self, input: Tensor) -> Tensor:
        """(N, Ci, H, W) to (N, Co, 2H, 2W)."""
        return by_products(input, tuple(self.kernels), self.reflect)


class _FoldedReflect(nn.ConvTranspose2d):
    """What `by_folding` does for a map that is padded by reflection."""

    def forward(self, input: Tensor, output_size: list[int] | None = None) -> Tensor:
        return super().forward(F.pad(input, (1, 1, 1, 1), mode="replicate"), output_size)


def _transposed(layer: UpsampleConv2d) -> nn.ConvTranspose2d:
    kind, crop = (_FoldedReflect, 3) if layer.padding_mode == "reflect" else (nn.ConvTranspose2d, 1)
    with torch.device("meta"):
        folded = kind(layer.in_channels, layer.out_channels, 4, 2, crop, bias=False)
    folded.weight = nn.Parameter(taps(layer.weight.detach()).transpose(0, 1).contiguous())
    return folded.train(layer.training)


def by_folding(x: Tensor, weight: Tensor, crop: int = 1) -> Tensor:
    """Weights of equal pixels added up first: a transposed convolution 4/2/1, four products a pixel.

    x (N, Ci, H, W), weight (Co, Ci, 3, 3); returns (N, Co, 2H, 2W), less what `crop` is above 1 on every side.
    """
    return F.conv_transpose2d(x, taps(weight).transpose(0, 1), stride=2, padding=crop)


def taps(weight: Tensor) -> Tensor:
    """(Co, Ci, 3, 3) to (Co, Ci, 4, 4): along each axis w2, w1 + w2, w0 + w1, w0."""
    axis = weight.new_tensor([[0, 0, 1], [0, 1, 1], [1, 1, 0], [1, 0, 0]])
    return (weight.reshape(-1, 9) @ torch.kron(axis, axis).T).reshape(*weight.shape[:2], 4, 4)


def by_products(x: Tensor, kernels: tuple[Tensor, ...], reflect: bool = False) -> Tensor:
    """Nine products a pixel of x, 9/4 a pixel of the result (after Winograd's minimal filtering).

    x (N, Ci, H, W), kernels as `product_kernels` gives them. Along one axis, with S = w0 + w1 + w2,

        y[2i]     = S x[i] - w0 (x[i] - x[i - 1])
        y[2i + 1] = S x[i] + w2 (x[i + 1] - x[i])

    takes three products for two results; in two axes the differences along rows, columns and both are taken. At a
    border that is padded by reflection there is no difference (see `UpsampleConv2d`).
    """
    still, rows, columns, both = kernels
    outs, (height, width) = still.shape[0], x.shape[2:]
    x = x.permute(0, 2, 3, 1).contiguous()  # (N, H, W, Ci)
    down = _differences(x, 1, reflect)  # (N, H + 1, W, Ci)
    across, diagonal = (_differences(part, 2, reflect) for part in (x, down))  # (N, H or H + 1, W + 1, Ci)
    middle = F.linear(x, still)  # (N, H, W, Co)
    vertical = F.linear(down, rows).unflatten(3, (2, outs))  # (N, H + 1, W, 2, Co)
    horizontal = F.linear(across, columns).unflatten(3, (2, outs))  # (N, H, W + 1, 2, Co)
    corners = F.linear(diagonal, both).unflatten(3, (2, 2, outs))  # (N, H + 1, W + 1, 2, 2, Co)
    lines = []
    for p in (0, 1):
        line = middle + vertical[:, p : p + height, :, p]
        pair = [line + horizontal[:, :, q : q + width, q] + corners[:, p : p + height, q : q + width, p, q]
                for q in (0, 1)]  # fmt: skip
        lines.append(torch.stack(pair, 3))  # (N, H, W, 2, Co)
    result = torch.stack(lines, 2).flatten(3, 4).flatten(1, 2)  # (N, 2H, 2W, Co)
    return result.permute(0, 3, 1, 2)


def _differences(x: Tensor, axis: int, reflect: bool) -> Tensor:
    """Along an axis of (N, H, W, C), those to what lies beyond its ends with them: to zeros, or to equal numbers."""
    ends = (0, 0) * (3 - axis) + (1, 1)
    return F.pad(x.diff(dim=axis), ends) if reflect else F.pad(x, ends).diff(dim=axis)


def product_kernels(weight: Tensor) -> tuple[Tensor, ...]:
    """(Co, Ci, 3, 3) to the matrices of the nine products, S, -w0, w2 along each axis: both axes S (Co, Ci), rows and
    columns (2 Co, Ci) each, both (4 Co, Ci)."""
    outs = weight.shape[0]
    axis = weight.new_tensor([[1, 1, 1], [-1, 0, 0], [0, 0, 1]])
    order = [0, 3, 6, 1, 2, 4, 5, 7, 8]  # both axes S; rows; columns; both
    kernels = (torch.kron(axis, axis)[order] @ weight.reshape(-1, 9).T).reshape(-1, weight.shape[1])
    return kernels.split([outs, 2 * outs, 2 * outs, 4 * outs])
