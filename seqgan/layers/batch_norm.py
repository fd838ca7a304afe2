"""Batch norm whose statistics are those of the whole batch when several processes share it (torch's own wants CUDA)."""

from __future__ import annotations

from collections.abc import Callable

import torch
import torch.nn.functional as F
from torch import Tensor, nn

Norm = nn.BatchNorm1d | nn.BatchNorm2d | nn.BatchNorm3d
Reduce = Callable[[Tensor], Tensor]
"""The sum of a tensor over all processes, differentiable."""


class LoneBatchNorm1d(nn.BatchNorm1d):
    """As `nn.BatchNorm1d`, but a lone row, which in training mode has nothing to be compared with, is normalised by the
    running statistics in place of an error."""

    def forward(self, input: Tensor) -> Tensor:
        """(N, C) to the same."""
        if not self.training or len(input) > 1:
            return super().forward(input)
        return F.batch_norm(input, self.running_mean, self.running_var, self.weight, self.bias, eps=self.eps)


class SharedBatchNorm1d(nn.BatchNorm1d):
    """As `nn.BatchNorm1d`, with sums over all processes in training mode; the same parameters, buffers and names."""

    reduce: Reduce

    def forward(self, input: Tensor) -> Tensor:
        """(N, C) to the same; N may differ among the processes."""
        return _normed(self, input, self.reduce) if self.training else super().forward(input)


class SharedBatchNorm2d(nn.BatchNorm2d):
    """The same of `nn.BatchNorm2d`."""

    reduce: Reduce

    def forward(self, input: Tensor) -> Tensor:
        """(N, C, H, W) to the same; N may differ among the processes."""
        return _normed(self, input, self.reduce) if self.training else super().forward(input)


class SharedBatchNorm3d(nn.BatchNorm3d):
    """The same of `nn.BatchNorm3d`."""

    reduce: Reduce

    def forward(self, input: Tensor) -> Tensor:
        """(N, C, T, H, W) to the same; N may differ among the processes."""
        return _normed(self, input, self.reduce) if self.training else super().forward(input)


SHARED: dict[type[nn.Module], type[nn.Module]] = {
    nn.BatchNorm1d: SharedBatchNorm1d,
    LoneBatchNorm1d: SharedBatchNorm1d,
    nn.BatchNorm2d: SharedBatchNorm2d,
    nn.BatchNorm3d: SharedBatchNorm3d,
}


def _normed(norm: Norm, input: Tensor, reduce: Reduce) -> Tensor:
    flat, over = input.float(), (0, *range(2, input.dim()))
    count = torch.tensor([float(flat.numel() // flat.shape[1])], device=flat.device)
    sums = reduce(torch.cat([flat.sum(over), count]))  # (C + 1,)
    mean = sums[:-1] / sums[-1]
    centred = flat - _channels(mean, flat)
    variance = reduce(centred.square().sum(over)) / sums[-1]  # second, for mean squares less squared means lose digits
    _remember(norm, mean.detach(), variance.detach(), sums[-1].detach())
    scale = norm.weight * torch.rsqrt(variance + norm.eps)
    return (centred * _channels(scale, flat) + _channels(norm.bias, flat)).to(input.dtype)


def _channels(values: Tensor, like: Tensor) -> Tensor:
    """(C,) to a shape that goes with (N, C, ...)."""
    return values.reshape(-1, *(1,) * (like.dim() - 2))


@torch.no_grad()
def _remember(norm: Norm, mean: Tensor, variance: Tensor, count: Tensor) -> None:
    assert norm.running_mean is not None and norm.running_var is not None, "made from a norm that keeps statistics"
    assert norm.momentum is not None and norm.num_batches_tracked is not None
    norm.num_batches_tracked.add_(1)
    norm.running_mean.lerp_(mean, norm.momentum)
    norm.running_var.lerp_(variance * count / (count - 1).clamp(min=1), norm.momentum)


def share_batch_norm(module: nn.Module, reduce: Reduce) -> None:
    """Turn every batch norm inside `module` into its shared form, in place."""
    for child in module.modules():
        shared = SHARED.get(type(child), type(child))
        if shared in SHARED.values():
            child.__class__ = shared
            object.__setattr__(child, "reduce", reduce)
