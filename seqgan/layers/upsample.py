"""Nearest upsampling by two followed by a 3x3 convolution, as one layer with a share of the multiplications.

Where the weights no longer change, `fold_upsampling` turns these layers into plain transposed convolutions.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

MANY = 2**17
"""Kernels of a layer up to which `fold_upsampling` is worth it."""
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
        return (by_products if x.shape[2] * x.shape[3] <= SMALL else by_folding)(x, self.weight)


def make_plain(module: nn.Module) -> None:
    """Contiguous in memory, and every `UpsampleConv2d` inside takes both steps, in place: the form to compare with."""
    module.to(memory_format=torch.contiguous_format)
    for layer in module.modules():
        if isinstance(layer, UpsampleConv2d):
            layer.plain = True


def fold_upsampling(module: nn.Module) -> None:
    """Replace every `UpsampleConv2d` inside by a transposed convolution with the weights that it has now, in place.

    Those with many weights, which work on few pixels, take both steps: reading the weights is their work, and a
    transposed convolution has 16 where the other has nine.
    """
    for parent in list(module.modules()):
        for name, layer in parent.named_children():
            if isinstance(layer, UpsampleConv2d):
                layer.plain = layer.in_channels * layer.out_channels > MANY
                setattr(parent, name, layer if layer.plain else _transposed(layer))


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
