"""Words and frozen vectors hidden by chance, so that either kind of input is learnt without the other (house)."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

UNKNOWN = 1
"""The number of a hidden word, as of one that a vocabulary does not hold."""
ALONE = 1 / 7
"""The share of sentences that are told by their frozen vector alone, of those that have one."""


def drop_words(
    tokens: Tensor, frozen: Tensor, whole: Sequence[int], own: slice, noise: torch.Generator
) -> tuple[Tensor, Tensor]:  # fmt: skip
    """Hide one word in fifty always; where a sentence has its frozen vector, all words in one sentence of seven, and
    the vector in one of two.

    tokens (N, ..., L) int64, frozen (N, ..., 512), zeros where it is not given; `whole`: (batch, ...) of the whole
    batch, of which these are the rows at `own`: chance is drawn for all of it. Returns both, some of it hidden.
    """
    chance = torch.rand(*whole, 1, generator=noise)[own]
    hide = (torch.rand(*whole, tokens.shape[-1], generator=noise)[own] < 0.02) | (_given(frozen) & (chance < ALONE))
    return _hidden(tokens, hide), frozen * (chance < 0.5).to(frozen.device)


def words_or_vector(
    tokens: Tensor, frozen: Tensor, whole: Sequence[int], own: slice, noise: torch.Generator
) -> tuple[Tensor, Tensor]:  # fmt: skip
    """Tell every sentence by its words or by its frozen vector, one of seven that has one by the vector; arguments as
    of `drop_words`. Beside words that are hidden (`hide_words`) a vector would tell what they say."""
    alone = _given(frozen) & (torch.rand(*whole, 1, generator=noise)[own] < ALONE)
    return _hidden(tokens, alone), frozen * alone.to(frozen.device)


def hide_words(tokens: Tensor, share: float, whole: Sequence[int], own: slice, noise: torch.Generator) -> Tensor:
    """Hide this share of words, each by chance; tokens (N, ..., L) int64, `whole`, `own` as of `drop_words`."""
    return _hidden(tokens, torch.rand(*whole, tokens.shape[-1], generator=noise)[own] < share)


def _given(frozen: Tensor) -> Tensor:
    """Which sentences have their frozen vector: (N, ..., 1) bool, on the CPU, where chance is drawn."""
    return frozen.abs().sum(-1, keepdim=True).cpu() > 0


def _hidden(tokens: Tensor, hide: Tensor) -> Tensor:
    """Tokens, those hidden that `hide` (N, ..., L or 1) says; padding stays."""
    return tokens.masked_fill(hide.to(tokens.device) & (tokens > 0), UNKNOWN)
