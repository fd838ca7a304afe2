"""The cmap reader and the stack of fonts."""

from __future__ import annotations

import struct
import sys
from pathlib import Path

import pytest
from PIL import ImageFont

from seqgan.resources import asset
from studio.errors import StudioError
from studio.media import fonts
from studio.media.fonts import Face, FontStack, Run, coverage, invisible, script_of, system_faces

DEJAVU = asset("fonts", "DejaVuSans.ttf")


def _font(subtable: bytes, platform: int = 3, encoding: int = 1) -> bytes:
    """A font file that is nothing but a cmap with one subtable."""
    cmap = struct.pack(">HHHHI", 0, 1, platform, encoding, 12) + subtable
    return struct.pack(">IHHHH", 0x00010000, 1, 0, 0, 0) + struct.pack(">4sIII", b"cmap", 0, 28, len(cmap)) + cmap


FORMAT_0 = struct.pack(">HHH", 0, 262, 0) + bytes(65) + b"\x01\x02" + bytes(256 - 67)
FORMAT_4 = (
    struct.pack(">HHHHHHH", 4, 0, 0, 4, 0, 0, 0)
    + struct.pack(">HH", 0x42, 0xFFFF)
    + b"\0\0"
    + struct.pack(">HH", 0x41, 0xFFFF)
    + struct.pack(">HH", 0, 1)
    + struct.pack(">HH", 4, 0)
    + struct.pack(">HH", 0, 9)  # A has no glyph, B has
)
FORMAT_6 = struct.pack(">HHHHH", 6, 0, 0, 0x61, 3) + struct.pack(">HHH", 5, 0, 6)
FORMAT_12 = struct.pack(">HHIII", 12, 0, 0, 0, 1) + struct.pack(">III", 0x1F600, 0x1F602, 0)
FORMAT_13 = struct.pack(">HHIII", 13, 0, 0, 0, 1) + struct.pack(">III", 0x4E00, 0x4E01, 1)


@pytest.mark.parametrize(
    ("subtable", "expected"),
    [
        (FORMAT_0, {65, 66}),
        (FORMAT_4, {0x42}),
        (FORMAT_6, {0x61, 0x63}),
        (FORMAT_12, {0x1F601, 0x1F602}),
        (FORMAT_13, {0x4E00, 0x4E01}),
        (struct.pack(">HHH", 2, 6, 0), set()),
    ],
)
def test_every_format_of_cmap_is_read(subtable, expected, tmp_path) -> None:
    path = tmp_path / "font.ttf"
    path.write_bytes(_font(subtable))
    assert coverage(path) == expected


def test_other_platforms_are_left_out(tmp_path) -> None:
    path = tmp_path / "font.ttf"
    path.write_bytes(_font(FORMAT_0, platform=1, encoding=0))
    assert coverage(path) == frozenset()


def test_collections_are_read_by_index(tmp_path) -> None:
    plain = _font(FORMAT_6)
    shifted = bytearray(plain)
    struct.pack_into(">I", shifted, 20, 28 + 16)  # the table's offset counts from the start of the file
    path = tmp_path / "fonts.ttc"
    path.write_bytes(struct.pack(">4sIII", b"ttcf", 0x10000, 1, 16) + bytes(shifted))
    assert coverage(path, 0) == {0x61, 0x63}


@pytest.mark.parametrize("data", [b"", b"not a font at all", _font(FORMAT_4)[:40]])
def test_what_is_no_font_covers_nothing(data, tmp_path) -> None:
    path = tmp_path / "font.ttf"
    path.write_bytes(data)
    assert coverage(path) == frozenset()
    assert coverage(tmp_path / "gone.ttf") == frozenset()


def test_dejavu_covers_what_freetype_says_it_covers() -> None:
    face, font = Face(DEJAVU), ImageFont.truetype(str(DEJAVU), 40)
    blank = bytes(font.getmask("\ufffe"))
    for char in "aéßЖλאم☺€":
        assert face.covers(char)
        assert bytes(font.getmask(char)) != blank
    assert not face.covers("你")


def test_one_face_draws_the_whole_where_it_can() -> None:
    stack = FontStack.default()
    assert stack.runs("Mia walks.") == [Run("Mia walks.", Face(DEJAVU))]
    assert stack.runs("") == []
    assert FontStack(Face(Path("none")), lambda _char: [Face(DEJAVU)]).runs("Mia") == [Run("Mia", Face(DEJAVU))]


def test_what_nothing_covers_is_named_once() -> None:
    stack = FontStack(Face(DEJAVU), lambda _char: ())
    assert stack.missing("Mia 你好 你 walks\u200d.") == "你好"
    assert [run.text for run in stack.runs("Mia 你好 walks")] == ["Mia ", "你好", " walks"]


@pytest.mark.parametrize(
    ("char", "script"),
    [("你", "Chinese or Japanese"), ("の", "Japanese"), ("한", "Korean"), ("ம", "Tamil"), ("🎂", "emoji and symbols"),
     ("\ue000", "U+E000")],
)  # fmt: skip
def test_scripts_have_plain_names(char, script) -> None:
    assert script_of(char) == script


def test_selectors_and_joiners_need_no_glyph() -> None:
    assert all(invisible(char) for char in " \n\u200d\ufe0f\u0007")
    assert not invisible("\u0301")


def test_a_broken_font_file_is_an_error_that_names_it(tmp_path) -> None:
    path = tmp_path / "broken.ttf"
    path.write_bytes(b"nothing")
    with pytest.raises(StudioError, match=r"broken\.ttf"):
        Face(path).at(20)


def test_the_folders_of_the_system_are_searched_without_fontconfig(tmp_path, monkeypatch) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "Copy.ttf").write_bytes(DEJAVU.read_bytes())
    (tmp_path / "notes.txt").write_text("no font")
    monkeypatch.setattr(fonts.shutil, "which", lambda _name: None)
    monkeypatch.setattr(fonts, "font_folders", lambda: [tmp_path, tmp_path / "gone"])
    system_faces.cache_clear()
    assert system_faces("é") == (Face(tmp_path / "sub" / "Copy.ttf"),)
    assert system_faces("你") == ()
    system_faces.cache_clear()


@pytest.mark.parametrize(("platform", "folder"), [("win32", "Fonts"), ("darwin", "/Library/Fonts"), ("linux", "fonts")])
def test_every_system_has_its_folders(platform, folder, monkeypatch) -> None:
    monkeypatch.setattr(sys, "platform", platform)
    assert any(folder in str(path) for path in fonts.font_folders())


@pytest.mark.parametrize(
    ("text", "needed"), [("Mia walks.", False), ("מיה", True), ("ميا", True), ("e\u0301", True), ("米娅", False)]
)
def test_scripts_that_join_or_stack_need_shaping(text, needed) -> None:
    assert fonts.needs_shaping(text) is needed


def test_blanks_after_emoji_are_as_wide_as_in_the_text(tmp_path) -> None:
    cake = Face(tmp_path / "emoji.ttf")
    cake.path.write_bytes(
        _font(struct.pack(">HHIII", 12, 0, 0, 0, 1) + struct.pack(">III", 0x1F382, 0x1F382, 1), 3, 10)
    )
    stack = FontStack(Face(DEJAVU), lambda _char: [cake])
    assert stack.runs("cake 🎂\ufe0f for") == [
        Run("cake ", Face(DEJAVU)),
        Run("🎂\ufe0f", cake),
        Run(" for", Face(DEJAVU)),
    ]
