"""A tiny picture data set and a DAMSM of it, which several kinds of training start from."""

from __future__ import annotations

from pathlib import Path

import pytest

from seqgan.data.clevr.prepare import write_synthetic
from seqgan.training.train import run_training
from tests.seqgan.tiny_clips import tiny_clips
from tests.seqgan.tiny_pictures import tiny_pictures
from tests.seqgan.tiny_sequences import tiny_sequences

LOOP = "loop={log_every: 8, sheet_every: 100000, save_every: 100000}"


@pytest.fixture(scope="session")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Eight concepts in two styles, 32 pixels a side."""
    return tiny_pictures(tmp_path_factory.mktemp("pictures") / "tiny")


@pytest.fixture(scope="session")
def damsm(pictures: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The checkpoint of a small DAMSM that has seen every picture some eight times."""
    changes = ["network={size: 32, embed: 16, side: 64}", "training.batch=16", "training.lr=1e-2", LOOP]
    run = tmp_path_factory.mktemp("damsm")
    return run_training(
        "damsm_small", pictures, run, changes=changes, max_images=512, device="cpu", precision="float32", quiet=True
    )


@pytest.fixture(scope="session")
def clevr(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Twelve stories of CLEVR-SV, four panels each."""
    folder = tmp_path_factory.mktemp("clevr")
    write_synthetic(folder, 12)
    return folder


@pytest.fixture(scope="session")
def sequences(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Squares of three colours, in stories of three clips of 24 pixels a side."""
    return tiny_sequences(tmp_path_factory.mktemp("sequences") / "tiny")


@pytest.fixture(scope="session")
def story_judge(sequences: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The checkpoint of a small judge of them that has seen every clip some ten times."""
    changes = ["width=8", "training.batch=16", "training.half_life=200", "training.lr=0.01", LOOP]
    run = tmp_path_factory.mktemp("story-judge")
    return run_training(
        "story_judge", sequences, run, changes=changes, max_images=1280, device="cpu", precision="float32", quiet=True
    )


@pytest.fixture(scope="session")
def clips(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Squares that move, 16 frames of 32 pixels a side."""
    return tiny_clips(tmp_path_factory.mktemp("clips") / "tiny")


@pytest.fixture(scope="session")
def clip_judge(clips: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The checkpoint of a small judge of them that has seen every clip some thirty times."""
    changes = ["width=4", "training.batch=8", "training.half_life=100", "training.lr=0.01", LOOP]
    run = tmp_path_factory.mktemp("clip-judge")
    return run_training(
        "clip_judge", clips, run, changes=changes, max_images=720, device="cpu", precision="float32", quiet=True
    )
