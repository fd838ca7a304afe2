"""What `seqgan train` needs to know of char-CNN-RNN: its settings and how they become a task; and how one is loaded."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, NamedTuple

import torch

from seqgan.checkpoints.format import find_checkpoint, load_into, need, read_weights, weights_hash
from seqgan.config import from_dict, to_dict
from seqgan.data.pictures import about_pictures
from seqgan.data.published import read_published
from seqgan.models.char_cnn_rnn import CharTextEncoder, CharTextSizes
from seqgan.models.efficientnet_lite import load_enlite0
from seqgan.training.damsm_setup import of_data, train_and_validation
from seqgan.training.runtime import Runtime
from seqgan.training.tasks.text import DistilTask, JointTask, TextTraining

SMALL = CharTextSizes(256, (128, 192, 256))


@dataclass(frozen=True)
class TextOptions:
    """Everything a run is started with, resolved. `distil`: a file of published embeddings of the data's captions,
    which the encoder is to give; without one it learns what the pictures show. `network`: sizes; `network.text` is the
    embeddings' where there are some."""

    images: int = 200_000
    distil: str = ""
    seed: int = 0
    network: CharTextSizes = SMALL
    training: TextTraining = field(default_factory=TextTraining)
    loop: dict[str, Any] = field(default_factory=dict)


class LoadedText(NamedTuple):
    """A trained char-CNN-RNN, frozen and in eval mode, with its config."""

    encoder: CharTextEncoder
    config: dict[str, Any]
    info: dict[str, Any]


def text_task(
    options: TextOptions, folder: Path, init: Path | None, runtime: Runtime
) -> tuple[JointTask | DistilTask, dict[str, Any]]:
    """The task and what its checkpoint's config must hold. `init` is a checkpoint whose weights it starts from.

    Raises ConfigError, DataError, CheckpointError.
    """
    about, training = about_pictures(folder), replace(options.training, seed=options.seed)
    published = read_published(Path(options.distil), folder) if options.distil else None
    sizes = replace(options.network, text=published.vectors.shape[1]) if published else options.network
    torch.manual_seed(options.seed)
    encoder = CharTextEncoder(sizes)
    if init:
        load_into(encoder, read_weights(init), init)
    if published:
        task = DistilTask(encoder, *published.held_out(), training, runtime)
    else:
        task = JointTask(encoder, load_enlite0(), *train_and_validation(folder), training, runtime)
    config = {
        "family": "char_cnn_rnn", "sizes": to_dict(sizes), "trained_on": of_data(about),
        "licence": f"MIT; trained on: {about['licence']}", "distilled_from": _origin(options.distil),
    }  # fmt: skip
    return task, config


def _origin(distil: str) -> dict[str, str] | None:
    """Name and hash of the file of embeddings."""
    path = Path(distil)
    return {"name": path.name, "sha256": hashlib.sha256(path.read_bytes()).hexdigest()} if distil else None


def load_text(name: str, device: torch.device | str = "cpu") -> LoadedText:
    """A char-CNN-RNN by installed name or folder. Raises CheckpointError for anything else."""
    folder, config = find_checkpoint(name, "char_cnn_rnn")
    need(config, folder, "sizes")
    encoder = CharTextEncoder(from_dict(CharTextSizes, config["sizes"]))
    load_into(encoder, read_weights(folder), folder)
    info = {"name": folder.name, "weights_sha256": weights_hash(folder)}
    return LoadedText(encoder.eval().requires_grad_(False).to(device), config, info)
