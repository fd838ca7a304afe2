"""Training of every single-frame system: one task, whose systems differ in their networks and in weights of terms."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from seqgan.checks import check_range, nearest
from seqgan.data.epochs import Epochs
from seqgan.data.pictures import PictureData
from seqgan.errors import ConfigError
from seqgan.layers.augment import parse_policy
from seqgan.layers.channels_last import channels_last
from seqgan.losses.adversarial import criterion_named
from seqgan.losses.damsm import RELEASED, Gammas
from seqgan.losses.matching import GAN_CLS, MatchingWeights
from seqgan.losses.means import Mean
from seqgan.metrics.retrieval import Gallery, distractors, r_precision
from seqgan.models.damsm import RegionEncoder
from seqgan.models.frames import FrameCritics, draw, learning, noise
from seqgan.models.style_encoder import StyleEncoder
from seqgan.training.captions import RIVALS, CaptionEncoder, CaptionFeatures, Captions, fewest_rivals, names_label
from seqgan.training.ema import Ema
from seqgan.training.frames import picture_codes, picture_sheet, varied
from seqgan.training.phases import Phase
from seqgan.training.runtime import Runtime
from seqgan.training.tasks.frame_losses import FrameBatch, FrameLosses, FrameWeights, Teacher

SHOWN = 32
"""Captions of the sheet."""
BETAS = (0.5, 0.999)
"""Of every Adam."""
Beside = tuple[dict[str, Any], Callable[[], dict[str, Tensor]]]
"""What is written below the generator's checkpoint: its config, and its weights as they are now."""


@dataclass(frozen=True)
class FrameTraining:
    """Settings of the task. Raises ConfigError for a bad value."""

    batch: int = 32
    lr_g: float = 2e-4
    lr_d: float = 2e-4
    half_life: int = 10_000
    seed: int = 0
    matching: MatchingWeights = GAN_CLS
    weights: FrameWeights = field(default_factory=FrameWeights)
    adversarial: str = "bce"
    near: float = 0.25
    """Chance that a wrong caption is one of the same source: a concept in another style."""
    augment: str = ""
    """What discriminators see is changed by (comma list): color, translation, cutout."""
    label: str = "class"
    """The label group whose classes TAC-GAN names."""
    driver: str = ""
    """The label group that a style is: a style encoder that learns beside its generator then reads another picture of
    the same label in place of the picture itself, and finds nothing there but the style ("": the picture itself)."""
    gammas: Gammas = RELEASED

    def __post_init__(self) -> None:
        criterion_named(self.adversarial)
        parse_policy(self.augment)
        check_range("training.near", self.near, 0, 1, ConfigError)


class FrameTask:
    """See `seqgan.training.task.Task`. `style`: the encoder that learns beside the generator, where weights say so."""

    def __init__(
        self, family: str, g: nn.Module, d: FrameCritics, style: StyleEncoder | None, data: PictureData,
        val: PictureData, reader: CaptionEncoder, regions: RegionEncoder | None, options: FrameTraining,
        runtime: Runtime, teachers: Sequence[Teacher] = (),
    ) -> None:  # fmt: skip
        # batch norm of a vector has nothing to compare a lone sample with
        check_range("training.batch", options.batch, 2 * runtime.world, error=ConfigError)
        if options.weights.damsm and regions is None:
            raise ConfigError("weights.damsm is set but no DAMSM is; name a trained one by damsm=FOLDER")
        if bool(options.weights.labels) != bool(teachers):
            raise ConfigError("weights.labels and teachers belong together; set both, or neither")
        self.data, self.val, self.options, self.runtime, self.regions = data, val, options, runtime, regions
        networks = {"g": g, "d": d} | ({"style": style} if style else {})
        self.networks: dict[str, nn.Module] = {
            name: channels_last(network.to(runtime.device)) for name, network in networks.items()
        }
        self.beside: dict[str, Beside] = {}
        self.captions, self.val_captions = Captions(data), Captions(val)
        self.val_features = CaptionFeatures(self.val_captions.texts, reader)
        self.judged = self.val_features  # the DAMSM's own sentences, where another encoder reads for the generator
        self.terms = FrameLosses(
            family, g, d, style, regions, CaptionFeatures(self.captions.texts, reader), runtime, options.matching,
            options.weights, options.adversarial, options.augment, options.gammas, teachers, options.driver,
        )  # fmt: skip
        self.named = {group: _named(data, self.captions, group) for each in teachers for group in each.names}
        self.drivers = _alike(data, options.driver) if style and options.driver else None
        self.epochs, self.epoch = Epochs(len(data), options.batch, options.seed), len(data)
        self.ema = Ema(g, options.half_life)
        drawing = [(learning(g), 1.0), *([(style, 1.0)] if style else [])]
        self.phases = [Phase.adam("g", drawing, options.lr_g, BETAS)]
        if self.terms.adversarial:  # without it, a supervised start: discriminators are kept, and do not learn
            self.phases.insert(0, Phase.adam("d", [(d, 1.0)], options.lr_d, BETAS))

    @property
    def heavy(self) -> list[nn.Module]:
        """Generator and discriminators."""
        return [self.networks["g"], self.networks["d"]]

    def batch(self, step: int) -> FrameBatch:
        """This process's pictures of a step."""
        numbers, rng = self.epochs.numbers(step), np.random.default_rng([self.options.seed, step])
        captions = self.captions.draw(numbers, rng)
        wrong = self.captions.draw_wrong(numbers, rng, self.options.near)
        own, device = self.runtime.own(len(numbers)), self.runtime.device
        images = varied(self.data, numbers, rng)[own].to(device).contiguous(memory_format=torch.channels_last)
        classes = self._labels(self.options.label, numbers[own])
        drivers = self._drivers(numbers, rng, images)
        asked = self.options.weights.damsm  # the only term that sets pictures of a batch against each other's captions
        mates = torch.from_numpy(self.captions.mates(numbers, captions)).to(device) if asked else None
        named = {group: self._told(group, numbers[own], captions[own]) for group in self.named}
        looks = self._labels(self.options.driver, numbers[own])
        return FrameBatch(
            images, drivers, captions[own], wrong[own], classes, named, looks, captions, mates, own, len(numbers)
        )

    def _labels(self, group: str, numbers: np.ndarray) -> Tensor:
        """Labels (B,) of pictures in a group, -1 where there is none."""
        labels = self.data.labels.get(group)
        found = np.full(len(numbers), -1) if labels is None else labels[numbers]
        return torch.from_numpy(found).to(self.runtime.device)

    def _told(self, group: str, numbers: np.ndarray, captions: np.ndarray) -> Tensor:
        """The same, but -1 also where the caption does not name it."""
        pairs = zip(numbers.tolist(), captions.tolist(), strict=True)
        told = torch.tensor([pair in self.named[group] for pair in pairs], device=self.runtime.device)
        return torch.where(told, self._labels(group, numbers), -1)

    def _drivers(self, numbers: np.ndarray, rng: np.random.Generator, images: Tensor) -> Tensor:
        """The pictures whose style is to be found again: those themselves, or others of the same label."""
        if self.drivers is None:
            return images
        others = np.array([rng.choice(self.drivers[number]) for number in numbers])[self.runtime.own(len(numbers))]
        found = varied(self.data, others, None).to(self.runtime.device)
        return found.contiguous(memory_format=torch.channels_last)

    def images(self, batch: FrameBatch) -> int:
        """Real pictures of the whole batch."""
        return batch.total

    def losses(self, phase: str, batch: FrameBatch, noise: torch.Generator) -> dict[str, Mean]:
        """Terms of phase "d" or "g"."""
        for network in self.networks.values():
            network.train()
        return self.terms.d_terms(batch, noise) if phase == "d" else self.terms.g_terms(batch, noise)

    def sheet(self) -> np.ndarray:
        """Validation pictures (left of each pair) and what the averaged generator draws of their first captions."""
        rows = np.linspace(0, len(self.val) - 1, min(SHOWN, len(self.val))).astype(int)
        drawn = self.drawn(np.array([self.val_captions.own[row][0] for row in rows]))
        return picture_sheet(torch.stack([varied(self.val, rows, None), drawn], 1).flatten(0, 1))

    def validate(self) -> dict[str, float]:
        """R-precision of pictures drawn of every validation caption, by the DAMSM of the training: not a figure to
        report, for it may have been trained against; good for choosing among weights of one run."""
        if self.regions is None:
            return {"score": 0.0}
        own, gallery = np.concatenate(self.val_captions.own), Gallery.of(self.val.captions)
        codes = picture_codes(self.regions, self.drawn(own), self.runtime.device)
        sentences, rows = self.judged.take(own).sent_emb.cpu().numpy(), np.arange(len(own))
        rivals = distractors(gallery, rows, min(RIVALS, fewest_rivals(self.val.captions)))
        found = round(r_precision(codes, sentences, rows, rivals, folds=1).mean, 4)
        return {"r_precision": found, "score": found}

    @torch.no_grad()
    def drawn(self, captions: np.ndarray, batch: int = 64) -> Tensor:
        """The largest pictures (N, 3, S, S) of validation captions (N,) by number, from noise of seed 0, on the CPU;
        at the pictures' own size where a system draws smaller ones."""
        family, rng = self.terms.family, torch.Generator().manual_seed(0)
        z, eps = noise(len(captions), family, self.terms.sizes, rng, device=self.runtime.device)
        rows = [slice(start, start + batch) for start in range(0, len(captions), batch)]
        texts = [self.val_features.take(captions[own]) for own in rows]
        parts = [draw(self.ema.model, family, z[own], text, None if eps is None else eps[own])
                 for own, text in zip(rows, texts, strict=True)]  # fmt: skip
        frames, (height, width) = torch.cat([part.largest.float().cpu() for part in parts]), self.val.about["crop"]
        return torch.nn.functional.interpolate(frames, (height, width), mode="bilinear", align_corners=False)


def _named(data: PictureData, captions: Captions, group: str) -> set[tuple[int, int]]:
    """Pictures and those of their captions, by number, that name the picture's label of a group."""
    return {(picture, int(caption)) for picture, own in enumerate(captions.own) for caption in own
            if names_label(captions.texts[caption], data, picture, group)}  # fmt: skip


def _alike(data: PictureData, group: str) -> list[np.ndarray]:
    """Of every picture, those that have its label of a group; itself alone where it has none. Raises ConfigError for a
    group that the data do not have."""
    if group not in data.labels:
        raise ConfigError(f"training.driver is {group!r}; {nearest(group, data.labels)}")
    labels = data.labels[group]
    kin = {label: np.flatnonzero(labels == label) for label in set(labels.tolist()) if label >= 0}
    return [kin.get(label, np.array([row])) for row, label in enumerate(labels.tolist())]
