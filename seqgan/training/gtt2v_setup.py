"""What `seqgan train` needs to know of the clip systems: their settings, and how they become a task.

seqgan train t2v --data fluent-scenes             # CVAE gist, Text2Filter, three streams
seqgan train dt2v --data fluent-scenes            # an ablation
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import torch
from torch import nn

from seqgan.checkpoints.format import load_discriminators, load_into, read_config, read_weights
from seqgan.config import to_dict
from seqgan.data.sequences import about_sequences
from seqgan.errors import CheckpointError, ConfigError, DataError
from seqgan.models.gtt2v import GTT2VDiscriminators, GTT2VGenerator
from seqgan.models.gtt2v_sizes import GTT2VSizes
from seqgan.registry import sizes_of
from seqgan.text.captions import CaptionVocabulary
from seqgan.training.clip_pictures import ClipPictures, clip_data, of_clips, open_clips, vocabulary_of
from seqgan.training.damsm_setup import of_data
from seqgan.training.runtime import Runtime
from seqgan.training.tasks.gtt2v import GTT2VTask
from seqgan.training.tasks.gtt2v_settings import GTT2VTraining


@dataclass(frozen=True)
class GTT2VOptions:
    """Everything a run is started with, resolved. `network`: sizes that differ from the defaults and are not the
    data's; `frame_model`: with gist=frame, the installed checkpoint that draws the first frame."""

    images: int
    seed: int = 0
    frame_model: str = ""
    network: dict[str, Any] = field(default_factory=dict)
    training: GTT2VTraining = field(default_factory=GTT2VTraining)
    loop: dict[str, Any] = field(default_factory=dict)


def gtt2v_task(
    options: GTT2VOptions, folder: Path, init: Path | None, runtime: Runtime
) -> tuple[GTT2VTask, dict[str, Any]]:
    """The task and what its checkpoint's config must hold. `init` is a checkpoint whose weights it starts from (see
    `begin_from`), and whose words it reads.

    Raises ConfigError, DataError, CheckpointError.
    """
    data = clip_data(folder, "train")
    words = _known(init) if init else vocabulary_of(data)
    train, val = of_clips(data, folder, words), _val(folder, words)
    sizes = sizes_of("gtt2v", {"vocabulary": len(words), **options.network}, "network")
    check(options, sizes)
    torch.manual_seed(options.seed)
    g, both = GTT2VGenerator(sizes), GTT2VDiscriminators(sizes)
    training = replace(options.training, seed=options.seed)
    kept = {"clip": training.clip_critic, "frame": training.frame_critic}
    d = nn.ModuleDict({name: part for name, part in both.named_children() if kept[name]})
    if len(d) and len(set(train.kinds.tolist())) < 2:
        raise DataError(
            f"all clips of {data.about['name']} show and say the same; mismatched pairs need two that differ"
        )
    if init:
        begin_from(init, g, d)
    config = {
        "family": "gtt2v", "sizes": to_dict(sizes), "size": list(sizes.size), "frames": sizes.frames,
        "seconds": clip_seconds(train), "frame_model": options.frame_model, "vocabulary": list(words.words),
        "reads_vectors": bool(train.frozen.any()),
        "trained_on": of_data(data.about) | {"name": data.about["name"]},
        "licence": f"MIT; trained on: {data.about['licence']}",
    }  # fmt: skip
    return GTT2VTask(g, d, train, val, training, runtime), config


def begin_from(init: Path, g: GTT2VGenerator, d: nn.ModuleDict) -> None:
    """Put the weights of a checkpoint into both: all of them, or, of one that draws the gist alone, those of text and
    gist, so that the streams start anew. Raises CheckpointError where they do not fit."""
    weights, alone = read_weights(init), not read_config(init)["sizes"]["clip"]
    if not alone or g.streams is None:
        load_into(g, weights, init)
        load_discriminators(d, init)
        return
    if g.gist is None:
        raise CheckpointError(f"{init} draws gists, and this network has none; start it from nothing")
    readers = [name for name in ("scene", "palette") if getattr(g, name) is not None]
    for name in ("text", "cond", "gist", *readers):
        part = {key.removeprefix(f"{name}."): value for key, value in weights.items() if key.startswith(f"{name}.")}
        load_into(getattr(g, name), part, init)


def check(options: GTT2VOptions, sizes: GTT2VSizes) -> None:
    """Raises ConfigError for settings that do not fit each other."""
    training = options.training
    if training.recon == "gist" and sizes.gist == "none":
        raise ConfigError("training.recon=gist holds the clip to a gist that is not drawn; set recon=first_frame or "
                          "clip, or draw a gist")  # fmt: skip
    if bool(options.frame_model) != (sizes.gist == "frame"):
        raise ConfigError("frame_model names what draws the first frame of network.gist=frame; set both, or neither")
    if not sizes.clip and (training.clip_critic or training.frame_critic):
        raise ConfigError("network.clip=false draws a gist alone, which no discriminator judges; set clip_critic=false "
                          "and frame_critic=false")  # fmt: skip


def clip_seconds(data: ClipPictures) -> float:
    """How long a clip of a data set lasts."""
    return round(data.about["frames"] / data.about["fps"], 4)


def _val(folder: Path, words: CaptionVocabulary) -> ClipPictures:
    """What is looked at on the way: "val" where there is such a split, else the training clips."""
    return open_clips(folder, "val" if "val" in about_sequences(folder)["counts"] else "train", words)


def _known(init: Path) -> CaptionVocabulary:
    config = read_config(init)
    if config.get("family") != "gtt2v":
        raise CheckpointError(f"{init} holds a {config.get('family')!r}; expected gtt2v to start from")
    return CaptionVocabulary(config["vocabulary"])
