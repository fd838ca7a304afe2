"""Training of StoryGAN: its phases, its batches, and what the generator's loss is made of (see also story_critics)."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
import torch
from torch import Tensor, nn

from seqgan.checks import check_choice, check_range
from seqgan.data.epochs import Epochs
from seqgan.data.pairing import other_story
from seqgan.data.stories import StoryBatch, StoryData
from seqgan.errors import ConfigError
from seqgan.layers.augment import parse_policy, uniforms_of
from seqgan.layers.channels_last import channels_last
from seqgan.losses.adversarial import criterion_named
from seqgan.losses.functional import figure_weight, gaussian_kl, pyramid_l1
from seqgan.losses.labels import box_loss, label_terms
from seqgan.losses.means import Mean
from seqgan.models.storygan import StoryContext, StoryGANDiscriminators, StoryGenerator
from seqgan.training.ema import Ema
from seqgan.training.phases import Phase
from seqgan.training.runtime import Runtime
from seqgan.training.tasks.story_critics import Scene, StoryCritics
from seqgan.training.word_dropout import drop_words

READERS = ("text", "story", "lower", "start", "memory")
"""Parts of the generator that only read."""
BETAS = (0.5, 0.999)
"""Of every Adam."""


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
    """How much more a pixel of a figure counts than one of the ground; small figures count more."""
    worn: float = 3.0
    """How much more than a pixel of a figure one of a hat or scarf counts: they are small and rare."""
    adversarial: float = 0.1
    features: float = 1.0


@dataclass(frozen=True)
class StoryTraining:
    """Settings of the task; learning rates are those of Adam (0.5, 0.999). Raises ConfigError for a bad value."""

    batch: int = 9
    lr_g: float = 5e-4
    lr_d: float = 4e-4
    text_rate: float = 1.0
    """Share of `lr_g` for everything that only reads (text, story and context encoders)."""
    freeze: tuple[str, ...] = ()
    """Parts of the generator that do not learn: text, story, lower, start, text2gist, frame, pan, figures, ..."""
    half_life: int = 20_000
    seed: int = 0
    weights: StoryWeights = field(default_factory=StoryWeights)
    adversarial: str = "bce"
    """Criterion of both discriminators and of the generator: bce, hinge, lsgan, relativistic."""
    r1: float = 0.0
    """Gamma of the gradient penalty on real panels and stories; 0 = none."""
    r2: float = 0.0
    """The same on generated ones."""
    penalty_every: int = 16
    """Penalties at every k-th step, k times as strong, in a step of their own (StyleGAN2); 1: in every step (R3GAN)."""
    augment: str = ""
    """What the discriminators see is changed by (comma list): color, translation, cutout."""

    def __post_init__(self) -> None:
        criterion_named(self.adversarial)
        parse_policy(self.augment)
        for name, least in (("r1", 0), ("r2", 0), ("penalty_every", 1)):
            check_range(f"training.{name}", getattr(self, name), least, error=ConfigError)


class StoryTask:
    """See `seqgan.training.task.Task`."""

    def __init__(
        self, g: StoryGenerator, d: StoryGANDiscriminators, data: StoryData, val: StoryData,
        options: StoryTraining, runtime: Runtime,
    ) -> None:  # fmt: skip
        check_range("training.batch", options.batch, runtime.world, error=ConfigError)
        for name in options.freeze:
            check_choice("part to freeze", name, dict(g.named_children()), ConfigError)
        self.data, self.val, self.options, self.runtime = data, val, options, runtime
        self.g, self.d = channels_last(g.to(runtime.device)), channels_last(d.to(runtime.device))
        self.networks: dict[str, nn.Module] = {"g": self.g, "d": self.d}
        self.epochs = Epochs(len(data), options.batch, options.seed)
        self.epoch = int(data.starts[-1])
        self.policy = parse_policy(options.augment)
        self.critics = StoryCritics(self.d, options.adversarial, self.policy)
        self.ema = Ema(self.g, options.half_life)
        self.phases = self._phases()

    def _phases(self) -> list[Phase]:
        slow, parts = self.options.text_rate, []
        for name, part in self.g.named_children():
            part.requires_grad_(name not in self.options.freeze)
            if name not in self.options.freeze:
                parts.append((part, slow if name in READERS else 1.0))
        phases = [Phase.adam("g", parts, self.options.lr_g, BETAS)]
        if self.options.weights.adversarial or self.options.weights.features:
            d, *penalty = self._critic_phases()
            phases = [d, *phases, *penalty]
        return phases

    def _critic_phases(self) -> list[Phase]:
        """The discriminators' phase, and that of lazy penalties, under one Adam: as k + 1 steps are taken for every k,
        its rate is k / (k + 1) of `lr_d`, its betas are to that power (StyleGAN2, Karras et al. 2020, appendix B)."""
        every = self.options.penalty_every if self.options.r1 or self.options.r2 else 1
        share = every / (every + 1) if every > 1 else 1.0
        betas = (BETAS[0] ** share, BETAS[1] ** share)
        d = Phase.adam("d", [(self.d, 1.0)], self.options.lr_d * share, betas)
        return [d, Phase("penalty", d.modules, d.optimizer, every)] if every > 1 else [d]

    @property
    def heavy(self) -> list[nn.Module]:
        """The convolutions: of the ground, of the figures, of both discriminators."""
        return [self.g.frame, self.g.figures.paint, self.d.frame.trunk, self.d.story.trunk]

    def batch(self, step: int) -> StoryBatch:
        """This process's stories of a step."""
        numbers = self.epochs.numbers(step)
        return self.data.batch(numbers, self.runtime.own(len(numbers))).to(self.runtime.device)

    def images(self, batch: StoryBatch) -> int:
        """Real panels of the whole batch."""
        return sum(batch.counts)

    def losses(self, phase: str, batch: StoryBatch, noise: torch.Generator) -> dict[str, Mean]:
        """Terms of phase "d", "g" or "penalty"."""
        whole = (len(batch.counts), batch.tokens.shape[1])
        tokens, frozen = drop_words(batch.tokens, batch.frozen, whole, batch.own, noise)
        batch = replace(batch, tokens=tokens, frozen=frozen)
        if phase == "g":
            return self._generate(batch, noise)
        with torch.no_grad():
            context = self._context(batch, noise)
            scene = self._scene(batch, context, self.g.draw(context, batch.noise, batch.rows), noise)
        return self._penalties(scene) if phase == "penalty" else self._discriminate(scene, noise)

    def _context(self, batch: StoryBatch, noise: torch.Generator) -> StoryContext:
        eps = torch.randn(len(batch.counts), 1, self.g.sizes.code, generator=noise)[batch.own].to(batch.noise.device)
        return self.g.context(batch.tokens, batch.frozen, batch.noise, eps.expand(-1, batch.tokens.shape[1], -1))

    def _scene(self, batch: StoryBatch, context: StoryContext, fake: Tensor, noise: torch.Generator) -> Scene:
        rows, count = batch.rows, uniforms_of(self.policy)
        draws = torch.rand(len(batch.counts), 1 + batch.panel_mask.shape[1], count, generator=noise)
        draws = draws[batch.own].to(fake.device)
        cond, frame_draws = frame_condition(context)[rows], draws[:, 1:].flatten(0, 1)[rows]
        return Scene(batch, real_frames(batch), fake, cond, context.sent_emb.detach(), frame_draws, draws[:, 0])

    def _discriminate(self, scene: Scene, noise: torch.Generator) -> dict[str, Mean]:
        batch, rng = scene.batch, np.random.default_rng(int(torch.randint(2**31, (1,), generator=noise)))
        wrong = other_story(np.repeat(np.arange(len(batch.counts)), batch.counts), rng)[batch.own_rows]
        cond = self.runtime.gather(scene.cond)[torch.from_numpy(wrong).to(scene.cond.device)]
        sent = self.runtime.gather(scene.sent).roll(1, 0)[batch.own]
        terms = self.critics.d_terms(scene, cond, sent)
        return terms | self._penalties(scene) if self.options.penalty_every == 1 else terms

    def _penalties(self, scene: Scene) -> dict[str, Mean]:
        every = self.options.penalty_every
        return self.critics.penalties(scene, every * self.options.r1, every * self.options.r2)

    def _generate(self, batch: StoryBatch, noise: torch.Generator) -> dict[str, Mean]:
        weights, context = self.options.weights, self._context(batch, noise)
        rows = batch.rows
        terms = {"kl": weights.kl * gaussian_kl(context.mu.flatten(0, 1)[rows], context.logvar.flatten(0, 1)[rows])}
        if weights.reading or weights.boxes:
            terms.update(self._reading_terms(batch, context))
        if weights.reconstruct or weights.adversarial:
            terms.update(self._drawing_terms(batch, context, noise))
        return terms

    def _reading_terms(self, batch: StoryBatch, context: StoryContext) -> dict[str, Mean]:
        weights, rows = self.options.weights, batch.rows
        logits, figures = self.g.read(context, batch.noise)
        parts = self.data.space.split(logits[rows])
        targets = {name: value.flatten(0, 1)[rows] for name, value in batch.targets.items()}
        terms = {name: weights.reading * term for name, term in label_terms(parts, targets).items()}
        slots, boxes = batch.slots.flatten(0, 1)[rows], batch.boxes.flatten(0, 1)[rows]
        terms["boxes"] = weights.boxes * box_loss(figures.boxes[rows], slots, boxes)
        worn = batch.worn.flatten(0, 1)[rows]
        dressed = slots.masked_fill(worn[..., 2] == 0, -1)
        terms["worn_boxes"] = weights.boxes * box_loss(figures.worn[rows], dressed, worn)
        return terms

    def _drawing_terms(self, batch: StoryBatch, context: StoryContext, noise: torch.Generator) -> dict[str, Mean]:
        weights, rows, real = self.options.weights, batch.rows, real_frames(batch)
        fake = self.g.draw(context, batch.noise, rows)
        boxes, worn = batch.boxes.flatten(0, 1)[rows], batch.worn.flatten(0, 1)[rows]
        shares = real.new_tensor([1.0, weights.worn]).repeat_interleave(boxes.shape[1])  # (2S,)
        places = torch.cat([boxes, inside(worn, boxes)], 1)  # (N, 2S, 4)
        weight = figure_weight(places, (real.shape[2], real.shape[3]), weights.figures * shares)
        terms = {"l1": weights.reconstruct * pyramid_l1(fake, real, weight)}
        if weights.adversarial or weights.features:
            told = self.critics.g_terms(self._scene(batch, context, fake, noise))
            terms["features"] = weights.features * told["features"]
            terms |= {name: weights.adversarial * told[name] for name in ("frame", "story")}
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
        """How well the averaged generator reads (labels) and reconstructs (mean |difference|, of 255) 96 stories; the
        score is the share of labels read rightly, less that difference as a share of white where it draws."""
        g = self.ema.model
        assert isinstance(g, StoryGenerator), "the average is of the generator"
        batch = self.val.batch(range(min(96, len(self.val)))).to(self.runtime.device)
        context, rows = g.context(batch.tokens, batch.frozen, batch.noise, None), batch.rows
        logits = self.data.space.split(g.read(context, batch.noise)[0][rows])
        targets = {name: value.flatten(0, 1)[rows] for name, value in batch.targets.items()}
        figures = {f"reads_{name}": right(part, targets[name]) for name, part in logits.items()}
        score = sum(figures.values()) / len(figures)
        if self.options.weights.reconstruct:
            fake = g.draw(context, batch.noise, rows)
            figures["l1_255"] = round(float((fake - real_frames(batch)).abs().mean()) * 127.5, 3)
        return figures | {"score": round(score - figures.get("l1_255", 0.0) / 255, 5)}


def right(logits: Tensor, target: Tensor) -> float:
    """Share of rows read rightly: whole sets for yes/no groups, classes of present actors else."""
    if logits.dim() == target.dim():
        return round(float(((logits > 0) == target.bool()).all(1).float().mean()), 4)
    known = target >= 0
    return round(float((logits.argmax(-1) == target)[known].float().mean()), 4)


def inside(parts: Tensor, boxes: Tensor) -> Tensor:
    """Rectangles in shares of `boxes`, both (..., 4), in shares of the frame; nothing stays nothing."""
    middle = boxes[..., :2] + (parts[..., :2] - 0.5) * boxes[..., 2:]
    return torch.cat([middle, parts[..., 2:] * boxes[..., 2:]], -1)


def real_frames(batch: StoryBatch) -> Tensor:
    """The batch's real panels, (N, 3, H, W) in [-1, 1]."""
    return batch.images.flatten(0, 1)[batch.rows].float() / 127.5 - 1


def frame_condition(context: StoryContext) -> Tensor:
    """What the frame discriminator is told, without gradient: sentence and story code, (B*T, Dt + Dc)."""
    return torch.cat([context.sent_emb, context.mu.to(context.sent_emb.dtype)], 2).detach().flatten(0, 1)


def to_uint8(frames: Tensor) -> np.ndarray:
    """[-1, 1] to uint8, rounded."""
    return ((frames.clamp(-1, 1) + 1) * 127.5).round().to(torch.uint8).cpu().numpy()
