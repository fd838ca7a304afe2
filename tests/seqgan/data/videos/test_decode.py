"""Frames and their times: of good files in all shapes, and of files that are none."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np
import pytest

from seqgan.data.videos import decode
from seqgan.data.videos.decode import Seen, views
from seqgan.errors import DataError
from tests.fixtures.make_videos import damaged_videos, scene, write_video


def _times(path: Path, seen: Seen) -> list[tuple[float, float]]:
    return [(round(float(view.start), 3), round(float(view.end), 3)) for view in views(path, seen)]


@pytest.mark.parametrize(("name", "codec", "pix_fmt"), [("a.mp4", "libx264", "yuv420p"), ("a.avi", "mpeg4", "yuv420p"),
                                                        ("a.mkv", "ffv1", "bgr0")])  # fmt: skip
def test_every_frame_comes_once_and_in_order(tmp_path: Path, name: str, codec: str, pix_fmt: str) -> None:
    frames, seen = scene(0, 12), Seen()
    path = write_video(tmp_path / name, frames, codec=codec, pix_fmt=pix_fmt, options={"crf": "8"})
    pictures = [view.picture(64) for view in views(path, seen)]
    assert (len(pictures), seen.frames, seen.size, float(seen.end)) == (12, 12, (96, 64), 0.48)
    assert seen.remarks() == []
    assert all(np.abs(got.astype(int) - made).mean() < 12 for got, made in zip(pictures, frames, strict=True))


def test_variable_rates_and_late_starts_keep_their_times(tmp_path: Path) -> None:
    seen = Seen()
    path = write_video(tmp_path / "a.mkv", scene(0, 5), times=[500, 540, 580, 1000, 1040])
    assert _times(path, seen)[:4] == [(0.0, 0.04), (0.04, 0.08), (0.08, 0.5), (0.5, 0.54)]
    assert any("variable rate" in line for line in seen.remarks())


def test_frames_before_the_start_of_a_film_are_not_shown(tmp_path: Path) -> None:
    path = write_video(tmp_path / "a.mp4", scene(0, 6), times=[-80, -40, 0, 40, 80, 120], options={"bf": "0"})
    assert _times(path, Seen())[0][0] == 0.0
    assert len(_times(path, Seen())) == 4


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_turned_films_stand_upright_as_opencv_shows_them(tmp_path: Path, turn: int) -> None:
    path, seen = write_video(tmp_path / "a.mp4", scene(0, 3), rotation=turn), Seen()
    picture = next(views(path, seen)).picture(64)
    shown = cv2.VideoCapture(str(path)).read()[1][..., ::-1]
    assert (seen.rotation, seen.size) == (turn, picture.shape[1::-1])
    np.testing.assert_array_equal(picture, shown)


def test_pixels_become_square_and_odd_sizes_are_read(tmp_path: Path) -> None:
    path = write_video(tmp_path / "wide.mp4", scene(0, 3), aspect=Fraction(2, 1))
    seen = Seen()
    assert next(views(path, seen)).picture(32).shape == (32, 96, 3)
    assert seen.size == (192, 64)
    odd = write_video(tmp_path / "odd.mkv", scene(0, 3, (97, 61)), codec="ffv1", pix_fmt="bgr0")
    assert next(views(odd, Seen())).picture(100).shape == (61, 97, 3)


def test_damage_leaves_a_hole_and_no_smear(tmp_path: Path) -> None:
    path = write_video(tmp_path / "a.mp4", scene(0, 60), options={"g": "15", "bf": "0", "sc_threshold": "0"})
    content, packets = bytearray(path.read_bytes()), []
    with av.open(str(path)) as container:
        packets = [(packet.pos, packet.size) for packet in container.demux(video=0) if packet.size]
    place, size = packets[20]
    content[place + 5 : place + size] = bytes(size - 5)
    path.write_bytes(content)
    seen = Seen()
    times = _times(path, seen)
    assert seen.damaged and any("damaged" in line for line in seen.remarks())
    assert (0.76, 0.8) in times and (1.2, 1.24) in times
    assert not any(0.8 < start < 1.2 for start, _ in times)


def test_times_in_the_order_of_decoding_are_sorted() -> None:
    told = [decode._Timed(Fraction(time), None, False) for time in (0, 3, 1, 2, 6, 4, 5)]
    seen = Seen()
    assert [each.time for each in decode._sorted(told, seen)] == list(range(7))
    assert seen.reordered == 6


def test_a_truncated_film_gives_what_is_there(tmp_path: Path) -> None:
    whole = write_video(tmp_path / "whole.mkv", scene(0, 60), options={"g": "10"})
    cut = tmp_path / "cut.mkv"
    cut.write_bytes(whole.read_bytes()[: whole.stat().st_size // 2])
    seen = Seen()
    assert 0 < len(_times(cut, seen)) < 60
    assert any("can be decoded" in line for line in seen.remarks())


@pytest.mark.parametrize(
    ("name", "why"),
    [("empty", "no video that can be opened"), ("text", "no video that can be opened"), ("noise", "no video that can"),
     ("playlist", "no video that can be opened"), ("truncated", "no video that can be opened"),
     ("sound", "holds no film"), ("cover", "holds no film"), ("one-pixel", "1x1 pixels; expected 16 a side"),
     ("no-frames", "no video that can be opened")],
)  # fmt: skip
def test_what_is_no_film_is_named(tmp_path: Path, name: str, why: str) -> None:
    with pytest.raises(DataError, match=why):
        list(views(damaged_videos(tmp_path)[name], Seen()))


def test_sizes_and_lengths_are_refused_by_the_header(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write_video(tmp_path / "a.mp4", scene(0, 30))
    monkeypatch.setattr(decode, "LONGEST", 1)
    with pytest.raises(DataError, match="tells a length of 1 s; cut it into parts of 1 s"):
        next(views(path, Seen()))
    monkeypatch.setattr(decode, "MAX_PIXELS", 1000)
    with pytest.raises(DataError, match="has 96x64 pixels; make it smaller"):
        next(views(path, Seen()))
    with pytest.raises(DataError, match="is missing"):
        next(views(tmp_path / "none.mp4", Seen()))
