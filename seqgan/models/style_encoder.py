"""The style encoder S of GAN-CLS (Reed et al. 2016, section 4.4): which noise was this picture drawn from?

Trained on pictures of a frozen generator (`seqgan.losses.style`), it reads pose, place and background, all that the
sentence does not say. Style transfer: G(S(picture), sentence). The paper gives no architecture and nothing was
released; trunk and head are house: the trunk of the discriminators, and a linear layer.
"""

from __future__ import annotations

from dataclasses import dataclass

from torch import Tensor, nn

from seqgan.layers.glu_blocks import BASE, StageTrunk
from seqgan.layers.init import init_normal


@dataclass(frozen=True)
class StyleEncoderSizes:
    """Numbers of the noise, channels of the first map, and pixels a side of the pictures (8, 16, 32, 64, ...)."""

    z: int = 100
    width: int = 64
    size: int = 64


class StyleEncoder(StageTrunk):
    """A picture to the noise that a generator would draw it from."""

    def __init__(self, sizes: StyleEncoderSizes) -> None:
        super().__init__(sizes.width, sizes.size)
        self.sizes = sizes
        self.apply(init_normal)
        self.to_style = nn.Linear(self.features * BASE**2, sizes.z)  # torch's own start, which keeps the scale of z

    def forward(self, image: Tensor) -> Tensor:
        """image (B, 3, S, S) in [-1, 1]; returns styles (B, Dz). Raises ValueError for pictures of another size."""
        features = self.encode(image)  # (B, 8W, 4, 4)
        return self.to_style(features.flatten(1)).float()  # (B, Dz)
