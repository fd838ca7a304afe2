"""Training of the released CLEVR StoryGAN: one step of both discriminators, two of the generator, all in bce."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from seqgan.checks import check_range
from seqgan.data.attributes import AttributeStories
from seqgan.data.epochs import Epochs
from seqgan.errors import ConfigError
from seqgan.losses.matching import STORYGAN, PairLogits, matching_d_loss, matching_g_loss
from seqgan.losses.means import Mean
from seqgan.models.story_parts import noise_named
from seqgan.models.storygan_clevr import (
    StoryGANClevrDiscriminators,
    StoryGANClevrGenerator,
    StoryGANClevrImageDiscriminator,
    StoryGANClevrStoryDiscriminator,
)
from seqgan.training.ema import Ema
from seqgan.training.phases import Phase
from seqgan.training.runtime import Runtime
from seqgan.training.tasks.story import to_uint8

BETAS = (0.5, 0.999)
Critic = StoryGANClevrImageDiscriminator | StoryGANClevrStoryDiscriminator


@dataclass(frozen=True)
class StoryClevrTraining:
    """Settings of the task; the defaults are the released ones. `frames` single frames come with `batch` stories."""

    batch: int = 24
    frames: int = 24
    lr_g: float = 2e-4
    lr_d: float = 2e-4
    half_life: int = 0
    """Of the averaged generator, in images; 0: the newest weights, as released."""
    classes: float = 1.0
    """Weight of the label loss of real frames in the discriminator's step."""
    g_classes: float = 0.4
    """Weight of the label loss of generated frames in the generator's steps."""
    seed: int = 0


@dataclass(frozen=True)
class StoryClevrBatch:
    """This process's part of `total` stories and `singles` frames: B stories of T panels, M frames.

    vectors (B, T, Dt), images (B * T, 3, H, W) uint8; of single frames the sentence (M, Dt), their story (M, T, Dt) and
    which of its panels they are (M,), labels (M, C) and picture (M, 3, H, W) uint8. `own` and `own_singles`: where both
    lie among those of all processes.
    """

    vectors: Tensor
    images: Tensor
    sentence: Tensor
    story: Tensor
    panel: Tensor
    labels: Tensor
    pictures: Tensor
    own: slice
    own_singles: slice
    total: int
    singles: int


class StoryClevrTask:
    """See `seqgan.training.task.Task`."""

    def __init__(
        self, g: StoryGANClevrGenerator, d: StoryGANClevrDiscriminators, data: AttributeStories, val: AttributeStories,
        options: StoryClevrTraining, runtime: Runtime,
    ) -> None:  # fmt: skip
        check_range("training.batch", options.batch, max(2, runtime.world), error=ConfigError)
        check_range("training.frames", options.frames, max(2, runtime.world), error=ConfigError)
        self.data, self.val, self.options, self.runtime = data, val, options, runtime
        self.g = g.to(runtime.device).to(memory_format=torch.channels_last)
        self.d = d.to(runtime.device).to(memory_format=torch.channels_last)
        self.networks: dict[str, nn.Module] = {"g": self.g, "d": self.d}
        self.labels = data.labels
        self.stories = Epochs(len(data), options.batch, options.seed)
        self.epoch = self.labels[..., 0].size
        self.panels = Epochs(self.epoch, options.frames, options.seed + 1)
        self.ema = Ema(self.g, options.half_life)
        g_phase = Phase.adam("g", [(self.g, 1.0)], options.lr_g, BETAS)
        again = Phase("g_again", g_phase.modules, g_phase.optimizer)
        self.phases = [Phase.adam("d", [(self.d, 1.0)], options.lr_d, BETAS), g_phase, again]

    @property
    def heavy(self) -> list[nn.Module]:
        """The convolutions of the generator and of both discriminators."""
        g, trunks = self.g, [self.d.image.encode_img, self.d.story.encode_img]
        return [g.downsamples, g.upsample1, g.upsample2, g.upsample3, g.upsample4, *trunks]

    def batch(self, step: int) -> StoryClevrBatch:
        """This process's stories and frames of a step."""
        stories, panels = self.stories.numbers(step), self.panels.numbers(step)
        own, own_singles = self.runtime.own(len(stories)), self.runtime.own(len(panels))
        story, panel = np.divmod(panels[own_singles], self.labels.shape[1])
        vectors, images = self.data.vectors, self.data.images
        arrays = {
            "vectors": vectors[stories[own]],
            "images": _first(images[stories[own]].reshape(-1, *images.shape[2:])),
            "sentence": vectors[story, panel],
            "story": vectors[story],
            "panel": panel,
            "labels": self.labels[story, panel],
            "pictures": _first(images[story, panel]),
        }
        tensors = {name: torch.from_numpy(array).to(self.runtime.device) for name, array in arrays.items()}
        return StoryClevrBatch(**tensors, own=own, own_singles=own_singles, total=len(stories), singles=len(panels))

    def images(self, batch: StoryClevrBatch) -> int:
        """Panels of the stories of the whole batch: an epoch is a pass over the stories."""
        return batch.total * batch.vectors.shape[1]

    def losses(self, phase: str, batch: StoryClevrBatch, noise: torch.Generator) -> dict[str, Mean]:
        """Terms of phase "d", or of "g" and "g_again": the same with fresh noise."""
        if phase != "d":
            return self._generate(batch, *self._draw(batch, noise))
        with torch.no_grad():
            fakes = self._draw(batch, noise)
        return self._discriminate(batch, *fakes)

    def _draw(self, batch: StoryClevrBatch, noise: torch.Generator) -> tuple[Tensor, Tensor]:
        """Generated panels of the stories (B * T, 3, H, W) and single frames (M, 3, H, W)."""
        g, count = self.g, batch.vectors.shape[1]
        stories = self._noise(g.draws(count), batch.total, batch.own, noise)
        singles = self._noise(g.alone(count), batch.singles, batch.own_singles, noise)
        return g(batch.vectors, None, stories), g.frames(batch.story, None, batch.panel, singles)

    def _noise(self, sizes: Sequence[int], count: int, own: slice, noise: torch.Generator) -> dict[str, Tensor]:
        draws = [torch.randn(count, size, generator=noise)[own].to(self.runtime.device) for size in sizes]
        return noise_named(draws)

    def _discriminate(self, batch: StoryClevrBatch, panels: Tensor, singles: Tensor) -> dict[str, Mean]:
        image, story = self.d.image, self.d.story
        real = image.encode(scaled(batch.pictures))
        terms = {
            f"image_{name}": term
            for name, term in self._pairs(image, real, image.encode(singles), batch.sentence, batch.own_singles).items()
        }
        terms["image_classes"] = self.options.classes * _label_loss(image.classify(real), batch.labels)
        pairs = self._pairs(story, story.encode(scaled(batch.images)), story.encode(panels), batch.vectors, batch.own)
        return terms | {f"story_{name}": term for name, term in pairs.items()}

    def _pairs(self, d: Critic, real: Tensor, fake: Tensor, told: Tensor, own: slice) -> dict[str, Mean]:
        """Matched, mismatched and generated pairs; a mismatched one is told what the next of the batch is about, the
        last has none (as released)."""
        following = self.runtime.gather(told)[own.start + 1 : own.stop + 1]
        wrong = d.match(real[: len(following)], following)
        logits = PairLogits(d.match(real, told), wrong, d.match(fake, told))
        return matching_d_loss(logits, STORYGAN)

    def _generate(self, batch: StoryClevrBatch, panels: Tensor, singles: Tensor) -> dict[str, Mean]:
        features = self.d.image.encode(singles)
        match = self.d.image.match(features, batch.sentence)
        classes = self.options.g_classes * _label_loss(self.d.image.classify(features), batch.labels)
        story = self.d.story.match(self.d.story.encode(panels), batch.vectors)
        return {
            "image": matching_g_loss(match, None, STORYGAN), "classes": classes,
            "story": matching_g_loss(story, None, STORYGAN),
        }  # fmt: skip

    @torch.no_grad()
    def _drawn(self, count: int) -> tuple[Tensor, Tensor]:
        """The first validation stories: real and generated panels, (N, T, 3, H, W) in [-1, 1]."""
        g = self.ema.model
        assert isinstance(g, StoryGANClevrGenerator), "the average is of the generator"
        vectors = torch.from_numpy(self.val.vectors[:count]).to(self.runtime.device)
        real = torch.from_numpy(self.val.images[:count]).to(self.runtime.device).permute(0, 1, 4, 2, 3)
        drawn = self._noise(g.draws(vectors.shape[1]), len(vectors), slice(None), torch.Generator().manual_seed(0))
        return scaled(real), g(vectors, None, drawn).unflatten(0, vectors.shape[:2])

    def sheet(self) -> np.ndarray:
        """Up to eight validation stories, the real strip above the generated one."""
        shown = torch.cat(self._drawn(8), 3)  # (N, T, 3, 2H, W)
        return to_uint8(shown.permute(0, 3, 1, 4, 2).flatten(0, 1).flatten(1, 2))  # (N * 2H, T * W, 3)

    def validate(self) -> dict[str, float]:
        """Mean |difference| (of 255) of generated panels of up to 96 stories to real ones; the score falls by it."""
        real, fake = self._drawn(96)
        difference = round(float((real - fake).abs().mean()) * 127.5, 3)
        return {"l1_255": difference, "score": round(1 - difference / 255, 5)}


def scaled(images: Tensor) -> Tensor:
    """uint8 to floats in [-1, 1]."""
    return images.float() / 127.5 - 1


def _first(images: np.ndarray) -> np.ndarray:
    """Pictures (N, H, W, 3) as a view (N, 3, H, W): channels last in memory."""
    return images.transpose(0, 3, 1, 2)


def _label_loss(logits: Tensor, labels: Tensor) -> Mean:
    """Multi-label soft margin of logits (N, C) and labels (N, C): bce, mean over both."""
    return Mean.ratio(F.binary_cross_entropy_with_logits(logits, labels, reduction="sum"), labels.numel())
