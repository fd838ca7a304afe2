"""One contract for all detectors of shots."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from itertools import pairwise

import numpy as np
import pytest

from seqgan.data.videos import shots
from seqgan.data.videos.shots import PACKAGES, check_detector, shot_detector
from seqgan.errors import DataError
from tests.fixtures.make_videos import scene


def _detector(name: str) -> Callable[[], shots.ShotDetector]:
    if PACKAGES[name] and importlib.util.find_spec(PACKAGES[name]) is None:
        pytest.skip(f"{PACKAGES[name]} is not installed")
    return lambda: shot_detector(name)


def _shots(name: str, frames: np.ndarray) -> list[range]:
    detector = _detector(name)()
    for picture in frames:
        detector.see(picture)
    return detector.shots()


@pytest.mark.parametrize("name", PACKAGES)
def test_shots_are_in_order_and_of_frames_that_were_seen(name: str) -> None:
    frames = np.concatenate([scene(1, 25), 255 - scene(2, 20), scene(3, 30)])
    found = _shots(name, frames)
    assert all(len(shot) and shot.step == 1 for shot in found)
    assert found[0].start == 0 and found[-1].stop <= 75
    assert all(one.stop <= other.start for one, other in pairwise(found))
    if name != "none":
        assert [shot.start for shot in found[1:]] == pytest.approx([25, 45], abs=1)


@pytest.mark.parametrize("name", PACKAGES)
def test_one_scene_is_one_shot(name: str) -> None:
    found = _shots(name, scene(1, 40))
    assert len(found) == 1 and len(found[0]) >= 39


@pytest.mark.parametrize("name", PACKAGES)
def test_no_frame_is_no_shot(name: str) -> None:
    assert _detector(name)().shots() == []


def test_what_is_missing_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shots, "find_spec", lambda name: None)
    with pytest.raises(
        DataError, match=r"--shots content needs scenedetect; install the extra: pip install 'seqgan-st"
    ):
        check_detector("content")
    check_detector("none")
    with pytest.raises(DataError, match="shots 'contents' does not exist; did you mean"):
        check_detector("contents")
