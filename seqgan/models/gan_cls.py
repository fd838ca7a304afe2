"""GAN-CLS frame networks (Reed et al. 2016) in the house form: a DCGAN generator and its discriminator.

They are the first piece of the single-frame core: clips and stories stand on them. House differences: any base grid
(4x4 for squares, 4x7 for 16:9), an optional map joined at twice the base grid, spectral norm in place of batch norm in
the discriminator, logits instead of probabilities.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from seqgan.layers.blocks import down_block, low_rank, same_block, up_block
from seqgan.layers.init import init_dcgan


class FrameGenerator(nn.Module):
    """A condition (and a map, where there is one) to a frame sixteen times the base grid."""

    def __init__(
        self, cond: int, z: int, base: tuple[int, int], start: int, width: int, map_channels: int = 0, rank: int = 192
    ) -> None:
        super().__init__()
        self.base, self.start = base, start
        self.project = low_rank(cond + z, start * base[0] * base[1], rank)
        self.up1 = nn.Sequential(nn.BatchNorm2d(start), nn.ReLU(), up_block(start, 2 * width))
        self.join = nn.Sequential(same_block(2 * width + map_channels, 3 * width), same_block(3 * width, 3 * width))
        self.up2 = nn.Sequential(up_block(3 * width, 2 * width), same_block(2 * width, 2 * width))
        self.up3 = nn.Sequential(up_block(2 * width, width), same_block(width, width))
        self.to_rgb = nn.ConvTranspose2d(width, 3, 4, 2, 1)
        self.apply(init_dcgan)

    def forward(self, cond: Tensor, z: Tensor, gist_map: Tensor | None = None) -> Tensor:
        """cond (B, Dc), z (B, Dz), gist_map (B, M, 2h, 2w) or None; returns frames (B, 3, 16h, 16w) in [-1, 1]."""
        x = self.project(torch.cat([cond, z], 1)).reshape(-1, self.start, *self.base)  # (B, start, h, w)
        x = self.up1(x)  # (B, 2W, 2h, 2w)
        x = self.join(x if gist_map is None else torch.cat([x, gist_map.to(x.dtype)], 1))  # (B, 3W, 2h, 2w)
        x = self.up2(x)  # (B, 2W, 4h, 4w)
        x = self.up3(x)  # (B, W, 8h, 8w)
        return torch.tanh(self.to_rgb(x).float())  # (B, 3, 16h, 16w)


class FrameDiscriminator(nn.Module):
    """Is this frame real, and does it show this condition? Trunk, match head, realism head; logits only."""

    def __init__(self, cond: int, base: tuple[int, int], width: int) -> None:
        super().__init__()
        top, self.base = 6 * width, base
        self.trunk = nn.Sequential(
            down_block(3, width),
            down_block(width, 2 * width),
            down_block(2 * width, 4 * width),
            down_block(4 * width, top),
        )
        self.cond = nn.Linear(cond, 2 * width)
        self.joint = nn.Sequential(nn.Conv2d(top + 2 * width, top, 1), nn.LeakyReLU(0.2))
        self.match_head = nn.Conv2d(top, 1, base)
        self.realism_head = nn.Conv2d(top, 1, base)
        self.apply(init_dcgan)

    def encode(self, frames: Tensor) -> Tensor:
        """frames (B, 3, 16h, 16w) in [-1, 1]; returns features (B, 6W, h, w)."""
        return self.trunk(frames)

    def match(self, features: Tensor, cond: Tensor) -> Tensor:
        """features (B, 6W, h, w), cond (B, Dc); returns logits (B,)."""
        tiled = self.cond(cond)[:, :, None, None].expand(-1, -1, *self.base)  # (B, 2W, h, w)
        joined = self.joint(torch.cat([features, tiled.to(features.dtype)], 1))
        return self.match_head(joined).flatten().float()

    def realism(self, features: Tensor) -> Tensor:
        """features (B, 6W, h, w); returns logits (B,)."""
        return self.realism_head(features).flatten().float()
