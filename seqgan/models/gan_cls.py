"""GAN-CLS frame networks (Reed et al. 2016): a DCGAN generator and its discriminator, house and official.

The house form is the first piece of the single-frame core: clips and stories stand on it. It differs by any base grid
(4x4 for squares, 4x7 for 16:9), an optional map joined at twice the base grid, spectral norm in place of batch norm in
the discriminator, logits instead of probabilities. The official form is that of the PyTorch port most used
(aelnouby/Text-to-Image-Synthesis), down to the names of its weights; it has none of the original's residual blocks.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from seqgan.layers.blocks import down_block, halving_trunk, low_rank, same_block, up_block
from seqgan.layers.init import init_dcgan


class FrameGenerator(nn.Module):
    """A condition (and a map, where there is one) to a frame sixteen times the base grid, of `outs` channels."""

    def __init__(
        self, cond: int, z: int, base: tuple[int, int], start: int, width: int, map_channels: int = 0,
        rank: int = 192, outs: int = 3,
    ) -> None:  # fmt: skip
        super().__init__()
        self.base, self.start = base, start
        self.larger = (3 * width, 2 * width, width)
        """Channels of the maps that a text can scale: 2, 4 and 8 times the base grid."""
        self.project = low_rank(cond + z, start * base[0] * base[1], rank)
        self.up1 = nn.Sequential(nn.BatchNorm2d(start), nn.ReLU(), up_block(start, 2 * width))
        self.join = nn.Sequential(same_block(2 * width + map_channels, 3 * width), same_block(3 * width, 3 * width))
        self.up2 = nn.Sequential(up_block(3 * width, 2 * width), same_block(2 * width, 2 * width))
        self.up3 = nn.Sequential(up_block(2 * width, width), same_block(width, width))
        self.to_rgb = nn.ConvTranspose2d(width, outs, 4, 2, 1)
        self.apply(init_dcgan)

    def forward(
        self, cond: Tensor, z: Tensor, gist_map: Tensor | None = None, gates: tuple[Tensor, Tensor] | None = None,
        scales: Sequence[Tensor] | None = None,
    ) -> Tensor:  # fmt: skip
        """As `logits`; returns frames (B, outs, 16h, 16w) in [-1, 1]."""
        return torch.tanh(self.logits(cond, z, gist_map, gates, scales))

    def logits(
        self, cond: Tensor, z: Tensor, gist_map: Tensor | None = None, gates: tuple[Tensor, Tensor] | None = None,
        scales: Sequence[Tensor] | None = None,
    ) -> Tensor:  # fmt: skip
        """cond (B, Dc), z (B, Dz), gist_map (B, M, 2h, 2w) or None, gates (B, start, h, w) and (B, 2W, 2h, 2w) or None:
        the two smallest maps become x + gate * x; scales (B, 2C) for each C of `larger`, or None: those maps become
        x + a * x + b; returns frames before their tanh, (B, outs, 16h, 16w)."""
        x = self.project(torch.cat([cond, z], 1)).reshape(-1, self.start, *self.base)  # (B, start, h, w)
        x = self.up1(x if gates is None else x + gates[0] * x)  # (B, 2W, 2h, 2w)
        x = x if gates is None else x + gates[1] * x
        x = self.join(x if gist_map is None else torch.cat([x, gist_map.to(x.dtype)], 1))  # (B, 3W, 2h, 2w)
        a, b, c = scales or (None, None, None)
        x = self.up2(_scaled(x, a))  # (B, 2W, 4h, 4w)
        x = _scaled(self.up3(_scaled(x, b)), c)  # (B, W, 8h, 8w)
        return self.to_rgb(x).float()  # (B, outs, 16h, 16w)


def _scaled(x: Tensor, scale: Tensor | None) -> Tensor:
    """x (B, C, h, w), scale (B, 2C): a and b, or None; returns x + a * x + b."""
    if scale is None:
        return x
    a, b = scale.to(x.dtype)[:, :, None, None].chunk(2, 1)  # (B, C, 1, 1) each
    return x + a * x + b


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


@dataclass(frozen=True)
class HouseGANCLSSizes:
    """Every size of the house form; pictures are sixteen times the base grid."""

    text: int = 256
    cond: int = 128
    z: int = 32
    width: int = 32
    d_width: int = 32
    base: tuple[int, int] = (4, 4)
    rank: int = 192


class HouseGANCLSGenerator(nn.Module):
    """A text embedding and noise to a picture (house): the text is made smaller first (Reed et al. 2016)."""

    def __init__(self, sizes: HouseGANCLSSizes) -> None:
        super().__init__()
        self.sizes = sizes
        self.text = nn.Sequential(nn.Linear(sizes.text, sizes.cond), nn.LeakyReLU(0.2))
        self.frame = FrameGenerator(sizes.cond, sizes.z, sizes.base, 8 * sizes.width, sizes.width, rank=sizes.rank)

    def forward(self, z: Tensor, sent: Tensor, eps: None = None) -> Tensor:
        """z (B, Dz), sent (B, Dt); returns pictures (B, 3, 16h, 16w) in [-1, 1]. There is no other noise."""
        return self.frame(self.text(sent), z)


@dataclass(frozen=True)
class GANCLSSizes:
    """Every size of the official form; the released ones are the defaults."""

    text: int = 1024
    cond: int = 128
    z: int = 100
    width: int = 64
    d_width: int = 64


class GANCLSGenerator(nn.Module):
    """A text embedding and noise to a picture of 64x64 (official)."""

    def __init__(self, sizes: GANCLSSizes) -> None:
        super().__init__()
        self.sizes = sizes
        self.projection = _projection(sizes)
        layers: list[nn.Module] = []
        ins, outs = sizes.cond + sizes.z, 8 * sizes.width
        for stride, padding in ((1, 0), (2, 1), (2, 1), (2, 1)):
            layers += [nn.ConvTranspose2d(ins, outs, 4, stride, padding, bias=False), nn.BatchNorm2d(outs), nn.ReLU()]
            ins, outs = outs, outs // 2
        self.netG = nn.Sequential(*layers, nn.ConvTranspose2d(ins, 3, 4, 2, 1, bias=False), nn.Tanh())
        self.apply(init_dcgan)

    def forward(self, z: Tensor, sent: Tensor, eps: None = None) -> Tensor:
        """z (B, Dz), sent (B, Dt); returns pictures (B, 3, 64, 64) in [-1, 1]. There is no other noise: eps is None."""
        code = torch.cat([self.projection(sent), z.flatten(1)], 1)  # (B, Dc + Dz), the text first
        return self.netG(code[:, :, None, None])


class GANCLSDiscriminator(nn.Module):
    """Does a picture of 64x64 show this text? One head; logits (official)."""

    def __init__(self, sizes: GANCLSSizes) -> None:
        super().__init__()
        width = sizes.d_width
        self.netD_1 = halving_trunk(width, 4)
        self.projector = nn.ModuleDict({"projection": _projection(sizes)})
        self.netD_2 = nn.Sequential(nn.Conv2d(8 * width + sizes.cond, 1, 4, bias=False))
        self.apply(init_dcgan)

    def encode(self, image: Tensor) -> Tensor:
        """image (B, 3, 64, 64) in [-1, 1]; returns features (B, 8W, 4, 4)."""
        return self.netD_1(image)

    def match(self, features: Tensor, sent: Tensor) -> Tensor:
        """features (B, 8W, 4, 4), sent (B, Dt); returns logits (B,)."""
        text = self.projector["projection"](sent)[:, :, None, None].expand(-1, -1, *features.shape[2:])
        return self.netD_2(torch.cat([features, text.to(features.dtype)], 1)).flatten().float()


def _projection(sizes: GANCLSSizes) -> nn.Sequential:
    return nn.Sequential(nn.Linear(sizes.text, sizes.cond), nn.BatchNorm1d(sizes.cond), nn.LeakyReLU(0.2))
