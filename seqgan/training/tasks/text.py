"""Training of char-CNN-RNN: by the joint embedding of pictures and captions (Reed et al. 2016, CVPR), or by what a
published encoder made of the same captions (house)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from seqgan.data.epochs import Epochs
from seqgan.data.pictures import PictureData
from seqgan.data.published import Published
from seqgan.losses.joint_embedding import distillation_terms, joint_embedding_hinge
from seqgan.losses.means import Mean
from seqgan.models.char_cnn_rnn import CharTextEncoder
from seqgan.models.efficientnet_lite import FEATURES, EfficientNetLite0, picture_features, without_norms
from seqgan.training.captions import Captions, first_caption_precision
from seqgan.training.ema import Ema
from seqgan.training.frames import (
    BATCH,
    char_codes,
    char_sentences,
    cropped,
    dropout_seeded,
    picture_sheet,
    varied,
)
from seqgan.training.phases import Phase
from seqgan.training.runtime import Runtime

SIDE = 128
"""Pixels a side at which the frozen network looks at a picture."""


@dataclass(frozen=True)
class TextTraining:
    """Settings of the task; `margin` is the hinge's, `dropout` of the picture features beside it."""

    batch: int = 64
    lr: float = 7e-4
    half_life: int = 10_000
    seed: int = 0
    margin: float = 1.0
    dropout: float = 0.2


@dataclass(frozen=True)
class JointBatch:
    """B pictures as the frozen network saw them, (B, 1280), one caption each, by number, and which captions may be said
    of which pictures, (B, B)."""

    pooled: Tensor
    captions: np.ndarray
    mates: Tensor


class JointTask:
    """See `seqgan.training.task.Task`. The encoder stands under the name "g", the network that is averaged; beside it
    learns a linear map of the picture features. Contrast needs the whole batch: every process takes all of it."""

    def __init__(
        self, encoder: CharTextEncoder, trunk: EfficientNetLite0, data: PictureData, val: PictureData,
        options: TextTraining, runtime: Runtime,
    ) -> None:  # fmt: skip
        self.data, self.val, self.options, self.runtime = data, val, options, runtime
        self.encoder = encoder.to(runtime.device)
        self.image = nn.Linear(FEATURES, encoder.sizes.text).to(runtime.device)
        self.trunk = without_norms(trunk).to(runtime.device)
        self.networks: dict[str, nn.Module] = {"g": self.encoder, "image": self.image}
        self.captions = Captions(data)
        self.codes = char_codes(self.captions.texts)
        self.epochs, self.epoch = Epochs(len(data), options.batch, options.seed), len(data)
        self.ema = Ema(self.encoder, options.half_life)
        self.phases = [Phase.adam("g", [(self.encoder, 1.0), (self.image, 1.0)], options.lr, (0.9, 0.99))]
        # pictures that never vary look the same to a frozen network every time: it looks once
        self._seen = self._look(cropped(data, np.arange(len(data)), None)) if data.still else None

    @property
    def heavy(self) -> list[nn.Module]:
        """The encoder and the frozen network."""
        return [self.encoder, self.trunk]

    def batch(self, step: int) -> JointBatch:
        """The whole batch of a step."""
        numbers, rng = self.epochs.numbers(step), np.random.default_rng([self.options.seed, step])
        captions = self.captions.draw(numbers, rng)
        mates = torch.from_numpy(self.captions.mates(numbers, captions)).to(self.runtime.device)
        seen = self._look(cropped(self.data, numbers, rng)) if self._seen is None else self._seen[numbers]
        return JointBatch(seen, captions, mates)

    def images(self, batch: JointBatch) -> int:
        """Pictures of the batch."""
        return len(batch.captions)

    def losses(self, phase: str, batch: JointBatch, noise: torch.Generator) -> dict[str, Mean]:
        """Both sides of the hinge."""
        sentences = self.encoder.train()(self.codes[batch.captions].to(self.runtime.device).long())
        with dropout_seeded(noise):
            pictures = self.image(F.dropout(batch.pooled, self.options.dropout))
        return joint_embedding_hinge(pictures, sentences, margin=self.options.margin, mates=batch.mates)

    @torch.no_grad()
    def _look(self, pictures: np.ndarray) -> Tensor:
        """What the frozen network sees in pictures uint8 (N, H, W, 3), (N, 1280)."""
        frames = torch.from_numpy(pictures).permute(0, 3, 1, 2)
        with torch.autocast(self.runtime.device.type, enabled=False):
            parts = [picture_features(self.trunk, part.to(self.runtime.device), SIDE) for part in frames.split(BATCH)]
        return torch.cat(parts)

    def sheet(self) -> np.ndarray:
        """The first 64 pictures of the validation split: there is nothing of its own to see."""
        return picture_sheet(varied(self.val, np.arange(min(64, len(self.val))), None))

    @torch.no_grad()
    def validate(self) -> dict[str, float]:
        """Do real pictures of the validation split find their own captions? R-precision, 1 of up to 100, by inner
        products."""
        codes = self.image(self._look(cropped(self.val, np.arange(len(self.val)), None))).cpu().numpy()
        found = first_caption_precision(codes, self._sentences, self.val, "dot")
        return {"r_precision": found, "score": found}

    def _sentences(self, captions: Sequence[str]) -> np.ndarray:
        return char_sentences(averaged(self.ema), captions, self.runtime.device).cpu().numpy()


@dataclass(frozen=True)
class DistilBatch:
    """This process's captions, as characters (B, 201), at `own` of the `total` of a step, and their published
    embeddings, (B, D)."""

    codes: Tensor
    vectors: Tensor
    own: slice
    total: int


class DistilTask:
    """See `seqgan.training.task.Task`; an epoch is every caption once. `val` are captions of other pictures."""

    def __init__(
        self, encoder: CharTextEncoder, data: Published, val: Published, options: TextTraining, runtime: Runtime
    ) -> None:
        self.data, self.val, self.options, self.runtime = data, val, options, runtime
        self.encoder = encoder.to(runtime.device)
        self.networks: dict[str, nn.Module] = {"g": self.encoder}
        self.codes = char_codes(data.captions)
        self.epochs, self.epoch = Epochs(len(data.captions), options.batch, options.seed), len(data.captions)
        self.ema = Ema(self.encoder, options.half_life)
        self.phases = [Phase.adam("g", [(self.encoder, 1.0)], options.lr, (0.9, 0.99))]

    @property
    def heavy(self) -> list[nn.Module]:
        """The encoder."""
        return [self.encoder]

    def batch(self, step: int) -> DistilBatch:
        """This process's captions of a step."""
        numbers = self.epochs.numbers(step)
        own = self.runtime.own(len(numbers))
        vectors = torch.from_numpy(self.data.vectors[numbers[own]])
        return DistilBatch(self.codes[numbers[own]], vectors, own, len(numbers))

    def images(self, batch: DistilBatch) -> int:
        """Captions of the whole batch."""
        return batch.total

    def losses(self, phase: str, batch: DistilBatch, noise: torch.Generator) -> dict[str, Mean]:
        """How far the encoder's sentences are from the published ones."""
        found = self.encoder.train()(batch.codes.to(self.runtime.device).long())
        return distillation_terms(found, batch.vectors.to(self.runtime.device))

    def sheet(self) -> np.ndarray:
        """Published (left) and own sentences of 32 held-out captions, a row each, as shades of grey."""
        rows = np.linspace(0, len(self.val.captions) - 1, 32).astype(int)
        own = char_sentences(averaged(self.ema), [self.val.captions[row] for row in rows], self.runtime.device)
        both = np.concatenate([self.val.vectors[rows], own.cpu().numpy()], 1)
        reach = np.abs(self.val.vectors[rows]).max() or 1.0
        grey = ((both / reach).clip(-1, 1) + 1) * 127.5
        return np.rint(grey).astype(np.uint8)[..., None].repeat(3, 2).repeat(4, 0)

    @torch.no_grad()
    def validate(self) -> dict[str, float]:
        """Mean cosine of own and published sentences of held-out captions, and their mean squared difference."""
        own = char_sentences(averaged(self.ema), self.val.captions, self.runtime.device).cpu()
        terms = distillation_terms(own, torch.from_numpy(self.val.vectors))
        cosine = round(1 - terms["cosine"].value.item(), 4)
        return {"cosine": cosine, "mse": round(terms["mse"].value.item(), 5), "score": cosine}


def averaged(ema: Ema) -> CharTextEncoder:
    """The averaged encoder."""
    assert isinstance(ema.model, CharTextEncoder), "the average is of the encoder"
    return ema.model
