"""What single-frame networks pay: the discriminators' terms and the generator's, put together from `seqgan.losses`.

`matching` (who pays for which pair), `interpolation` (GAN-INT), `damsm` (AttnGAN), `tac_gan` (classes, labels),
`functional` (divergences; reconstruction, house), `style` (the noise read back).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, cast

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from seqgan.layers.augment import augment, parse_policy, uniforms_of
from seqgan.losses.adversarial import criterion_named
from seqgan.losses.damsm import RELEASED, Gammas, damsm_terms, sentence_scores, word_scores
from seqgan.losses.functional import gaussian_kl, pyramid_l1
from seqgan.losses.hdgan import enlarged_l1
from seqgan.losses.interpolation import between, interpolated_g_loss
from seqgan.losses.matching import MatchingWeights, PairLogits, matching_d_loss, matching_g_loss
from seqgan.losses.means import Mean, total
from seqgan.losses.style import style_loss
from seqgan.losses.tac_gan import class_loss
from seqgan.models.damsm import RegionEncoder
from seqgan.models.frames import FrameCritics, Frames, condition, draw, noise
from seqgan.models.style_encoder import StyleEncoder
from seqgan.text.encoders import TextFeatures, one_word
from seqgan.training.captions import CaptionFeatures
from seqgan.training.runtime import Runtime


class Teacher(Protocol):
    """A frozen judge of pictures, with the names of its label groups."""

    @property
    def names(self) -> Mapping[str, tuple[str, ...]]:
        """Names of the labels of every group."""
        ...

    def answers(self, frames: Tensor) -> dict[str, Tensor]:
        """Logits by group, (B, K) each, of pictures (B, 3, S, S) in [-1, 1], with gradient."""
        ...


@dataclass(frozen=True)
class FrameWeights:
    """Weights of the generator's terms beside the matching loss; one of weight 0 is not computed.

    damsm is AttnGAN's lambda, on the largest picture (`damsm_all`: on every one). classes: TAC-GAN's. between: of a
    sentence between two (GAN-INT), inside one mean with the sentences themselves. enlarged: of HDGAN's largest picture
    from the one below it. labels (house): of what frozen judges of pictures say of those labels that a caption names,
    as DAMSM says it of words; they measure nothing afterwards.

    reconstruct (house) asks for the very picture of the caption, at every size: a supervised start where a caption
    tells nearly all of its picture. With style, a style encoder learns beside the generator (after BicycleGAN, Zhu et
    al. 2017): every second picture is to be found again from the noise that the encoder reads in the real one, held to
    the normal by `style` (or in another of its style: `FrameTraining.driver`); from the others' noise the encoder is to
    read it back, weight `latent`.
    """

    kl: float = 0.0
    damsm: float = 0.0
    damsm_all: bool = False
    reconstruct: float = 0.0
    classes: float = 0.0
    between: float = 0.0
    enlarged: float = 0.0
    labels: float = 0.0
    style: float = 0.0
    latent: float = 0.5


@dataclass(frozen=True)
class FrameBatch:
    """This process's B of the `total` pictures of a step, which are those at `own`: images (B, 3, H, W) in [-1, 1],
    drivers of the same shape, in which a style encoder reads their style, numbers of their captions and of wrong ones
    (B,), classes (B,) or -1; all captions of the step, and which of them may be said of which picture, (total, total),
    where DAMSM asks; labels by group, (B,) or -1 where the caption does not name it; and the drivers' label, (B,)."""

    images: Tensor
    drivers: Tensor
    captions: np.ndarray
    wrong: np.ndarray
    classes: Tensor
    named: dict[str, Tensor]
    looks: Tensor
    every: np.ndarray
    mates: Tensor | None
    own: slice
    total: int


@dataclass(frozen=True)
class Seen:
    """Augmentation of pictures by size, a row of uniforms a picture: one picture changes alike at every size."""

    uniforms: Tensor
    policy: tuple[str, ...]

    def __call__(self, images: dict[int, Tensor]) -> dict[int, Tensor]:
        """The pictures as a discriminator sees them."""
        return {size: augment(image, self.uniforms, self.policy) for size, image in images.items()}


class FrameLosses:
    """Networks, text features and weights; gives the terms of a step. `style` and `regions` where they are used."""

    def __init__(
        self, family: str, g: nn.Module, d: FrameCritics, style: StyleEncoder | None, regions: RegionEncoder | None,
        features: CaptionFeatures, runtime: Runtime, matching: MatchingWeights, weights: FrameWeights,
        criterion: str, policy: str, gammas: Gammas = RELEASED, teachers: Sequence[Teacher] = (), driver: str = "",
    ) -> None:  # fmt: skip
        self.teachers, self.driver = teachers, driver
        self.family, self.g, self.d, self.style, self.regions = family, g, d, style, regions
        self.features, self.runtime, self.sizes = features, runtime, cast(Any, g.sizes)
        self.matching, self.weights, self.criterion, self.gammas = matching, weights, criterion, gammas
        self.policy = parse_policy(policy)
        self.adversarial = bool(matching.match or matching.realism)
        self.unconditional = any((matching.realism, matching.realism_real, matching.realism_fake))

    def d_terms(self, batch: FrameBatch, rng: torch.Generator) -> dict[str, Mean]:
        """Named terms of the discriminators' step; the pictures drawn for it leave no gradient."""
        text = self.features.take(batch.captions)
        with torch.no_grad():
            z, eps = self._noise(batch.total, rng, batch.own)
            frames = draw(self.g, self.family, z, text, eps)
            told = condition(self.g, self.family, text.sent_emb)
            wrong = condition(self.g, self.family, self.features.sent[torch.as_tensor(batch.wrong)])
        seen = self._augmented(batch, rng)
        real, fake = (self.d.encode(seen(each)) for each in (self._real(batch), self._judged(frames)))
        pairs = [self.d.match(real, told), self.d.match(real, wrong), self.d.match(fake, told)]
        realism = [self._realism(real), self._realism(fake)]
        terms: dict[str, Mean] = {}
        for size in self.d.judged:
            (real_look, fake_look), (own, other, drawn) = (each.get(size) for each in realism), (p[size] for p in pairs)
            # a mismatched pair is the real picture under another caption: its realism is that of the real one
            logits = PairLogits(own, other, drawn, real_look, fake_look, real_look)
            add(terms, matching_d_loss(logits, self.matching, self.criterion))
        for name, features, sent in (("real", real, told), ("wrong", real, wrong), ("fake", fake, told)):
            add(terms, self._classes(f"class_{name}", features, sent, batch))
        return terms

    def g_terms(self, batch: FrameBatch, rng: torch.Generator) -> dict[str, Mean]:
        """Named terms of the generator's step."""
        text, weights = self.features.take(batch.captions), self.weights
        z, eps = self._noise(batch.total, rng, batch.own)
        z, known, terms = self._with_styles(batch, z)
        frames = draw(self.g, self.family, z, text, eps)
        if self.adversarial:
            terms |= self._adversarial(batch, text, frames, rng)
        if frames.mu is not None and frames.logvar is not None and weights.kl:
            terms["kl"] = weights.kl * gaussian_kl(frames.mu, frames.logvar)
        if weights.enlarged:
            below, largest = (frames.images[size] for size in sorted(frames.images)[-2:])
            terms["enlarged"] = weights.enlarged * enlarged_l1(largest, below)
        if weights.reconstruct:
            real = self._real(batch)
            found = (pyramid_l1(frames.images[size][known], real[size][known]) for size in real)
            terms["reconstruct"] = weights.reconstruct * total(found)
        if self.style is not None and weights.latent:
            read = self.style(frames.largest[~known])[:, : self.sizes.z]
            terms["latent"] = weights.latent / self.sizes.z * style_loss(z[~known], read)
        if weights.labels:
            terms["labels"] = weights.labels * self._labels(batch, frames.largest, known)
        return terms | (self._damsm(batch, frames) if weights.damsm else {})

    def _adversarial(
        self, batch: FrameBatch, text: TextFeatures, frames: Frames, rng: torch.Generator
    ) -> dict[str, Mean]:
        """What the discriminators say of the pictures, under their captions, alone, and of their classes."""
        told, seen = condition(self.g, self.family, text.sent_emb), self._augmented(batch, rng)
        features = self.d.encode(seen(self._judged(frames)))
        match, realism = self.d.match(features, told), self._realism(features)
        reals, terms = self._real_logits(batch, told, seen), dict[str, Mean]()
        for size in self.d.judged:
            looks = (None if each is None else each.get(size) for each in reals)
            add(terms, {"match": matching_g_loss(
                match[size], realism.get(size), self.matching, self.criterion, *looks)})  # fmt: skip
        if self.weights.between:
            terms["match"] = self._between(batch, match, rng)
        return terms | self._classes("class", features, told, batch)

    def _noise(self, count: int, rng: torch.Generator, own: slice) -> tuple[Tensor, Tensor | None]:
        return noise(count, self.family, self.sizes, rng, own, self.runtime.device)

    def _with_styles(self, batch: FrameBatch, z: Tensor) -> tuple[Tensor, Tensor, dict[str, Mean]]:
        """Noise (B, Dz) that every second picture of the step has from its real picture; which those are, (B,) bool;
        and what holds that noise to the normal. Without a style encoder the noise is kept, and all are asked for."""
        if self.style is None:
            return z, torch.ones(len(z), dtype=torch.bool, device=z.device), {}
        known = (torch.arange(batch.total) % 2 == 0)[batch.own].to(z.device)
        mu, logvar = self.style(batch.drivers[known]).chunk(2, 1)
        mixed = z.clone()
        mixed[known] = (mu + (logvar / 2).exp() * z[known]).to(z.dtype)
        return mixed, known, {"style": self.weights.style * gaussian_kl(mu, logvar)}

    def _classes(self, name: str, features: dict[int, Tensor], told: Tensor, batch: FrameBatch) -> dict[str, Mean]:
        if not self.weights.classes:
            return {}
        logits = self.d.classify(features, told).values()
        return {name: self.weights.classes * total(class_loss(each, batch.classes) for each in logits)}

    def _judged(self, frames: Frames) -> dict[int, Tensor]:
        """Of what was drawn, the pictures that are looked at."""
        return {size: frames.images[size] for size in self.d.judged}

    def _real(self, batch: FrameBatch) -> dict[int, Tensor]:
        """The real pictures at the sizes that are looked at."""
        return {size: shrunk(batch.images, size) for size in self.d.judged}

    def _realism(self, features: dict[int, Tensor]) -> dict[int, Tensor]:
        return self.d.realism(features) if self.unconditional else {}

    def _real_logits(
        self, batch: FrameBatch, told: Tensor, seen: Seen
    ) -> tuple[dict[int, Tensor] | None, dict[int, Tensor] | None]:
        """Logits of the real pairs, which only a paired criterion asks for."""
        if not criterion_named(self.criterion).paired:
            return None, None
        with torch.no_grad():
            features = self.d.encode(seen(self._real(batch)))
            return self.d.match(features, told), self._realism(features)

    def _between(self, batch: FrameBatch, match: dict[int, Tensor], rng: torch.Generator) -> Mean:
        """GAN-INT: the pairs of the batch and, in one mean with them, sentences between the first and second half."""
        middle = between(self.features.sent[torch.as_tensor(batch.every)])
        own = self.runtime.own(len(middle))
        z, eps = self._noise(len(middle), rng, own)
        frames = draw(self.g, self.family, z, one_word(middle[own]), eps)
        logits = self.d.match(self.d.encode(self._judged(frames)), condition(self.g, self.family, middle[own]))
        rows, weight = len(batch.images), self.weights.between
        return total(
            interpolated_g_loss(torch.cat([match[size], logits[size]]), rows, weight, self.criterion) for size in match
        )

    def _labels(self, batch: FrameBatch, largest: Tensor, known: Tensor) -> Mean:
        """Mean over the teachers of the cross-entropy of every label that the caption names, or a driver shows."""
        found = []
        for teacher in self.teachers:
            for group, logits in teacher.answers(largest).items():
                wanted = batch.named[group]
                if self.style is not None and group == self.driver:
                    wanted = torch.where(known, batch.looks, wanted)
                found.append(class_loss(logits, wanted))
        return (1 / len(self.teachers)) * total(found)

    def _damsm(self, batch: FrameBatch, frames: Frames) -> dict[str, Mean]:
        """The four terms of DAMSM over the pictures and captions of the whole batch."""
        assert self.regions is not None, "checked when the task was made"
        every = self.features.take(batch.every)
        terms: dict[str, Mean] = {}
        for images in frames.images.values() if self.weights.damsm_all else [frames.largest]:
            regions, codes = (self.runtime.gather(x) for x in self.regions(images))
            words = word_scores(regions, every.word_embs, every.pad_mask, self.gammas)
            found = damsm_terms(words, sentence_scores(codes, every.sent_emb, self.gammas), batch.mates)
            add(terms, {name: self.weights.damsm * term for name, term in found.items()})
        return terms

    def _augmented(self, batch: FrameBatch, rng: torch.Generator) -> Seen:
        uniforms = torch.rand(batch.total, uniforms_of(self.policy), generator=rng)[batch.own]
        return Seen(uniforms.to(self.runtime.device), self.policy)


def shrunk(images: Tensor, size: int) -> Tensor:
    """Pictures at fewer pixels a side, or as they are (bilinear, as AttnGAN resizes its crop)."""
    if size == images.shape[-1]:
        return images
    return F.interpolate(images, (size, size), mode="bilinear", align_corners=False, antialias=True)


def add(terms: dict[str, Mean], more: dict[str, Mean]) -> None:
    """Sum named terms of several sizes."""
    for name, term in more.items():
        terms[name] = terms[name] + term if name in terms else term
