"""What `seqgan train` needs to know of a style encoder: its settings and how they become a task; how one is loaded."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, NamedTuple

import torch

from seqgan.checkpoints.format import find_checkpoint, load_into, need, read_weights, weights_hash
from seqgan.config import from_dict, to_dict
from seqgan.errors import ConfigError
from seqgan.models.style_encoder import StyleEncoder, StyleEncoderSizes
from seqgan.sampling.frame import FrameSampler
from seqgan.training.damsm_setup import train_and_validation, trained_on
from seqgan.training.frames import reader_of
from seqgan.training.runtime import Runtime
from seqgan.training.tasks.style import StyleTask, StyleTraining


@dataclass(frozen=True)
class StyleOptions:
    """Everything a run is started with, resolved. `generator`: a trained single-frame system, by name or folder."""

    generator: str = ""
    images: int = 200_000
    seed: int = 0
    width: int = 32
    training: StyleTraining = field(default_factory=StyleTraining)
    loop: dict[str, Any] = field(default_factory=dict)


class LoadedStyle(NamedTuple):
    """A trained style encoder, frozen and in eval mode; `info` names the generator that it was trained on, where it was
    not trained beside one."""

    encoder: StyleEncoder
    info: dict[str, Any]


def style_task(
    options: StyleOptions, folder: Path, init: Path | None, runtime: Runtime
) -> tuple[StyleTask, dict[str, Any]]:
    """The task and what its checkpoint's config must hold. `init` is a checkpoint whose weights it starts from.

    Raises ConfigError, DataError, CheckpointError.
    """
    if not options.generator:
        raise ConfigError("a style encoder reads the pictures of a trained generator; add --set generator=CHECKPOINT")
    sampler = FrameSampler.load(options.generator, str(runtime.device))
    if sampler.encoder is None or sampler.vocabulary is None:
        raise ConfigError(f"{options.generator} came without a text encoder and draws no captions; name another")
    data, val = train_and_validation(folder)
    if list(sampler.size) != list(data.about["crop"]):
        raise ConfigError(f"the generator draws pictures of {sampler.size}, the data's are {data.about['crop']}; "
                          "prepare the data at that size")  # fmt: skip
    sizes = StyleEncoderSizes(sampler.sizes.z, options.width, sampler.size[0])
    torch.manual_seed(options.seed)
    encoder = StyleEncoder(sizes)
    if init:
        load_into(encoder, read_weights(init), init)
    reader = reader_of(sampler.encoder, sampler.vocabulary, runtime.device)
    training = replace(options.training, seed=options.seed)
    task = StyleTask(encoder, sampler.generator, sampler.family, reader, data, val, training, runtime)
    generator = {key: sampler.info[key] for key in ("name", "family", "weights_sha256", "licence")}
    config = {
        "family": "style_encoder", "sizes": to_dict(sizes), "generator": generator, "trained_on": trained_on(data),
        "licence": generator["licence"],
    }  # fmt: skip
    return task, config


def load_style(name: str, device: torch.device | str = "cpu") -> LoadedStyle:
    """A style encoder by installed name or folder. Raises CheckpointError for anything else."""
    folder, config = find_checkpoint(name, "style_encoder")
    need(config, folder, "sizes")
    encoder = StyleEncoder(from_dict(StyleEncoderSizes, config["sizes"]))
    load_into(encoder, read_weights(folder), folder)
    info = {"name": folder.name, "weights_sha256": weights_hash(folder), "generator": config.get("generator", {})}
    return LoadedStyle(encoder.eval().requires_grad_(False).to(device), info)
