"""StackGAN (Zhang et al. 2017): stage I sketches a picture from a sentence, stage II redraws it four times as large.

The form is that of the authors' PyTorch release (COCO), which has no bottleneck blocks at 4x4 and 8x8. House: other
sizes than 64 and 256 pixels, the conditioning without an activation, folded upsampling, logits in place of
probabilities, the discriminators' trunks under the names of StackGAN++.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from seqgan.checks import check_choice
from seqgan.errors import ConfigError
from seqgan.layers.blocks import conv3, nearest_block, same_block_leaky
from seqgan.layers.conditioning import ConditioningAugmentation
from seqgan.layers.glu_blocks import BASE, StageTrunk, halvings, logit_head, tiled
from seqgan.layers.init import init_normal

SLOPES = {"relu": 0.0, "leaky": 0.2, "none": 1.0}
"""What mu and logvar are multiplied by where they are below zero: relu as in the PyTorch release, leaky as in the
TensorFlow release, none (house) to let both fall freely."""


@dataclass(frozen=True)
class StackGANSizes:
    """Every size of the system; those released for COCO are the defaults."""

    text: int = 1024
    cond: int = 128
    z: int = 100
    width: int = 192
    """Channels of stage II's first map; stage I ends with half as many."""
    d_width: int = 96
    residuals: int = 2
    first: int = 64
    """Pixels a side of stage I."""
    second: int = 256
    """Pixels a side of stage II."""
    activation: str = "relu"

    def __post_init__(self) -> None:
        check_choice("activation of the conditioning", self.activation, SLOPES, ConfigError)
        if halvings(self.first) < 2 or halvings(self.second) <= halvings(self.first):
            raise ConfigError(f"stages have {self.first} and {self.second} pixels; expected at least 16, then more")
        least = max(2, self.second // self.first)
        if self.width < 1 or self.width % least:
            raise ConfigError(f"width is {self.width}; expected a multiple of {least}, so that every map has channels")


class StagedImages(NamedTuple):
    """What a generator of several sizes drew."""

    images: dict[int, Tensor]
    """Pixels a side to pictures (B, 3, side, side) in [-1, 1], small ones first."""
    mu: Tensor
    """(B, Dc); what the discriminators are told."""
    logvar: Tensor
    """(B, Dc)."""


class StackGANConditioning(ConditioningAugmentation):
    """Conditioning augmentation with the activation of its sizes."""

    def __init__(self, sizes: StackGANSizes) -> None:
        super().__init__(sizes.text, sizes.cond, nn.LeakyReLU(SLOPES[sizes.activation]))


class StageOneGenerator(nn.Module):
    """A sentence and noise to a small picture."""

    def __init__(self, sizes: StackGANSizes) -> None:
        super().__init__()
        self.sizes, ups = sizes, halvings(sizes.first)
        self.start = (sizes.width // 2) << ups
        outs = self.start * BASE**2
        self.ca_net = StackGANConditioning(sizes)
        project = nn.Linear(sizes.z + sizes.cond, outs, bias=False)
        self.fc = nn.Sequential(project, nn.BatchNorm1d(outs), nn.ReLU())
        self.upsamples = _ups(self.start, ups)
        self.img = conv3(self.start >> ups, 3)
        self.apply(init_normal)

    def forward(self, z: Tensor, sent: Tensor, eps: Tensor | None) -> StagedImages:
        """z (B, Dz), sent (B, Dt), eps (B, Dc) or None for the mean; returns one picture of S = `first` pixels."""
        cond, mu, logvar = self.ca_net(sent, eps)  # (B, Dc) each
        code = self.fc(torch.cat([z, cond], 1))  # (B, 16 start); noise first, as released
        x = self.upsamples(code.reshape(-1, self.start, BASE, BASE))  # (B, W / 2, S, S)
        image = torch.tanh(self.img(x).float())  # (B, 3, S, S)
        return StagedImages({self.sizes.first: image}, mu, logvar)


class StageTwoGenerator(nn.Module):
    """A small picture and its sentence to a large one; no noise but that of its own conditioning."""

    def __init__(self, sizes: StackGANSizes) -> None:
        super().__init__()
        self.sizes, width = sizes, sizes.width
        ups = halvings(sizes.second) - halvings(sizes.first) + 2
        self.ca_net = StackGANConditioning(sizes)
        self.encoder = nn.Sequential(
            conv3(3, width), nn.ReLU(), _down(width, 2 * width), _down(2 * width, 4 * width)
        )  # fmt: skip
        self.hr_joint = nn.Sequential(conv3(4 * width + sizes.cond, 4 * width), nn.BatchNorm2d(4 * width), nn.ReLU())
        self.residual = nn.Sequential(*(_Residual(4 * width) for _ in range(sizes.residuals)))
        self.upsamples = _ups(4 * width, ups)
        self.img = conv3(4 * width >> ups, 3)
        self.apply(init_normal)

    def forward(self, image: Tensor, sent: Tensor, eps: Tensor | None) -> StagedImages:
        """image (B, 3, s, s) in [-1, 1] of stage I, sent (B, Dt), eps (B, Dc) or None for the mean; returns one picture
        of S = `second` pixels. Raises ValueError where the picture has another size."""
        if image.shape[1:] != (3, self.sizes.first, self.sizes.first):
            side = self.sizes.first
            raise ValueError(f"pictures of stage I are {tuple(image.shape)}; expected (B, 3, {side}, {side})")
        cond, mu, logvar = self.ca_net(sent, eps)  # (B, Dc) each
        x = self.encoder(image)  # (B, 4W, s / 4, s / 4)
        x = self.hr_joint(torch.cat([x, tiled(cond, x)], 1))  # (B, 4W, s / 4, s / 4)
        x = self.upsamples(self.residual(x))  # (B, W s / S, S, S)
        return StagedImages({self.sizes.second: torch.tanh(self.img(x).float())}, mu, logvar)


class StackGANGenerator(nn.Module):
    """Both stages, as stage II is trained and pictures are drawn: stage I is frozen.

    House: the batch norm of stage I keeps the statistics it was trained with, in the training of stage II too.
    """

    def __init__(self, sizes: StackGANSizes) -> None:
        super().__init__()
        self.sizes = sizes
        self.stage1 = StageOneGenerator(sizes).requires_grad_(False).eval()
        self.stage2 = StageTwoGenerator(sizes)

    @property
    def learning(self) -> nn.Module:
        """The part that is trained."""
        return self.stage2

    def train(self, mode: bool = True) -> StackGANGenerator:
        """As `nn.Module.train`, for stage II alone."""
        super().train(mode)
        self.stage1.eval()
        return self

    def forward(self, z: Tensor, sent: Tensor, eps: Tensor | None) -> StagedImages:
        """z (B, Dz), sent (B, Dt), eps (B, 2, Dc), one row a stage, or None for the means; returns both pictures, and
        mu and logvar of stage II."""
        first_eps, second_eps = (None, None) if eps is None else eps.unbind(1)
        with torch.no_grad():
            sketch = self.stage1(z, sent, first_eps).images
        drawn = self.stage2(sketch[self.sizes.first], sent, second_eps)
        return StagedImages(sketch | drawn.images, drawn.mu, drawn.logvar)


class StageOneDiscriminator(StageTrunk):
    """Does this small picture show this condition? Logits only."""

    def __init__(self, sizes: StackGANSizes) -> None:
        super().__init__(sizes.d_width, sizes.first)
        self.match_head = _match_head(self.features, sizes.cond)
        self.apply(init_normal)

    def match(self, features: Tensor, cond: Tensor) -> Tensor:
        """features (B, 8W, 4, 4), cond (B, Dc), the detached mu of the generator; returns logits (B,)."""
        return self.match_head(torch.cat([features, tiled(cond, features)], 1)).flatten().float()


class StageTwoDiscriminator(StageTrunk):
    """Is this large picture real, and does it show this condition? Logits only."""

    def __init__(self, sizes: StackGANSizes) -> None:
        super().__init__(sizes.d_width, sizes.second)
        self.match_head = _match_head(self.features, sizes.cond)
        self.realism_head = logit_head(self.features)
        self.apply(init_normal)

    def match(self, features: Tensor, cond: Tensor) -> Tensor:
        """features (B, 8W, 4, 4), cond (B, Dc), the detached mu of the generator; returns logits (B,)."""
        return self.match_head(torch.cat([features, tiled(cond, features)], 1)).flatten().float()

    def realism(self, features: Tensor) -> Tensor:
        """features (B, 8W, 4, 4); returns logits (B,)."""
        return self.realism_head(features).flatten().float()


class _Residual(nn.Module):
    """Two convolutions 3/1/1 whose result is added to their input, then ReLU."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.block = nn.Sequential(
            conv3(channels, channels), nn.BatchNorm2d(channels), nn.ReLU(),
            conv3(channels, channels), nn.BatchNorm2d(channels),
        )  # fmt: skip

    def forward(self, x: Tensor) -> Tensor:
        """x (B, C, H, W) to the same."""
        return F.relu(x + self.block(x))


def _match_head(features: int, cond: int) -> nn.Sequential:
    """Features and condition, joined, to a logit; features first."""
    return nn.Sequential(same_block_leaky(features + cond, features), logit_head(features))


def _ups(ins: int, count: int) -> nn.Sequential:
    """`count` times twice the size and half the channels; the first place of a block held its upsampling."""
    return nn.Sequential(*(nearest_block(ins >> k, ins >> (k + 1)) for k in range(count)))


def _down(ins: int, outs: int) -> nn.Sequential:
    return nn.Sequential(nn.Conv2d(ins, outs, 4, 2, 1, bias=False), nn.BatchNorm2d(outs), nn.ReLU())
