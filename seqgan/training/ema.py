"""A running average of a generator's weights."""

from __future__ import annotations

import copy

import torch
from torch import nn


class Ema:
    """Exponential moving average with a half-life in images; batch-norm statistics are copied."""

    def __init__(self, model: nn.Module, half_life: int) -> None:
        self.half_life = half_life
        self.model = copy.deepcopy(model).eval().requires_grad_(False)

    @torch.no_grad()
    def update(self, model: nn.Module, images: int, seen: int) -> None:
        """Move towards `model` after a step of `images`; early on (`seen` small) the average is short (ramp-up 5 %)."""
        half_life = max(min(self.half_life, seen * 0.05), 1)
        decay = 0.5 ** (images / half_life)
        for average, parameter in zip(self.model.parameters(), model.parameters(), strict=True):
            average.lerp_(parameter, 1 - decay)
        for average, buffer in zip(self.model.buffers(), model.buffers(), strict=True):
            average.copy_(buffer)
