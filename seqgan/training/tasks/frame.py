"""Training of every single-frame system: one task, whose systems differ in their networks and in the weights of terms.

Sources of the terms: `seqgan.losses.matching` (who pays for which pair), `interpolation` (GAN-INT), `damsm` (AttnGAN),
`tac_gan` (classes), `functional` (divergence of the condition; reconstruction, house).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, cast

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from seqgan.checks import check_range
from seqgan.data.epochs import Epochs
from seqgan.data.pictures import PictureData
from seqgan.errors import ConfigError
from seqgan.layers.augment import augment, parse_policy, uniforms_of
from seqgan.losses.adversarial import criterion_named
from seqgan.losses.damsm import RELEASED, Gammas, damsm_terms, sentence_scores, word_scores
from seqgan.losses.functional import gaussian_kl, pyramid_l1
from seqgan.losses.interpolation import between, interpolated_g_loss
from seqgan.losses.matching import GAN_CLS, MatchingWeights, PairLogits, matching_d_loss, matching_g_loss
from seqgan.losses.means import Mean
from seqgan.losses.tac_gan import class_loss
from seqgan.metrics.retrieval import Gallery, distractors, r_precision
from seqgan.models.damsm import RegionEncoder
from seqgan.models.frames import FrameCritics, Frames, condition, draw, learning, noise
from seqgan.text.encoders import TextFeatures
from seqgan.training.captions import RIVALS, CaptionEncoder, CaptionFeatures, Captions, fewest_rivals
from seqgan.training.ema import Ema
from seqgan.training.frames import picture_codes, picture_sheet, varied
from seqgan.training.phases import Phase
from seqgan.training.runtime import Runtime

SHOWN = 32
"""Captions of the sheet."""


@dataclass(frozen=True)
class FrameWeights:
    """Weights of the generator's terms beside the matching loss; one of weight 0 is not computed.

    damsm is AttnGAN's lambda, on the largest picture (`damsm_all`: on every one). reconstruct (house) asks for the very
    picture of the caption, at every size: a supervised start where a caption tells nearly all of its picture. classes:
    TAC-GAN's. between: of a sentence between two (GAN-INT), inside one mean with the sentences themselves.
    """

    kl: float = 0.0
    damsm: float = 0.0
    damsm_all: bool = False
    reconstruct: float = 0.0
    classes: float = 0.0
    between: float = 0.0


@dataclass(frozen=True)
class FrameTraining:
    """Settings of the task. Raises ConfigError for a bad value."""

    batch: int = 32
    lr_g: float = 2e-4
    lr_d: float = 2e-4
    half_life: int = 10_000
    seed: int = 0
    matching: MatchingWeights = GAN_CLS
    weights: FrameWeights = field(default_factory=FrameWeights)
    adversarial: str = "bce"
    near: float = 0.25
    """Chance that a wrong caption is one of the same source: a concept in another style."""
    augment: str = ""
    """What discriminators see is changed by (comma list): color, translation, cutout."""
    label: str = "class"
    """The label group whose classes TAC-GAN names."""
    gammas: Gammas = RELEASED

    def __post_init__(self) -> None:
        criterion_named(self.adversarial)
        parse_policy(self.augment)
        check_range("training.near", self.near, 0, 1, ConfigError)


@dataclass(frozen=True)
class FrameBatch:
    """This process's B of the `total` pictures of a step, which are those at `own`: images (B, 3, H, W) in [-1, 1],
    numbers of their captions and of wrong ones (B,), classes (B,) or -1; all captions of the step, and which of them
    may be said of which picture, (total, total)."""

    images: Tensor
    captions: np.ndarray
    wrong: np.ndarray
    classes: Tensor
    every: np.ndarray
    mates: Tensor
    own: slice
    total: int


class FrameTask:
    """See `seqgan.training.task.Task`."""

    def __init__(
        self, family: str, g: nn.Module, d: FrameCritics, data: PictureData, val: PictureData,
        reader: CaptionEncoder, regions: RegionEncoder | None, options: FrameTraining, runtime: Runtime,
    ) -> None:  # fmt: skip
        check_range("training.batch", options.batch, runtime.world, error=ConfigError)
        if options.weights.damsm and regions is None:
            raise ConfigError("weights.damsm is set but no DAMSM is; name a trained one by damsm=FOLDER")
        self.family, self.data, self.val, self.options, self.runtime = family, data, val, options, runtime
        self.g = g.to(runtime.device).to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        self.d: FrameCritics = d.to(runtime.device).to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        self.networks: dict[str, nn.Module] = {"g": self.g, "d": self.d}
        self.regions, self.sizes = regions, cast(Any, g.sizes)
        self.beside: dict[str, tuple[dict[str, Any], dict[str, Tensor]]] = {}
        self.captions, self.val_captions = Captions(data), Captions(val)
        self.features = CaptionFeatures(self.captions.texts, reader)
        self.val_features = CaptionFeatures(self.val_captions.texts, reader)
        self.epochs, self.epoch = Epochs(len(data), options.batch, options.seed), len(data)
        self.policy = parse_policy(options.augment)
        self.ema = Ema(self.g, options.half_life)
        self.phases = [
            Phase.adam("d", [(self.d, 1.0)], options.lr_d, (0.5, 0.999)),
            Phase.adam("g", [(learning(self.g, family), 1.0)], options.lr_g, (0.5, 0.999)),
        ]

    @property
    def heavy(self) -> list[nn.Module]:
        """Generator and discriminators."""
        return [self.g, self.d]

    def batch(self, step: int) -> FrameBatch:
        """This process's pictures of a step."""
        numbers, rng = self.epochs.numbers(step), np.random.default_rng([self.options.seed, step])
        captions = self.captions.draw(numbers, rng)
        wrong = self.captions.draw_wrong(numbers, rng, self.options.near)
        own, device = self.runtime.own(len(numbers)), self.runtime.device
        images = varied(self.data, numbers, rng)[own].to(device).contiguous(memory_format=torch.channels_last)
        classes = torch.from_numpy(self._classes(numbers[own])).to(device)
        mates = torch.from_numpy(self.captions.mates(numbers, captions)).to(device)
        return FrameBatch(images, captions[own], wrong[own], classes, captions, mates, own, len(numbers))

    def _classes(self, numbers: np.ndarray) -> np.ndarray:
        named = self.data.labels.get(self.options.label)
        return np.full(len(numbers), -1) if named is None else named[numbers]

    def images(self, batch: FrameBatch) -> int:
        """Real pictures of the whole batch."""
        return batch.total

    def losses(self, phase: str, batch: FrameBatch, noise: torch.Generator) -> dict[str, Mean]:
        """Terms of phase "d" or "g"."""
        self.g.train()
        text = self.features.take(batch.captions)
        if phase == "g":
            return self._generate(batch, text, noise)
        with torch.no_grad():
            frames = self._draw(batch, text, noise)
        return self._discriminate(batch, text, frames, noise)

    def _draw(self, batch: FrameBatch, text: TextFeatures, rng: torch.Generator) -> Frames:
        """Pictures of the batch's captions, each of its own row of the whole batch's noise."""
        return self._drawn(self.g, text, noise(batch.total, self.family, self.sizes, rng), batch.own)

    def _drawn(self, g: nn.Module, text: TextFeatures, given: tuple[Tensor, Tensor | None], own: slice) -> Frames:
        """Pictures of captions from the `own` rows of noise drawn on the CPU."""
        z, eps = (None if each is None else each[own].to(self.runtime.device) for each in given)
        assert z is not None, "only the condition's noise may be absent"
        return draw(g, self.family, z, text, eps)

    def _discriminate(
        self, batch: FrameBatch, text: TextFeatures, frames: Frames, rng: torch.Generator
    ) -> dict[str, Mean]:
        told, wrong = (
            condition(self.g, self.family, sent).detach()
            for sent in (text.sent_emb, self.features.sent[torch.as_tensor(batch.wrong)])
        )
        seen = self._augmented(batch, rng)
        real = self.d.encode(seen(pyramid(batch.images, frames.images)))
        fake = self.d.encode(seen(frames.images))
        pairs = [self.d.match(real, told), self.d.match(real, wrong), self.d.match(fake, told)]
        realism = [self.d.realism(real), self.d.realism(fake)]
        terms: dict[str, Mean] = {}
        for size in frames.images:
            (real_look, fake_look), (own, other, drawn) = (each.get(size) for each in realism), (p[size] for p in pairs)
            # a mismatched pair is the real picture under another caption: its realism is that of the real one
            logits = PairLogits(own, other, drawn, real_look, fake_look, real_look)
            add(terms, matching_d_loss(logits, self.options.matching, self.options.adversarial))
        return terms | self._class_terms(batch, real, fake, told, wrong)

    def _class_terms(
        self, batch: FrameBatch, real: dict[int, Tensor], fake: dict[int, Tensor], told: Tensor, wrong: Tensor
    ) -> dict[str, Mean]:
        if not self.options.weights.classes:
            return {}
        weight, terms = self.options.weights.classes, {}
        for name, features, sent in (("real", real, told), ("wrong", real, wrong), ("fake", fake, told)):
            for logits in self.d.classify(features, sent).values():
                terms[f"class_{name}"] = weight * class_loss(logits, batch.classes)
        return terms

    def _generate(self, batch: FrameBatch, text: TextFeatures, rng: torch.Generator) -> dict[str, Mean]:
        frames = self._draw(batch, text, rng)
        told, seen = condition(self.g, self.family, text.sent_emb), self._augmented(batch, rng)
        features = self.d.encode(seen(frames.images))
        match, realism = self.d.match(features, told), self.d.realism(features)
        terms: dict[str, Mean] = {}
        reals = self._real_logits(batch, told, frames, seen)
        for size in frames.images:
            loss = matching_g_loss(
                match[size], realism.get(size), self.options.matching, self.options.adversarial,
                *(None if each is None else each.get(size) for each in reals),
            )  # fmt: skip
            add(terms, {"match": loss})
        weights = self.options.weights
        if weights.between:
            terms["match"] = self._between(batch, text.sent_emb, match, rng)
        if frames.mu is not None and frames.logvar is not None and weights.kl:
            terms["kl"] = weights.kl * gaussian_kl(frames.mu, frames.logvar)
        if weights.reconstruct:
            pairs = zip(frames.images.values(), pyramid(batch.images, frames.images).values(), strict=True)
            terms["reconstruct"] = weights.reconstruct * total(pyramid_l1(fake, real) for fake, real in pairs)
        if weights.classes:
            for logits in self.d.classify(features, told).values():
                terms["class"] = weights.classes * class_loss(logits, batch.classes)
        return terms | (self._damsm(batch, text, frames) if weights.damsm else {})

    def _real_logits(
        self, batch: FrameBatch, told: Tensor, frames: Frames, seen: Seen
    ) -> tuple[dict[int, Tensor] | None, dict[int, Tensor] | None]:
        """Logits of the real pairs, which only a paired criterion asks for."""
        if not criterion_named(self.options.adversarial).paired:
            return None, None
        with torch.no_grad():
            features = self.d.encode(seen(pyramid(batch.images, frames.images)))
            return self.d.match(features, told), self.d.realism(features)

    def _between(self, batch: FrameBatch, sent: Tensor, match: dict[int, Tensor], rng: torch.Generator) -> Mean:
        """GAN-INT: the pairs of the batch and, in one mean with them, sentences between the first and second half."""
        middle = between(self.features.sent[torch.as_tensor(batch.every)])
        own = self.runtime.own(len(middle))
        nothing = torch.zeros(len(middle[own]), 1, dtype=torch.bool, device=middle.device)
        text = TextFeatures(middle[own], middle[own, :, None], nothing)  # one word that says what the sentence says
        frames = self._drawn(self.g, text, noise(len(middle), self.family, self.sizes, rng), own)
        logits = self.d.match(self.d.encode(frames.images), condition(self.g, self.family, middle[own]))
        weight, kind = self.options.weights.between, self.options.adversarial
        return total(
            interpolated_g_loss(torch.cat([match[size], logits[size]]), len(sent), weight, kind) for size in match
        )

    def _damsm(self, batch: FrameBatch, text: TextFeatures, frames: Frames) -> dict[str, Mean]:
        """The four terms of DAMSM over the pictures and captions of the whole batch."""
        assert self.regions is not None, "checked when the task was made"
        every = self.features.take(batch.every)
        chosen = frames.images.values() if self.options.weights.damsm_all else [frames.largest]
        terms: dict[str, Mean] = {}
        for images in chosen:
            regions, codes = (self.runtime.gather(x) for x in self.regions(images))
            words = word_scores(regions, every.word_embs, every.pad_mask, self.options.gammas)
            sentences = sentence_scores(codes, every.sent_emb, self.options.gammas)
            found = damsm_terms(words, sentences, batch.mates)
            add(terms, {name: self.options.weights.damsm * term for name, term in found.items()})
        return terms

    def _augmented(self, batch: FrameBatch, rng: torch.Generator) -> Seen:
        """What discriminators see of pictures by size: a picture changes alike at every size."""
        uniforms = torch.rand(batch.total, uniforms_of(self.policy), generator=rng)[batch.own]
        return Seen(uniforms.to(self.runtime.device), self.policy)

    def sheet(self) -> np.ndarray:
        """Validation pictures (left of each pair) and what the averaged generator draws of their first captions."""
        rows = np.linspace(0, len(self.val) - 1, min(SHOWN, len(self.val))).astype(int)
        drawn = self.drawn(np.array([self.val_captions.own[row][0] for row in rows]))
        return picture_sheet(torch.stack([varied(self.val, rows, None), drawn], 1).flatten(0, 1))

    def validate(self) -> dict[str, float]:
        """R-precision of pictures drawn of every validation caption, by the DAMSM of the training: not a figure to
        report, for it may have been trained against; good for choosing among weights of one run."""
        if self.regions is None:
            return {"score": 0.0}
        own = np.concatenate(self.val_captions.own)
        owners = np.repeat(np.arange(len(self.val)), [len(each) for each in self.val_captions.own])
        gallery = Gallery.of(self.val.captions)
        codes = picture_codes(self.regions, self.drawn(own), self.runtime.device)
        sentences = self.val_features.take(own).sent_emb.cpu().numpy()
        rivals = distractors(gallery, np.arange(len(owners)), min(RIVALS, fewest_rivals(self.val.captions)))
        found = round(r_precision(codes, sentences, np.arange(len(owners)), rivals, folds=1).mean, 4)
        return {"r_precision": found, "score": found}

    @torch.no_grad()
    def drawn(self, captions: np.ndarray, batch: int = 64) -> Tensor:
        """The largest pictures (N, 3, S, S) of validation captions (N,) by number, from noise of seed 0, on the CPU."""
        given = noise(len(captions), self.family, self.sizes, torch.Generator().manual_seed(0))
        rows = [slice(start, start + batch) for start in range(0, len(captions), batch)]
        drawn = (self._drawn(self.ema.model, self.val_features.take(captions[own]), given, own) for own in rows)
        return torch.cat([frames.largest.float().cpu() for frames in drawn])


@dataclass(frozen=True)
class Seen:
    """Augmentation of pictures by size with one row of uniforms a picture."""

    uniforms: Tensor
    policy: tuple[str, ...]

    def __call__(self, images: dict[int, Tensor]) -> dict[int, Tensor]:
        """The pictures as a discriminator sees them."""
        return {size: augment(image, self.uniforms, self.policy) for size, image in images.items()}


def pyramid(images: Tensor, like: dict[int, Tensor]) -> dict[int, Tensor]:
    """Real pictures (B, 3, S, S) at every size that was drawn (bilinear, as AttnGAN resizes its crop)."""
    return {size: images if size == images.shape[-1] else shrunk(images, size) for size in like}


def shrunk(images: Tensor, size: int) -> Tensor:
    """Pictures at fewer pixels a side."""
    return F.interpolate(images, (size, size), mode="bilinear", align_corners=False, antialias=True)


def add(terms: dict[str, Mean], more: dict[str, Mean]) -> None:
    """Sum named terms of several sizes."""
    for name, term in more.items():
        terms[name] = terms[name] + term if name in terms else term


def total(parts: Iterable[Mean]) -> Mean:
    """The sum of means."""
    first, *rest = parts
    for part in rest:
        first = first + part
    return first
