"""Text2Gist: the upper recurrent layer of StoryGAN, whose output is a map made by a text-made convolution."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from seqgan.layers.blocks import same_block
from seqgan.layers.dynamic_filter import per_sample_conv2d


class Text2Gist(nn.Module):
    """o_t, h_t = Text2Gist(i_t, h_{t-1}) with o_t = Filter(i_t) * h_t (StoryGAN, Li et al. 2019), in the house form.

    The gates are those of a GRU. The signal is h_t unfolded to `maps` maps on a grid, the kernels come from i_t through
    a factored head, and * is a true convolution per sample: with content in the kernels and places in the maps, the
    result is a sum over cast members of what they are, laid where they stand.
    """

    def __init__(self, in_size: int, size: int, grid: tuple[int, int], maps: int, channels: int, rank: int) -> None:
        super().__init__()
        self.grid, self.maps, self.channels = grid, maps, channels
        self.cell = nn.GRUCell(in_size, size)
        self.signal = nn.Linear(size, maps * grid[0] * grid[1])
        self.filter = nn.Sequential(nn.Linear(in_size, rank), nn.ReLU(), nn.Linear(rank, channels * maps * 9))
        self.refine = nn.Sequential(same_block(channels, channels), same_block(channels, channels))

    def step(self, i: Tensor, h: Tensor) -> Tensor:
        """One step of the gates: i (B, Di), h (B, Dh); returns the next h (B, Dh)."""
        return self.cell(i, h)

    def gist(self, i: Tensor, h: Tensor) -> Tensor:
        """The map of a panel: i (N, Di), h (N, Dh); returns panel_gist (N, channels, *grid)."""
        signal = torch.tanh(self.signal(h)).reshape(-1, self.maps, *self.grid)  # (N, maps, gh, gw)
        kernels = self.filter(i).reshape(-1, self.channels, self.maps, 3, 3)  # (N, C, maps, 3, 3)
        kernels = kernels * (self.maps * 9) ** -0.5  # unit variance of the sum
        return self.refine(per_sample_conv2d(signal, kernels))  # (N, C, gh, gw)
