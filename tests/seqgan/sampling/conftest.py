"""A checkpoint of a few thousand weights that were never trained, for what loads one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from torch import nn

from seqgan.checkpoints.format import save_checkpoint
from seqgan.config import to_dict
from seqgan.data.theatre.lexicon import shipped_lexicon
from seqgan.models.storygan import StoryGANSizes, StoryGenerator
from seqgan.text.vocab import Vocabulary

LEXICON = shipped_lexicon()
VOCABULARY = Vocabulary.build([[" ".join(sorted(LEXICON.vocabulary))]], minimum=1)
SIZES = StoryGANSizes(
    vocabulary=len(VOCABULARY), things=5, characters=3, panel=(2,), actor=(2, 2), embed=8, sent=12, story=12,
    code=4, lower=16, upper=12, z=11, maps=3, gist=6, rank=5, start=4, width=4, figure=4, d_width=4, d_story=8,
)  # fmt: skip


def random_generator(seed: int) -> StoryGenerator:
    """Far from the quiet start, norms that have seen something among it, so that every path shows."""
    torch.manual_seed(seed)
    generator = StoryGenerator(SIZES).eval().requires_grad_(False)
    for name, parameter in generator.named_parameters():
        calm = name.startswith("figures.box")  # places are shares of the frame: far out there, rounding is all one sees
        parameter.normal_(0.0, 0.1 if calm else 0.3)
    for part in generator.modules():
        if isinstance(part, nn.BatchNorm2d) and part.running_mean is not None and part.running_var is not None:
            part.running_mean.normal_(0.0, 0.3)
            part.running_var.uniform_(0.5, 2.0)
    return generator


@pytest.fixture(scope="session")
def tiny_checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Callable[[int], Path]:
    """seed -> the folder of a checkpoint that draws at the real size."""
    root = tmp_path_factory.mktemp("models")

    def write(seed: int) -> Path:
        folder = root / f"tiny-{seed}"
        config = {
            "preset": "tiny", "family": "storygan", "sizes": to_dict(SIZES), "vocabulary": list(VOCABULARY.words),
            "lexicon": LEXICON.to_dict(), "licence": "MIT", "origin": "house", "size": [64, 112],
        }  # fmt: skip
        if not folder.is_dir():
            save_checkpoint(folder, config, dict(random_generator(seed).state_dict()))
        return folder

    return write


@pytest.fixture(scope="session")
def tiny(tiny_checkpoint: Callable[[int], Path]) -> Path:
    return tiny_checkpoint(3)
