"""Which animations are read, and which of their frames."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from seqgan.data.fluent.art import MOST, read_art, read_frames, shown
from seqgan.errors import DataError
from tests.fixtures.make_art import make_art, write_art

RED, GREEN, BLUE = (200, 0, 0, 255), (0, 200, 0, 128), (0, 0, 200, 255)
ASSETS = Path("fluent-motion", "part-1", "assets")


def test_frames_are_taken_evenly_by_time(tmp_path: Path) -> None:
    write_art(tmp_path / "a.webp", (RED, GREEN, BLUE), (10, 20, 10))
    frames = read_frames(tmp_path / "a.webp", 8)
    assert frames.shape == (8, 16, 16, 4) and frames.dtype == np.uint8
    assert [tuple(frame[3, 5]) for frame in frames] == [RED] * 2 + [GREEN] * 4 + [BLUE] * 2


def test_a_round_is_shown_whole_and_closes() -> None:
    assert shown((10,) * 4, 4) == [0, 1, 2, 3]
    assert shown((10,) * 4, 2) == [0, 2]
    assert shown((42,) * 72, 32)[-1] == 31 * 72 // 32
    assert shown((1, 1), 6) == [0, 0, 0, 1, 1, 1]


def test_only_moving_pictures_of_things_under_the_mit_licence_are_read(tmp_path: Path) -> None:
    names = {"1f40e": ("horse", 3), "1f3c3-200d-2640-fe0f": ("woman running", 1), "1f1e9-1f1ea": ("flag: Germany", 9),
             "1f468-200d-1f466": ("family: man, boy", 1)}  # fmt: skip
    where = make_art(tmp_path, names)
    write_art(tmp_path / ASSETS / "1f40e-1f3fb.webp", [RED], [])  # no name either
    write_art(tmp_path / ASSETS / "1f40e.webp", [RED], [])
    (art,) = read_art(where["fluent-motion"], where["emojibase"])
    assert (art.code, art.name, art.tags, art.group) == ("1f3c3-200d-2640", "woman running", ("one", "two"), "people")


def test_bad_files_are_refused_by_name(tmp_path: Path) -> None:
    where = make_art(tmp_path, {"1f40e": ("horse", 3)})
    path = tmp_path / ASSETS / "1f40e.webp"
    whole = path.read_bytes()
    for broken in (b"RIFF....WEBPnothing", b"", whole[:30]):
        path.write_bytes(broken)
        with pytest.raises(DataError, match=r"1f40e\.webp is no whole WebP"):
            read_art(where["fluent-motion"], where["emojibase"])
    Image.new("RGBA", (8, 9)).save(path, "WEBP")
    with pytest.raises(DataError, match=r"1f40e\.webp has 1 frames of 8x9; expected a square"):
        read_art(where["fluent-motion"], where["emojibase"])
    Image.new("RGBA", (MOST[1] + 1, MOST[1] + 1)).save(path, "WEBP")
    with pytest.raises(DataError, match="of at most 1024 pixels"):
        read_art(where["fluent-motion"], where["emojibase"])
    Image.new("RGBA", (8, 8)).save(path, "PNG")
    with pytest.raises(DataError, match="is no whole WebP"):
        read_frames(path, 4)


def test_a_frame_that_cannot_be_decoded_is_refused_by_name(tmp_path: Path) -> None:
    path = tmp_path / "a.webp"
    noise = np.random.default_rng(0).integers(0, 256, (2, 16, 16, 4), np.uint8)
    first, second = (Image.fromarray(frame) for frame in noise)
    first.save(path, "WEBP", save_all=True, append_images=[second], duration=40, lossless=True)
    data = bytearray(path.read_bytes())
    start = data.rindex(b"VP8L") + 13  # after what tells the frame's size
    data[start:] = b"\xff" * (len(data) - start)
    path.write_bytes(data)
    with pytest.raises(DataError, match=r"a\.webp cannot be decoded"):
        read_frames(path, 2)


def test_a_missing_folder_says_how_to_get_it(tmp_path: Path) -> None:
    where = make_art(tmp_path, {"1f40e": ("horse", 3)})
    with pytest.raises(DataError, match="seqgan data fetch fluent-motion"):
        read_art(tmp_path, where["emojibase"])
    with pytest.raises(DataError, match="seqgan data fetch emojibase"):
        read_art(where["fluent-motion"], tmp_path)
