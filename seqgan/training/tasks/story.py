"""Training of StoryGAN: the discriminators' phase, the generator's phase, and what each is made of."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from seqgan.data.pairing import other_story
from seqgan.data.stories import StoryBatch, StoryData
from seqgan.losses.functional import feature_l1, figure_weight, gaussian_kl, pyramid_l1
from seqgan.losses.labels import box_loss, label_terms
from seqgan.losses.matching import HOUSE_FRAME, STORYGAN, PairLogits, matching_d_loss, matching_g_loss
from seqgan.models.storygan import StoryContext, StoryGANDiscriminators, StoryGenerator
from seqgan.training.ema import Ema
from seqgan.training.phases import Phase
from seqgan.training.runtime import Runtime

READERS = ("text", "story", "lower", "start")
"""Parts of the generator that only read."""
UNKNOWN = 1
"""The vocabulary's id of an unknown word."""


@dataclass(frozen=True)
class StoryWeights:
    """Weights of the generator's terms; a term of weight 0 is not computed.

    `reconstruct` is a supervised start: the staging noise of a composed panel is known, so the very panel can be asked
    for. Without it and without `adversarial`, only the reading of the text is trained and no frame is drawn.
    """

    reading: float = 1.0
    boxes: float = 10.0
    kl: float = 0.01
    reconstruct: float = 10.0
    figures: float = 3.0
    adversarial: float = 0.1
    features: float = 1.0


@dataclass(frozen=True)
class StoryTraining:
    """Settings of the task; learning rates are those of Adam (0.5, 0.999)."""

    batch: int = 9
    lr_g: float = 5e-4
    lr_d: float = 4e-4
    text_rate: float = 1.0
    """Share of `lr_g` for everything that only reads (text, story and context encoders)."""
    half_life: int = 20_000
    seed: int = 0
    weights: StoryWeights = field(default_factory=StoryWeights)


class StoryTask:
    """See `seqgan.training.task.Task`."""

    def __init__(
        self, g: StoryGenerator, d: StoryGANDiscriminators, data: StoryData, val: StoryData,
        options: StoryTraining, runtime: Runtime,
    ) -> None:  # fmt: skip
        self.data, self.val, self.options, self.runtime = data, val, options, runtime
        self.g = g.to(runtime.device).to(memory_format=torch.channels_last)
        self.d = d.to(runtime.device).to(memory_format=torch.channels_last)
        self.networks: dict[str, nn.Module] = {"g": self.g, "d": self.d}
        self.ema = Ema(self.g, options.half_life)
        self.phases = self._phases()

    def _phases(self) -> list[Phase]:
        betas = (0.5, 0.999)
        slow = self.options.text_rate
        parts = [(part, slow if name in READERS else 1.0) for name, part in self.g.named_children()]
        phases = [Phase.adam("g", parts, self.options.lr_g, betas)]
        if self.options.weights.adversarial or self.options.weights.features:
            phases.insert(0, Phase.adam("d", [(self.d, 1.0)], self.options.lr_d, betas))
        return phases

    def batch(self, step: int) -> StoryBatch:
        """Stories of a step: epoch e is a permutation seeded by (seed, e), its last partial batch joins the next."""
        count, size = len(self.data), self.options.batch
        places = np.arange(step * size, (step + 1) * size)
        numbers = [self._permutation(int(e))[p] for e, p in zip(places // count, places % count, strict=True)]
        return self.data.batch(numbers).to(self.runtime.device)

    def _permutation(self, epoch: int) -> np.ndarray:
        if getattr(self, "_epoch", (-1,))[0] != epoch:
            order = np.random.default_rng([self.options.seed, epoch]).permutation(len(self.data))
            self._epoch = (epoch, order)
        return self._epoch[1]

    def images(self, batch: StoryBatch) -> int:
        """Real panels of the batch."""
        return int(batch.panel_mask.sum())

    def losses(self, phase: str, batch: StoryBatch, noise: torch.Generator) -> dict[str, Tensor]:
        """Terms of phase "d" or "g"."""
        batch = drop_words(batch, noise)
        if phase == "d":
            return self._discriminate(batch, noise)
        return self._generate(batch, noise)

    def _context(self, batch: StoryBatch, noise: torch.Generator) -> StoryContext:
        shape = (batch.tokens.shape[0], 1, self.g.sizes.code)
        eps = torch.randn(shape, generator=noise).to(batch.noise.device)
        return self.g.context(batch.tokens, batch.frozen, batch.noise, eps.expand(-1, batch.tokens.shape[1], -1))

    def _discriminate(self, batch: StoryBatch, noise: torch.Generator) -> dict[str, Tensor]:
        rows, real = batch.rows, real_frames(batch)
        with torch.no_grad():
            context = self._context(batch, noise)
            fake = self.g.draw(context, batch.noise, rows)
        cond = frame_condition(context)[rows]
        stories = (rows // batch.tokens.shape[1]).cpu().numpy()
        rng = np.random.default_rng(int(torch.randint(2**31, (1,), generator=noise)))
        wrong = torch.from_numpy(other_story(stories, rng)).to(rows.device)
        terms = {f"frame_{k}": v for k, v in self._frame_terms(real, fake, cond, wrong).items()}
        terms.update({f"story_{k}": v for k, v in self._story_terms(batch, real, fake, context).items()})
        return terms

    def _frame_terms(self, real: Tensor, fake: Tensor, cond: Tensor, wrong: Tensor) -> dict[str, Tensor]:
        d = self.d.frame
        on_real, on_fake = d.encode(real), d.encode(fake)
        logits = PairLogits(
            d.match(on_real, cond), d.match(on_real, cond[wrong]), d.match(on_fake, cond),
            d.realism(on_real), d.realism(on_fake),
        )  # fmt: skip
        return matching_d_loss(logits, HOUSE_FRAME)

    def _story_terms(self, batch: StoryBatch, real: Tensor, fake: Tensor, context: StoryContext) -> dict[str, Tensor]:
        d, mask, sent = self.d.story, batch.panel_mask, context.sent_emb.detach()
        on_real, on_fake = d.encode(unflatten(real, batch)), d.encode(unflatten(fake, batch))
        wrong = torch.roll(sent, 1, 0)
        logits = PairLogits(d.match(on_real, sent, mask), d.match(on_real, wrong, mask), d.match(on_fake, sent, mask))
        return matching_d_loss(logits, STORYGAN)

    def _generate(self, batch: StoryBatch, noise: torch.Generator) -> dict[str, Tensor]:
        weights, context = self.options.weights, self._context(batch, noise)
        rows = batch.rows
        terms = {"kl": weights.kl * gaussian_kl(context.mu.flatten(0, 1)[rows], context.logvar.flatten(0, 1)[rows])}
        if weights.reading or weights.boxes:
            terms.update(self._reading_terms(batch, context))
        if weights.reconstruct or weights.adversarial:
            terms.update(self._drawing_terms(batch, context))
        return terms

    def _reading_terms(self, batch: StoryBatch, context: StoryContext) -> dict[str, Tensor]:
        weights, rows = self.options.weights, batch.rows
        logits, figures = self.g.read(context, batch.noise)
        parts = self.data.space.split(logits[rows])
        targets = {name: value.flatten(0, 1)[rows] for name, value in batch.targets.items()}
        terms = {name: weights.reading * term for name, term in label_terms(parts, targets).items()}
        slots, boxes = batch.slots.flatten(0, 1)[rows], batch.boxes.flatten(0, 1)[rows]
        terms["boxes"] = weights.boxes * box_loss(figures.boxes[rows], slots, boxes)
        return terms

    def _drawing_terms(self, batch: StoryBatch, context: StoryContext) -> dict[str, Tensor]:
        weights, rows, real = self.options.weights, batch.rows, real_frames(batch)
        fake = self.g.draw(context, batch.noise, rows)
        weight = figure_weight(batch.boxes.flatten(0, 1)[rows], (real.shape[2], real.shape[3]), weights.figures)
        terms = {"l1": weights.reconstruct * pyramid_l1(fake, real, weight)}
        if weights.adversarial or weights.features:
            on_fake = self.d.frame.encode(fake)
            with torch.no_grad():
                on_real = self.d.frame.encode(real)
            terms["features"] = weights.features * feature_l1(on_fake, on_real)
            cond = frame_condition(context)[rows]
            match, realism = self.d.frame.match(on_fake, cond), self.d.frame.realism(on_fake)
            terms["frame"] = weights.adversarial * matching_g_loss(match, realism, HOUSE_FRAME)
            features = self.d.story.encode(unflatten(fake, batch))
            story = self.d.story.match(features, context.sent_emb.detach(), batch.panel_mask)
            terms["story"] = weights.adversarial * matching_g_loss(story, None, STORYGAN)
        return terms

    @torch.no_grad()
    def sheet(self) -> np.ndarray:
        """Eight validation stories, real strip above the averaged generator's strip."""
        batch = self.val.batch(range(min(8, len(self.val)))).to(self.runtime.device)
        g = self.ema.model
        assert isinstance(g, StoryGenerator), "the average is of the generator"
        context = g.context(batch.tokens, batch.frozen, batch.noise, None)
        fake = g.draw(context, batch.noise, torch.arange(batch.panel_mask.numel(), device=batch.noise.device))
        shown = torch.cat([batch.images.float() / 127.5 - 1, fake.unflatten(0, batch.panel_mask.shape)], 2)
        shown = shown.masked_fill(~batch.panel_mask[:, :, None, None, None].repeat(1, 1, 6, 1, 1), 1.0)
        strips = shown.unflatten(2, (2, 3)).permute(0, 2, 4, 1, 5, 3).flatten(0, 2).flatten(1, 2)  # (B*2*H, T*W, 3)
        return to_uint8(strips)

    @torch.no_grad()
    def validate(self) -> dict[str, float]:
        """How well the averaged generator reads (labels) and reconstructs (mean |difference|, of 255) 96 stories."""
        g = self.ema.model
        assert isinstance(g, StoryGenerator), "the average is of the generator"
        batch = self.val.batch(range(min(96, len(self.val)))).to(self.runtime.device)
        context, rows = g.context(batch.tokens, batch.frozen, batch.noise, None), batch.rows
        logits = self.data.space.split(g.read(context, batch.noise)[0][rows])
        targets = {name: value.flatten(0, 1)[rows] for name, value in batch.targets.items()}
        figures = {f"reads_{name}": right(part, targets[name]) for name, part in logits.items()}
        if self.options.weights.reconstruct:
            fake = g.draw(context, batch.noise, rows)
            figures["l1_255"] = round(float((fake - real_frames(batch)).abs().mean()) * 127.5, 3)
        return figures

    def export(self) -> dict[str, Any]:
        """Sizes and label space."""
        return {"labels": self.data.space.to_dict()}


def right(logits: Tensor, target: Tensor) -> float:
    """Share of rows read rightly: whole sets for yes/no groups, classes of present actors else."""
    if logits.dim() == target.dim():
        return round(float(((logits > 0) == target.bool()).all(1).float().mean()), 4)
    known = target >= 0
    return round(float((logits.argmax(-1) == target)[known].float().mean()), 4)


def real_frames(batch: StoryBatch) -> Tensor:
    """The batch's real panels, (N, 3, H, W) in [-1, 1]."""
    return batch.images.flatten(0, 1)[batch.rows].float() / 127.5 - 1


def frame_condition(context: StoryContext) -> Tensor:
    """What the frame discriminator is told, without gradient: sentence and story code, (B*T, Dt + Dc)."""
    return torch.cat([context.sent_emb, context.mu.to(context.sent_emb.dtype)], 2).detach().flatten(0, 1)


def unflatten(frames: Tensor, batch: StoryBatch) -> Tensor:
    """Frames of the real panels (N, 3, H, W) laid back into stories, (B, 3, T, H, W), zero where there is no panel."""
    stories = frames.new_zeros(batch.panel_mask.numel(), *frames.shape[1:])
    stories = stories.index_copy(0, batch.rows, frames)
    return stories.unflatten(0, batch.panel_mask.shape).transpose(1, 2)


def drop_words(batch: StoryBatch, noise: torch.Generator) -> StoryBatch:
    """Hide inputs, so that both kinds are learnt: one word in fifty always; where a sentence has its frozen vector, all
    words in one sentence of seven, and the vector in one of two."""
    given = batch.frozen.abs().sum(2, keepdim=True).cpu() > 0  # (B, T, 1)
    chance = torch.rand(*batch.tokens.shape[:2], 1, generator=noise)
    hide = (torch.rand(batch.tokens.shape, generator=noise) < 0.02) | (given & (chance < 1 / 7))
    hide = hide.to(batch.tokens.device) & (batch.tokens > 0)
    keep = (chance < 0.5).to(batch.frozen.device)
    return replace(batch, tokens=batch.tokens.masked_fill(hide, UNKNOWN), frozen=batch.frozen * keep)


def to_uint8(frames: Tensor) -> np.ndarray:
    """[-1, 1] to uint8, rounded."""
    return ((frames.clamp(-1, 1) + 1) * 127.5).round().to(torch.uint8).cpu().numpy()
