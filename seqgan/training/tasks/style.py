"""Training of a style encoder (GAN-CLS, Reed et al. 2016, eq. 6): a frozen generator draws, the encoder says from which
noise."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from seqgan.data.epochs import Epochs
from seqgan.data.pictures import PictureData
from seqgan.layers.channels_last import channels_last
from seqgan.losses.means import Mean
from seqgan.losses.style import style_loss
from seqgan.metrics.style import r_squared
from seqgan.models.frames import draw, noise
from seqgan.models.style_encoder import StyleEncoder
from seqgan.training.captions import CaptionEncoder, CaptionFeatures, Captions
from seqgan.training.ema import Ema
from seqgan.training.frames import BATCH, COLUMNS, picture_sheet, varied
from seqgan.training.phases import Phase
from seqgan.training.runtime import Runtime

HELD_OUT = 512
"""Pictures drawn of validation captions whose noise is to be recovered."""


@dataclass(frozen=True)
class StyleTraining:
    """Settings of the task."""

    batch: int = 64
    lr: float = 1e-3
    half_life: int = 5_000
    seed: int = 0


@dataclass(frozen=True)
class StyleBatch:
    """Numbers of this process's captions, at `own` of the `total` of a step."""

    captions: np.ndarray
    own: slice
    total: int


class StyleTask:
    """See `seqgan.training.task.Task`; the encoder stands under the name "g", the network that is averaged. Of the data
    only captions are learnt from: every picture is the generator's."""

    def __init__(
        self, encoder: StyleEncoder, generator: nn.Module, family: str, reader: CaptionEncoder, data: PictureData,
        val: PictureData, options: StyleTraining, runtime: Runtime,
    ) -> None:  # fmt: skip
        self.family, self.val, self.options, self.runtime = family, val, options, runtime
        self.generator: Any = channels_last(generator.eval().requires_grad_(False).to(runtime.device))
        self.encoder = channels_last(encoder.to(runtime.device))
        self.networks: dict[str, nn.Module] = {"g": self.encoder}
        self.captions, self.val_captions = Captions(data), Captions(val)
        self.features = CaptionFeatures(self.captions.texts, reader)
        self.val_features = CaptionFeatures(self.val_captions.texts, reader)
        self.epochs, self.epoch = Epochs(len(data), options.batch, options.seed), len(data)
        self.ema = Ema(self.encoder, options.half_life)
        self.phases = [Phase.adam("g", [(self.encoder, 1.0)], options.lr, (0.9, 0.99))]

    @property
    def heavy(self) -> list[nn.Module]:
        """The generator and the encoder."""
        return [self.generator, self.encoder]

    def batch(self, step: int) -> StyleBatch:
        """This process's captions of a step."""
        numbers = self.epochs.numbers(step)
        captions = self.captions.draw(numbers, np.random.default_rng([self.options.seed, step]))
        own = self.runtime.own(len(captions))
        return StyleBatch(captions[own], own, len(captions))

    def images(self, batch: StyleBatch) -> int:
        """Pictures that are drawn for the whole batch."""
        return batch.total

    def losses(self, phase: str, batch: StyleBatch, noise: torch.Generator) -> dict[str, Mean]:
        """The squared distance between a picture's noise and what is read in it."""
        z, drawn = self._drawn(self.features, batch.captions, batch.total, batch.own, noise)
        return {"style": style_loss(z, self.encoder.train()(drawn))}

    @torch.no_grad()
    def _drawn(
        self, features: CaptionFeatures, captions: np.ndarray, total: int, own: slice, rng: torch.Generator
    ) -> tuple[Tensor, Tensor]:
        """Noise (B, Dz) and pictures (B, 3, S, S) of captions, whose noise are the `own` rows of `total`."""
        z, eps = noise(total, self.family, self.generator.sizes, rng, own, self.runtime.device)
        return z, draw(self.generator, self.family, z, features.take(captions), eps).largest

    def sheet(self) -> np.ndarray:
        """Validation pictures (left) and, in each one's style, the first captions of other ones."""
        rows = np.linspace(0, len(self.val) - 1, COLUMNS).astype(int)
        drivers = varied(self.val, rows, None)
        styles = self.read(drivers)
        captions = np.array([self.val_captions.own[row][0] for row in np.roll(rows, 1)[: COLUMNS - 1]])
        cells = [torch.cat([driver[None], self.transferred(style.expand(len(captions), -1), captions)])
                 for driver, style in zip(drivers, styles, strict=True)]  # fmt: skip
        return picture_sheet(torch.cat(cells))

    @torch.no_grad()
    def read(self, pictures: Tensor) -> Tensor:
        """Styles (N, Dz) of pictures (N, 3, S, S) in [-1, 1], by the averaged encoder, on the CPU."""
        return torch.cat([self.ema.model(part.to(self.runtime.device)).cpu() for part in pictures.split(BATCH)])

    @torch.no_grad()
    def transferred(self, styles: Tensor, captions: np.ndarray) -> Tensor:
        """Pictures (N, 3, S, S) of validation captions (N,) by number in styles (N, Dz), of the mean condition."""
        text = self.val_features.take(captions)
        return draw(self.generator, self.family, styles.to(self.runtime.device), text, None).largest.float().cpu()

    def validate(self) -> dict[str, float]:
        """R2 of the noise that is recovered from pictures of held-out captions, drawn from noise of seed 0."""
        every = np.concatenate(self.val_captions.own)
        captions, rng = np.resize(every, HELD_OUT), torch.Generator().manual_seed(0)
        parts = [self._drawn(self.val_features, part, len(part), slice(None), rng)
                 for part in np.split(captions, HELD_OUT // BATCH)]  # fmt: skip
        true, found = (torch.cat(each).cpu() for each in ([z for z, _ in parts], [self.read(x) for _, x in parts]))
        share = round(r_squared(true.numpy(), found.numpy()), 4)
        return {"r_squared": share, "score": share}
