"""StackGAN++ (StackGAN-v2, Zhang et al. 2018): a tree of generators, each scale drawn from the map of the one before.

The names of the parts are those of the published checkpoints. What sets it apart from AttnGAN, its heir: no words, the
width halves from scale to scale, and the condition comes before the maps wherever both are joined. House: any number of
scales, each twice the one before; folded upsampling; logits in place of probabilities.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from seqgan.errors import ConfigError
from seqgan.layers.blocks import same_block_leaky
from seqgan.layers.glu_blocks import (
    FirstStage,
    GluConditioning,
    ImageHead,
    ResidualGlu,
    StageTrunk,
    halvings,
    init_orthogonal,
    logit_head,
    same_block_glu,
    tiled,
    up_block_glu,
)
from seqgan.models.stackgan import StagedImages


@dataclass(frozen=True)
class StackGANv2Sizes:
    """Every size of the system; those released for birds are the defaults."""

    text: int = 1024
    cond: int = 128
    z: int = 100
    width: int = 64
    """Channels of the generator at the first scale; half as many at each further one."""
    d_width: int = 64
    residuals: int = 2
    scales: tuple[int, ...] = (64, 128, 256)
    """Pixels a side, each twice the one before."""

    def __post_init__(self) -> None:
        if not self.scales or any(b != 2 * a for a, b in zip(self.scales, self.scales[1:], strict=False)):
            raise ConfigError(f"scales are {self.scales}; expected one or more, each twice the one before")
        halvings(self.scales[0])
        least = 1 << (len(self.scales) - 1)
        if self.width < 1 or self.width % least:
            raise ConfigError(f"width is {self.width}; expected a multiple of {least}, for it halves with every scale")


class StackGANv2Generator(nn.Module):
    """A sentence and noise to pictures of every scale."""

    def __init__(self, sizes: StackGANv2Sizes) -> None:
        super().__init__()
        self.sizes = sizes
        self.ca_net = GluConditioning(sizes.text, sizes.cond)
        self.h_net1: nn.Module = FirstStage(sizes.cond + sizes.z, sizes.width, sizes.scales[0])
        self.img_net1: nn.Module = ImageHead(sizes.width)
        for k in range(1, len(sizes.scales)):
            self.add_module(f"h_net{k + 1}", NextStage(sizes.cond, sizes.width >> (k - 1), sizes.residuals))
            self.add_module(f"img_net{k + 1}", ImageHead(sizes.width >> k))
        self.apply(init_orthogonal)

    def forward(self, z: Tensor, sent: Tensor, eps: Tensor | None) -> StagedImages:
        """z (B, Dz), sent (B, Dt), eps (B, Dc) or None for the mean; returns a picture of every scale."""
        cond, mu, logvar = self.ca_net(sent, eps)  # (B, Dc) each
        h = self.h_net1(torch.cat([cond, z], 1))  # (B, W, S, S)
        images = {self.sizes.scales[0]: self.img_net1(h)}
        for k, size in enumerate(self.sizes.scales[1:], start=2):
            h = self.get_submodule(f"h_net{k}")(h, cond)  # half the channels, twice the side
            images[size] = self.get_submodule(f"img_net{k}")(h)
        return StagedImages(images, mu, logvar)


class NextStage(nn.Module):
    """The map of one scale and the condition to the map of the next."""

    def __init__(self, cond: int, width: int, residuals: int) -> None:
        super().__init__()
        self.jointConv = same_block_glu(cond + width, width)
        self.residual = nn.Sequential(*(ResidualGlu(width) for _ in range(residuals)))
        self.upsample = up_block_glu(width, width // 2)

    def forward(self, h: Tensor, cond: Tensor) -> Tensor:
        """h (B, C, S, S), cond (B, Dc); returns the next map, (B, C / 2, 2S, 2S)."""
        x = self.jointConv(torch.cat([tiled(cond, h), h], 1))  # (B, C, S, S)
        return self.upsample(self.residual(x))  # (B, C / 2, 2S, 2S)


class StackGANv2Discriminator(StageTrunk):
    """Is this picture of one scale real, and does it show this condition? Logits only."""

    def __init__(self, sizes: StackGANv2Sizes, size: int) -> None:
        super().__init__(sizes.d_width, size)
        self.logits = logit_head(self.features)
        self.jointConv = same_block_leaky(sizes.cond + self.features, self.features)
        self.uncond_logits = logit_head(self.features)
        self.apply(init_orthogonal)

    def match(self, features: Tensor, cond: Tensor) -> Tensor:
        """features (B, 8W, 4, 4), cond (B, Dc), the mu of the generator (detached in the discriminators' step, not in
        the generator's, as released); returns logits (B,)."""
        joined = self.jointConv(torch.cat([tiled(cond, features), features], 1))  # (B, 8W, 4, 4)
        return self.logits(joined).flatten().float()

    def realism(self, features: Tensor) -> Tensor:
        """features (B, 8W, 4, 4); returns logits (B,)."""
        return self.uncond_logits(features).flatten().float()


class StackGANv2Discriminators(nn.Module):
    """One discriminator a scale."""

    def __init__(self, sizes: StackGANv2Sizes) -> None:
        super().__init__()
        self.sizes = sizes
        self.by_size = nn.ModuleDict({str(size): StackGANv2Discriminator(sizes, size) for size in sizes.scales})

    def at(self, size: int) -> StackGANv2Discriminator:
        """The discriminator of the pictures of `size` pixels a side. Raises ValueError if there is none."""
        if size not in self.sizes.scales:
            raise ValueError(f"there is no discriminator for {size} pixels; expected one of {self.sizes.scales}")
        found = self.by_size[str(size)]
        assert isinstance(found, StackGANv2Discriminator)
        return found
