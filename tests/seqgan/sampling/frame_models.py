"""Checkpoints of small untrained networks of captions, for tests."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch
from torch import nn

from seqgan.checkpoints.format import save_checkpoint
from seqgan.config import to_dict
from seqgan.models.attngan import AttnGANGenerator, AttnGANSizes
from seqgan.models.damsm import DamsmTextEncoder, DamsmTextSizes
from seqgan.models.gan_cls import GANCLSGenerator, GANCLSSizes, HouseGANCLSGenerator, HouseGANCLSSizes
from seqgan.models.hdgan import HDGANGenerator, HDGANSizes, HDGANSuper512, HDGANSuperSizes
from seqgan.models.stackgan import StackGANGenerator, StackGANSizes, StageOneGenerator
from seqgan.models.stackgan_v2 import StackGANv2Generator, StackGANv2Sizes
from seqgan.models.style_encoder import StyleEncoder, StyleEncoderSizes
from seqgan.models.tac_gan import TACGANGenerator, TACGANSizes

STACK = StackGANSizes(8, 4, 5, width=8, d_width=4, residuals=1, first=16, second=64)
WORDS = ("<end>", "a", "small", "red", "blue", "bird", "sits", "on", "the", "green", "leaf")
TEXT, Z = 8, 5
NETWORKS: dict[str, tuple[type[nn.Module], Any]] = {
    "attngan": (AttnGANGenerator, AttnGANSizes(TEXT, 4, Z, width=4, d_width=4, residuals=1, scales=(16, 32, 64))),
    "hdgan": (HDGANGenerator, HDGANSizes(text=TEXT, cond=4, z=Z, width=32)),
    "hdgan_super": (HDGANSuper512, HDGANSuperSizes(text=TEXT, cond=4, z=Z, width=32, scales=(16, 32))),
    "stackgan_v2": (StackGANv2Generator, StackGANv2Sizes(TEXT, 4, Z, width=8, d_width=4, residuals=1)),
    "stackgan": (StackGANGenerator, STACK),
    "stackgan_stage1": (StageOneGenerator, STACK),
    "gan_cls_house": (HouseGANCLSGenerator, HouseGANCLSSizes(TEXT, 4, Z, width=4, d_width=4, rank=5)),
    "gan_cls": (GANCLSGenerator, GANCLSSizes(TEXT, 4, Z, width=4, d_width=4)),
    "tac_gan": (TACGANGenerator, TACGANSizes(TEXT, 4, Z, classes=3, width=4, d_width=4, size=32)),
}


def save_frame_model(
    folder: Path, family: str = "attngan", style: bool = False, text: int = TEXT, seed: int = 1
) -> Path:
    """Write the checkpoint of a family, with its text encoder (of `text` numbers) and, if asked, a style encoder."""
    torch.manual_seed(seed)
    network, sizes = NETWORKS[family]
    generator = network(sizes).eval()
    for parameter in generator.parameters():
        parameter.data.normal_(0.0, 0.3)  # far from a start at which nothing shows
    config = {"family": family, "sizes": to_dict(sizes), "text_encoder": "text-encoder", "origin": "house",
              "licence": "MIT"}  # fmt: skip
    save_checkpoint(folder, config, dict(generator.state_dict()))
    text_sizes = DamsmTextSizes(len(WORDS), text, 6)
    about = {"family": "damsm_text", "sizes": to_dict(text_sizes), "vocabulary": list(WORDS)}
    encoder = DamsmTextEncoder(text_sizes)
    encoder.encoder.weight.data.normal_()  # words that differ
    save_checkpoint(folder / "text-encoder", about, dict(encoder.state_dict()))
    if style:
        save_style(folder, Z)
    return folder


def save_style(folder: Path, z: int) -> None:
    """Write a style encoder below a checkpoint."""
    sizes = StyleEncoderSizes(z, width=2, size=32)
    config = {"family": "style_encoder", "sizes": to_dict(sizes)}
    encoder = StyleEncoder(sizes)
    for parameter in encoder.parameters():
        parameter.data.normal_(0.0, 0.3)  # pictures that differ
    save_checkpoint(folder / "style-encoder", config, dict(encoder.state_dict()))
