"""Pretraining of DAMSM: words and regions of matching pictures and captions find each other in one space."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np
import torch
from torch import Tensor, nn

from seqgan.data.epochs import Epochs
from seqgan.data.pictures import PictureData
from seqgan.layers.channels_last import channels_last
from seqgan.losses.damsm import RELEASED, Gammas, damsm_terms, sentence_scores, word_scores
from seqgan.losses.means import Mean
from seqgan.models.damsm import Damsm, RegionEncoder
from seqgan.models.efficientnet_lite import EfficientNetLite0
from seqgan.text.captions import CaptionVocabulary
from seqgan.text.encoders import TextFeatures
from seqgan.training.captions import Captions, first_caption_precision
from seqgan.training.ema import Ema
from seqgan.training.frames import dropout_seeded, numbered, picture_codes, picture_sheet, sentence_codes, varied
from seqgan.training.phases import Phase
from seqgan.training.runtime import Runtime

LOOKED = 64
"""Pictures that the frozen network sees at a time."""


@dataclass(frozen=True)
class DamsmTraining:
    """Settings of the task."""

    batch: int = 64
    lr: float = 2e-3
    half_life: int = 10_000
    seed: int = 0
    gammas: Gammas = RELEASED


@dataclass(frozen=True)
class DamsmBatch:
    """What the frozen network saw in B pictures, local (B, 112, h, w) and pooled (B, 1280), their captions and which
    captions are no negatives, (B, B)."""

    local: Tensor
    pooled: Tensor
    captions: np.ndarray
    mates: Tensor


class DamsmTask:
    """See `seqgan.training.task.Task`. Contrast needs the whole batch in one place: every process takes all of it."""

    def __init__(
        self, damsm: Damsm, trunk: EfficientNetLite0, vocabulary: CaptionVocabulary, data: PictureData,
        val: PictureData, options: DamsmTraining, runtime: Runtime,
    ) -> None:  # fmt: skip
        self.data, self.val, self.options, self.runtime = data, val, options, runtime
        self.damsm, self.vocabulary = damsm.to(runtime.device), vocabulary
        self.regions = RegionEncoder(channels_last(trunk.to(runtime.device)), self.damsm)
        self.captions = Captions(data)
        self.networks: dict[str, nn.Module] = {"g": self.damsm}
        self.epochs, self.epoch = Epochs(len(data), options.batch, options.seed), len(data)
        self.ema = Ema(self.damsm, options.half_life)
        self.phases = [Phase.adam("g", [(self.damsm, 1.0)], options.lr, (0.5, 0.999))]
        # pictures that never vary look the same to a frozen network every time: it looks once
        self._seen = self._look(np.arange(len(data)), None) if data.still else None

    @property
    def heavy(self) -> list[nn.Module]:
        """The frozen network."""
        return [self.regions.trunk]

    def batch(self, step: int) -> DamsmBatch:
        """The whole batch of a step."""
        numbers, rng = self.epochs.numbers(step), np.random.default_rng([self.options.seed, step])
        captions = self.captions.draw(numbers, rng)
        mates = torch.from_numpy(self.captions.mates(numbers, captions)).to(self.runtime.device)
        local, pooled = self._look(numbers, rng) if self._seen is None else (part[numbers] for part in self._seen)
        return DamsmBatch(local.float(), pooled, captions, mates)

    def images(self, batch: DamsmBatch) -> int:
        """Pictures of the batch."""
        return len(batch.captions)

    def losses(self, phase: str, batch: DamsmBatch, noise: torch.Generator) -> dict[str, Mean]:
        """The four terms of DAMSM."""
        self.damsm.train()
        with dropout_seeded(noise):
            text = self._read([self.captions.texts[number] for number in batch.captions])
            regions, codes = self.damsm.project(batch.local, batch.pooled)
        scores = word_scores(regions, text.word_embs, text.pad_mask, self.options.gammas)
        return damsm_terms(scores, sentence_scores(codes, text.sent_emb, self.options.gammas), batch.mates)

    def _read(self, captions: list[str]) -> TextFeatures:
        return self.damsm.text(*numbered(self.vocabulary, captions, self.runtime.device))

    @torch.no_grad()
    def _look(self, numbers: np.ndarray, rng: np.random.Generator | None) -> tuple[Tensor, Tensor]:
        """What the frozen network sees in pictures of the training split, float16 maps and float32 means."""
        local, pooled = [], []
        for rows in np.array_split(numbers, max(-(-len(numbers) // LOOKED), 1)):
            frames = varied(self.data, rows, rng).to(self.runtime.device)
            maps, means = self.regions.look(frames.contiguous(memory_format=torch.channels_last))
            local.append(maps.half())
            pooled.append(means)
        return torch.cat(local), torch.cat(pooled)

    def sheet(self) -> np.ndarray:
        """The first 64 pictures of the validation split: there is nothing of its own to see."""
        return picture_sheet(varied(self.val, np.arange(min(64, len(self.val))), None))

    def validate(self) -> dict[str, float]:
        """Do real pictures of the validation split find their own captions? R-precision, 1 of up to 100."""
        damsm = self.ema.model
        assert isinstance(damsm, Damsm), "the average is of the DAMSM"
        frames = varied(self.val, np.arange(len(self.val)), None)
        codes = picture_codes(RegionEncoder(self.regions.trunk, damsm), frames, self.runtime.device)
        read = partial(sentence_codes, damsm, self.vocabulary, device=self.runtime.device)
        found = first_caption_precision(codes, read, self.val)
        return {"r_precision": found, "score": found}
