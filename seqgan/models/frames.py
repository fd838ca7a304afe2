"""All single-frame systems behind one face: how each is drawn from, and which discriminators belong to it.

system = SYSTEMS["attngan"]
frames = draw(generator, "attngan", z, text, eps)      # pictures by size, condition, attention
critics = FrameCritics("attngan", generator.sizes)     # dictionaries by size in and out
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

from seqgan.models.attngan import AttnGANDiscriminator
from seqgan.models.gan_cls import FrameDiscriminator, GANCLSDiscriminator
from seqgan.models.hdgan import HDGANDiscriminator, super_discriminator
from seqgan.models.stackgan import StageOneDiscriminator, StageTwoDiscriminator
from seqgan.models.stackgan_v2 import StackGANv2Discriminator
from seqgan.models.tac_gan import TACGANDiscriminator
from seqgan.text.encoders import TextFeatures


@dataclass(frozen=True)
class System:
    """What sets a family apart.

    told: the conditioning augmentation whose mean its discriminators read, "" where they read the sentence. words: it
    reads single words. log_sigma: the conditioning's second half is the log of sigma, not of the variance. stages: rows
    of condition noise, 0 for none. above: it stands on a trained generator of this other family, "" for none.
    """

    told: str = ""
    words: bool = False
    log_sigma: bool = False
    stages: int = 1
    above: str = ""


SYSTEMS = {
    "gan_cls": System(stages=0),
    "gan_cls_house": System(stages=0),
    "tac_gan": System(stages=0),
    "stackgan_stage1": System("ca_net"),
    "stackgan": System("stage2.ca_net", stages=2, above="stackgan_stage1"),
    "stackgan_v2": System("ca_net"),
    "attngan": System(words=True),
    "hdgan": System(log_sigma=True),
    "hdgan_super": System(log_sigma=True, above="hdgan"),
}
"""Families that draw a picture from a caption."""


@dataclass(frozen=True)
class Frames:
    """What a generator drew: pictures (B, 3, S, S) in [-1, 1] by their pixels a side, small ones first; the Gaussian of
    its condition, (B, Dc) each, None without one; attention (B, L, S, S) by the map's pixels a side."""

    images: dict[int, Tensor]
    mu: Tensor | None = None
    logvar: Tensor | None = None
    attention: dict[int, Tensor] | None = None

    @property
    def largest(self) -> Tensor:
        """The largest pictures."""
        return self.images[max(self.images)]


def eps_shape(family: str, sizes: Any) -> tuple[int, ...] | None:
    """The condition noise of one sample: (Dc,), (stages, Dc), or None for a family without it."""
    stages = SYSTEMS[family].stages
    return None if not stages else (sizes.cond,) if stages == 1 else (stages, sizes.cond)


def draw(generator: nn.Module, family: str, z: Tensor, text: TextFeatures, eps: Tensor | None) -> Frames:
    """z (B, Dz), text of B captions, eps (B, *eps_shape) or None for the mean condition."""
    system = SYSTEMS[family]
    words = {"words": text.word_embs, "pad_mask": text.pad_mask} if system.words else {}
    found = generator(z=z, sent=text.sent_emb, eps=eps, **words)
    if isinstance(found, Tensor):
        return Frames({found.shape[-1]: found})
    logvar = 2 * found.log_sigma if system.log_sigma else found.logvar
    return Frames(found.images, found.mu, logvar, getattr(found, "attention", None))


def condition(generator: nn.Module, family: str, sent: Tensor) -> Tensor:
    """What the discriminators of a family are told of sentences (B, Dt)."""
    told = SYSTEMS[family].told
    return generator.get_submodule(told)(sent, None)[1] if told else sent


def learning(generator: nn.Module) -> nn.Module:
    """The part of a generator that is trained: all of it, unless it stands on another one."""
    return getattr(generator, "learning", generator)


class FrameCritics(nn.Module):
    """The discriminators of a family: pictures, features and logits by pixels a side, each size for itself."""

    def __init__(self, family: str, sizes: Any) -> None:
        super().__init__()
        nested = {"hdgan": HDGANDiscriminator, "hdgan_super": super_discriminator}
        self.frame = nested[family](sizes) if family in nested else _BySize(_critics(family, sizes))

    @property
    def judged(self) -> tuple[int, ...]:
        """Pixels a side of the pictures that are looked at: a frozen first stage's are not."""
        of = self.frame
        return tuple(of.sizes.scales) if isinstance(of, HDGANDiscriminator) else tuple(map(int, of.by_size))

    def encode(self, images: Mapping[int, Tensor]) -> dict[int, Tensor]:
        """Pictures (B, 3, S, S) in [-1, 1] to features."""
        return self.frame.encode(images)

    def match(self, features: Mapping[int, Tensor], told: Tensor) -> dict[int, Tensor]:
        """features as from `encode`, told (B, D) as from `condition`; logits (B,)."""
        return self.frame.match(features, told)

    def realism(self, features: Mapping[int, Tensor]) -> dict[int, Tensor]:
        """Logits (B,) or (B, 1, h, w); empty where a family has no such head."""
        return self.frame.realism(features)

    def classify(self, features: Mapping[int, Tensor], told: Tensor) -> dict[int, Tensor]:
        """Class logits (B, K); empty where a family names no classes."""
        return self.frame.classify(features, told) if isinstance(self.frame, _BySize) else {}


class _BySize(nn.Module):
    """One discriminator a size."""

    def __init__(self, critics: Mapping[int, nn.Module]) -> None:
        super().__init__()
        self.by_size = nn.ModuleDict({str(size): critic for size, critic in critics.items()})

    def encode(self, images: Mapping[int, Tensor]) -> dict[int, Tensor]:
        return {size: self.by_size[str(size)].encode(image) for size, image in images.items()}  # type: ignore[operator]

    def match(self, features: Mapping[int, Tensor], told: Tensor) -> dict[int, Tensor]:
        return {size: self.by_size[str(size)].match(x, told) for size, x in features.items()}  # type: ignore[operator]

    def realism(self, features: Mapping[int, Tensor]) -> dict[int, Tensor]:
        return {size: critic.realism(x) for size, x, critic in self._with("realism", features)}

    def classify(self, features: Mapping[int, Tensor], told: Tensor) -> dict[int, Tensor]:
        return {size: critic.classify(x, told) for size, x, critic in self._with("classify", features)}

    def _with(self, head: str, features: Mapping[int, Tensor]) -> list[tuple[int, Tensor, Any]]:
        critics = [(size, x, self.by_size[str(size)]) for size, x in features.items()]
        return [each for each in critics if hasattr(each[2], head)]


def _critics(family: str, sizes: Any) -> dict[int, nn.Module]:
    match family:
        case "gan_cls":
            return {64: GANCLSDiscriminator(sizes)}
        case "gan_cls_house":
            return {16 * sizes.base[1]: FrameDiscriminator(sizes.text, sizes.base, sizes.d_width)}
        case "tac_gan":
            return {sizes.size: TACGANDiscriminator(sizes)}
        case "stackgan_stage1":
            return {sizes.first: StageOneDiscriminator(sizes)}
        case "stackgan":
            return {sizes.second: StageTwoDiscriminator(sizes)}
        case "stackgan_v2":
            return {size: StackGANv2Discriminator(sizes, size) for size in sizes.scales}
        case "attngan":
            return {size: AttnGANDiscriminator(sizes, size) for size in sizes.scales}
    raise ValueError(f"{family!r} draws no single frames; expected one of {', '.join(SYSTEMS)}")


def noise(
    count: int, family: str, sizes: Any, rng: torch.Generator, own: slice = slice(None),
    device: torch.device | str = "cpu",
) -> tuple[Tensor, Tensor | None]:  # fmt: skip
    """Standard normal z (count, Dz) and eps (count, *eps_shape), drawn on the CPU: their `own` rows, on `device`."""
    shape = eps_shape(family, sizes)
    z = torch.randn(count, sizes.z, generator=rng)[own].to(device)
    return z, None if shape is None else torch.randn(count, *shape, generator=rng)[own].to(device)
