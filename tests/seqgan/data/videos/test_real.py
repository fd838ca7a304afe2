"""Real videos, where they are: those of `seqgan data fetch sample-videos`, and of a folder that SEQGAN_VIDEOS names.

SEQGAN_VIDEOS=DIR python -m pytest tests/seqgan/data/videos/test_real.py
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from seqgan.data.videos.cutting import Cut, cut_video
from seqgan.data.videos.decode import Seen, views

FRAMES = {"bigbuckbunny.mp4": 132, "bikes.mp4": 250, "carphone_pristine.mp4": 120, "vtest.avi": 795, "tree.avi": 68,
          "cup.mp4": 217, "box.mp4": 455}  # fmt: skip
"""Frames that can be decoded; tree.avi repeats its 68 to 444, and box.mp4 holds times in the order of decoding."""


def _video(name: str) -> Path:
    folder = Path(os.environ.get("SEQGAN_VIDEOS", "")) if os.environ.get("SEQGAN_VIDEOS") else None
    found = sorted(folder.rglob(name)) if folder else []
    if not found:
        pytest.skip(f"{name} is not there: run seqgan data fetch sample-videos -o DIR, and set SEQGAN_VIDEOS=DIR")
    return found[0]


@pytest.mark.parametrize("name", FRAMES)
def test_every_frame_is_read_in_order(name: str) -> None:
    seen = Seen()
    ends = [view.end for view in views(_video(name), seen)]
    assert (len(ends), seen.damaged, seen.doubled) == (FRAMES[name], 0, 0)
    assert ends == sorted(ends)
    assert abs(float(seen.end) - seen.told) < 0.5


def test_pixels_of_a_phone_camera_are_made_square() -> None:
    seen = Seen()
    picture = next(views(_video("carphone_pristine.mp4"), seen)).picture(144)
    assert (seen.size, picture.shape) == ((193, 144), (144, 193, 3))


def test_cuts_of_a_street(tmp_path: Path) -> None:
    record = cut_video(_video("bikes.mp4"), [(None, None)], Cut(), tmp_path)
    assert [start for start, _ in record["shots"]] == [0.0, 1.28, 3.12, 5.56, 7.56, 9.76]
    assert [clip["start"] for clip in record["clips"]] == [4.04, 5.56, 7.56]
    assert {each["why"] for each in record["dropped"]} == {"short", "cut", "camera"}


def test_an_animation_is_one_steady_shot(tmp_path: Path) -> None:
    record = cut_video(_video("bigbuckbunny.mp4"), [(None, None)], Cut(), tmp_path)
    assert (len(record["shots"]), len(record["clips"])) == (1, 4)


def test_times_in_the_order_of_decoding_are_told() -> None:
    seen = Seen()
    list(views(_video("box.mp4"), seen))
    assert seen.reordered > 200 and "order of decoding" in seen.remarks()[0]
