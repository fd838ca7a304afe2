"""Enlarged clips, and clips read back."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from studio.media.moving import ClipReader, enlarged, enlargement, even_size, open_still
from studio.rendering.clips import encode_clip

CLIP = np.random.default_rng(0).integers(0, 255, (3, 48, 64, 3)).astype(np.uint8)


def test_once_changes_nothing() -> None:
    assert all(np.array_equal(picture, frame) for picture, frame in zip(enlarged(CLIP, 1), CLIP, strict=True))


def test_enlarged_pictures_are_as_many_times_as_large() -> None:
    assert [picture.size for picture in enlarged(CLIP, 4)] == [(256, 192)] * 3


def test_small_clips_are_enlarged_until_they_are_comfortable_to_watch() -> None:
    sizes = {(64, 64): 4, (32, 48): 4, (112, 64): 4, (128, 200): 2, (256, 256): 1, (720, 1280): 1}
    assert {size: enlargement(np.zeros((1, *size, 3), np.uint8)) for size in sizes} == sizes


def test_frames_are_read_by_number_in_any_order(tmp_path: Path) -> None:
    path = tmp_path / "clip.mp4"
    pictures = [Image.new("RGB", (65, 49), (40 * k, 0, 0)) for k in range(6)]
    path.write_bytes(encode_clip(pictures, 12, {"program": "test"}))
    with ClipReader(path) as clip:
        assert (clip.count, clip.fps) == (6, 12)
        order = [0, 3, 3, 5, 1, 4]
        reds = [clip.picture(number).getpixel((32, 24))[0] for number in order]  # type: ignore[index]
        assert np.abs(np.array(reds) - 40 * np.array(order)).max() <= 5
        assert [clip.number_at(Fraction(k, 10)) for k in range(12)] == [int(k * 1.2) % 6 for k in range(12)]
        with pytest.raises(OSError, match="frame 6 of"):
            clip.picture(6)
    assert open_still(path).size == even_size(pictures[0]) == (64, 48)


def test_what_is_no_clip_and_no_picture_is_told(tmp_path: Path) -> None:
    for name in ("text.mp4", "text.png", "gone.mp4"):
        if name != "gone.mp4":
            (tmp_path / name).write_text("no picture")
        with pytest.raises(OSError, match=name):
            open_still(tmp_path / name)
