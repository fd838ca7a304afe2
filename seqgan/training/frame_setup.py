"""What `seqgan train` needs to know of a single-frame system: its settings, and how they become a task."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import torch
from torch import nn

from seqgan.checkpoints.format import load_discriminators, load_into, read_config, read_weights
from seqgan.checks import check_choice
from seqgan.config import to_dict
from seqgan.data.pictures import PictureData
from seqgan.errors import CheckpointError, ConfigError
from seqgan.models.frames import SYSTEMS, FrameCritics
from seqgan.models.style_encoder import StyleEncoder, StyleEncoderSizes
from seqgan.registry import build, sizes_of
from seqgan.sampling.installed import STYLE
from seqgan.training.captions import CaptionFeatures
from seqgan.training.damsm_setup import LoadedDamsm, load_damsm, train_and_validation, trained_on
from seqgan.training.frames import CharReader, WordReader
from seqgan.training.loaded_judge import LoadedJudge, check_teachers, load_picture_judge
from seqgan.training.runtime import Runtime
from seqgan.training.tasks.frame import FrameTask, FrameTraining
from seqgan.training.text_setup import load_text

TEXT = "text-encoder"
"""Folder of the text encoder below a generator's checkpoint."""
BELOW = {"stackgan": "stage1", "hdgan_super": "generator_256"}
"""Where a generator keeps the trained one that it stands on."""
STYLE_WIDTH = 32
"""Channels of the first map of a style encoder that learns beside its generator."""


@dataclass(frozen=True)
class FrameOptions:
    """Everything a run is started with, resolved. `family`: one of `SYSTEMS`; `network`: sizes of it that differ from
    its defaults; `damsm`: a trained DAMSM, by name or folder: it reads the captions, and says how well they were drawn;
    `text`: a trained char-CNN-RNN that reads them in its place, for families that need no words; `teachers`: trained
    judges of pictures for `training.weights.labels`.
    """

    images: int
    family: str
    damsm: str = "emoji-damsm"
    text: str = ""
    teachers: tuple[str, ...] = ()
    seed: int = 0
    network: dict[str, Any] = field(default_factory=dict)
    training: FrameTraining = field(default_factory=FrameTraining)
    loop: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        check_choice("family", self.family, SYSTEMS, ConfigError)
        if self.text and (SYSTEMS[self.family].words or self.training.weights.damsm):
            raise ConfigError(f"text={self.text} tells sentences alone, and {self.family} reads words or has a "
                              "weights.damsm, which compares words; leave it out: the DAMSM reads, too")  # fmt: skip


def frame_task(
    options: FrameOptions, folder: Path, init: Path | None, runtime: Runtime
) -> tuple[FrameTask, dict[str, Any]]:
    """The task and what its checkpoint's config must hold. `init` is a checkpoint whose weights it starts from; it may
    be one of the generator that the family stands on.

    Raises ConfigError, DataError, CheckpointError.
    """
    data, val = train_and_validation(folder)
    damsm = load_damsm(options.damsm, runtime.device)
    own = WordReader(damsm.damsm.text, damsm.vocabulary, runtime.device)
    chars = load_text(options.text, runtime.device) if options.text else None
    reader = CharReader(chars.encoder, runtime.device) if chars else own
    sizes = network_sizes(options, reader.size, data)
    torch.manual_seed(options.seed)
    g, d = build(options.family, to_dict(sizes)), FrameCritics(options.family, sizes)
    side = data.about["crop"][0]
    style = StyleEncoder(StyleEncoderSizes(2 * sizes.z, STYLE_WIDTH, side)) if options.training.weights.style else None
    if init:
        _start(options.family, g, d, init)
    elif below := SYSTEMS[options.family].above:
        raise ConfigError(f"{options.family} stands on a trained {below}; add --init CHECKPOINT")
    training, teachers = replace(options.training, seed=options.seed), load_teachers(options.teachers, data, runtime)
    task = FrameTask(options.family, g, d, style, data, val, reader, damsm.regions, training, runtime, teachers)
    task.beside[TEXT] = text_config(damsm), lambda: dict(damsm.damsm.text.state_dict())
    if chars:
        task.judged = CaptionFeatures(task.val_captions.texts, own)
        task.beside[TEXT] = chars.config, lambda: dict(chars.encoder.state_dict())
    if style:
        known = to_dict(StyleEncoderSizes(sizes.z, STYLE_WIDTH, side))
        task.beside[STYLE] = {"family": "style_encoder", "sizes": known}, lambda: mean_half(style, sizes.z)
    config = {
        "family": options.family, "sizes": to_dict(sizes), "text_encoder": TEXT, "size": list(data.about["crop"]),
        "damsm": damsm.info, "teachers": [each.info for each in teachers], "trained_on": trained_on(data),
        "licence": f"MIT; trained on: {data.about['licence']}",
    }  # fmt: skip
    return task, config


def load_teachers(names: Sequence[str], data: PictureData, runtime: Runtime) -> Sequence[LoadedJudge]:
    """Judges of pictures by name. Raises as `check_teachers` does."""
    judges = [load_picture_judge(name, runtime.device) for name in names]
    return check_teachers(judges, data.about["crop"], data.names)


def network_sizes(options: FrameOptions, text: int, data: PictureData) -> Any:
    """The sizes of the family's networks, for sentences of `text` numbers and the classes of the data."""
    network: dict[str, Any] = {"text": text, **options.network}
    if options.family == "tac_gan":
        network |= {"classes": len(data.names.get(options.training.label, ()))}
    return sizes_of(options.family, network, "network")


def text_config(damsm: LoadedDamsm) -> dict[str, Any]:
    """The config of a DAMSM's text encoder as a checkpoint of its own, which whoever draws needs."""
    return {"family": "damsm_text", "sizes": to_dict(damsm.damsm.text.sizes),
            "vocabulary": list(damsm.vocabulary.words), "trained_on": damsm.info["trained_on"]}  # fmt: skip


def mean_half(style: StyleEncoder, z: int) -> dict[str, torch.Tensor]:
    """Weights of an encoder of means alone, out of one of means and log variances."""
    weights = dict(style.state_dict())
    return weights | {name: weights[name][:z] for name in ("to_style.weight", "to_style.bias")}


def _start(family: str, g: nn.Module, d: FrameCritics, init: Path) -> None:
    came = read_config(init).get("family")
    if came is not None and came == SYSTEMS[family].above:
        load_into(g.get_submodule(BELOW[family]), read_weights(init), init)
        return
    if came != family:
        raise CheckpointError(f"{init} holds a {came!r}; expected {family} to start from")
    load_into(g, read_weights(init), init)
    load_discriminators(d, init)
