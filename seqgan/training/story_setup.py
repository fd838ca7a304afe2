"""What `seqgan train` needs to know of a story model: its settings, and how they become a task."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import torch

from seqgan.checkpoints.format import load_discriminators, load_into, read_config, read_weights
from seqgan.config import to_dict
from seqgan.data.manifest import read_about, read_split
from seqgan.data.stories import StoryData
from seqgan.data.theatre.labels import LabelSpace
from seqgan.data.theatre.lexicon import build_lexicon
from seqgan.data.theatre.prepare import pack_of
from seqgan.errors import ConfigError
from seqgan.models.storygan import StoryGANDiscriminators, StoryGANSizes, StoryGenerator
from seqgan.text.vocab import Vocabulary
from seqgan.training.runtime import Runtime
from seqgan.training.tasks.story import StoryTask, StoryTraining


@dataclass(frozen=True)
class NetworkOptions:
    """Sizes that a recipe may change; the rest follows from the data."""

    width: int = 48
    figure: int = 64
    d_width: int = 48
    code: int = 64
    gist: int = 40
    maps: int = 8


@dataclass(frozen=True)
class StoryOptions:
    """Everything a run is started with, resolved."""

    images: int
    seed: int = 0
    network: NetworkOptions = field(default_factory=NetworkOptions)
    training: StoryTraining = field(default_factory=StoryTraining)
    loop: dict[str, Any] = field(default_factory=dict)


def story_task(
    options: StoryOptions, data: Path, init: Path | None, runtime: Runtime
) -> tuple[StoryTask, dict[str, Any]]:
    """The task and what its checkpoint's config must hold. `init` is a checkpoint whose weights it starts from; its
    vocabulary is kept and grows by the new words of the data.

    Raises ConfigError, DataError, CheckpointError.
    """
    described = read_about(data)
    records = read_split(data, "train")
    start = read_config(init) if init else None
    space = _label_space(records) if start is None else LabelSpace.from_dict(start["labels"])
    vocabulary = (
        _vocabulary(records) if start is None else Vocabulary(tuple(start["vocabulary"])).grown(_vocabulary(records))
    )
    train_data, val = (StoryData(data, split, vocabulary, space) for split in ("train", "val"))
    height, width = train_data.size
    if height % 16 or width % 16:
        raise ConfigError(
            f"panels are {height}x{width}; expected multiples of 16: prepare the data with another --size"
        )
    sizes = StoryGANSizes(len(vocabulary), *space.shape, base=(height // 16, width // 16), **to_dict(options.network))
    torch.manual_seed(options.seed)
    g, d = StoryGenerator(sizes), StoryGANDiscriminators(sizes)
    if init:
        load_into(g, _with_new_words(read_weights(init), g), init)
        load_discriminators(d, init)
    training = replace(options.training, seed=options.seed)
    task = StoryTask(g, d, train_data, val, training, runtime)
    config = {
        "family": "storygan", "sizes": to_dict(sizes), "vocabulary": list(vocabulary.words),
        "vocabulary_hash": vocabulary.hash, "labels": space.to_dict(), "size": [height, width],
        "lexicon": build_lexicon(pack_of(data), vocabulary.words).to_dict(),
        "trained_on": {
            "name": f"theatre-{pack_of(data).name}",
            **{key: described.get(key) for key in ("hash", "seed", "counts", "jitter")},
        },
        "licence": "MIT (weights and the art they were trained on)",
    }  # fmt: skip
    return task, config


def _with_new_words(weights: dict[str, torch.Tensor], g: StoryGenerator) -> dict[str, torch.Tensor]:
    """Weights whose word embedding has fresh rows for the words that the data added."""
    table, name = g.text.embedding.weight.detach().clone(), "text.embedding.weight"
    table[: len(weights[name])] = weights[name]
    return weights | {name: table}


def _label_space(records: list[dict[str, Any]]) -> LabelSpace:
    panels = [panel for record in records for panel in record["panels"]]
    who = {actor["who"] for panel in panels for actor in panel["actors"]}
    props = {prop for panel in panels for prop in panel["props"]}
    return LabelSpace(tuple(sorted(who)), tuple(sorted({panel["setting"] for panel in panels})), tuple(sorted(props)))


def _vocabulary(records: list[dict[str, Any]]) -> Vocabulary:
    names = {name for record in records for name in record["names"]}
    return Vocabulary.build((record["text"] for record in records), names)
