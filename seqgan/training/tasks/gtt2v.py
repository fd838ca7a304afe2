"""Training of clips from text: the gist's CVAE, the clip's generator and its discriminators, in one task.

The published form learns its clips from the discriminators, and asks only for their first frame; the house form asks
for the clip itself first (`recon: clip`, `alone`), for where captions tell nearly all of a clip that teaches soon what
the discriminators teach late.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from seqgan.checks import check_range
from seqgan.data.epochs import Epochs
from seqgan.data.pairing import from_other_source
from seqgan.errors import ConfigError
from seqgan.layers.augment import augment, parse_policy, uniforms_of
from seqgan.layers.channels_last import channels_last
from seqgan.losses.adversarial import criterion_named
from seqgan.losses.functional import gaussian_kl, gaussian_kl_between, pyramid_l1
from seqgan.losses.matching import HOUSE_FRAME, PairLogits, matching_d_loss, matching_g_loss
from seqgan.losses.means import Mean, mean
from seqgan.models.gtt2v import Clip, GTT2VGenerator
from seqgan.training.clip_pictures import ClipPictures
from seqgan.training.ema import Ema
from seqgan.training.phases import Phase
from seqgan.training.runtime import Runtime
from seqgan.training.tasks.gtt2v_settings import GTT2VTraining
from seqgan.training.tasks.story import to_uint8
from seqgan.training.tasks.storygan import scaled
from seqgan.training.word_dropout import UNKNOWN, hide_words, words_or_vector

BETAS = (0.5, 0.999)
"""Of every Adam."""
NO_PAIRS = replace(HOUSE_FRAME, wrong=0.0, fake=1.0)
"""Without mismatched pairs, in discriminators that are told no text."""
LEVEL = 20 / 127.5
"""A pixel moves where it differs from its mean over the clip by more than this, in [-1, 1]."""
LEAST = 1e-6
"""Of a probability, before its logarithm."""
FELT = 16
"""Frames of a clip by which a gist that learns alone is told what moves."""
SHOWN, LOOKED_AT = 6, 32
"""Clips of the sheet, and of validation."""


@dataclass(frozen=True)
class ClipBatch:
    """This process's rows of a batch of `total` clips, those at `own`: words (N, L), frozen vectors (N, 512), the same
    of the mismatched pairs, real clips (N, 3, T, H, W) uint8. `alone`: no discriminator yet."""

    told: tuple[Tensor, Tensor]
    wrong: tuple[Tensor, Tensor]
    clips: Tensor
    own: slice
    total: int
    alone: bool


@dataclass(frozen=True)
class SeenClips:
    """Real and generated clips (N, 3, T, H, W) in [-1, 1], as drawn, and what discriminators are told of them, (N, Dt)
    without gradient; uniforms (N, U) of the augmentation, `at` (N,) the frame that is looked at alone."""

    real: Tensor
    drawn: Clip
    psi: Tensor
    uniforms: Tensor
    at: Tensor


class GTT2VTask:
    """See `seqgan.training.task.Task`. `d` holds a "clip" and a "frame" discriminator, or what is left of them."""

    def __init__(
        self, g: GTT2VGenerator, d: nn.ModuleDict, data: ClipPictures, val: ClipPictures, options: GTT2VTraining,
        runtime: Runtime,
    ) -> None:  # fmt: skip
        check_range("training.batch", options.batch, 2 * runtime.world, error=ConfigError)  # batch norm wants two
        self.data, self.val, self.options, self.runtime, self.sizes = data, val, options, runtime, g.sizes
        self.g, self.d = channels_last(g.to(runtime.device)), channels_last(d.to(runtime.device))
        self.networks: dict[str, nn.Module] = {"g": self.g, "d": self.d}
        self.policy = parse_policy(options.augment)
        self.matching = HOUSE_FRAME if options.pairs else NO_PAIRS
        self.epochs, self.epoch = Epochs(len(data), options.batch, options.seed), len(data)
        self.ema = Ema(self.g, options.half_life)
        self.alone = -(-options.alone // options.batch)
        critics = [Phase.adam("d", [(self.d, 1.0)], options.lr_d, BETAS, self.alone)] if len(self.d) else []
        self.phases = [*critics, Phase.adam("g", [(self.g, 1.0)], options.lr_g, BETAS)]

    @property
    def heavy(self) -> list[nn.Module]:
        """The 3-D convolutions of the generator and of the discriminator."""
        drawing = [] if self.g.streams is None else [self.g.streams]
        trunks = [part for d in self.d.values() for name, part in d.named_children() if name == "trunk"]
        return drawing + trunks

    # Batches ---------------------------------------------------------------------------------------------------------

    def batch(self, step: int) -> ClipBatch:
        """This process's clips of a step."""
        numbers, rng = self.epochs.numbers(step), np.random.default_rng([self.options.seed, step])
        own, device = self.runtime.own(len(numbers)), self.runtime.device
        told = self.data.told(numbers, rng)
        wrong = self.data.told(from_other_source(numbers, self.data.kinds, rng), rng) if len(self.d) else told
        frames = self.sizes.frames if self.sizes.clip else FELT
        clips = self.data.pictures(numbers[own], frames, self.sizes.size).to(device)
        rows = [(tokens[own].to(device), frozen[own].to(device)) for tokens, frozen in (told, wrong)]
        return ClipBatch(rows[0], rows[1], clips, own, len(numbers), step < self.alone)

    def images(self, batch: ClipBatch) -> int:
        """Clips of the whole batch."""
        return batch.total

    # Losses ----------------------------------------------------------------------------------------------------------

    def losses(self, phase: str, batch: ClipBatch, noise: torch.Generator) -> dict[str, Mean]:
        """Terms of phase "d" or "g"."""
        if phase == "g":
            seen, weights = self._seen(batch, noise), self.options.weights
            terms = self._own_terms(seen)
            for name, weight in (("clip", weights.clip), ("frame", weights.frame)):
                if name in self.d and weight and not batch.alone:
                    terms[name] = weight * self._told_by(name, seen)
            return terms
        with torch.no_grad():
            seen = self._seen(batch, noise)
            rows = (batch.total,), batch.own, noise
            wrong = self.g.psi(*words_or_vector(*batch.wrong, *rows)) if self.options.pairs else None
        pairs = [(name, self._pairs(name, seen, wrong)) for name in self.d]
        return {f"{name}_{pair}": term for name, logits in pairs for pair, term in self._judged(logits).items()}

    def _seen(self, batch: ClipBatch, noise: torch.Generator) -> SeenClips:
        """Clips drawn from this process's part of the noise of the whole batch, and what discriminators are told."""
        psi, told = self._psi(batch.told, batch, noise)
        real = scaled(batch.clips)
        drawn = self.draw(self.g, psi, batch.total, batch.own, noise, real[:, :, 0])
        draws = torch.rand(batch.total, 1 + uniforms_of(self.policy), generator=noise)[batch.own].to(real.device)
        at = (draws[:, 0] * self.sizes.frames).long()
        return SeenClips(real, drawn, told, draws[:, 1:], at)

    def _psi(
        self, said: tuple[Tensor, Tensor], batch: ClipBatch, noise: torch.Generator
    ) -> tuple[Tensor, Tensor]:  # fmt: skip
        """What the generator is told of captions, some words hidden, and discriminators, who see all, without gradient:
        (N, Dt) each, the latter zeros where they are told nothing or not there yet."""
        rows = (batch.total,), batch.own, noise
        tokens, frozen = words_or_vector(*said, *rows)
        psi = self.g.psi(hide_words(tokens, self.options.hidden, *rows), frozen, tokens)
        if not self.options.pairs or not len(self.d) or batch.alone:
            return psi, torch.zeros_like(psi)
        with torch.no_grad():
            return psi, self.g.psi(tokens, frozen)

    def draw(
        self, g: GTT2VGenerator, psi: Tensor, total: int, own: slice, noise: torch.Generator, first: Tensor | None
    ) -> Clip:  # fmt: skip
        """Clips of sentences (N, Dt), the rows `own` of `total`, from their part of the noise."""
        eps, motion = (
            torch.randn(total, count, generator=noise)[own].to(psi.device)
            for count in (self.sizes.latent, self.sizes.noise)
        )
        return g(psi, eps, motion, first)

    def _own_terms(self, seen: SeenClips) -> dict[str, Mean]:
        """What the generator pays without discriminators."""
        weights, gist, terms, first = self.options.weights, seen.drawn.gist, dict[str, Mean](), seen.real[:, :, 0]
        if gist is not None and gist.posterior and gist.prior:
            near = F.max_pool2d(_moves(seen.real).amax(2), 3, 1, 1)  # (N, 1, H, W): what moves, and a pixel around
            terms["gist"] = weights.gist * pyramid_l1(gist.picture, first, 1 + weights.moving * near)
            if gist.backdrop is not None:
                apart = (1 - near) * (gist.backdrop - first).abs()  # where nothing ever moves there is mostly backdrop
                terms["backdrop"] = weights.gist * Mean.ratio(apart.sum(), 3 * (1 - near).sum())
            standard = self.sizes.prior == "standard"
            kl = gaussian_kl(*gist.posterior) if standard else gaussian_kl_between(gist.posterior, gist.prior)
            terms["kl"] = weights.kl * kl
        if weights.recon and self.g.streams is not None:
            terms["recon"] = weights.recon * self._recon(seen)
        if weights.mask and seen.drawn.mask is not None:
            terms["mask"] = weights.mask * mean(seen.drawn.mask)
        if weights.streams and self.g.streams is not None:
            covered, content = _streams(seen)
            terms |= {"covered": weights.streams * covered, "content": weights.streams * content}
        return terms

    def _recon(self, seen: SeenClips) -> Mean:
        """L_RECONS."""
        frames, gist = seen.drawn.frames, seen.drawn.gist
        if self.options.recon == "first_frame":
            return mean((frames[:, :, 0] - seen.real[:, :, 0]).abs())
        if self.options.recon == "gist":
            assert gist is not None, "checked where the task is made"
            return mean((frames - gist.picture[:, :, None]).abs())
        weight = 1 + self.options.weights.moving * _moves(seen.real)
        return pyramid_l1(*(each.transpose(1, 2).flatten(0, 1) for each in (frames, seen.real, weight)))

    # Discriminators --------------------------------------------------------------------------------------------------

    def _shown(self, name: str, seen: SeenClips) -> tuple[Tensor, Tensor]:
        """Real and generated clips, or one frame of each, behind the same augmentation."""
        pair = (seen.real, seen.drawn.frames)
        if name == "frame":
            pair = (each[torch.arange(len(each)), :, seen.at] for each in pair)
        real, fake = (augment(each, seen.uniforms, self.policy) for each in pair)
        return real, fake

    def _pairs(self, name: str, seen: SeenClips, wrong: Tensor | None) -> PairLogits:
        d: Any = self.d[name]
        real, fake = (d.encode(each) for each in self._shown(name, seen))
        mismatched = None if wrong is None else d.match(real, wrong)
        return PairLogits(
            d.match(real, seen.psi), mismatched, d.match(fake, seen.psi), d.realism(real), d.realism(fake)
        )  # fmt: skip

    def _judged(self, logits: PairLogits) -> dict[str, Mean]:
        return matching_d_loss(logits, self.matching, self.options.adversarial)

    def _told_by(self, name: str, seen: SeenClips) -> Mean:
        """What a discriminator tells the generator."""
        d: Any = self.d[name]
        real, fake = self._shown(name, seen)
        features, reals = d.encode(fake), ()
        if criterion_named(self.options.adversarial).paired:
            with torch.no_grad():
                on_real = d.encode(real)
                reals = d.match(on_real, seen.psi), d.realism(on_real)
        match, realism = d.match(features, seen.psi), d.realism(features)
        return matching_g_loss(match, realism, self.matching, self.options.adversarial, *reals)

    # Looking ---------------------------------------------------------------------------------------------------------

    @torch.no_grad()
    def _looked_at(self, count: int) -> tuple[Tensor, Tensor]:
        """Validation clips, evenly spread, real and generated from noise of seed 0, (N, 3, T, H, W) in [-1, 1]. Where
        the gist is given it is the first frame."""
        g, device = self.ema.model, self.runtime.device
        assert isinstance(g, GTT2VGenerator), "the average is of the generator"
        rows = np.unique(np.linspace(0, len(self.val) - 1, count).astype(int))
        real = scaled(self.val.pictures(rows, self.sizes.frames, self.sizes.size).to(device))
        tokens, frozen = (each.to(device) for each in self.val.told(rows, None))
        psi = g.psi(tokens, frozen * (tokens <= UNKNOWN).all(1, keepdim=True))  # words alone, as they are drawn from
        first = real[:, :, 0] if self.sizes.gist in ("frame", "picture") else None
        drawn = self.draw(g, psi, len(rows), slice(None), torch.Generator().manual_seed(0), first)
        return real, drawn.frames.float()

    def sheet(self) -> np.ndarray:
        """Eight frames of validation clips, the real ones above the generated ones."""
        real, fake = (each[:, :, :: self.sizes.frames // 8] for each in self._looked_at(SHOWN))
        shown = torch.cat([real, fake], 3)  # (N, 3, 8, 2H, W)
        return to_uint8(shown.permute(0, 3, 2, 4, 1).flatten(0, 1).flatten(1, 2))  # (N * 2H, 8 * W, 3)

    def validate(self) -> dict[str, float]:
        """Mean |difference| (of 255) of generated clips to real ones, over all pixels and over those that move; the
        score falls by the latter."""
        real, fake = self._looked_at(LOOKED_AT)
        apart = (real - fake).abs()
        moves = _moves(real).bool().expand_as(apart)
        difference, moving = (round(float(each.mean()) * 127.5, 3) for each in (apart, apart[moves]))
        return {"l1_255": difference, "moving_l1_255": moving, "score": round(1 - moving / 255, 5)}


def _streams(seen: SeenClips) -> tuple[Mean, Mean]:
    """How badly the mask tells where the clip differs from its first frame, and mean |difference| of the foreground to
    the clip there."""
    foreground, mask = seen.drawn.foreground, seen.drawn.mask
    assert foreground is not None and mask is not None, "of every clip that is not its gist alone"
    differs = ((seen.real - seen.real[:, :, :1]).abs().amax(1, keepdim=True) > LEVEL).float()  # (N, 1, T, H, W)
    sure = (differs * mask + (1 - differs) * (1 - mask)).clamp(min=LEAST)
    apart = differs * (foreground - seen.real).abs().mean(1, keepdim=True)
    return mean(-sure.log()), Mean.ratio(apart.sum(), differs.sum())


def _moves(clips: Tensor) -> Tensor:
    """Where and when a pixel of clips (N, 3, T, H, W) moves: (N, 1, T, H, W), 1 or 0."""
    return ((clips - clips.mean(2, keepdim=True)).abs().amax(1, keepdim=True) > LEVEL).float()
