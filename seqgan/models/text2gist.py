"""Text2Gist: the upper recurrent layer of StoryGAN, whose output is a map made by a text-made convolution."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from seqgan.layers.batch_norm import LoneBatchNorm1d
from seqgan.layers.blocks import same_block
from seqgan.layers.dynamic_filter import per_sample_conv1d, per_sample_conv2d


class GistMap(nn.Module):
    """o = Filter(i) * h as maps on a grid, in the house form: the kernels come from i through a factored head, the
    signal is h unfolded to `maps` maps (through `hidden` units, where there are some), and * is a true convolution per
    sample: with content in the kernels and places in the maps, the result is a sum over cast members of what they are,
    laid where they stand."""

    def __init__(
        self, in_size: int, size: int, grid: tuple[int, int], maps: int, channels: int, rank: int, hidden: int = 0
    ) -> None:
        super().__init__()
        self.grid, self.maps, self.channels = grid, maps, channels
        places = maps * grid[0] * grid[1]
        deep = nn.Sequential(nn.Linear(size, hidden), nn.ReLU(), nn.Linear(hidden, places)) if hidden else None
        self.signal = deep or nn.Linear(size, places)
        self.filter = nn.Sequential(nn.Linear(in_size, rank), nn.ReLU(), nn.Linear(rank, channels * maps * 9))
        self.refine = nn.Sequential(same_block(channels, channels), same_block(channels, channels))

    def gist(self, i: Tensor, h: Tensor) -> Tensor:
        """The map of a panel: i (N, Di), h (N, Dh); returns panel_gist (N, channels, *grid)."""
        signal = torch.tanh(self.signal(h)).reshape(-1, self.maps, *self.grid)  # (N, maps, gh, gw)
        kernels = self.filter(i).reshape(-1, self.channels, self.maps, 3, 3)  # (N, C, maps, 3, 3)
        kernels = kernels * (self.maps * 9) ** -0.5  # unit variance of the sum
        return self.refine(per_sample_conv2d(signal, kernels))  # (N, C, gh, gw)


class GistScales(nn.Module):
    """o = Filter(i) * x on the larger maps of a frame generator, where the filter of a channel is one number and a
    term: x + a(i) x + b(i) (house, the form of FiLM, Perez et al. 2018). Begins as x."""

    def __init__(self, in_size: int, hidden: int, channels: tuple[int, ...]) -> None:
        super().__init__()
        self.counts = [2 * count for count in channels]
        last = nn.Linear(hidden, sum(self.counts))
        nn.init.zeros_(last.weight)
        nn.init.zeros_(last.bias)
        self.filter = nn.Sequential(nn.Linear(in_size, hidden), nn.ReLU(), last)

    def forward(self, i: Tensor) -> tuple[Tensor, ...]:
        """i (N, Di); returns a and b of each map, (N, 2C)."""
        return self.filter(i).split(self.counts, 1)


class Text2Gist(GistMap):
    """o_t, h_t = Text2Gist(i_t, h_{t-1}) with o_t = Filter(i_t) * h_t (StoryGAN, Li et al. 2019), in the house form:
    the gates are those of torch's GRU, the output is a map."""

    def __init__(
        self, in_size: int, size: int, grid: tuple[int, int], maps: int, channels: int, rank: int, hidden: int = 0
    ) -> None:
        super().__init__(in_size, size, grid, maps, channels, rank, hidden)
        self.cell = nn.GRUCell(in_size, size)

    def step(self, i: Tensor, h: Tensor) -> Tensor:
        """One step of the gates: i (B, Di), h (B, Dh); returns the next h (B, Dh)."""
        return self.cell(i, h)


class GistRow(nn.Module):
    """o = Filter(i) * h as printed: `filters` kernels of `filter_size` numbers along h, (N, filters, Dh - size + 1).

    Filter is linear, batch norm, tanh. No border is added, for the paper names none.
    """

    def __init__(self, in_size: int, filters: int, filter_size: int) -> None:
        super().__init__()
        self.filters, count = filters, filters * filter_size
        self.filter = nn.Sequential(nn.Linear(in_size, count), LoneBatchNorm1d(count), nn.Tanh())

    def gist(self, i: Tensor, h: Tensor) -> Tensor:
        """i (N, Di), h (N, Dh); returns (N, filters * (Dh - filter_size + 1))."""
        kernels = self.filter(i).reshape(len(i), self.filters, 1, -1)  # (N, F, 1, k)
        return per_sample_conv1d(h[:, None], kernels).flatten(1)


class PaperCell(nn.Module):
    """The gates of Text2Gist as printed: z = s(W_z i + U_z h + b_z), r = s(W_r i + U_r h + b_r) and
    h' = (1 - z) h + z tanh(W_h i + U_h (r h) + b_h).

    torch's cell keeps z of the old state, where this one takes z of the new, and lets r follow U_h.
    """

    def __init__(self, in_size: int, size: int) -> None:
        super().__init__()
        self.gates, self.new = nn.Linear(in_size + size, 2 * size), nn.Linear(in_size + size, size)

    def forward(self, i: Tensor, h: Tensor) -> Tensor:
        """i (N, Di), h (N, Dh); returns the next h (N, Dh)."""
        z, r = torch.sigmoid(self.gates(torch.cat([i, h], 1))).chunk(2, 1)  # (N, Dh) each
        return (1 - z) * h + z * torch.tanh(self.new(torch.cat([i, r * h], 1)))
