"""Separable resampling of pictures into rectangles of a frame, differentiable in pictures and rectangles."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor


def resample(pictures: Tensor, boxes: Tensor, size: Sequence[int]) -> Tensor:
    """Lay pictures (M, C, h, w) into boxes (M, 4) of frames of `size` (H, W), nothing around: (M, C, H, W), float32."""
    down = _taps(boxes[:, 1], boxes[:, 3], size[0], pictures.shape[2])  # (M, H, h)
    along = _taps(boxes[:, 0], boxes[:, 2], size[1], pictures.shape[3])  # (M, W, w)
    with torch.autocast(pictures.device.type, enabled=False):
        rows = down[:, None] @ pictures.float()  # (M, C, H, w)
        return rows @ along.transpose(1, 2)[:, None]  # (M, C, H, W)


def _taps(middle: Tensor, extent: Tensor, outs: int, ins: int) -> Tensor:
    """Weights (M, outs, ins) that lay `ins` samples over a span of a frame of `outs`: a triangle filter, never narrower
    than a pixel on either side. `middle` and `extent` (M,) of the span are shares of the frame."""
    extent = extent.float().clamp(min=0.02)
    centres = (torch.arange(outs, device=middle.device) + 0.5) / outs  # (outs,)
    at = (centres - middle.float()[:, None] + extent[:, None] / 2) / extent[:, None] * ins - 0.5  # (M, outs)
    reach = (ins / (extent * outs)).clamp(min=1.0)[:, None, None]
    distance = at[..., None] - torch.arange(ins, device=middle.device)
    return (1 - distance.abs() / reach).clamp(min=0) / reach
