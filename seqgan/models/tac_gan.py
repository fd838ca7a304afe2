"""TAC-GAN (Dash et al. 2017): a DCGAN on sentences whose discriminator also names the class of a picture.

As in the paper (Oxford flowers, 128 pixels): four transposed convolutions 5x5 from a first map of 8x8, noise before
text; a discriminator of four convolutions 5x5 whose features are joined with the text at every place, read by a
convolution 1x1 and laid flat for two linear heads, real or not and which class; Xavier initialisation. House: other
sizes than 128, with a first map of a sixteenth of the side; pictures in [-1, 1] by a plain tanh (the release has
tanh / 2 + 1/2); logits only; no bias in front of a norm; z standard normal like all noise of a panel, where paper and
release draw it uniformly from [-1, 1]; any sentence vector in place of skip-thought's.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from seqgan.errors import ConfigError
from seqgan.layers.glu_blocks import tiled

UPS = 4
"""How often the side doubles."""


@dataclass(frozen=True)
class TACGANSizes:
    """Every size of the system; those released for flowers are the defaults (the paper has `cond` 100).

    width, d_width: channels of the map before the picture, and of the discriminator's first; the smallest maps have
    eight times as many.
    """

    text: int = 4800
    cond: int = 256
    z: int = 100
    classes: int = 102
    width: int = 64
    d_width: int = 64
    size: int = 128

    def __post_init__(self) -> None:
        if self.size < 2 << UPS or self.size % (1 << UPS):
            raise ConfigError(f"pictures have {self.size} pixels a side; expected a multiple of 16 from 32 on, like 64")
        if self.classes < 2:
            raise ConfigError(f"there are {self.classes} classes; TAC-GAN needs at least 2 to tell apart")

    @property
    def base(self) -> int:
        """Pixels a side of the smallest map, in both networks."""
        return self.size >> UPS


class TACGANGenerator(nn.Module):
    """A sentence and noise to a picture."""

    def __init__(self, sizes: TACGANSizes) -> None:
        super().__init__()
        self.sizes, start = sizes, 8 * sizes.width
        self.text = nn.Sequential(nn.Linear(sizes.text, sizes.cond), nn.LeakyReLU(0.2))
        self.project = nn.Linear(sizes.z + sizes.cond, start * sizes.base**2, bias=False)
        ups = [_up(start >> k, start >> (k + 1)) for k in range(UPS - 1)]
        self.ups = nn.Sequential(nn.BatchNorm2d(start), nn.ReLU(True), *ups)
        self.to_rgb = nn.ConvTranspose2d(sizes.width, 3, 5, 2, 2, 1)
        self.apply(_init)

    def forward(self, z: Tensor, sent: Tensor, eps: None = None) -> Tensor:
        """z (B, Dz), sent (B, Dt); returns pictures (B, 3, S, S) in [-1, 1]. There is no other noise: eps is None."""
        code = torch.cat([z, self.text(sent)], 1)  # (B, Dz + Dc), noise first
        x = self.project(code).reshape(len(z), -1, self.sizes.base, self.sizes.base)  # (B, 8W, S / 16, S / 16)
        x = self.ups(x)  # (B, W, S / 2, S / 2)
        return torch.tanh(self.to_rgb(x).float())  # (B, 3, S, S)


class TACGANDiscriminator(nn.Module):
    """Is this picture real and shows this text, and which class is it of? Logits only."""

    def __init__(self, sizes: TACGANSizes) -> None:
        super().__init__()
        self.sizes, width = sizes, sizes.d_width
        first = nn.Sequential(nn.Conv2d(3, width, 5, 2, 2), nn.LeakyReLU(0.2, True))
        self.trunk = nn.Sequential(first, *(_down(width << k, width << (k + 1), 5, 2) for k in range(UPS - 1)))
        self.text = nn.Sequential(nn.Linear(sizes.text, sizes.cond), nn.LeakyReLU(0.2))
        self.joint = _down(8 * width + sizes.cond, 8 * width, 1, 1)
        self.match_head = nn.Linear(8 * width * sizes.base**2, 1)
        self.class_head = nn.Linear(8 * width * sizes.base**2, sizes.classes)
        self.apply(_init)

    def encode(self, image: Tensor) -> Tensor:
        """image (B, 3, S, S) in [-1, 1]; returns features (B, 8W, S / 16, S / 16). Raises ValueError for others."""
        side = self.sizes.size
        if image.shape[1:] != (3, side, side):
            raise ValueError(f"pictures are {tuple(image.shape)}; expected (B, 3, {side}, {side})")
        return self.trunk(image)

    def judge(self, features: Tensor, sent: Tensor) -> tuple[Tensor, Tensor]:
        """features (B, 8W, S / 16, S / 16), sent (B, Dt); returns match logits (B,) and class logits (B, K), at the
        cost of either."""
        joined = self.joint(torch.cat([features, tiled(self.text(sent), features)], 1))  # (B, 8W, S / 16, S / 16)
        flat = joined.flatten(1)  # (B, 8W * S / 16 * S / 16)
        return self.match_head(flat).flatten().float(), self.class_head(flat).float()

    def match(self, features: Tensor, sent: Tensor) -> Tensor:
        """As `judge`; the match logits (B,)."""
        return self.judge(features, sent)[0]

    def classify(self, features: Tensor, sent: Tensor) -> Tensor:
        """As `judge`; the class logits (B, K)."""
        return self.judge(features, sent)[1]


def _up(ins: int, outs: int) -> nn.Sequential:
    """Twice the size: transposed convolution 5x5, batch norm, ReLU."""
    convolution = nn.ConvTranspose2d(ins, outs, 5, 2, 2, 1, bias=False)
    return nn.Sequential(convolution, nn.BatchNorm2d(outs), nn.ReLU(True))


def _down(ins: int, outs: int, kernel: int, stride: int) -> nn.Sequential:
    """The size divided by the stride: convolution, batch norm, leaky ReLU."""
    convolution = nn.Conv2d(ins, outs, kernel, stride, kernel // 2, bias=False)
    return nn.Sequential(convolution, nn.BatchNorm2d(outs), nn.LeakyReLU(0.2, True))


def _init(module: nn.Module) -> None:
    """Xavier's uniform weights, biases 0; batch norm keeps 1 and 0."""
    if isinstance(module, (nn.Conv2d, nn.ConvTranspose2d, nn.Linear)):
        nn.init.xavier_uniform_(module.weight)
        if module.bias is not None:
            nn.init.zeros_(module.bias)
