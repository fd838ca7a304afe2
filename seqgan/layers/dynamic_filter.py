"""Convolution by a kernel of each sample's own: the operation of Text2Gist and Text2Filter."""

from __future__ import annotations

import torch.nn.functional as F
from torch import Tensor


def per_sample_conv2d(signal: Tensor, kernels: Tensor) -> Tensor:
    """Convolve every map with its own kernels, zero padding, stride 1 (StoryGAN eq. o_t = Filter(i_t) * h_t, in 2-D).

    signal (B, Ci, h, w), kernels (B, Co, Ci, k, k) with odd k; returns (B, Co, h, w). One grouped convolution, so that
    channel j of sample b is the sum over i of signal[b, i] convolved with kernels[b, j, i]: no broadcasting of kernels
    over patches, as in the released StoryGAN code.
    """
    batch, ins, height, width = signal.shape
    outs, size = kernels.shape[1], kernels.shape[-1]
    stacked = signal.reshape(1, batch * ins, height, width)
    filters = kernels.reshape(batch * outs, ins, size, size)
    result = F.conv2d(stacked, filters, padding=size // 2, groups=batch)
    return result.reshape(batch, outs, height, width)


def per_sample_conv1d(signal: Tensor, kernels: Tensor, padding: int = 0) -> Tensor:
    """The same along one axis: signal (B, Ci, n), kernels (B, Co, Ci, k); returns (B, Co, n + 2 padding - k + 1)."""
    batch, ins, length = signal.shape
    stacked = signal.reshape(1, batch * ins, length)
    result = F.conv1d(stacked, kernels.flatten(0, 1), padding=padding, groups=batch)
    return result.reshape(batch, kernels.shape[1], -1)
