"""The parts of a checkpoint of frames: generator, text encoder with vocabulary, style encoder; checked to fit."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from torch import nn

from seqgan.checkpoints.format import build_empty, load_into, need, read_config, read_weights, weights_hash
from seqgan.errors import CheckpointError, ConfigError
from seqgan.models.char_cnn_rnn import CharTextEncoder
from seqgan.models.damsm import DamsmTextEncoder
from seqgan.models.frames import SYSTEMS
from seqgan.models.style_encoder import StyleEncoder
from seqgan.registry import build
from seqgan.sampling.installed import STYLE
from seqgan.text.captions import CaptionVocabulary
from seqgan.text.characters import CharReading


@dataclass(frozen=True)
class FrameParts:
    """What a checkpoint of frames holds. info: name, weights_sha256, licence, origin, ..."""

    generator: nn.Module
    family: str
    info: dict[str, Any]
    encoder: DamsmTextEncoder | CharTextEncoder | None = None
    vocabulary: CaptionVocabulary | CharReading | None = None
    style: StyleEncoder | None = None


def load_parts(folder: Path) -> FrameParts:
    """Read a checkpoint and what lies below it.

    Raises CheckpointError when it is missing, damaged, draws no frames, or its parts do not fit each other.
    """
    config = _config(folder, "family", "sizes", "origin", "licence")
    if config["family"] not in SYSTEMS:
        raise CheckpointError(f"{folder} is of family {config['family']}; frames are drawn by {', '.join(SYSTEMS)}")
    generator: Any = _network(folder, config)
    encoder = vocabulary = None
    if config.get("text_encoder"):
        encoder, vocabulary = _text_encoder(folder / config["text_encoder"], generator.sizes.text)
    style = _style_encoder(folder / STYLE, generator.sizes.z)
    info = {"name": folder.name, "family": config["family"], "weights_sha256": weights_hash(folder), "composed": False,
            **{key: config[key] for key in ("licence", "origin")}}  # fmt: skip
    return FrameParts(generator, config["family"], info, encoder, vocabulary, style)


def _text_encoder(
    folder: Path, expected: int
) -> tuple[DamsmTextEncoder, CaptionVocabulary] | tuple[CharTextEncoder, CharReading]:
    config = _config(folder, "family", "sizes")
    encoder = _network(folder, config)
    if isinstance(encoder, CharTextEncoder):
        _check_fit(folder, "sentences", encoder.sizes.text, expected)
        return encoder, CharReading()
    if not isinstance(encoder, DamsmTextEncoder):
        raise CheckpointError(
            f"{folder} is of family {config['family']}; expected damsm_text or char_cnn_rnn, which read captions"
        )
    need(config, folder, "vocabulary")
    if encoder.sizes.vocabulary != len(config["vocabulary"]):
        raise CheckpointError(
            f"the text encoder in {folder} knows {encoder.sizes.vocabulary} words, its vocabulary lists "
            f"{len(config['vocabulary'])}: they are not of one model; copy the checkpoint anew"
        )
    _check_fit(folder, "sentences", encoder.sizes.size, expected)
    return encoder, CaptionVocabulary(config["vocabulary"])


def _style_encoder(folder: Path, expected: int) -> StyleEncoder | None:
    if not folder.is_dir():
        return None
    config = _config(folder, "family", "sizes")
    encoder = _network(folder, config)
    if not isinstance(encoder, StyleEncoder):
        raise CheckpointError(f"{folder} is of family {config['family']}; expected style_encoder")
    _check_fit(folder, "styles", encoder.sizes.z, expected)
    return encoder.eval()


def _check_fit(folder: Path, what: str, came: int, expected: int) -> None:
    if came != expected:
        raise CheckpointError(
            f"{folder} gives {what} of {came} numbers, its generator reads {expected}: they were not trained together; "
            "copy the checkpoint anew"
        )


def _config(folder: Path, *names: str) -> dict[str, Any]:
    config = read_config(folder)
    need(config, folder, *names)
    return config


def _network(folder: Path, config: dict[str, Any]) -> nn.Module:
    try:
        network = build_empty(lambda: build(config["family"], config["sizes"]))
    except ConfigError as error:
        raise CheckpointError(f"{folder / 'config.json'} does not say its sizes: {error}; copy it anew") from error
    load_into(network, read_weights(folder), folder)
    return network
