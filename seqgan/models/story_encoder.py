"""The story encoder: what has been told so far, as a Gaussian code."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from seqgan.layers.conditioning import ConditioningAugmentation


class CausalStoryEncoder(nn.Module):
    """StoryGAN's h_0 = mu(S) + sigma(S) eps over the sentences told so far (house: causal, any number of panels).

    The paper's encoder is a fixed-length MLP on all sentences; here a GRU over sentences 1 to k gives the code of
    panel k, so that a later sentence never redraws an earlier panel.
    """

    def __init__(self, sent_size: int, size: int, code: int) -> None:
        super().__init__()
        self.gru = nn.GRU(sent_size, size, batch_first=True)
        self.augment = ConditioningAugmentation(size, code)

    def forward(
        self, sent_emb: Tensor, eps: Tensor | None, before: Tensor | None = None
    ) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """sent_emb (B, T, Dt), eps (B, T, Dc) or None, before (B, size) after earlier sentences or None; returns states
        (B, T, size), code, mu, logvar (B, T, Dc)."""
        states, _ = self.gru(sent_emb, None if before is None else before[None])
        code, mu, logvar = self.augment(torch.relu(states), eps)
        return states, code, mu, logvar
