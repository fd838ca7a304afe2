"""ControlGAN's generator (Li et al. 2019) as released, to run its published weights: AttnGAN with a second attention.

The names of the parts are those of the released code. Its channel attention compares a channel's whole map with the
words, so that the pictures' sizes are part of its weights; four of its eight such layers are never called. Encoders and
discriminators are AttnGAN's.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from seqgan.layers.glu_blocks import FirstStage, GluConditioning, ImageHead, ResidualGlu, init_orthogonal, up_block_glu
from seqgan.layers.word_attention import WordAttention
from seqgan.models.attngan import AttnGANFrames, AttnGANSizes


class ControlGANGenerator(nn.Module):
    """A sentence, its words and noise to pictures of 64, 128 and 256 pixels."""

    def __init__(self, sizes: AttnGANSizes) -> None:
        super().__init__()
        self.sizes = sizes
        self.ca_net = GluConditioning(sizes.text, sizes.cond)
        self.h_net1 = FirstStage(sizes.cond + sizes.z, sizes.width, sizes.scales[0])
        self.img_net1 = ImageHead(sizes.width)
        self.h_net2, self.img_net2 = ControlStage(sizes, sizes.scales[0]), ImageHead(sizes.width)
        self.h_net3, self.img_net3 = ControlStage(sizes, sizes.scales[1]), ImageHead(sizes.width)
        self.apply(init_orthogonal)

    def forward(self, z: Tensor, sent: Tensor, eps: Tensor | None, words: Tensor, pad_mask: Tensor) -> AttnGANFrames:
        """As `AttnGANGenerator`; the attention is that of places on words."""
        small, middle, large = self.sizes.scales
        cond, mu, logvar = self.ca_net(sent, eps)
        first = self.h_net1(torch.cat([cond, z], 1))  # (B, W, 64, 64)
        second, on_small = self.h_net2(first, words, pad_mask)  # (B, W, 128, 128)
        third, on_middle = self.h_net3(second, words, pad_mask)  # (B, W, 256, 256)
        images = {small: self.img_net1(first), middle: self.img_net2(second), large: self.img_net3(third)}
        return AttnGANFrames(images, {small: on_small, middle: on_middle}, mu, logvar)


class ControlStage(nn.Module):
    """A map twice as large, with what its places and its channels read in the words."""

    def __init__(self, sizes: AttnGANSizes, side: int) -> None:
        super().__init__()
        self.legacy_mask = sizes.legacy_mask
        sides = sizes.scales[:2]
        self.att = WordAttention(sizes.width, sizes.text)
        for number, each in enumerate(sides, 2):
            self.att.add_module(f"conv_context{number}", nn.Conv2d(sizes.text, each**2, 1, bias=False))  # never called
        self.channel_att = ChannelAttention(sizes.text, sides, side)
        wide = 3 * sizes.width
        self.residual = nn.Sequential(*(ResidualGlu(wide) for _ in range(sizes.residuals)))
        self.upsample = up_block_glu(wide, sizes.width)

    def forward(self, maps: Tensor, words: Tensor, pad_mask: Tensor) -> tuple[Tensor, Tensor]:
        """maps (B, W, S, S), words (B, Dt, L), pad_mask (B, L); returns (B, W, 2S, 2S) and attention (B, L, S, S)."""
        context, attention = self.att(maps, words, pad_mask, self.legacy_mask)
        x = self.residual(torch.cat([maps, context, self.channel_att(context, words)], 1))  # (B, 3W, S, S)
        return self.upsample(x), attention


class ChannelAttention(nn.Module):
    """Every channel of a map asks for its mixture of words; padding counts as a word that is zero, as released."""

    def __init__(self, text: int, sides: tuple[int, ...], side: int) -> None:
        super().__init__()
        for number, each in enumerate(sides, 2):
            self.add_module(f"conv_context{number}", nn.Conv2d(text, each**2, 1, bias=False))
        self.used = f"conv_context{sides.index(side) + 2}"

    def forward(self, context: Tensor, words: Tensor) -> Tensor:
        """context (B, C, S, S), words (B, Dt, L); returns (B, C, S, S)."""
        keys = self.get_submodule(self.used)(words[..., None])[..., 0]  # (B, S * S, L)
        attention = F.softmax((context.flatten(2) @ keys).float(), 2).to(keys.dtype)  # (B, C, L)
        return (attention @ keys.transpose(1, 2)).unflatten(2, context.shape[2:])
