"""The frame generators that a StoryGAN of sentence vectors stands before, by name (`StoryGANPaperSizes.frame`):

    listed    of the StoryGAN paper's listing
    dcgan     of the core, `seqgan.models.gan_cls.FrameGenerator`; gated, if asked, by what is figure and what is
              ground, or with figures over a backdrop
    hdgan     of HDGAN's parts: pictures of a half and of a quarter of the size drawn beside the maps on the way
    attngan   of AttnGAN's parts: a picture of a quarter of the size, enlarged twice, each time with a look at the
              story's words up to the panel's own sentence (`seqgan.models.story_words`)

The last two stand on any base grid, double it as often as asked, and take the map of a gist (house).
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import torch
from torch import Tensor, nn

from seqgan.layers.batch_norm import LoneBatchNorm1d
from seqgan.layers.blocks import conv3, low_rank, nearest_block, same_block, up_block
from seqgan.layers.glu_blocks import ImageHead, init_orthogonal, up_block_glu
from seqgan.layers.init import init_dcgan
from seqgan.layers.upsample import UpsampleConv2d
from seqgan.models.attngan import AttentionStage, AttnGANSizes
from seqgan.models.backdrop import SCENE, Backdrop
from seqgan.models.gan_cls import FrameGenerator
from seqgan.models.hdgan import Residual, doubling, picture_head
from seqgan.models.story_parts import Decoded, Pictures
from seqgan.models.story_words import Heard

RANK = 192
"""Numbers between a panel's states and its first map."""


class ListedFrame(nn.Module):
    """The frame generator of the paper's listing: 8W, 4W, 2W, W and 3 channels, a convolution before the first of four
    nearest upsamplings."""

    def __init__(self, ins: int, base: tuple[int, int], width: int) -> None:
        super().__init__()
        start, self.base = 8 * width, base
        grid = start * base[0] * base[1]
        self.project = nn.Sequential(nn.Linear(ins, grid, bias=False), LoneBatchNorm1d(grid), nn.ReLU(True))
        self.first = nn.Sequential(conv3(start, start), nn.BatchNorm2d(start), nn.ReLU(True))
        self.up = nn.Sequential(*[nearest_block(start >> k, start >> (k + 1)) for k in range(3)])
        self.last = UpsampleConv2d(width, 3)

    def forward(self, code: Tensor) -> Tensor:
        """code (N, D); returns frames (N, 3, 16h, 16w) in [-1, 1]."""
        x = self.project(code).unflatten(1, (-1, *self.base))  # (N, 8W, h, w)
        x = self.up(self.first(x))  # (N, W, 8h, 8w)
        return torch.tanh(self.last(x).float())  # (N, 3, 16h, 16w)


class FigureDecoder(nn.Module):
    """A code (and a gist's map, where there is one) to a mask of figures, 16 times the base grid: 2W channels, then W
    (house; CP-CSV's are as many as its frame's)."""

    def __init__(self, ins: int, base: tuple[int, int], width: int, map_channels: int) -> None:
        super().__init__()
        self.base = base
        self.project = low_rank(ins, 2 * width * base[0] * base[1], RANK)
        self.first = nn.Sequential(nn.BatchNorm2d(2 * width), nn.ReLU())
        self.up1 = up_block(2 * width, width)
        self.join = _join(width, map_channels)
        self.up2, self.up3 = up_block(width, width), up_block(width, width)
        self.to_mask = nn.ConvTranspose2d(width, 1, 4, 2, 1)

    def forward(self, code: Tensor, gist_map: Tensor | None) -> tuple[Tensor, Tensor, Tensor]:
        """code (N, D), gist_map (N, M, 2h, 2w) or None; returns its two smallest maps and logits (N, 1, 16h, 16w)."""
        small = self.first(self.project(code).unflatten(1, (-1, *self.base)))  # (N, 2W, h, w)
        large = self.join(_with(self.up1(small), gist_map))  # (N, W, 2h, 2w)
        x = self.up3(self.up2(large))  # (N, W, 8h, 8w)
        return small, large, self.to_mask(x).float()  # (N, 1, 16h, 16w)


class GatedFrame(nn.Module):
    """The core's, gated by figure and ground (CP-CSV, Song et al. 2020): a second decoder draws a mask of figures from
    the same code, and its two smallest maps s turn those of the frame, x, into x + conv3x3(s) * x."""

    def __init__(self, ins: int, base: tuple[int, int], start: int, width: int, map_channels: int = 0) -> None:
        super().__init__()
        self.frame = FrameGenerator(ins, 0, base, start, width, map_channels)
        self.figure = FigureDecoder(ins, base, width, map_channels)
        self.gates = nn.ModuleList([conv3(2 * width, start), conv3(width, 2 * width)])
        self.figure.apply(init_dcgan)
        self.gates.apply(init_dcgan)

    def forward(self, code: Tensor, gist_map: Tensor | None) -> Decoded:
        """code (N, D), gist_map (N, M, 2h, 2w) or None; returns frames (N, 3, 16h, 16w) in [-1, 1] and the logits of
        their masks, (N, 1, 16h, 16w)."""
        small, large, mask = self.figure(code, gist_map)
        gates = self.gates[0](small), self.gates[1](large)
        return {1: self.frame(code, code.new_zeros(len(code), 0), gist_map, gates)}, mask


class LayeredFrame(nn.Module):
    """Figures over a backdrop (house, as of the gists of clips): the core's draws figures and how far they cover what
    is behind them, and that is a sum of learnt pictures."""

    def __init__(
        self, ins: int, base: tuple[int, int], start: int, width: int, pictures: int, map_channels: int = 0
    ) -> None:
        super().__init__()
        self.figure = FrameGenerator(ins, 0, base, start, width, map_channels, outs=4)
        self.scene = nn.Linear(ins, SCENE)
        self.backdrop = Backdrop(pictures, (base[0] << 4, base[1] << 4))

    def forward(self, code: Tensor, gist_map: Tensor | None, scales: Sequence[Tensor] | None = None) -> Decoded:
        """code (N, D), gist_map (N, M, 2h, 2w) or None, scales of the figures' maps or None; returns frames
        (N, 3, 16h, 16w) in [-1, 1] and the logits of how far figures cover, (N, 1, 16h, 16w)."""
        drawn = self.figure.logits(code, code.new_zeros(len(code), 0), gist_map, scales=scales)  # (N, 4, 16h, 16w)
        figure, cover = torch.tanh(drawn[:, :3]), torch.sigmoid(drawn[:, 3:])
        return {1: cover * figure + (1 - cover) * self.backdrop(self.scene(code))}, drawn[:, 3:]


class NestedFrame(nn.Module):
    """HDGAN's: a residual block at every size, and heads beside the last three maps. Channels double from W at the full
    size downwards, to `start` at most; every doubling has a convolution."""

    def __init__(
        self, ins: int, base: tuple[int, int], start: int, width: int, doublings: int, map_channels: int = 0
    ) -> None:
        super().__init__()
        channels = [min(start, width << (doublings - k)) for k in range(doublings + 1)]
        self.base = base
        self.project = low_rank(ins, channels[0] * base[0] * base[1], RANK)
        self.first = nn.Sequential(nn.BatchNorm2d(channels[0]), Residual(channels[0]))
        self.up = nn.ModuleList(nn.Sequential(*doubling(*pair)) for pair in pairwise(channels))
        self.join = _join(channels[1], map_channels)
        self.refine = nn.ModuleList(Residual(each) for each in channels[1:])
        self.pictures = nn.ModuleList(picture_head(each) for each in channels[-3:])
        self.apply(init_dcgan)

    def forward(self, code: Tensor, gist_map: Tensor | None) -> Pictures:
        """code (N, D), gist_map (N, M, 2h, 2w) or None; returns frames and pictures 2 and 4 times smaller."""
        x, maps = self.first(self.project(code).unflatten(1, (-1, *self.base))), []  # (N, start, h, w)
        for k, (up, refine) in enumerate(zip(self.up, self.refine, strict=True)):
            x = up(x)  # (N, C, 2h, 2w), then twice that, to the frames' size
            x = refine(x if k else self.join(_with(x, gist_map)))
            maps.append(x)
        return {4 >> k: head(x).float() for k, (head, x) in enumerate(zip(self.pictures, maps[-3:], strict=True))}


class AttentiveFrame(nn.Module):
    """AttnGAN's: a map of W channels and a quarter of the size, then two enlargements, each of which looks at the
    words heard so far; a head beside each of the three. Channels double from W downwards, to `start` at most."""

    def __init__(
        self, ins: int, base: tuple[int, int], start: int, width: int, doublings: int, text: int, map_channels: int = 0
    ) -> None:
        super().__init__()
        channels = [min(start, width << (doublings - 2 - k)) for k in range(doublings - 1)]
        self.base, outs = base, 2 * channels[0]
        self.project = low_rank(ins, outs * base[0] * base[1], RANK)
        self.first = nn.Sequential(nn.BatchNorm2d(outs), nn.GLU(1))
        self.up = nn.ModuleList(up_block_glu(*pair) for pair in pairwise(channels))
        self.join = _join(channels[1], map_channels)
        self.stages = nn.ModuleList(AttentionStage(AttnGANSizes(text=text, width=width)) for _ in range(2))
        self.pictures = nn.ModuleList(ImageHead(width) for _ in range(3))
        self.apply(init_orthogonal)

    def forward(self, code: Tensor, gist_map: Tensor | None, heard: Heard) -> Pictures:
        """code (N, D), gist_map (N, M, 2h, 2w) or None; returns frames and pictures 2 and 4 times smaller."""
        x = self.first(self.project(code).unflatten(1, (-1, *self.base)))  # (N, start, h, w)
        for k, up in enumerate(self.up):
            x = up(x)  # (N, C, 2h, 2w), then twice that, to a quarter of the frames' size
            x = x if k else self.join(_with(x, gist_map))
        maps = [x]
        for stage in self.stages:
            maps.append(stage(maps[-1], *heard)[0])  # (N, W, 2H, 2W)
        return {4 >> k: head(x) for k, (head, x) in enumerate(zip(self.pictures, maps, strict=True))}


def _join(channels: int, map_channels: int) -> nn.Module:
    """Makes one map of a panel's own and its gist's; nothing where there is no gist."""
    return same_block(channels + map_channels, channels) if map_channels else nn.Identity()


def _with(x: Tensor, gist_map: Tensor | None) -> Tensor:
    return x if gist_map is None else torch.cat([x, gist_map.to(x.dtype)], 1)
