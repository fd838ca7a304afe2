"""Words and frozen vectors hidden by chance, so that either kind of input is learnt without the other (house)."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

UNKNOWN = 1
"""The number of a hidden word, as of one that a vocabulary does not hold."""


def drop_words(
    tokens: Tensor, frozen: Tensor, whole: Sequence[int], own: slice, noise: torch.Generator
) -> tuple[Tensor, Tensor]:  # fmt: skip
    """Hide one word in fifty always; where a sentence has its frozen vector, all words in one sentence of seven, and
    the vector in one of two.

    tokens (N, ..., L) int64, frozen (N, ..., 512), zeros where it is not given; `whole`: (batch, ...) of the whole
    batch, of which these are the rows at `own`: chance is drawn for all of it. Returns both, some of it hidden.
    """
    given = frozen.abs().sum(-1, keepdim=True).cpu() > 0  # (N, ..., 1)
    chance = torch.rand(*whole, 1, generator=noise)[own]
    hide = (torch.rand(*whole, tokens.shape[-1], generator=noise)[own] < 0.02) | (given & (chance < 1 / 7))
    keep = (chance < 0.5).to(frozen.device)
    return tokens.masked_fill(hide.to(tokens.device) & (tokens > 0), UNKNOWN), frozen * keep
