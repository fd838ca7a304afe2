"""What stands behind figures, where scenes are few and told by the text: a sum of learnt pictures (house)."""

from __future__ import annotations

import torch
from torch import Tensor, nn

SCENE = 64
"""Numbers that a backdrop reads of what is told."""
GAIN = 10.0
"""Of a backdrop's pictures, so that Adam changes them so many times as fast as other weights (the equalised learning
rate of Karras et al. 2018): pixels are far from each other, and each is only so many steps from anywhere."""


class Backdrop(nn.Module):
    """Pictures of `size`, (height, width), weighed by the text and added up (house): where scenes are few, all that
    there is to learn of them."""

    def __init__(self, pictures: int, size: tuple[int, int]) -> None:
        super().__init__()
        self.shape, weights = (3, *size), nn.Linear(SCENE, pictures)
        # whether words or the frozen vector say it, or both: they add up, and one direction is one scene
        self.weigh = nn.Sequential(nn.LayerNorm(SCENE), nn.Linear(SCENE, SCENE), nn.LeakyReLU(0.2), weights)
        # nearly grey to begin with: what is not asked for yet would stand there as noise for long
        self.pictures = nn.Parameter(torch.randn(pictures, 3 * size[0] * size[1]) * 0.02 / GAIN)
        nn.init.normal_(weights.weight, 0.0, SCENE**-0.5)

    def forward(self, scene: Tensor) -> Tensor:
        """scene (B, Ds); returns pictures (B, 3, H, W) in [-1, 1]."""
        return torch.tanh(GAIN * (self.weigh(scene).float() @ self.pictures.float())).unflatten(1, self.shape)
