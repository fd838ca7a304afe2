"""What `seqgan train` needs to know of DAMSM: its settings and how they become a task; and how one is loaded."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, NamedTuple

import torch

from seqgan.checkpoints.format import find_checkpoint, load_into, read_config, read_weights, weights_hash
from seqgan.config import from_dict, to_dict
from seqgan.data.manifest import Record
from seqgan.data.pictures import PictureData, about_pictures
from seqgan.layers.channels_last import channels_last
from seqgan.models.damsm import Damsm, DamsmSizes, RegionEncoder
from seqgan.models.efficientnet_lite import load_enlite0
from seqgan.text.captions import CaptionVocabulary, caption_words
from seqgan.training.runtime import Runtime
from seqgan.training.tasks.damsm import DamsmTask, DamsmTraining

END = "<end>"
"""The word of number 0, which is padding too (AttnGAN's vocabularies)."""


@dataclass(frozen=True)
class DamsmNetwork:
    """Sizes that a recipe may change."""

    size: int = 256
    embed: int = 128
    side: int = 128
    dropout: float = 0.2


@dataclass(frozen=True)
class DamsmOptions:
    """Everything a run is started with, resolved."""

    images: int = 100_000
    seed: int = 0
    network: DamsmNetwork = field(default_factory=DamsmNetwork)
    training: DamsmTraining = field(default_factory=DamsmTraining)
    loop: dict[str, Any] = field(default_factory=dict)


class LoadedDamsm(NamedTuple):
    """A trained DAMSM, frozen and in eval mode, with its regions and its vocabulary."""

    regions: RegionEncoder
    vocabulary: CaptionVocabulary
    info: dict[str, Any]

    @property
    def damsm(self) -> Damsm:
        """What was learnt."""
        return self.regions.damsm


def damsm_task(
    options: DamsmOptions, folder: Path, init: Path | None, runtime: Runtime
) -> tuple[DamsmTask, dict[str, Any]]:
    """The task and what its checkpoint's config must hold. The vocabulary is every word of the training captions, in
    alphabetical order; vocabulary and sizes are those of `init` where that is given.

    Raises ConfigError, DataError, CheckpointError.
    """
    data, val = train_and_validation(folder)
    start = read_config(init) if init else None
    words = start["vocabulary"] if start else caption_vocabulary(data)
    sizes = DamsmSizes(len(words), **to_dict(options.network))
    sizes = from_dict(DamsmSizes, start["sizes"]) if start else sizes
    torch.manual_seed(options.seed)
    damsm, trunk = Damsm(sizes), load_enlite0()
    if init:
        load_into(damsm, read_weights(init), init)
    training = replace(options.training, seed=options.seed)
    task = DamsmTask(damsm, trunk, CaptionVocabulary(words), data, val, training, runtime)
    config = {
        "family": "damsm", "sizes": to_dict(sizes), "vocabulary": list(words), "trained_on": trained_on(data),
        "licence": f"MIT; trained on: {data.about['licence']}",
    }  # fmt: skip
    return task, config


def caption_vocabulary(data: PictureData) -> list[str]:
    """The end, then every word of the captions of a split."""
    words = {word for own in data.captions for caption in own for word in caption_words(caption)}
    return [END, *sorted(words)]


def trained_on(data: PictureData) -> dict[str, Any]:
    """What a checkpoint's config records of a picture data set."""
    return of_data(data.about)


def of_data(about: Record) -> dict[str, Any]:
    """The same of its dataset.json."""
    return {key: about.get(key) for key in ("name", "hash", "seed", "counts", "crop")}


def validation_split(folder: Path) -> str:
    """Held-out pairs of known concepts where a data set has them, else what is held out whole."""
    return "val_pairs" if "val_pairs" in about_pictures(folder)["counts"] else "val"


def train_and_validation(folder: Path) -> tuple[PictureData, PictureData]:
    """Pictures to learn from, and pictures to look at on the way. Raises DataError where either is missing."""
    return PictureData.open(folder, "train"), PictureData.open(folder, validation_split(folder))


def load_damsm(name: str, device: torch.device) -> LoadedDamsm:
    """A DAMSM by installed name or folder. Raises CheckpointError for anything else."""
    folder, config = find_checkpoint(name, "damsm", ", see 'seqgan presets'")
    damsm = Damsm(from_dict(DamsmSizes, config["sizes"]))
    load_into(damsm, read_weights(folder), folder)
    regions = channels_last(RegionEncoder(load_enlite0(), damsm.eval().requires_grad_(False)).to(device))
    info = {"name": folder.name, "weights_sha256": weights_hash(folder), "trained_on": config["trained_on"]}
    return LoadedDamsm(regions.eval(), CaptionVocabulary(config["vocabulary"]), info)
