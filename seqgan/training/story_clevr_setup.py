"""What `seqgan train` needs to know of the CLEVR StoryGAN: its settings, and how they become a task."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch

from seqgan.checkpoints.format import load_discriminators, load_into, read_weights
from seqgan.config import to_dict
from seqgan.data.attributes import read_stories
from seqgan.models.storygan_clevr import StoryGANClevrDiscriminators, StoryGANClevrGenerator, StoryGANClevrSizes
from seqgan.training.runtime import Runtime
from seqgan.training.tasks.story_clevr import StoryClevrTask, StoryClevrTraining


@dataclass(frozen=True)
class StoryClevrOptions:
    """Everything a run is started with, resolved."""

    images: int
    seed: int = 0
    network: StoryGANClevrSizes = field(default_factory=StoryGANClevrSizes)
    training: StoryClevrTraining = field(default_factory=StoryClevrTraining)
    loop: dict[str, Any] = field(default_factory=dict)


def story_clevr_task(
    options: StoryClevrOptions, data: Path, init: Path | None, runtime: Runtime
) -> tuple[StoryClevrTask, dict[str, Any]]:
    """The task and what its checkpoint's config must hold. Raises ConfigError, DataError, CheckpointError."""
    train, val = read_stories(data).parts()
    torch.manual_seed(options.seed)
    g, d = StoryGANClevrGenerator(options.network), StoryGANClevrDiscriminators(options.network)
    if init:
        load_into(g, read_weights(init), init)
        load_discriminators(d, init)
    task = StoryClevrTask(g, d, train, val, options.training, runtime)
    config = {
        "family": "storygan_clevr", "sizes": to_dict(options.network), "size": list(val.images.shape[2:4]),
        "trained_on": {"name": data.name, "stories": len(train)}, "licence": "MIT (weights)",
    }  # fmt: skip
    return task, config
