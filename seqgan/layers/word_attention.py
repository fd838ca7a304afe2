"""Attention of the places of a map on the words of a caption (AttnGAN, Xu et al. 2018, eq. 2)."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn


class WordAttention(nn.Module):
    """Every place of a map asks for its mixture of words; words that are padding have no part in it.

    The released code lays the padding of one caption over the places of another (its issue 93): `legacy_mask` does so
    too. With one caption in the batch, or all of one length, both agree.
    """

    def __init__(self, width: int, text: int) -> None:
        super().__init__()
        self.conv_context = nn.Conv2d(text, width, 1, bias=False)

    def forward(
        self, maps: Tensor, words: Tensor, pad_mask: Tensor, legacy_mask: bool = False
    ) -> tuple[Tensor, Tensor]:
        """maps (B, C, H, W), words (B, D, L), pad_mask (B, L), True = padding, at least one False a row; returns the
        context (B, C, H, W) and the attention (B, L, H, W), which sums to 1 over words."""
        shape, keys = maps.shape[2:], self.conv_context(words[..., None])[..., 0].to(maps.dtype)  # (B, C, L)
        scores = (keys.transpose(1, 2) @ maps.flatten(2)).float()  # (B, L, H * W)
        hidden = _tiled(pad_mask, scores.shape[2]) if legacy_mask else pad_mask[:, :, None]
        attention = F.softmax(scores.masked_fill(hidden, float("-inf")), 1)  # (B, L, H * W)
        context = attention.to(maps.dtype).transpose(1, 2) @ keys.transpose(1, 2)  # (B, H * W, C)
        return context.unflatten(1, shape).permute(0, 3, 1, 2), attention.unflatten(2, shape)


def _tiled(pad_mask: Tensor, places: int) -> Tensor:
    """(B, L) to (B, L, places) in the released order: the captions follow one another from place to place."""
    order = torch.arange(len(pad_mask) * places, device=pad_mask.device) % len(pad_mask)
    return pad_mask[order].reshape(-1, places, pad_mask.shape[1]).transpose(1, 2)
