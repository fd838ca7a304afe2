"""HDGAN (Zhang, Xie and Yang 2018): a sentence vector becomes pictures of 64x64, 128x128 and 256x256 in one pass.

One generator draws all sizes: its maps double from 4x4 on, and heads beside them turn three of the maps into pictures.
A picture is not read again; the next map grows from the last one. For each size the discriminator has an encoder of
its own, with two heads: does the picture fit the sentence, and does it look real, place by place?

The names of the parts are those of the published checkpoints (birds, flowers and COCO share them). Kept as released:
the second half of the conditioning is the log of sigma, not of the variance, and both halves pass a leaky ReLU; the
generator pads by reflection, the discriminator by zeros; the discriminator reads the raw sentence vector.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from itertools import pairwise
from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from seqgan.errors import ConfigError
from seqgan.layers.upsample import UpsampleConv2d

BASE = 4
"""Pixels a side of the first map."""


@dataclass(frozen=True)
class HDGANSizes:
    """Every size of the system; the released ones are the defaults."""

    text: int = 1024
    cond: int = 128
    """Numbers of the conditioning code, and of the sentence in each pair head."""
    z: int = 100
    width: int = 1024
    """Channels of the first map, 4x4."""
    halved: tuple[int, ...] = (8, 32, 128, 256)
    """Sides at which the channels are halved."""
    resblocks: int = 1
    """Residual blocks at each side."""
    scales: tuple[int, ...] = (64, 128, 256)
    """Sides of the pictures."""
    d_width: int = 512
    """Channels of the features; the convolutions that halve the picture double theirs up to it."""
    patches: int | None = 256
    """The side at which realism is judged on a map of 8x8 rather than 4x4; None for nowhere."""

    def __post_init__(self) -> None:
        sides = [BASE << k for k in range(2, 11)]
        if not self.scales or not set(self.scales) <= set(sides) or sorted(set(self.scales)) != list(self.scales):
            raise ConfigError(f"scales are {self.scales}; expected rising powers of two from 16 on, like (16, 32, 64)")

    @property
    def sides(self) -> tuple[int, ...]:
        """Sides of all maps, from 4 to the largest picture."""
        return tuple(BASE << k for k in range((self.scales[-1] // BASE).bit_length()))

    def channels(self, side: int) -> int:
        """Channels of the generator's map of this side."""
        return self.width >> sum(reached <= side for reached in self.halved)


class HDGANPictures(NamedTuple):
    """What a generator draws: pictures (B, 3, side, side) in [-1, 1] by their side, and the Gaussian of the text."""

    images: dict[int, Tensor]
    mu: Tensor
    log_sigma: Tensor


class HDGANGenerator(nn.Module):
    """Sentence vectors and noise to pictures of every scale, in [-1, 1]."""

    def __init__(self, sizes: HDGANSizes) -> None:
        super().__init__()
        self.sizes = sizes
        self.condEmbedding = nn.ModuleDict({"linear": nn.Linear(sizes.text, 2 * sizes.cond)})
        outs = sizes.width * BASE**2
        first = nn.Sequential(nn.Linear(sizes.cond + sizes.z, outs), nn.BatchNorm1d(outs))
        self.vec_to_tensor = nn.ModuleDict({"out": first})
        for side in sizes.sides:
            self.add_module(f"scale_{side}", _stage(sizes, side))
            if side in sizes.scales:
                self.add_module(f"tensor_to_img_{side}", picture_head(sizes.channels(side)))
        self.apply(_init)

    def forward(self, z: Tensor, sent: Tensor, eps: Tensor | None = None) -> HDGANPictures:
        """z (B, Dz) and eps (B, Dc) standard normal, sent (B, Dt); without eps the mean of the text's Gaussian."""
        return self.draw(z, sent, eps)[0]

    def draw(self, z: Tensor, sent: Tensor, eps: Tensor | None = None) -> tuple[HDGANPictures, Tensor]:
        """As `forward`, with the last map (B, C, side, side) of the largest scale."""
        code, mu, log_sigma = self.condition(sent, eps)
        x, images = self.first_map(code, z), {}  # (B, width, 4, 4)
        for side in self.sizes.sides:
            x = self.get_submodule(f"scale_{side}")(x)  # (B, channels(side), side, side)
            if side in self.sizes.scales:
                images[side] = self.get_submodule(f"tensor_to_img_{side}")(x).float()  # (B, 3, side, side)
        return HDGANPictures(images, mu, log_sigma), x

    def condition(self, sent: Tensor, eps: Tensor | None) -> tuple[Tensor, Tensor, Tensor]:
        """sent (B, Dt), eps (B, Dc) or None for the mean; returns code, mu, log_sigma, (B, Dc) each: mean + sigma * eps
        (StackGAN eq. 2; the leaky ReLU and log sigma as released)."""
        mu, log_sigma = F.leaky_relu(self.condEmbedding["linear"](sent).float(), 0.2).chunk(2, 1)
        return (mu if eps is None else mu + log_sigma.exp() * eps), mu, log_sigma

    def first_map(self, code: Tensor, z: Tensor) -> Tensor:
        """code (B, Dc), z (B, Dz); returns the map (B, width, 4, 4), which no activation follows."""
        flat = self.vec_to_tensor["out"](torch.cat([code, z], 1))  # (B, width * 16)
        return flat.reshape(-1, self.sizes.width, BASE, BASE)


@dataclass(frozen=True)
class HDGANSuperSizes(HDGANSizes):
    """Sizes of the generator below, and what is put on top of it."""

    super_resblocks: int = 2
    """Residual blocks before the last enlargement."""

    @property
    def side(self) -> int:
        """Pixels a side of the pictures on top."""
        return 2 * self.scales[-1]


class HDGANSuper512(nn.Module):
    """Pictures twice as large as those of a trained generator, which stays as it is (512x512 on top of 256x256).

    Here as meant, not as released: there the initialisation also wiped the generator below. The weights of that one
    are kept, its batch norm keeps its statistics, and no gradient reaches it.
    """

    def __init__(self, sizes: HDGANSuperSizes) -> None:
        super().__init__()
        self.sizes, width = sizes, sizes.channels(sizes.scales[-1])
        blocks = [Residual(width) for _ in range(sizes.super_resblocks)]
        self.add_module(f"scale_{sizes.side}", nn.Sequential(*blocks, *doubling(width, width // 2)))
        self.add_module(f"tensor_to_img_{sizes.side}", picture_head(width // 2))
        self.learning.apply(_init)
        self.generator_256 = HDGANGenerator(sizes).requires_grad_(False).eval()

    @property
    def learning(self) -> nn.Module:
        """The part that is trained."""
        parts = (f"scale_{self.sizes.side}", f"tensor_to_img_{self.sizes.side}")
        return nn.ModuleDict({name: self.get_submodule(name) for name in parts})

    def forward(self, z: Tensor, sent: Tensor, eps: Tensor | None = None) -> HDGANPictures:
        """As the generator's `forward`, with one more picture, (B, 3, 2 * side, 2 * side); only it has a gradient."""
        side = self.sizes.side
        with torch.no_grad():
            drawn, x = self.generator_256.draw(z, sent, eps)  # (B, C, side / 2, side / 2)
        x = self.get_submodule(f"scale_{side}")(x)  # (B, C / 2, side, side)
        largest = self.get_submodule(f"tensor_to_img_{side}")(x).float()  # (B, 3, side, side)
        return drawn._replace(images={**drawn.images, side: largest})

    def train(self, mode: bool = True) -> HDGANSuper512:
        """As ever, but the generator below stays in eval mode."""
        super().train(mode)
        self.generator_256.eval()
        return self


def super_discriminator(sizes: HDGANSuperSizes) -> HDGANDiscriminator:
    """The discriminator of the largest pictures alone, whose realism is judged on a map (house: the release has none
    that runs)."""
    wanted = {each.name: getattr(sizes, each.name) for each in fields(HDGANSizes)}
    return HDGANDiscriminator(HDGANSizes(**wanted | {"scales": (sizes.side,), "patches": sizes.side}))


class HDGANDiscriminator(nn.Module):
    """Does this picture fit this sentence, and does it look real? At every scale by itself. Logits only (LSGAN)."""

    def __init__(self, sizes: HDGANSizes) -> None:
        super().__init__()
        self.sizes, width = sizes, sizes.d_width
        for side in sizes.scales:
            pair = nn.Sequential(_strided(width + sizes.cond, width, 1, 1, 0), nn.Conv2d(width, 1, 4))
            self.add_module(f"img_encoder_{side}", nn.ModuleDict({"node": _encoder(sizes, side)}))
            self.add_module(f"pair_disc_{side}", nn.ModuleDict({"node": pair}))
            self.add_module(f"local_img_disc_{side}", nn.Conv2d(width, 1, 4))
            text = nn.Sequential(nn.Linear(sizes.text, sizes.cond), nn.LeakyReLU(0.2, True))
            self.add_module(f"context_emb_pipe_{side}", text)
        if sizes.patches in sizes.scales:
            self.pre_encode = _strided(width, width, 5, 1, 0)
        self.apply(_init)

    def encode(self, images: Tensor | Mapping[int, Tensor]) -> dict[int, Tensor]:
        """Pictures (B, 3, side, side) in [-1, 1] by their side, or a tensor of one scale; returns features by side,
        (B, W, 4, 4), at `patches` (B, W, 8, 8). Raises ValueError for a side that this discriminator has no scale for.
        """
        given = {images.shape[-1]: images} if isinstance(images, Tensor) else images
        if unknown := sorted(set(given) - set(self.sizes.scales)):
            raise ValueError(f"pictures have {unknown} pixels a side; expected scales of {self.sizes.scales}")
        return {side: self.get_submodule(f"img_encoder_{side}.node")(image) for side, image in given.items()}

    def match(self, features: Mapping[int, Tensor], sent: Tensor) -> dict[int, Tensor]:
        """features as from `encode`, sent (B, Dt); returns logits (B,) by side."""
        return {side: self._pair(side, x, sent) for side, x in features.items()}

    def realism(self, features: Mapping[int, Tensor]) -> dict[int, Tensor]:
        """features as from `encode`; returns logits (B, 1, 1, 1) by side, at `patches` (B, 1, 5, 5)."""
        return {side: self.get_submodule(f"local_img_disc_{side}")(x).float() for side, x in features.items()}

    def _pair(self, side: int, features: Tensor, sent: Tensor) -> Tensor:
        x = self.pre_encode(features) if side == self.sizes.patches else features  # (B, W, 4, 4)
        text = self.get_submodule(f"context_emb_pipe_{side}")(sent)  # (B, Dc)
        tiled = text[:, :, None, None].to(x.dtype).expand(-1, -1, *x.shape[2:])  # (B, Dc, 4, 4)
        return self.get_submodule(f"pair_disc_{side}.node")(torch.cat([x, tiled], 1)).flatten().float()  # (B,)


class ImageSentenceRanking(nn.Module):
    """The mapper of the visual-semantic similarity (HDGAN paper): picture and sentence features to one sphere.

    Two scores can be compared only if one and the same trained mapper gave them.
    """

    device_id: Tensor

    def __init__(self, image: int = 1536, text: int = 1024, width: int = 512) -> None:
        super().__init__()
        self.linear_img, self.linear_sent = nn.Linear(image, width), nn.Linear(text, width)
        self.register_buffer("device_id", torch.zeros(1, dtype=torch.int32))  # in the checkpoints, never read
        for linear in (self.linear_img, self.linear_sent):  # a normal distribution, as released, by the name of Xavier
            nn.init.normal_(linear.weight, 0.0, (6 / (linear.in_features + width)) ** 0.5)
            nn.init.zeros_(linear.bias)

    def forward(self, image: Tensor, sent: Tensor) -> tuple[Tensor, Tensor]:
        """image (B, 1536) pooled features of an Inception-ResNet-v2, sent (B, 1024); returns unit vectors (B, 512) of
        pictures and of sentences."""
        return F.normalize(self.linear_img(image).float()), F.normalize(self.linear_sent(sent).float())

    def score(self, image: Tensor, sent: Tensor) -> Tensor:
        """As `forward`; returns the similarity of each row's pair, (B,) in [-1, 1]."""
        image, sent = self(image, sent)
        return (image * sent).sum(1)


class Residual(nn.Module):
    """Two padded convolutions whose result is added to their input; no activation after."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.res_block = nn.Sequential(_padded(channels, channels, nn.ReLU(True)), _padded(channels, channels))

    def forward(self, x: Tensor) -> Tensor:
        """x (B, C, H, W) to the same."""
        return self.res_block(x).add_(x)


def _stage(sizes: HDGANSizes, side: int) -> nn.Sequential:
    """The map of half the side to the map of this one; the first only refines its own."""
    layers: list[nn.Module] = [] if side == BASE else [nn.Upsample(scale_factor=2.0)]
    if side in sizes.halved:
        layers = doubling(sizes.channels(side // 2), sizes.channels(side))
    return nn.Sequential(*layers, *(Residual(sizes.channels(side)) for _ in range(sizes.resblocks)))


def doubling(ins: int, outs: int) -> list[nn.Module]:
    """(B, ins, H, W) to (B, outs, 2H, 2W): enlargement, reflection and convolution in one layer, at the place of the
    released convolution."""
    block = nn.Sequential(nn.Identity(), UpsampleConv2d(ins, outs, reflect=True), nn.BatchNorm2d(outs), nn.ReLU(True))
    return [nn.Identity(), block]


def _padded(ins: int, outs: int, *activation: nn.Module) -> nn.Sequential:
    """The same size, in the generator: reflection, convolution 3x3, batch norm."""
    convolution = nn.Conv2d(ins, outs, 3, bias=False)
    return nn.Sequential(nn.ReflectionPad2d(1), convolution, nn.BatchNorm2d(outs), *activation)


def picture_head(channels: int) -> nn.Sequential:
    """(B, C, H, W) to pictures (B, 3, H, W) in [-1, 1]."""
    return nn.Sequential(nn.ReflectionPad2d(1), nn.Conv2d(channels, 3, 3, bias=False), nn.Tanh())


def _encoder(sizes: HDGANSizes, side: int) -> nn.Sequential:
    """Pictures to maps of 8x8 by convolutions 3/2/1, then to 4x4 by one of 5x5; at `patches` the pair head has that."""
    count = (side // 8).bit_length() - 1
    widths = [sizes.d_width >> (count - 1 - k) for k in range(count)]
    first = nn.Sequential(nn.Conv2d(3, widths[0], 3, 2, 1, bias=False), nn.LeakyReLU(0.2, True))
    layers = [first, *(_strided(ins, outs, 3, 2, 1) for ins, outs in pairwise(widths))]
    if side != sizes.patches:
        layers.append(_strided(sizes.d_width, sizes.d_width, 5, 1, 0))
    return nn.Sequential(*layers)


def _strided(ins: int, outs: int, kernel: int, stride: int, padding: int) -> nn.Sequential:
    """A block of the discriminator: convolution, batch norm, leaky ReLU."""
    convolution = nn.Conv2d(ins, outs, kernel, stride, padding, bias=False)
    return nn.Sequential(convolution, nn.BatchNorm2d(outs), nn.LeakyReLU(0.2, True))


def _init(module: nn.Module) -> None:
    """As released: convolutions N(0, 0.02), batch norm N(1, 0.02) with bias 0; linear layers, and the biases of the
    heads, keep torch's own."""
    if isinstance(module, nn.Conv2d):
        nn.init.normal_(module.weight, 0.0, 0.02)
    elif isinstance(module, (nn.BatchNorm1d, nn.BatchNorm2d)):
        nn.init.normal_(module.weight, 1.0, 0.02)
        nn.init.zeros_(module.bias)
