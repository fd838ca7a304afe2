"""Blocks that StackGAN++ and AttnGAN share, with gated linear units; names are those of the released codes.

A gated linear unit (GLU) multiplies one half of its channels by the sigmoid of the other half, so that every
convolution before one makes twice the channels that leave it. Sources: StackGAN++ (Zhang et al. 2018) and AttnGAN (Xu
et al. 2018), as released. Pictures smaller than 64x64 are house.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from seqgan.errors import ConfigError
from seqgan.layers.blocks import conv3, down_block_leaky, halving_trunk, same_block_leaky
from seqgan.layers.conditioning import ConditioningAugmentation
from seqgan.layers.upsample import UpsampleConv2d

BASE = 4
"""Pixels a side of the smallest map, in generators and in discriminators."""


def halvings(size: int) -> int:
    """How often a picture of `size` pixels a side is halved to 4x4. Raises ConfigError if it is not 8, 16, 32, ..."""
    count = size.bit_length() - BASE.bit_length()
    if count < 1 or size != BASE << count:
        raise ConfigError(f"a stage has {size} pixels a side; expected one of 8, 16, 32, 64, 128, 256, ...")
    return count


class GluConditioning(ConditioningAugmentation):
    """Conditioning augmentation whose linear layer a GLU follows."""

    def __init__(self, ins: int, outs: int) -> None:
        super().__init__(ins, 2 * outs, nn.GLU(-1))


def up_block_glu(ins: int, outs: int) -> nn.Sequential:
    """(B, ins, H, W) to (B, outs, 2H, 2W); the first place of the released block held its upsampling."""
    return nn.Sequential(nn.Identity(), UpsampleConv2d(ins, 2 * outs), nn.BatchNorm2d(2 * outs), nn.GLU(1))


def same_block_glu(ins: int, outs: int) -> nn.Sequential:
    """(B, ins, H, W) to (B, outs, H, W)."""
    return nn.Sequential(conv3(ins, 2 * outs), nn.BatchNorm2d(2 * outs), nn.GLU(1))


def logit_head(channels: int) -> nn.Sequential:
    """(B, channels, 4, 4) to a logit (B, 1, 1, 1); the released heads end in a sigmoid, which has no weights."""
    return nn.Sequential(nn.Conv2d(channels, 1, BASE, BASE))


def tiled(vector: Tensor, maps: Tensor) -> Tensor:
    """vector (B, D), maps (B, C, H, W); returns the vector at every place, (B, D, H, W), in the type of the maps."""
    return vector[:, :, None, None].to(maps.dtype).expand(-1, -1, *maps.shape[2:])


class ResidualGlu(nn.Module):
    """Two convolutions 3/1/1 whose result is added to their input; no activation after."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        first, second = same_block_glu(channels, channels), conv3(channels, channels)
        self.block = nn.Sequential(*first, second, nn.BatchNorm2d(channels))

    def forward(self, x: Tensor) -> Tensor:
        """x (B, C, H, W) to the same."""
        return self.block(x).add_(x)


class FirstStage(nn.Module):
    """A vector to the first map: linear to 4x4 with a GLU, then up blocks `upsample1`, `upsample2`, ... to `size`.

    The width is that of the last map; every smaller one has twice the channels of the next.
    """

    def __init__(self, ins: int, width: int, size: int) -> None:
        super().__init__()
        self.ups = halvings(size)
        self.start = width << self.ups
        outs = 2 * self.start * BASE**2
        self.fc = nn.Sequential(nn.Linear(ins, outs, bias=False), nn.BatchNorm1d(outs), nn.GLU(-1))
        for k in range(self.ups):
            self.add_module(f"upsample{k + 1}", up_block_glu(self.start >> k, self.start >> (k + 1)))

    def forward(self, code: Tensor) -> Tensor:
        """code (B, ins); returns the map (B, width, size, size)."""
        x = self.fc(code).reshape(-1, self.start, BASE, BASE)  # (B, start, 4, 4)
        for k in range(self.ups):
            x = self.get_submodule(f"upsample{k + 1}")(x)  # half the channels, twice the side
        return x


class ImageHead(nn.Module):
    """A map to a picture: convolution 3/1/1 and tanh."""

    def __init__(self, ins: int) -> None:
        super().__init__()
        self.img = nn.Sequential(conv3(ins, 3))

    def forward(self, x: Tensor) -> Tensor:
        """x (B, ins, H, W); returns pictures (B, 3, H, W) in [-1, 1]."""
        return torch.tanh(self.img(x).float())


class StageTrunk(nn.Module):
    """The trunk of a discriminator: a picture to features of 8 times `width` channels at 4x4. Heads are the subclass's.

    64x64 is halved four times, from `width` to 8 times `width` channels (`img_code_s16`). Each doubling of the side
    adds a halving with twice the channels (`img_code_s32`, `img_code_s64`) and, behind the last of these, a convolution
    3/1/1 with half the channels (`img_code_s32_1`; `img_code_s64_1`, `img_code_s64_2`). Smaller pictures (house) take
    the later of the four halvings: from 2 times `width` for 32 pixels (`img_code_s8`), from 4 times for 16
    (`img_code_s4`).
    """

    def __init__(self, width: int, size: int) -> None:
        super().__init__()
        self.size, self.features = size, 8 * width
        base = min(size, 64)
        downs, extra = halvings(base), halvings(size) - halvings(base)
        blocks = {f"img_code_s{base // BASE}": halving_trunk(self.features >> (downs - 1), downs)}
        for k in range(extra):
            blocks[f"img_code_s{32 << k}"] = down_block_leaky(self.features << k, self.features << (k + 1))
        for k in range(extra):
            ins = self.features << (extra - k)
            blocks[f"img_code_s{16 << extra}_{k + 1}"] = same_block_leaky(ins, ins // 2)
        self.steps = tuple(blocks)
        for name, block in blocks.items():
            self.add_module(name, block)

    def encode(self, image: Tensor) -> Tensor:
        """image (B, 3, size, size) in [-1, 1]; returns features (B, 8W, 4, 4). Raises ValueError for other sizes."""
        if image.shape[1:] != (3, self.size, self.size):
            raise ValueError(f"pictures are {tuple(image.shape)}; expected (B, 3, {self.size}, {self.size})")
        for name in self.steps:
            image = self.get_submodule(name)(image)
        return image


def init_orthogonal(module: nn.Module) -> None:
    """Convolutions and linear layers orthogonal, batch norm N(1, 0.02), biases 0 (AttnGAN, as released); for
    `Module.apply`."""
    if isinstance(module, (nn.Conv2d, nn.Linear)):
        nn.init.orthogonal_(module.weight)
    elif isinstance(module, (nn.BatchNorm1d, nn.BatchNorm2d)):
        nn.init.normal_(module.weight, 1.0, 0.02)
    else:
        return
    if module.bias is not None:
        nn.init.zeros_(module.bias)
