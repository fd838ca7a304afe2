"""The discriminators of vector StoryGANs in training: what they are told, what they pay, what the generator hears."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from seqgan.layers.augment import augment, uniforms_of
from seqgan.losses.adversarial import criterion_named
from seqgan.losses.contrast import info_nce
from seqgan.losses.matching import (
    HOUSE_FRAME,
    STORYGAN,
    MatchingWeights,
    PairLogits,
    matching_d_loss,
    matching_g_loss,
)
from seqgan.losses.means import Mean, mean
from seqgan.models.story_parts import Pictures, StoryCode
from seqgan.training.runtime import Runtime
from seqgan.training.tasks.storygan_settings import StoryGANWeights


@dataclass(frozen=True)
class Told:
    """Sentences (N, T, Dt) and labels (N, T, K) of stories, which panel of each is meant (N,) or None for all, the
    codes (N, Dc) as discriminators are told them, without gradient, where they are known, the sources of the stories
    (N,), whose labels are told, (N,) of 0 and 1, or None for all, and words (N, T, L) int64 where the generator looks
    at them."""

    sentences: Tensor
    labels: Tensor
    panels: Tensor | None
    code: Tensor | None = None
    sources: Tensor | None = None
    named: Tensor | None = None
    tokens: Tensor | None = None

    @property
    def names(self) -> Tensor:
        """The labels as networks are told them: zeros for stories that are not named."""
        return self.labels if self.named is None else self.labels * self.named[:, None, None]

    def with_code(self, code: Tensor) -> Told:
        """The same with the codes of the stories."""
        return replace(self, code=code.detach())

    def frames(self) -> Told:
        """Every panel as a single frame: N * T stories, one panel each."""
        count, device = self.sentences.shape[1], self.sentences.device
        panels = torch.arange(count, device=device).repeat(len(self.sentences))
        code, sources, named = (
            None if each is None else each.repeat_interleave(count, 0) for each in (self.code, self.sources, self.named)
        )  # fmt: skip
        sentences, labels = (each.repeat_interleave(count, 0) for each in (self.sentences, self.labels))
        return Told(sentences, labels, panels, code, sources, named)

    def panel(self) -> tuple[Tensor, Tensor]:
        """Sentence (N, Dt) and told labels (N, K) of the panel that is meant."""
        return self._of_panel(self.sentences), self._of_panel(self.names)

    @property
    def shown(self) -> Tensor:
        """What that panel shows, told or not: labels (N, K), or those of all panels (N * T, K)."""
        return self.labels.flatten(0, 1) if self.panels is None else self._of_panel(self.labels)

    def _of_panel(self, rows: Tensor) -> Tensor:
        """rows (N, T, D); returns (N, D)."""
        assert self.panels is not None, "of single frames"
        return rows[torch.arange(len(self.panels), device=self.panels.device), self.panels]


@dataclass(frozen=True)
class Seen:
    """Real and generated pictures (rows, 3, H, W) in [-1, 1], the codes of their stories, what they are told, the
    uniforms (N, U) of their augmentation, a row a story or a lone frame, and smaller generated pictures, masks of the
    generated ones' figures, logits (rows, 1, H, W), and clusters of the real ones, (rows,) int64, if there are."""

    real: Tensor
    fake: Tensor
    code: StoryCode
    told: Told
    uniforms: Tensor
    sides: Pictures = field(default_factory=dict)
    mask: Tensor | None = None
    clusters: Tensor | None = None

    def at(self, smaller: int) -> Seen:
        """The same of pictures so many times smaller, which are drawn on the way to the frames."""
        return self if smaller == 1 else replace(self, real=F.avg_pool2d(self.real, smaller), fake=self.sides[smaller])

    def as_frames(self, uniforms: Tensor) -> Seen:
        """All panels as single frames, each with its own augmentation."""
        return replace(self, told=self.told.frames(), uniforms=uniforms)


class Rows(Protocol):
    """What uniforms are drawn for: the rows at `own` of `total`."""

    @property
    def own(self) -> slice: ...

    @property
    def total(self) -> int: ...


class Critics:
    """The discriminators that there are under one criterion, behind one augmentation policy: "story", "image", and
    "image_2" and so on of pictures so many times smaller; beside "image" a "contrast" that compares what it sees with
    sentences, and "clusters" that name the one a panel is of."""

    def __init__(self, d: nn.ModuleDict, criterion: str, policy: Sequence[str], runtime: Runtime) -> None:
        self.criterion, self.policy, self.runtime = criterion, tuple(policy), runtime
        parts: dict[str, Any] = dict(d.items())
        self.images = {name: part for name, part in parts.items() if name.startswith("image")}
        self.story: Any = parts.get("story")
        self.contrast: Any = parts.get("contrast")
        self.clusters: Any = parts.get("clusters")

    def uniforms(self, rows: Rows, each: int, noise: torch.Generator) -> Tensor:
        """Uniforms of the augmentation, `each` rows a row of the batch, drawn for all and this process's part kept."""
        drawn = torch.rand(rows.total, each, uniforms_of(self.policy), generator=noise)[rows.own]
        return drawn.flatten(0, 1).to(self.runtime.device)

    def frame_terms(self, frames: Seen, wrong: Told, weights: StoryGANWeights) -> dict[str, Mean]:
        """Terms of the frame discriminators, each of its size; `wrong`: what the mismatched pairs are told, of the
        first rows. Real frames alone teach what is in them, their sentences and their clusters."""
        terms: dict[str, Mean] = {}
        for name, d in self.images.items():
            terms |= self._frame_terms(name, d, frames.at(smaller(name)), wrong, weights)
        return terms

    def _frame_terms(self, name: str, d: Any, frames: Seen, wrong: Told, weights: StoryGANWeights) -> dict[str, Mean]:
        real, fake = (d.encode(each) for each in self._frames(frames))
        own, other = _frame_told(d, frames.told), _frame_told(d, wrong)
        logits = PairLogits(
            d.match(real, own), d.match(real[: len(other)], other), d.match(fake, own), *_realism(d, real, fake)
        )
        terms = matching_d_loss(logits, _weights(d), self.criterion)
        named = {f"{name}_{pair}": term for pair, term in terms.items()}
        named |= _classes(d, f"{name}_classes", real, frames, weights.classes)
        return named | self._beside(d, f"{name}_", real, frames, weights)

    def _beside(self, d: Any, prefix: str, features: Tensor, frames: Seen, weights: StoryGANWeights) -> dict[str, Mean]:
        """What is asked of the features of frames beside a verdict, in the discriminator of the frames' own size."""
        terms: dict[str, Mean] = {}
        if d is self.images["image"] and self.contrast is not None:
            terms[f"{prefix}contrast"] = weights.contrast * self._contrast(features, frames.told)
        if d is self.images["image"] and self.clusters is not None:
            assert frames.clusters is not None, "of every batch where there is a head that names them"
            apart = F.cross_entropy(self.clusters(features), frames.clusters, reduction="none")
            terms[f"{prefix}clusters"] = weights.clusters * mean(apart)
        return terms

    def _contrast(self, features: Tensor, told: Told) -> Mean:
        """How badly frames, by their features, and their sentences find each other in the whole batch."""
        gather = self.runtime.gather
        assert told.sources is not None, "of every batch"
        panels, sentences = (gather(each) for each in self.contrast(features, told.panel()[0]))
        return info_nce(panels, sentences, gather(told.sources.float()).long())

    def story_terms(self, stories: Seen, wrong: Told) -> dict[str, Mean]:
        """The same of the story discriminator."""
        d = self.story
        real, fake = (d.encode(each) for each in self._stories(stories))
        own, other = self._story_told(stories.told), self._story_told(wrong)
        logits = PairLogits(d.match(real, own), d.match(real[: len(other)], other), d.match(fake, own))
        return {f"story_{name}": term for name, term in matching_d_loss(logits, STORYGAN, self.criterion).items()}

    def frame_g(self, frames: Seen, weights: StoryGANWeights) -> dict[str, Mean]:
        """What the frame discriminators tell the generator, how well they name what is in its frames and which cluster
        these are of, and how well these and their sentences find each other; with the weights of all."""
        terms: dict[str, Mean] = {}
        for name, d in self.images.items():
            terms |= self._frame_g(name, d, frames.at(smaller(name)), weights)
        return terms

    def _frame_g(self, name: str, d: Any, frames: Seen, weights: StoryGANWeights) -> dict[str, Mean]:
        told, (real, fake) = _frame_told(d, frames.told), self._frames(frames)
        features, reals = d.encode(fake), ()
        realism = _realism(d, features)
        if criterion_named(self.criterion).paired:
            with torch.no_grad():
                on_real = d.encode(real)
                reals = (d.match(on_real, told), *_realism(d, on_real))
        match = d.match(features, told)
        term = matching_g_loss(match, realism[0] if realism else None, _weights(d), self.criterion, *reals)
        named = {name: weights.frame * term} | _classes(d, "classes", features, frames, weights.g_classes)
        return named | self._beside(d, "", features, frames, weights)

    def story_g(self, stories: Seen, weight: float) -> dict[str, Mean]:
        """What the story discriminator tells the generator."""
        d, told = self.story, self._story_told(stories.told)
        real, fake = self._stories(stories)
        reals = ()
        if criterion_named(self.criterion).paired:
            with torch.no_grad():
                reals = (d.match(d.encode(real), told),)
        match = d.match(d.encode(fake), told)
        return {"story": weight * matching_g_loss(match, None, STORYGAN, self.criterion, *reals)}

    def _story_told(self, told: Told) -> Tensor:
        assert told.code is not None, "given wherever there is a discriminator"
        return self.story.told(told.sentences, told.names, told.code)

    def _frames(self, seen: Seen) -> tuple[Tensor, Tensor]:
        """Real and generated frames behind the same augmentation."""
        return augment(seen.real, seen.uniforms, self.policy), augment(seen.fake, seen.uniforms, self.policy)

    def _stories(self, seen: Seen) -> tuple[Tensor, Tensor]:
        """The same of stories, whose panels change alike."""
        uniforms = seen.uniforms.repeat_interleave(len(seen.real) // len(seen.uniforms), 0)
        return augment(seen.real, uniforms, self.policy), augment(seen.fake, uniforms, self.policy)


def smaller(name: str) -> int:
    """How many times smaller than the frames the pictures are that the frame discriminator of this name judges."""
    return int(name.partition("_")[2] or 1)


def _frame_told(d: Any, told: Told) -> Tensor:
    assert told.code is not None, "given wherever there is a discriminator"
    return d.told(*told.panel(), told.code)


def _weights(d: Any) -> MatchingWeights:
    return HOUSE_FRAME if hasattr(d, "realism") else STORYGAN


def _realism(d: Any, *features: Tensor) -> list[Tensor]:
    """Logits of the head that reads no text, where there is one."""
    return [d.realism(each) for each in features] if hasattr(d, "realism") else []


def _classes(d: Any, name: str, features: Tensor, frames: Seen, weight: float) -> dict[str, Mean]:
    logits = d.classify(features) if weight else None
    return {} if logits is None else {name: weight * label_loss(logits, frames.told.shown)}


def label_loss(logits: Tensor, labels: Tensor) -> Mean:
    """Multi-label soft margin of logits (N, K) and labels (N, K): bce, mean over both."""
    return Mean.ratio(F.binary_cross_entropy_with_logits(logits, labels, reduction="sum"), labels.numel())
