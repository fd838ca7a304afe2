"""What a device can do: the best rate of 3x3 convolutions, against which shares of a peak are measured."""

from __future__ import annotations

import statistics
import time

import torch
import torch.nn.functional as F

CONVOLUTIONS = ((128, 64), (256, 32), (512, 16))
"""Channels and pixels a side of the 3x3 convolutions whose best rate is the peak (house)."""
BATCHES = {"cuda": 64, "cpu": 4}
"""Pictures a convolution: on a CPU few are enough to keep it busy."""


def convolution_peak(device: torch.device, dtype: torch.dtype, repeats: int) -> float:
    """FLOP/s of the best of CONVOLUTIONS, channels-last; the median of ``repeats`` after one that warms up."""
    batch, best = BATCHES.get(device.type, 4), 0.0
    for channels, side in CONVOLUTIONS:
        x = torch.randn(batch, channels, side, side, device=device, dtype=dtype)
        weight = torch.randn(channels, channels, 3, 3, device=device, dtype=dtype)
        x, weight = (tensor.to(memory_format=torch.channels_last) for tensor in (x, weight))
        spent = [_seconds(x, weight) for _ in range(1 + repeats)]
        best = max(best, 2 * 9 * channels**2 * side**2 * batch / statistics.median(spent[1:]))
    return best


def settle(device: torch.device) -> None:
    """Wait for what a device has been told to do."""
    if device.type == "cuda":
        torch.cuda.synchronize(device)


def _seconds(x: torch.Tensor, weight: torch.Tensor) -> float:
    started = time.perf_counter()
    F.conv2d(x, weight, padding=1)
    settle(x.device)
    return time.perf_counter() - started
