"""The discriminators of vector StoryGANs in training: what they are told, what they pay, what the generator hears."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from seqgan.layers.augment import augment, uniforms_of
from seqgan.losses.adversarial import criterion_named
from seqgan.losses.matching import HOUSE_FRAME, STORYGAN, PairLogits, matching_d_loss, matching_g_loss
from seqgan.losses.means import Mean
from seqgan.models.story_parts import StoryCode
from seqgan.training.runtime import Runtime


@dataclass(frozen=True)
class Told:
    """Sentences (N, T, Dt) and labels (N, T, K) of stories, which panel of each is meant (N,) or None for all, and the
    mean codes (N, Dc), without gradient, where they are known."""

    sentences: Tensor
    labels: Tensor
    panels: Tensor | None
    code: Tensor | None = None

    def with_code(self, mu: Tensor) -> Told:
        """The same with the codes of the stories."""
        return replace(self, code=mu.detach())

    def frames(self) -> Told:
        """Every panel as a single frame: N * T stories, one panel each."""
        count, device = self.sentences.shape[1], self.sentences.device
        panels = torch.arange(count, device=device).repeat(len(self.sentences))
        code = None if self.code is None else self.code.repeat_interleave(count, 0)
        sentences, labels = (each.repeat_interleave(count, 0) for each in (self.sentences, self.labels))
        return Told(sentences, labels, panels, code)

    def panel(self) -> tuple[Tensor, Tensor]:
        """Sentence (N, Dt) and labels (N, K) of the panel that is meant."""
        assert self.panels is not None, "of single frames"
        rows = torch.arange(len(self.panels), device=self.panels.device)
        return self.sentences[rows, self.panels], self.labels[rows, self.panels]


@dataclass(frozen=True)
class Seen:
    """Real and generated pictures (rows, 3, H, W) in [-1, 1], the codes of their stories, what they are told, and the
    uniforms (N, U) of their augmentation, a row a story or a lone frame."""

    real: Tensor
    fake: Tensor
    code: StoryCode
    told: Told
    uniforms: Tensor

    def as_frames(self, uniforms: Tensor) -> Seen:
        """All panels as single frames, each with its own augmentation."""
        told = self.told.with_code(self.code.mu).frames()
        return replace(self, told=told, uniforms=uniforms)

    @property
    def known(self) -> Told:
        """What they are told, with the codes."""
        return self.told if self.told.code is not None else self.told.with_code(self.code.mu)


class Rows(Protocol):
    """What uniforms are drawn for: the rows at `own` of `total`."""

    @property
    def own(self) -> slice: ...

    @property
    def total(self) -> int: ...


class Critics:
    """The discriminators that there are ("image", "story") under one criterion, behind one augmentation policy."""

    def __init__(self, d: nn.ModuleDict, criterion: str, policy: Sequence[str], runtime: Runtime) -> None:
        self.criterion, self.policy, self.runtime = criterion, tuple(policy), runtime
        parts: dict[str, Any] = dict(d.items())
        self.image: Any = parts.get("image")
        self.story: Any = parts.get("story")

    def uniforms(self, rows: Rows, each: int, noise: torch.Generator) -> Tensor:
        """Uniforms of the augmentation, `each` rows a row of the batch, drawn for all and this process's part kept."""
        drawn = torch.rand(rows.total, each, uniforms_of(self.policy), generator=noise)[rows.own]
        return drawn.flatten(0, 1).to(self.runtime.device)

    def frame_terms(self, frames: Seen, wrong: Told, classes: float) -> dict[str, Mean]:
        """Terms of the frame discriminator; `wrong`: what the mismatched pairs are told, of the first rows; `classes`:
        weight of the label loss of real frames, where there are labels."""
        d = self.image
        real, fake = (d.encode(each) for each in self._frames(frames))
        own, other = self._frame_told(frames.known), self._frame_told(wrong)
        logits = PairLogits(
            d.match(real, own), d.match(real[: len(other)], other), d.match(fake, own), *self._realism(real, fake)
        )
        weights = HOUSE_FRAME if self._reads_alone else STORYGAN
        terms = {f"image_{name}": term for name, term in matching_d_loss(logits, weights, self.criterion).items()}
        return terms | self._classes("image_classes", real, frames, classes)

    def story_terms(self, stories: Seen, wrong: Told) -> dict[str, Mean]:
        """The same of the story discriminator."""
        d = self.story
        real, fake = (d.encode(each) for each in self._stories(stories))
        own, other = self._story_told(stories.known), self._story_told(wrong)
        logits = PairLogits(d.match(real, own), d.match(real[: len(other)], other), d.match(fake, own))
        return {f"story_{name}": term for name, term in matching_d_loss(logits, STORYGAN, self.criterion).items()}

    def frame_g(self, frames: Seen, weight: float, classes: float) -> dict[str, Mean]:
        """What the frame discriminator tells the generator, and how well it names what is in its frames."""
        d, told = self.image, self._frame_told(frames.known)
        real, fake = self._frames(frames)
        features, reals = d.encode(fake), ()
        realism = self._realism(features)[0] if self._reads_alone else None
        if criterion_named(self.criterion).paired:
            with torch.no_grad():
                on_real = d.encode(real)
                reals = (d.match(on_real, told), *self._realism(on_real))
        weights = HOUSE_FRAME if self._reads_alone else STORYGAN
        match = d.match(features, told)
        terms = {"image": weight * matching_g_loss(match, realism, weights, self.criterion, *reals)}
        return terms | self._classes("classes", features, frames, classes)

    def story_g(self, stories: Seen, weight: float) -> dict[str, Mean]:
        """What the story discriminator tells the generator."""
        d, told = self.story, self._story_told(stories.known)
        real, fake = self._stories(stories)
        reals = ()
        if criterion_named(self.criterion).paired:
            with torch.no_grad():
                reals = (d.match(d.encode(real), told),)
        match = d.match(d.encode(fake), told)
        return {"story": weight * matching_g_loss(match, None, STORYGAN, self.criterion, *reals)}

    def _classes(self, name: str, features: Tensor, frames: Seen, weight: float) -> dict[str, Mean]:
        logits = self.image.classify(features) if weight else None
        return {} if logits is None else {name: weight * label_loss(logits, frames.told.panel()[1])}

    @property
    def _reads_alone(self) -> bool:
        return hasattr(self.image, "realism")

    def _realism(self, *features: Tensor) -> list[Tensor]:
        return [self.image.realism(each) for each in features] if self._reads_alone else []

    def _frame_told(self, told: Told) -> Tensor:
        assert told.code is not None, "given wherever there is a discriminator"
        return self.image.told(*told.panel(), told.code)

    def _story_told(self, told: Told) -> Tensor:
        assert told.code is not None, "given wherever there is a discriminator"
        return self.story.told(told.sentences, told.labels, told.code)

    def _frames(self, seen: Seen) -> tuple[Tensor, Tensor]:
        """Real and generated frames behind the same augmentation."""
        return augment(seen.real, seen.uniforms, self.policy), augment(seen.fake, seen.uniforms, self.policy)

    def _stories(self, seen: Seen) -> tuple[Tensor, Tensor]:
        """The same of stories, whose panels change alike."""
        uniforms = seen.uniforms.repeat_interleave(len(seen.real) // len(seen.uniforms), 0)
        return augment(seen.real, uniforms, self.policy), augment(seen.fake, uniforms, self.policy)


def label_loss(logits: Tensor, labels: Tensor) -> Mean:
    """Multi-label soft margin of logits (N, K) and labels (N, K): bce, mean over both."""
    return Mean.ratio(F.binary_cross_entropy_with_logits(logits, labels, reduction="sum"), labels.numel())
