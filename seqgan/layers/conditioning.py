"""Conditioning augmentation and its divergence (StackGAN, Zhang et al. 2017, eq. 2)."""

from __future__ import annotations

import torch
from torch import Tensor, nn


class ConditioningAugmentation(nn.Module):
    """A Gaussian N(mu, diag exp(logvar)) predicted from a vector, sampled with the noise it is given.

    No activation on mu and logvar by default (the ReLU of the released codes keeps both from going below zero).
    """

    def __init__(self, in_features: int, out_features: int, activation: nn.Module | None = None) -> None:
        super().__init__()
        self.fc = nn.Linear(in_features, 2 * out_features)
        self.activation = activation or nn.Identity()

    def forward(self, x: Tensor, eps: Tensor | None) -> tuple[Tensor, Tensor, Tensor]:
        """x (..., D), eps (..., Dc) or None for the mean; returns cond, mu, logvar, each (..., Dc)."""
        mu, logvar = self.activation(self.fc(x).float()).chunk(2, dim=-1)
        cond = mu if eps is None else mu + torch.exp(0.5 * logvar) * eps
        return cond, mu, logvar
