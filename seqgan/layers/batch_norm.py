"""Batch norm whose statistics are those of the whole batch when several processes share it (torch's own wants CUDA)."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor, nn

Reduce = Callable[[Tensor], Tensor]
"""The sum of a tensor over all processes, differentiable."""


class SharedBatchNorm2d(nn.BatchNorm2d):
    """As `nn.BatchNorm2d`, with sums over all processes in training mode; the same parameters, buffers and names."""

    reduce: Reduce

    def forward(self, input: Tensor) -> Tensor:
        """(N, C, H, W) to the same; N may differ among the processes."""
        if not self.training:
            return super().forward(input)
        flat = input.float()
        sums = torch.cat([flat.sum((0, 2, 3)), flat.square().sum((0, 2, 3)), _count(flat)])
        sums = self.reduce(sums)  # (2C + 1,)
        mean, square = (sums[:-1] / sums[-1]).chunk(2)
        variance = square - mean.square()
        self._remember(mean.detach(), variance.detach(), sums[-1].detach())
        scale = self.weight * torch.rsqrt(variance + self.eps)
        shift = self.bias - mean * scale
        return (flat * scale[:, None, None] + shift[:, None, None]).to(input.dtype)

    @torch.no_grad()
    def _remember(self, mean: Tensor, variance: Tensor, count: Tensor) -> None:
        assert self.running_mean is not None and self.running_var is not None, "made from a norm that keeps statistics"
        assert self.momentum is not None and self.num_batches_tracked is not None
        self.num_batches_tracked.add_(1)
        self.running_mean.lerp_(mean, self.momentum)
        self.running_var.lerp_(variance * count / (count - 1).clamp(min=1), self.momentum)


def _count(x: Tensor) -> Tensor:
    return torch.tensor([float(x.shape[0] * x.shape[2] * x.shape[3])], device=x.device)


def share_batch_norm(module: nn.Module, reduce: Reduce) -> None:
    """Turn every `nn.BatchNorm2d` inside `module` into a `SharedBatchNorm2d`, in place."""
    for child in module.modules():
        if type(child) is nn.BatchNorm2d:
            child.__class__ = SharedBatchNorm2d
            object.__setattr__(child, "reduce", reduce)
