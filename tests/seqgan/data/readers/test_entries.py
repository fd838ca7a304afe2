"""What readers share: framing, decoding, captions, names, splits by hash, the report."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from seqgan.data.readers import entries as module
from seqgan.data.readers.entries import (
    Entry,
    Frame,
    Report,
    by_hash,
    captions_of,
    clean_caption,
    pictures,
    read_captions,
    read_names,
    read_numbers,
    read_photo,
    set_aside,
)
from seqgan.errors import DataError
from tests.fixtures.make_pictures import draw


def entry(name: str, file: Path, split: str = "train") -> Entry:
    return Entry(name, split, ("a flower",), file, {}, name)


@pytest.mark.parametrize(("size", "stored"), [(64, 76), (128, 152), (256, 304), (32, 38)])
def test_crops_are_stored_larger_than_they_are_seen(size: int, stored: int) -> None:
    assert Frame(size).stored == stored
    assert Frame(size, "pad").stored == size


def test_the_middle_square_of_a_photograph_is_kept() -> None:
    wide = Image.new("RGB", (760, 76), "red")
    wide.paste("blue", (342, 0, 418, 76))  # exactly the middle
    assert (Frame(64).pixels(wide) == (0, 0, 255)).all()


def test_a_padded_picture_is_whole_on_white() -> None:
    pixels = Frame(40, "pad").pixels(Image.new("RGB", (40, 20), "red"))
    assert pixels.shape == (40, 40, 3) and (pixels[10:30] == (255, 0, 0)).all()
    assert (pixels[:10] == 255).all() and (pixels[30:] == 255).all()


def test_shrinking_averages() -> None:
    stripes = np.zeros((760, 760, 3), np.uint8)
    stripes[::2] = 254
    assert np.abs(Frame(64).pixels(Image.fromarray(stripes)).astype(int) - 127).max() <= 4


def test_clear_parts_become_white(tmp_path: Path) -> None:
    clear = Image.new("RGBA", (4, 4), (255, 0, 0, 0))
    clear.save(tmp_path / "a.png")
    clear.convert("P").save(tmp_path / "b.png", transparency=0)
    for name in ("a.png", "b.png"):
        assert read_photo(tmp_path / name).getpixel((1, 1)) == (255, 255, 255)


def test_grey_and_turned_photographs_are_rgb_and_upright(tmp_path: Path) -> None:
    turned = Image.new("L", (4, 8), 9)
    exif = turned.getexif()
    exif[0x0112] = 6
    turned.save(tmp_path / "a.jpg", exif=exif)
    photo = read_photo(tmp_path / "a.jpg")
    assert (photo.mode, photo.size) == ("RGB", (8, 4))


def broken(path: Path) -> None:
    path.write_bytes(b"GIF? no, nothing")


def cut(path: Path) -> None:
    draw(path, 1)
    path.write_bytes(path.read_bytes()[:2000])


@pytest.mark.parametrize(
    ("spoil", "words"), [(broken, "is no picture that can be read"), (cut, "truncated"), (Path.mkdir, "no picture"),
                         (lambda path: None, "is missing")],
)  # fmt: skip
def test_a_file_that_is_no_picture_is_named_and_left_out(
    tmp_path: Path, spoil: Callable[[Path], None], words: str
) -> None:
    draw(tmp_path / "good.jpg", 1)
    spoil(tmp_path / "bad.jpg")
    report = Report()
    both = [entry("bad", tmp_path / "bad.jpg"), entry("good", tmp_path / "good.jpg")]
    assert [picture.id for picture in pictures(both, Frame(16), report)] == ["good"]
    assert len(report.lines) == 1 and report.lines[0].startswith("bad: ") and words in report.lines[0]
    with pytest.raises(DataError, match="bad: .*leave --strict away"):
        list(pictures(both, Frame(16), Report(strict=True)))


def test_a_huge_picture_is_refused_before_it_is_decoded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    draw(tmp_path / "a.jpg", 1, (30, 20))
    monkeypatch.setattr(module, "MAX_PIXELS", 599)
    with pytest.raises(DataError, match="has 30x20 pixels; make it smaller"):
        read_photo(tmp_path / "a.jpg")


@pytest.mark.parametrize(
    ("text", "clean"),
    [("  a  red\tbird \r", "a red bird"),
     ("a\ufffd\ufffdb", "a b"), ("a\x00b\u200d", "a b\u200d"), ("caf\u00e9", "café")],
)  # fmt: skip
def test_captions_are_cleaned(text: str, clean: str) -> None:
    assert clean_caption(text) == clean


def test_captions_of_a_file(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"\xef\xbb\xbfone bird\r\n\r\n  \nanother\xff\xfebird\n")
    assert read_captions(path) == ("one bird", "another bird")
    report = Report()
    assert captions_of("a", path, 1, report) == ("one bird",) and report.lines == []
    assert captions_of("a", path, 3, report) == ("one bird", "another bird")
    assert captions_of("b", tmp_path / "b.txt", 3, report) == ()
    path.write_text("\n")
    assert captions_of("c", path, 3, report) == ()
    assert [line.split(": ")[0] for line in report.lines] == ["a", "b", "c"]
    assert report.lines[0] == "a: has 2 of 3 captions" and "cannot be read" in report.lines[1]


def test_names_of_any_python(tmp_path: Path) -> None:
    path = tmp_path / "filenames.pickle"
    path.write_bytes(b"(lp0\nS'001.A/a_1'\np1\na.")  # Python 2
    assert read_names(path) == ["001.A/a_1"]
    path.write_bytes(pickle.dumps([b"COCO_1", "COCO_2"]))
    assert read_names(path) == ["COCO_1", "COCO_2"]


@pytest.mark.parametrize("value", [{"a": 1}, [1, 2], "abc", None])
def test_a_pickle_of_something_else(tmp_path: Path, value: object) -> None:
    path = tmp_path / "filenames.pickle"
    path.write_bytes(pickle.dumps(value))
    with pytest.raises(DataError, match="holds no list of names"):
        read_names(path)


@pytest.mark.parametrize("name", ["../a", "/etc/a", "a/../../b", "c:a", "a\\b", ""])
def test_names_stay_in_their_folder(tmp_path: Path, name: str) -> None:
    path = tmp_path / "filenames.pickle"
    path.write_bytes(pickle.dumps([name]))
    with pytest.raises(DataError, match="leads out of its folder"):
        read_names(path)


def test_class_numbers(tmp_path: Path) -> None:
    path = tmp_path / "class_info.pickle"
    path.write_bytes(pickle.dumps(np.array([1, 2])))
    assert read_numbers(path, 2) == [1, 2]
    with pytest.raises(DataError, match="has 2 numbers for 3 names"):
        read_numbers(path, 3)
    path.write_bytes(pickle.dumps(["1"]))
    with pytest.raises(DataError, match="holds no list of class numbers"):
        read_numbers(path, 1)


def test_setting_classes_aside(tmp_path: Path) -> None:
    many = [Entry(f"{kind}{n}", "test" if kind == "d" else "train", ("x",), tmp_path, {}, kind)
            for kind in "abcd" for n in range(3)]  # fmt: skip
    after = set_aside(many, 1)
    moved = {entry.source for entry in after if entry.split == "val"}
    assert len(moved) == 1 and moved < set("abc")
    assert moved.isdisjoint(entry.source for entry in after if entry.split != "val")
    assert set_aside(many, 0) == many
    with pytest.raises(DataError, match="--val 3 leaves nothing of the 3 sources"):
        set_aside(many, 3)


def test_the_order_by_hash_is_fixed() -> None:
    assert by_hash("abcdef") == by_hash("fedcbaa")
    assert by_hash("abcdef", 1) != by_hash("abcdef", 2)
