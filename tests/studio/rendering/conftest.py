"""Engines for the tests: the stage, and a GAN of a few thousand weights that were never trained."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from seqgan.checkpoints.format import save_checkpoint
from seqgan.config import to_dict
from seqgan.data.theatre.lexicon import shipped_lexicon
from seqgan.models.storygan import StoryGANSizes, StoryGenerator
from seqgan.text.vocab import Vocabulary
from studio.rendering.gan_engine import GanEngine
from studio.rendering.stage_engine import StageEngine

SIZE = (64, 112)


@pytest.fixture(scope="session")
def tiny_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A checkpoint folder of a small untrained StoryGAN that draws at the real size."""
    folder = tmp_path_factory.mktemp("models") / "tiny"
    lexicon = shipped_lexicon()
    vocabulary = Vocabulary.build([[" ".join(sorted(lexicon.vocabulary))]], minimum=1)
    sizes = StoryGANSizes(
        vocabulary=len(vocabulary), things=5, characters=3, panel=(2,), actor=(2, 2), embed=8, sent=12, story=12,
        code=4, lower=16, upper=12, z=11, maps=3, gist=6, rank=5, start=4, width=4, figure=4, d_width=4, d_story=8,
    )  # fmt: skip
    torch.manual_seed(3)
    generator = StoryGenerator(sizes).eval()
    for parameter in generator.parameters():
        parameter.data.normal_(0.0, 0.3)  # far from the quiet start, so that every path shows
    config = {
        "preset": "tiny", "family": "storygan", "sizes": to_dict(sizes), "vocabulary": list(vocabulary.words),
        "lexicon": lexicon.to_dict(), "licence": "MIT", "origin": "house", "size": list(SIZE),
    }  # fmt: skip
    save_checkpoint(folder, config, dict(generator.state_dict()))
    return folder


@pytest.fixture(scope="session")
def stage() -> StageEngine:
    return StageEngine(SIZE)


@pytest.fixture(scope="session")
def gan(tiny_model: Path) -> GanEngine:
    return GanEngine(str(tiny_model), device="cpu")


@pytest.fixture(params=["stage", "gan"], scope="session")
def engine(request: pytest.FixtureRequest) -> StageEngine | GanEngine:
    """Every engine there is, one after the other."""
    found: StageEngine | GanEngine = request.getfixturevalue(request.param)
    return found
