"""How near our pictures come to released ones, which the checkout does not hold: SEQGAN_CLEVR_SAMPLE names an .npz file
with `images` (S, 4, 64, 64, 3) uint8, `vectors` (S, 4, 75) and `ids` (S,)."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from seqgan.data.clevr.prepare import LEAST_SEEN, prepare_clevr
from seqgan.data.clevr.released import prepare_released
from seqgan.data.clevr.render import draw_story, seen_shares
from seqgan.data.clevr.scene import Scene, stand_apart
from seqgan.data.clevr.vectors import labels_of, things_of
from seqgan.data.sequences import SequenceData
from seqgan.metrics.labels import f1_micro
from seqgan.metrics.regions import median_picture, object_ssim
from seqgan.metrics.ssim import ssim
from seqgan.training.loaded_judge import load_sequence_judge
from seqgan.training.train import run_training

SAMPLE = os.environ.get("SEQGAN_CLEVR_SAMPLE", "")
pytestmark = pytest.mark.skipif(not SAMPLE, reason="SEQGAN_CLEVR_SAMPLE does not name a sample of CLEVR-SV")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("real") / "data"
    prepare_released(made, Path(SAMPLE), progress=False)
    return made


@pytest.fixture(scope="module")
def real(folder: Path) -> SequenceData:
    return SequenceData.open(folder, "train")


def _vectors(data: SequenceData) -> np.ndarray:
    """Vectors of the panels, (panels, 75), in the order of the clips."""
    assert data.vectors is not None
    return data.vectors


def test_its_scenes_keep_the_rules_that_ours_keep(real: SequenceData) -> None:
    shares = []
    for vector in _vectors(real)[real.stories[:, -1]]:
        things = things_of(vector)
        assert all(stand_apart(one, other) for number, one in enumerate(things) for other in things[:number])
        shares += seen_shares(Scene(things))
    assert np.mean(np.array(shares) > 0.7 * LEAST_SEEN) > 0.97  # our camera stands where it usually stands


def test_its_scenes_drawn_by_us_look_alike(real: SequenceData) -> None:
    """From the vectors alone, which tell neither turns, nor where camera and lamps were moved to."""
    truth = np.asarray(real.frames)
    drawn = np.concatenate([draw_story(Scene(things_of(vector))) for vector in _vectors(real)[real.stories[:, -1]]])
    empty = median_picture(truth)
    constant = np.broadcast_to(empty, truth.shape).copy()
    ours, baseline = (float(ssim(pictures, truth).mean()) for pictures in (drawn, constant))
    assert ours > 0.93 > baseline + 0.05
    ours, baseline = (float(np.nanmean(object_ssim(pictures, truth, empty))) for pictures in (drawn, constant))
    assert ours > 0.8 > baseline + 0.3


@pytest.mark.slow
def test_a_judge_of_ours_reads_it(folder: Path, real: SequenceData, tmp_path: Path) -> None:
    prepare_clevr(tmp_path / "ours", {"train": 3000, "val": 50, "test": 150}, progress=False)
    words = ["images=48000", "loop.sheet_every=48000", "loop.save_every=48000"]
    made = run_training("story_judge", tmp_path / "ours", tmp_path / "run", changes=words, device="cpu", quiet=True)
    judge = load_sequence_judge(str(made))
    scores = []
    for data in (SequenceData.open(tmp_path / "ours", "test"), real):
        seen = np.concatenate(list(judge.seen(data.frames).values()), 1)
        scores.append(f1_micro(labels_of(_vectors(data)), seen))
    assert scores[0] > 0.8 and scores[1] > scores[0] - 0.08
