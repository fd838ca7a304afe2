"""Clips to try things out with: a good set, whose captions say which way somebody goes."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from seqgan.data.check import check_data
from seqgan.data.folders import data_folder
from seqgan.data.sequences import SequenceData
from seqgan.data.theatre.strolls import FRAMES, write_strolls


def test_somebody_goes_the_way_that_the_caption_tells(tmp_path: Path) -> None:
    write_strolls(tmp_path / "set", {"train": 12, "val": 2})
    assert check_data(tmp_path / "set") == []
    data = SequenceData.open(tmp_path / "set", "train")
    assert data.stories.shape == (12, 1) and data.frames.shape == (12 * FRAMES, 64, 64, 3)
    for clip, captions in enumerate(data.captions):
        frames = data.frames[data.starts[clip] : data.starts[clip + 1]].astype(float)
        moved = np.abs(frames[[0, -1]] - np.median(frames, 0)).sum((1, 3))  # (2, W): where first and last frame differ
        first, last = (row @ np.arange(64) / row.sum() for row in moved)
        assert (last > first) == (" right" in captions[0])


def test_the_synthetic_set_of_clips_is_this_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SEQGAN_HOME", str(tmp_path))
    folder = data_folder("synthetic", "clip")
    assert folder == data_folder("synthetic", "clip_judge") == tmp_path / "data" / "synthetic-clips"
    assert SequenceData.open(folder, "train").about["name"] == "strolls"
