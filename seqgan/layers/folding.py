"""A network made for drawing: the same numbers in eval mode by less work and fewer passes over memory.

fast = fold(network.eval())
"""

from __future__ import annotations

from copy import deepcopy
from typing import TypeVar

from torch import nn
from torch.nn.utils import parametrize
from torch.nn.utils.fusion import fuse_conv_bn_eval, fuse_linear_bn_eval

from seqgan.errors import InputError
from seqgan.layers.products import use_products
from seqgan.layers.upsample import fold_upsampling
from seqgan.layers.winograd import use_winograd

M = TypeVar("M", bound=nn.Module)
Convolution = nn.Conv1d | nn.Conv2d | nn.Conv3d | nn.ConvTranspose1d | nn.ConvTranspose2d | nn.ConvTranspose3d
Norm = nn.BatchNorm1d | nn.BatchNorm2d | nn.BatchNorm3d


def fold(module: M) -> M:
    """Return a copy of a network in eval mode, folded: batch norms into the convolution or linear layer before them,
    upsampling into the convolution behind it (`fold_upsampling`), convolutions of few pixels into products
    (`ProductConv2d`), those of many channels into tiles (`WinogradConv2d`).

    In eval mode a batch norm is y = gamma (x - mean) / sqrt(var + eps) + beta with fixed numbers, so W and b before it
    become gamma / sqrt(var + eps) W and gamma (b - mean) / sqrt(var + eps) + beta. Equal to the plain network within
    rounding. Folded are neighbours in an `nn.Sequential`, the norm's place being taken by an identity. A norm with
    nothing to fold into (the first of its block), one without running statistics, one behind a parametrised layer
    (spectral norm) and one behind a grouped transposed convolution stay as they are. Source: house, on
    torch.nn.utils.fusion.

    Raises:
        InputError: if a part of the network is in training mode, where a norm depends on its batch.
    """
    if training := [name or type(part).__name__ for name, part in module.named_modules() if part.training]:
        raise InputError(f"{training[0]} is in training mode, expected eval mode: call eval() on the network first")
    folded = deepcopy(module)
    fold_upsampling(folded)
    for block in [part for part in folded.modules() if isinstance(part, nn.Sequential)]:
        for number in range(len(block) - 1):
            if (both := _fold(block[number], block[number + 1])) is not None:
                block[number], block[number + 1] = both, nn.Identity().eval()
    use_products(folded)
    use_winograd(folded)
    return folded


def _fold(layer: nn.Module, norm: nn.Module) -> nn.Module | None:
    """Both as one layer; None where they cannot be one."""
    if not isinstance(norm, Norm) or norm.running_mean is None or parametrize.is_parametrized(layer):
        return None
    if isinstance(layer, nn.Linear) and isinstance(norm, nn.BatchNorm1d):
        return fuse_linear_bn_eval(layer, norm)
    if isinstance(layer, Convolution) and not (layer.transposed and layer.groups > 1):
        return fuse_conv_bn_eval(layer, norm, transpose=layer.transposed)
    return None
