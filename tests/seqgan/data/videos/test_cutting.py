"""Clips of one video: by time, within shots and passages, steady; and every second that is in none has its reason."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from seqgan.data.manifest import Record
from seqgan.data.videos import cutting
from seqgan.data.videos.cutting import Cut, cut_video
from seqgan.data.videos.stretches import WHY
from tests.fixtures.make_videos import scene, write_video

CUT = Cut(frames=10, fps=25, size=32)


def _cut(path: Path, cut: Cut = CUT, passages: list[tuple[float | None, float | None]] | None = None) -> Record:
    record = cut_video(path, passages or [(None, None)], cut, path.parent)
    for number in range(len(record["clips"])):
        frames = np.load(path.parent / f"{number:03d}.npy")
        assert (frames.dtype, frames.shape) == (np.uint8, (cut.frames, cut.size, cut.size, 3))
    assert {each["why"] for each in record["dropped"]} <= WHY.keys()
    return record


def _places(record: Record) -> list[tuple[float, float]]:
    return [(clip["start"], clip["end"]) for clip in record["clips"]]


def _whole(record: Record) -> float:
    """Seconds of clips and of dropped stretches."""
    return sum(each["end"] - each["start"] for each in [*record["clips"], *record["dropped"]])


def test_clips_do_not_cross_cuts_and_nothing_is_lost(tmp_path: Path) -> None:
    path = write_video(tmp_path / "a.mp4", np.concatenate([scene(1, 36), 255 - scene(2, 34)]), options={"crf": "10"})
    record = _cut(path)
    assert record["shots"] == [[0.0, 1.44], [1.52, 2.8]]
    assert _places(record) == [(0.0, 0.4), (0.4, 0.8), (0.8, 1.2), (1.52, 1.92), (1.92, 2.32), (2.32, 2.72)]
    assert [(each["start"], each["end"], each["why"]) for each in record["dropped"]] == [
        (1.2, 1.44, "short"), (1.44, 1.52, "cut"), (2.72, 2.8, "short")
    ]  # fmt: skip
    assert _whole(record) == pytest.approx(2.8)
    assert record["clips"][0]["moved"] < 0.05 and record["clips"][0]["change"] > 0.01


def test_the_grid_is_of_time_and_not_of_frames(tmp_path: Path) -> None:
    times = [0, 20, 40, 60, 80, *range(200, 1000, 40)]
    path = write_video(tmp_path / "a.mkv", scene(1, len(times)), times=times, codec="ffv1", pix_fmt="bgr0")
    _cut(path, Cut(frames=8, fps=25, size=64, shots="none", camera="any"))
    frames = np.load(tmp_path / "000.npy")
    same = [bool((one == other).all()) for one, other in pairwise(frames)]
    assert same == [False, False, True, True, False, False, False]  # 0, 40, 80, 80, 80, 200, 240, 280 ms


def test_faster_films_lose_frames_evenly(tmp_path: Path) -> None:
    made = scene(1, 40)
    path = write_video(tmp_path / "a.mkv", made, fps=50, codec="ffv1", pix_fmt="bgr0")
    _cut(path, Cut(frames=10, fps=25, size=64, shots="none"))
    np.testing.assert_array_equal(np.load(tmp_path / "000.npy"), made[0:20:2, :, 16:80])


def test_a_jerk_ends_a_clip_and_a_new_one_begins(tmp_path: Path) -> None:
    jerk = np.concatenate([scene(1, 16), np.roll(scene(1, 34), 40, 2)])
    record = _cut(write_video(tmp_path / "a.mp4", jerk, options={"crf": "10"}), Cut(10, 25, 32, "none"))
    assert _places(record) == [(0.0, 0.4), (0.64, 1.04), (1.04, 1.44), (1.44, 1.84)]
    first = record["dropped"][0]
    assert (first["start"], first["end"], first["why"], first["breaks"]) == (0.4, 0.64, "camera", 1)
    free = _cut(tmp_path / "a.mp4", Cut(10, 25, 32, "none", "any"))
    assert len(free["clips"]) == 5 and "moved" not in free["clips"][0]


@pytest.mark.parametrize(
    ("frames", "why"),
    [
        (np.repeat(scene(1, 1), 25, 0), "frozen"),
        (np.repeat(scene(1, 4), 8, 0), "few pictures"),
        (np.full((25, 64, 96, 3), 80, np.uint8) + 3 * np.arange(25, dtype=np.uint8)[:, None, None, None], "few points"),
        (np.where(np.arange(25)[:, None, None, None] % 4 == 3, 255, scene(1, 25) // 2).astype(np.uint8), "flash"),
        (scene(1, 25, pan=24), "camera"),
        (scene(1, 9), "short"),
    ],
)  # fmt: skip
def test_what_makes_no_clip_has_a_reason(tmp_path: Path, frames: np.ndarray, why: str) -> None:
    cut = Cut(12, 25, 32, "none")
    times = [320 * number for number in range(4)] if why == "few pictures" else None
    kept = frames[::8] if times else frames
    path = write_video(tmp_path / "a.mkv", kept, times=times, codec="ffv1", pix_fmt="bgr0")
    record = _cut(path, cut)
    assert record["clips"] == []
    assert record["dropped"][0]["why"] == why
    assert _whole(record) == pytest.approx(record["seconds"])


def test_damage_ends_a_clip(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write_video(tmp_path / "a.mp4", scene(1, 50), options={"crf": "10"})
    true = cutting.views
    monkeypatch.setattr(cutting, "views", lambda path, seen: (view for view in true(path, seen)
                        if not Fraction(3, 5) <= view.start < Fraction(4, 5)))  # fmt: skip
    record = _cut(path, Cut(10, 25, 32, "none"))
    assert _places(record) == [(0.0, 0.4), (0.8, 1.2), (1.2, 1.6), (1.6, 2.0)]
    assert (0.4, 0.8, "damaged") in [(each["start"], each["end"], each["why"]) for each in record["dropped"]]


def test_passages_are_cut_by_themselves(tmp_path: Path) -> None:
    path = write_video(tmp_path / "a.mp4", scene(1, 60), options={"crf": "10"})
    record = _cut(path, CUT, [(0.2, 1.0), (0.6, 1.5), (2.0, 2.4)])
    assert sorted((clip["passage"], clip["start"]) for clip in record["clips"]) == [
        (0, 0.2), (0, 0.6), (1, 0.6), (1, 1.0), (2, 2.0)
    ]  # fmt: skip
    assert [(each["start"], each["end"]) for each in record["dropped"] if each["why"] == "no caption"] == [
        (0.0, 0.2), (1.5, 2.0)
    ]  # fmt: skip


def test_there_are_no_more_clips_than_were_asked_for(tmp_path: Path) -> None:
    path = write_video(tmp_path / "a.mp4", scene(1, 50), options={"crf": "10"})
    record = _cut(path, Cut(10, 25, 32, most=2))
    assert _places(record) == [(0.0, 0.4), (0.4, 0.8)]
    assert record["dropped"] == [{"passage": 0, "shot": 0, "start": 0.8, "end": 2.0, "why": "most", "breaks": 1}]


def test_slow_films_are_remarked(tmp_path: Path) -> None:
    path = write_video(tmp_path / "a.mp4", scene(1, 20), fps=10, options={"crf": "10"})
    record = _cut(path)
    assert record["fps"] == 10.0
    assert record["remarks"] == ["10.00 frames a second, fewer than 25: frames repeat"]
