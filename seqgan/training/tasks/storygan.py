"""Training of every StoryGAN that reads sentence vectors, and of its baselines: one task for C, R, P and small forms.

A step sees a batch of stories and, where `frames` asks for it, a batch of single frames apart (the mini-batches of the
two discriminators, as published); without it the frame discriminator judges the panels of the stories.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from seqgan.checks import check_range
from seqgan.data.epochs import Epochs
from seqgan.data.pairing import from_other_source
from seqgan.errors import ConfigError
from seqgan.layers.augment import parse_policy
from seqgan.layers.channels_last import channels_last
from seqgan.losses.functional import gaussian_kl, pyramid_l1
from seqgan.losses.means import Mean, mean
from seqgan.models.story_parts import DrawnStories, StoryCode, VectorStoryGenerator, noise_named
from seqgan.training.ema import Ema
from seqgan.training.panel_clusters import clusters_of
from seqgan.training.phases import Phase
from seqgan.training.runtime import Runtime
from seqgan.training.scenes import Scenes
from seqgan.training.story_pictures import StoryPictures
from seqgan.training.tasks.story import to_uint8
from seqgan.training.tasks.story_teachers import StoryTeachers
from seqgan.training.tasks.storygan_critics import Critics, Seen, Told
from seqgan.training.tasks.storygan_settings import StoryGANTraining

BETAS = (0.5, 0.999)
"""Of every Adam."""


@dataclass(frozen=True)
class Part:
    """This process's rows of `total`, which are those at `own`: what they are told, what the mismatched pairs are
    (None: the next of the batch), real pictures (rows, 3, H, W) uint8, masks of what in them is not the background,
    (rows, 1, H, W) of 0 and 1, or None, and their clusters (rows,) int64, or None."""

    told: Told
    wrong: Told | None
    images: Tensor
    figure: Tensor | None
    clusters: Tensor | None
    own: slice
    total: int


@dataclass(frozen=True)
class StoryGANBatch:
    """Stories, all panels of each; single frames, one of a story each, or None. `alone`: no discriminator yet."""

    stories: Part
    singles: Part | None
    alone: bool


@dataclass(frozen=True)
class Lines:
    """This process's rows of `total` stories, which are those at `own`, to be read alone."""

    told: Told
    own: slice
    total: int


class StoryGANTask:
    """See `seqgan.training.task.Task`. `d` holds an "image" and a "story" discriminator, or what is left of them, and
    "image_2" and so on where the generator draws smaller pictures."""

    def __init__(
        self, g: VectorStoryGenerator, d: nn.ModuleDict, size: tuple[int, int], data: StoryPictures, val: StoryPictures,
        options: StoryGANTraining, runtime: Runtime, teachers: StoryTeachers | None = None,
    ) -> None:  # fmt: skip
        if bool(options.weights.labels) != bool(teachers):
            raise ConfigError("weights.labels and teachers belong together; set both, or neither")
        self.teachers = teachers
        self.size, self.data, self.val, self.options, self.runtime = size, data, val, options, runtime
        _check_batches(options, runtime)
        self.g, self.d = channels_last(g.to(runtime.device)), channels_last(d.to(runtime.device))
        self.reader = nn.Linear(g.states, len(data.names)).to(runtime.device) if options.heard else None
        self.networks: dict[str, nn.Module] = {"g": self.g, "d": self.d}
        if self.reader is not None:
            self.networks["reader"] = self.reader
        self.critics = Critics(self.d, options.adversarial, parse_policy(options.augment), runtime)
        figures = options.weights.things or options.weights.figure
        self.scenes = Scenes.of(data, size, options.scene) if figures else None
        self.clusters = clusters_of(data, options.clusters, options.seed) if options.clusters else None
        self.stories = Epochs(len(data), options.batch, options.seed)
        self.epoch = len(data) * data.panels
        apart = options.frames if "image" in self.d else 0
        self.singles = Epochs(self.epoch, apart, options.seed + 1) if apart else None
        self.ema = Ema(self.g, options.half_life)
        self.heard = -(-options.heard // (options.batch * data.panels))
        self.alone = self.heard - (-options.alone // (options.batch * data.panels))
        self.phases = self._phases()

    def _phases(self) -> list[Phase]:
        g = Phase.adam("g", [(self.g, 1.0)], self.options.lr_g, BETAS, self.heard)
        again = [Phase("g_again", g.modules, g.optimizer, start=self.heard)] if self.options.g_steps == 2 else []
        if self.reader is not None:
            read = [(self.g, 1.0), (self.reader, 1.0)]
            again.append(Phase.adam("read", read, self.options.lr_g, BETAS, end=self.heard))
        d = [Phase.adam("d", [(self.d, 1.0)], self.options.lr_d, BETAS, self.alone)] if len(self.d) else []
        return [*d, g, *again]

    @property
    def heavy(self) -> list[nn.Module]:
        """The convolutions of the generator and of the discriminators."""
        names = ("downsamples", "upsample1", "upsample2", "upsample3", "upsample4", "frame")
        drawing = [part for name, part in self.g.named_children() if name in names]
        trunks = [part for d in self.d.values() for name, part in d.named_children() if name in ("encode_img", "trunk")]
        return drawing + trunks

    # Batches ---------------------------------------------------------------------------------------------------------

    def batch(self, step: int) -> StoryGANBatch | Lines:
        """This process's stories and frames of a step, or what is read in it."""
        rng = np.random.default_rng([self.options.seed, step])
        if step < self.heard:
            numbers = self.stories.numbers(step)
            own = self.runtime.own(len(numbers))
            return Lines(self._told(numbers, None, rng, own), own, len(numbers))
        singles = None if self.singles is None else self._part(self.singles.numbers(step), rng, lone=True)
        return StoryGANBatch(self._part(self.stories.numbers(step), rng, lone=False), singles, step < self.alone)

    def _part(self, numbers: np.ndarray, rng: np.random.Generator, lone: bool) -> Part:
        """Stories of these numbers; `lone`: single panels, by number. Chance is drawn for the whole batch."""
        count, own, device = self.data.panels, self.runtime.own(len(numbers)), self.runtime.device
        rows, panels = np.divmod(numbers, count) if lone else (numbers, None)
        told = self._told(rows, panels, rng, own)
        wrong = None
        if len(self.d) and not self.options.shifted_pairs:
            others = from_other_source(rows, self.data.sources, rng)
            wrong = self._told(others, rng.integers(count, size=len(rows)) if lone else None, rng, own)
        images = self.data.pictures(rows, self.size, rng)[own].to(device)  # (N, T, 3, H, W)
        images = images.flatten(0, 1) if told.panels is None else images[torch.arange(len(images)), told.panels]
        images = images.contiguous(memory_format=torch.channels_last)
        clips = (self.data.stories[rows] if panels is None else self.data.stories[rows, panels])[own].reshape(-1)
        figure = None if self.scenes is None else self.scenes.figure(images, clips)
        clusters = None if self.clusters is None else torch.from_numpy(self.clusters[clips]).to(device)
        if self.options.label_dropout:  # a wrong pair is named where its right one is, or names would tell them apart
            named = torch.from_numpy(rng.random(len(rows)) >= self.options.label_dropout)[own].to(device).float()
            told, wrong = replace(told, named=named), wrong and replace(wrong, named=named)
        return Part(told, wrong, images, figure, clusters, own, len(numbers))

    def _told(self, rows: np.ndarray, panels: np.ndarray | None, rng: np.random.Generator, own: slice) -> Told:
        device = self.runtime.device
        said = self.data.said_by(rows, rng)[own]
        sentences, labels = self.data.told_by(said).to(device), self.data.shown(rows)[own].to(device)
        alone = None if panels is None else torch.from_numpy(panels)[own].to(device)
        sources, tokens = torch.from_numpy(self.data.sources[rows])[own].to(device), self.data.tokens(said)
        return Told(sentences, labels, alone, sources=sources, tokens=None if tokens is None else tokens.to(device))

    def images(self, batch: StoryGANBatch | Lines) -> int:
        """Panels of the stories of the whole batch: an epoch is a pass over the stories."""
        return (batch.total if isinstance(batch, Lines) else batch.stories.total) * self.data.panels

    # Losses ----------------------------------------------------------------------------------------------------------

    def losses(self, phase: str, batch: StoryGANBatch | Lines, noise: torch.Generator) -> dict[str, Mean]:
        """Terms of phase "read", which alone is due while stories are only read; of phase "d", or of "g" and "g_again":
        the same with fresh noise."""
        if isinstance(batch, Lines):
            return self._read(batch, noise)
        if phase != "d":
            return self._generate(batch, noise)
        with torch.no_grad():
            stories, lone, frames = self._seen(batch, noise)
            wrong = self._wrong(batch.stories, stories, noise)
            wrong_frames = wrong.frames() if batch.singles is None else self._wrong(batch.singles, lone, noise)
        weights, terms = self.options.weights, dict[str, Mean]()
        if "image" in self.d:
            terms |= self.critics.frame_terms(frames, wrong_frames, weights)
        if "story" in self.d:
            terms |= self.critics.story_terms(stories, wrong)
        return terms

    def _read(self, lines: Lines, noise: torch.Generator) -> dict[str, Mean]:
        """What the states of panels do not tell of their labels: cross-entropy, added up over labels."""
        told, draws = lines.told, self._noise(self.g.draws(self.data.panels), lines.total, lines.own, noise)
        kept = self.g.remember(told.sentences, told.names, draws, tokens=told.tokens)
        assert self.reader is not None, "nothing else asks for lines"
        named = self.reader(torch.cat([kept.lower, kept.upper], 1))  # (N * T, K)
        missed = F.binary_cross_entropy_with_logits(named.float(), told.shown, reduction="none")
        return {"labels": mean(missed.sum(1)), **self._kl(kept.code)}

    def _kl(self, code: StoryCode) -> dict[str, Mean]:
        weight = self.options.weights.kl
        return {"kl": weight * gaussian_kl(code.mu, code.logvar)} if weight and code.logvar is not None else {}

    def _generate(self, batch: StoryGANBatch, noise: torch.Generator) -> dict[str, Mean]:
        weights, terms = self.options.weights, dict[str, Mean]()
        stories, lone, frames = self._seen(batch, noise)
        asked = weights.frame or weights.contrast or weights.clusters
        if "image" in self.d and asked and not batch.alone:
            terms |= self.critics.frame_g(frames, weights)
        if "story" in self.d and weights.story and not batch.alone:
            terms |= self.critics.story_g(stories, weights.story)
        parts = [(batch.stories, stories)] + ([] if batch.singles is None else [(batch.singles, lone)])
        for part, seen in parts:
            for name, term in self._own_terms(part, seen).items():
                terms[name] = terms[name] + term if name in terms else term
        return terms

    def _own_terms(self, part: Part, seen: Seen) -> dict[str, Mean]:
        """What the generator pays without discriminators."""
        weights, terms = self.options.weights, self._kl(seen.code)
        if weights.figure:
            assert seen.mask is not None and part.figure is not None, "checked where the task is made"
            each = F.binary_cross_entropy_with_logits(seen.mask, part.figure, reduction="none")
            terms["figure"] = weights.figure * mean(each)
        if self.teachers is not None:
            terms["labels"] = weights.labels * self.teachers.term(seen.fake, seen.told.shown)
        if weights.reconstruct:
            weight = 1 + weights.things * part.figure if weights.things and part.figure is not None else None
            terms["reconstruct"] = weights.reconstruct * pyramid_l1(seen.fake, seen.real, weight)
            for smaller in seen.sides:
                side, pooled = seen.at(smaller), None if weight is None else F.avg_pool2d(weight, smaller)
                terms[f"reconstruct_{smaller}"] = weights.reconstruct * pyramid_l1(side.fake, side.real, pooled)
        return terms

    def _seen(self, batch: StoryGANBatch, noise: torch.Generator) -> tuple[Seen, Seen, Seen]:
        """The stories, the single frames or again the stories, and the latter as the frame discriminator gets them."""
        stories = self._drawn(batch.stories, noise)
        if batch.singles is None:
            return stories, stories, stories.as_frames(self.critics.uniforms(batch.stories, self.data.panels, noise))
        lone = self._drawn(batch.singles, noise)
        return stories, lone, lone

    def _drawn(self, part: Part, noise: torch.Generator) -> Seen:
        drawn = self.draw(self.g, part.told, part.total, part.own, noise)
        told = part.told.with_code(self.g.told_code(drawn.code))
        uniforms = self.critics.uniforms(part, 1, noise)
        return Seen(
            scaled(part.images), drawn.frames, drawn.code, told, uniforms, drawn.sides, drawn.mask, part.clusters
        )  # fmt: skip

    def draw(
        self, g: VectorStoryGenerator, told: Told, total: int, own: slice, noise: torch.Generator
    ) -> DrawnStories:  # fmt: skip
        """Told rows as frames, from their part of the noise of the whole batch."""
        count = self.data.panels
        sizes = g.draws(count) if told.panels is None else g.alone(count)
        drawn = self._noise(sizes, total, own, noise)
        return g.tell(told.sentences, told.names, drawn, panels=told.panels, tokens=told.tokens)

    def _noise(self, sizes: Sequence[int], total: int, own: slice, noise: torch.Generator) -> dict[str, Tensor]:
        """This process's rows of the noise of the whole batch."""
        return noise_named([torch.randn(total, each, generator=noise)[own].to(self.runtime.device) for each in sizes])

    def _wrong(self, part: Part, seen: Seen, noise: torch.Generator) -> Told:
        """What the mismatched pairs of a part are told, with the codes of their stories, sampled where those of the
        right ones are, or noise would tell them apart."""
        if part.wrong is None:
            return self._following(seen, part)
        alone, eps = part.wrong.panels is not None and self.g.quirks.single_first, None
        if self.g.tells_sample and not alone:
            eps = self._noise([self.g.first_draws["code"]], part.total, part.own, noise)["noise/0"]
        return part.wrong.with_code(self.g.told_code(self.g.encode(part.wrong.sentences, eps)))

    def _following(self, seen: Seen, part: Part) -> Told:
        """What the next of the whole batch is told: a row less than there are in the last process."""
        told, gather = seen.told, self.runtime.gather
        rows = slice(part.own.start + 1, part.own.stop + 1)
        assert told.code is not None, "of all that is drawn"
        panels = None if told.panels is None else gather(told.panels.float()).long()[rows]
        return Told(gather(told.sentences)[rows], gather(told.names)[rows], panels, gather(told.code)[rows])

    # Looking ---------------------------------------------------------------------------------------------------------

    @torch.no_grad()
    def _looked_at(self, count: int) -> tuple[Tensor, Tensor]:
        """The first validation stories: real and generated panels, (N, T, 3, H, W) in [-1, 1], from noise of seed 0."""
        g, rows, device = self.ema.model, np.arange(min(count, len(self.val))), self.runtime.device
        assert isinstance(g, VectorStoryGenerator), "the average is of the generator"
        tokens = self.val.tokens(self.val.said_by(rows, None))
        told = Told(self.val.told(rows, None).to(device), self.val.shown(rows).to(device), None,
                    tokens=None if tokens is None else tokens.to(device))  # fmt: skip
        drawn = self.draw(g, told, len(rows), slice(None), torch.Generator().manual_seed(0))
        real = scaled(self.val.pictures(rows, self.size, None).to(device))
        return real, drawn.frames.float().unflatten(0, real.shape[:2])

    def sheet(self) -> np.ndarray:
        """Up to eight validation stories, the real strip above the generated one."""
        shown = torch.cat(self._looked_at(8), 3)  # (N, T, 3, 2H, W)
        return to_uint8(shown.permute(0, 3, 1, 4, 2).flatten(0, 1).flatten(1, 2))  # (N * 2H, T * W, 3)

    def validate(self) -> dict[str, float]:
        """Mean |difference| (of 255) of generated panels of up to 96 stories to real ones; the score falls by it."""
        real, fake = self._looked_at(96)
        difference = round(float((real - fake).abs().mean()) * 127.5, 3)
        return {"l1_255": difference, "score": round(1 - difference / 255, 5)}


def scaled(images: Tensor) -> Tensor:
    """uint8 to floats in [-1, 1]."""
    return images.float() / 127.5 - 1


def _check_batches(options: StoryGANTraining, runtime: Runtime) -> None:
    """Batch norms and shifted pairs need two rows in a process."""
    for name, count in (("batch", options.batch), ("frames", options.frames)):
        if name == "batch" or count:
            check_range(f"training.{name}", count, max(2, runtime.world), error=ConfigError)
