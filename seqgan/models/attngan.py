"""AttnGAN (Xu et al. 2018): a sentence gives a small picture, its words guide two enlargements of it.

The names of the parts are those of the released code; a checkpoint of it loads as it is. House: any number of stages of
any size, a mask of the words that belongs to its caption, and all noise given. Encoders and the matching loss (DAMSM)
stand in `seqgan.models.damsm` and `seqgan.losses.damsm`.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from seqgan.layers.blocks import same_block_leaky
from seqgan.layers.glu_blocks import (
    FirstStage,
    GluConditioning,
    ImageHead,
    ResidualGlu,
    StageTrunk,
    init_orthogonal,
    logit_head,
    tiled,
    up_block_glu,
)
from seqgan.layers.word_attention import WordAttention


@dataclass(frozen=True)
class AttnGANSizes:
    """Every size of the system; those released for birds are the defaults (COCO: width 48, d_width 96, residuals 3)."""

    text: int = 256
    cond: int = 100
    z: int = 100
    width: int = 32
    residuals: int = 2
    scales: tuple[int, ...] = (64, 128, 256)
    """Pixels a side of every stage's picture, each twice the one before."""
    d_width: int = 64
    legacy_mask: bool = False
    """The released order of the mask, see `WordAttention`."""


@dataclass(frozen=True)
class AttnGANFrames:
    """What the generator gives.

    images: pictures by pixels a side, (B, 3, S, S) in [-1, 1]. attention: of each map that was enlarged, by its pixels
    a side, which words its places read, (B, L, S, S). mu, logvar: the Gaussian of the condition, (B, Dc) each.
    """

    images: dict[int, Tensor]
    attention: dict[int, Tensor]
    mu: Tensor
    logvar: Tensor


class AttnGANGenerator(nn.Module):
    """A sentence, its words and noise to a picture a stage."""

    def __init__(self, sizes: AttnGANSizes) -> None:
        super().__init__()
        self.sizes = sizes
        self.ca_net = GluConditioning(sizes.text, sizes.cond)
        for k, scale in enumerate(sizes.scales, 1):
            first = k == 1
            stage = FirstStage(sizes.cond + sizes.z, sizes.width, scale) if first else AttentionStage(sizes)
            self.add_module(f"h_net{k}", stage)
            self.add_module(f"img_net{k}", ImageHead(sizes.width))
        self.apply(init_orthogonal)

    def forward(self, z: Tensor, sent: Tensor, eps: Tensor | None, words: Tensor, pad_mask: Tensor) -> AttnGANFrames:
        """z (B, Dz), sent (B, Dt), eps (B, Dc) or None for the mean condition, words (B, Dt, L), pad_mask (B, L) with
        True for padding."""
        cond, mu, logvar = self.ca_net(sent, eps)  # (B, Dc) each
        images: dict[int, Tensor] = {}
        attention: dict[int, Tensor] = {}
        maps = torch.cat([cond, z], 1)  # (B, Dc + Dz), then (B, W, S, S)
        for k, scale in enumerate(self.sizes.scales, 1):
            stage, head = self.get_submodule(f"h_net{k}"), self.get_submodule(f"img_net{k}")
            if k == 1:
                maps = stage(maps)
            else:
                maps, attention[scale // 2] = stage(maps, words, pad_mask)
            images[scale] = head(maps)
        return AttnGANFrames(images, attention, mu, logvar)


class AttentionStage(nn.Module):
    """A map twice as large, with what its places read in the words."""

    def __init__(self, sizes: AttnGANSizes) -> None:
        super().__init__()
        self.legacy_mask = sizes.legacy_mask
        self.att = WordAttention(sizes.width, sizes.text)
        self.residual = nn.Sequential(*(ResidualGlu(2 * sizes.width) for _ in range(sizes.residuals)))
        self.upsample = up_block_glu(2 * sizes.width, sizes.width)

    def forward(self, maps: Tensor, words: Tensor, pad_mask: Tensor) -> tuple[Tensor, Tensor]:
        """maps (B, W, S, S), words (B, Dt, L), pad_mask (B, L); returns (B, W, 2S, 2S) and attention (B, L, S, S)."""
        context, attention = self.att(maps, words, pad_mask, self.legacy_mask)
        x = self.residual(torch.cat([maps, context], 1))  # (B, 2W, S, S)
        return self.upsample(x), attention


class AttnGANDiscriminator(StageTrunk):
    """Is a picture of one stage real (realism), and does it show this sentence (match)? Logits only."""

    def __init__(self, sizes: AttnGANSizes, scale: int) -> None:
        super().__init__(sizes.d_width, scale)
        self.UNCOND_DNET = _Head(self.features, 0)
        self.COND_DNET = _Head(self.features, sizes.text)
        self.apply(init_orthogonal)

    def match(self, features: Tensor, sent: Tensor) -> Tensor:
        """features (B, 8W, 4, 4), sent (B, Dt); returns logits (B,)."""
        return self.COND_DNET(torch.cat([features, tiled(sent, features)], 1))

    def realism(self, features: Tensor) -> Tensor:
        """features (B, 8W, 4, 4); returns logits (B,)."""
        return self.UNCOND_DNET(features)


class _Head(nn.Module):
    """Features, with a text at every place where `text` is not 0, to a logit."""

    def __init__(self, features: int, text: int) -> None:
        super().__init__()
        self.jointConv = same_block_leaky(features + text, features) if text else nn.Identity()
        self.outlogits = logit_head(features)

    def forward(self, features: Tensor) -> Tensor:
        """(B, C, 4, 4) to (B,)."""
        return self.outlogits(self.jointConv(features)).flatten().float()
