"""What a figure wears, as a layer of its own upon the picture of it: hats and scarves are small, and rare on each."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from seqgan.layers.blocks import same_block, up_block
from seqgan.layers.resample import resample

CANVAS = 24
"""Height and width of the picture of what is worn."""


class WornItems(nn.Module):
    """State of a figure to the picture of what it wears and the place of that in the figure's picture (house).

    The colour of a scarf is learnt once for the whole cast, and where a scarf sits on a cat apart from it. Who wears
    nothing is painted with zero alpha.
    """

    def __init__(self, state: int, width: int) -> None:
        """`state` counts the numbers that a figure's picture is made of."""
        super().__init__()
        self.place = nn.Sequential(nn.Linear(state, 4 * width), nn.ReLU(), nn.Linear(4 * width, 4))
        self.project = nn.Linear(state, 4 * width * (CANVAS // 4) ** 2)
        self.paint = nn.Sequential(
            nn.BatchNorm2d(4 * width), nn.ReLU(), up_block(4 * width, 2 * width), same_block(2 * width, 2 * width),
            nn.ConvTranspose2d(2 * width, 4, 4, 2, 1),
        )  # fmt: skip
        nn.init.constant_(self.paint[-1].bias[3:], -2.0)  # type: ignore[index] # nothing is worn to begin with

    def boxes(self, states: Tensor) -> Tensor:
        """Where it would be worn by figures of states (..., S): centre, width and height in shares of their pictures,
        (..., 4)."""
        middle, extent = self.place(states).float().chunk(2, -1)
        return torch.cat([0.5 + 0.25 * middle, 0.4 * torch.exp(0.5 * extent.clamp(-4, 2))], -1)

    def forward(self, states: Tensor, pictures: Tensor) -> Tensor:
        """Dress figures of states (M, S): pictures (M, 4, h, w), premultiplied colour and alpha in [0, 1]."""
        x = self.project(states).unflatten(1, (-1, CANVAS // 4, CANVAS // 4))  # (M, 4W, canvas / 4, canvas / 4)
        x = self.paint(x).float().sigmoid()  # (M, 4, canvas, canvas)
        item = torch.cat([x[:, :3] * x[:, 3:], x[:, 3:]], 1)
        item = resample(item, self.boxes(states), pictures.shape[2:])  # (M, 4, h, w)
        return item + (1 - item[:, 3:]) * pictures
