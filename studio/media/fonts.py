"""Fonts for captions: DejaVu Sans ships with the program, the system's fonts stand in for what it lacks.

    stack = FontStack.default()
    [run.text for run in stack.runs("Cleo 在雪地里走")]     # split by the face that can draw it
    stack.missing("ⴰⵣⵓⵍ")                                  # characters that no face here can draw

Which characters a font file holds is read from its `cmap` table (OpenType specification, section "cmap", formats
0, 4, 6, 12 and 13), so that no further package is needed for it.
"""

from __future__ import annotations

import functools
import os
import shutil
import struct
import subprocess
import sys
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from PIL import ImageFont

from seqgan.resources import asset
from studio.errors import StudioError

SUFFIXES = (".ttf", ".ttc", ".otf", ".otc")
# Bitmap emoji fonts offer these pixel sizes only (Noto 109, Apple 160 and below); they are drawn so and scaled.
BITMAP_SIZES = (109, 160, 136, 128, 96, 64)
SCRIPT_WORDS = {"CJK": "Chinese or Japanese", "HIRAGANA": "Japanese", "KATAKANA": "Japanese", "HANGUL": "Korean"}


@functools.lru_cache(maxsize=64)
def coverage(path: Path, index: int = 0) -> frozenset[int]:
    """Code points that face `index` of a font file maps to a glyph; empty for a file that is no readable font."""
    try:
        data = path.read_bytes()
        return frozenset(_code_points(data, _face_offset(data, index)))
    except (OSError, struct.error, IndexError):
        return frozenset()


def _face_offset(data: bytes, index: int) -> int:
    return struct.unpack_from(">I", data, 12 + 4 * index)[0] if data[:4] == b"ttcf" else 0


def _code_points(data: bytes, face: int) -> Iterator[int]:
    tables = struct.unpack_from(">H", data, face + 4)[0]
    for entry in range(tables):
        tag, _, offset, _ = struct.unpack_from(">4sIII", data, face + 12 + 16 * entry)
        if tag == b"cmap":
            yield from _cmap_points(data, offset)


def _cmap_points(data: bytes, cmap: int) -> Iterator[int]:
    for record in range(struct.unpack_from(">H", data, cmap + 2)[0]):
        platform, encoding, offset = struct.unpack_from(">HHI", data, cmap + 4 + 8 * record)
        if platform == 0 or (platform == 3 and encoding in (1, 10)):
            reader = _FORMATS.get(struct.unpack_from(">H", data, cmap + offset)[0])
            if reader is not None:
                yield from reader(data, cmap + offset)


def _format_0(data: bytes, at: int) -> Iterator[int]:
    yield from (code for code in range(256) if data[at + 6 + code])


def _format_4(data: bytes, at: int) -> Iterator[int]:
    count = struct.unpack_from(">H", data, at + 6)[0] // 2
    ends = struct.unpack_from(f">{count}H", data, at + 14)
    starts = struct.unpack_from(f">{count}H", data, at + 16 + 2 * count)
    deltas = struct.unpack_from(f">{count}H", data, at + 16 + 4 * count)
    ranges_at = at + 16 + 6 * count
    for i, (start, end, delta) in enumerate(zip(starts, ends, deltas, strict=True)):
        offset = struct.unpack_from(">H", data, ranges_at + 2 * i)[0]
        for code in range(start, min(end, 0xFFFE) + 1):
            glyph = code + delta
            if offset:
                glyph = struct.unpack_from(">H", data, ranges_at + 2 * i + offset + 2 * (code - start))[0]
            if glyph & 0xFFFF:
                yield code


def _format_6(data: bytes, at: int) -> Iterator[int]:
    first, count = struct.unpack_from(">HH", data, at + 6)
    glyphs = struct.unpack_from(f">{count}H", data, at + 10)
    yield from (first + i for i, glyph in enumerate(glyphs) if glyph)


def _format_12(data: bytes, at: int) -> Iterator[int]:
    for group in range(struct.unpack_from(">I", data, at + 12)[0]):
        start, end, glyph = struct.unpack_from(">III", data, at + 16 + 12 * group)
        yield from range(start + (glyph == 0), min(end, 0x10FFFF) + 1)


_FORMATS: dict[int, Callable[[bytes, int], Iterator[int]]] = {
    0: _format_0,
    4: _format_4,
    6: _format_6,
    12: _format_12,
    13: _format_12,
}


@dataclass(frozen=True)
class Face:
    """One face of a font file."""

    path: Path
    index: int = 0

    def covers(self, text: str) -> bool:
        """Whether every visible character of `text` has a glyph here."""
        known = coverage(self.path, self.index)
        return all(ord(char) in known for char in text if not invisible(char))

    def at(self, size: int) -> tuple[ImageFont.FreeTypeFont, float]:
        """The face at `size` pixels, and the factor by which what it draws must be scaled (1 but for bitmaps)."""
        return _load(self.path, self.index, size)


@functools.lru_cache(maxsize=256)
def _load(path: Path, index: int, size: int) -> tuple[ImageFont.FreeTypeFont, float]:
    for pixels in (size, *BITMAP_SIZES):
        try:
            return ImageFont.truetype(str(path), pixels, index=index), size / pixels
        except OSError:
            continue
    raise StudioError(f"{path}: no font could be read from this file; reinstall the font or remove it")


def invisible(char: str) -> bool:
    """White space, control and format characters and variation selectors: they need no glyph."""
    selector = 0xFE00 <= ord(char) <= 0xFE0F or 0xE0100 <= ord(char) <= 0xE01EF
    return char.isspace() or selector or unicodedata.category(char) in ("Cc", "Cf")


def needs_shaping(text: str) -> bool:
    """Whether letters join, turn or stack (Arabic, Hebrew, marks): then a setter without HarfBuzz gets it wrong."""
    return any(unicodedata.bidirectional(char) in ("R", "AL", "NSM") for char in text)


def script_of(char: str) -> str:
    """Name of a character's script in plain words, from the first word of its Unicode name."""
    word = unicodedata.name(char, f"U+{ord(char):04X}").split()[0]
    if unicodedata.category(char) == "So":
        return "emoji and symbols"
    return SCRIPT_WORDS.get(word, word if word.startswith("U+") else word.capitalize())


@dataclass(frozen=True)
class Run:
    """A stretch of text in one face; `face` is None where nothing here can draw it."""

    text: str
    face: Face | None


@dataclass(frozen=True)
class FontStack:
    """The shipped face first, then whatever `find` offers for a character it lacks."""

    shipped: Face
    find: Callable[[str], Iterable[Face]]

    @classmethod
    def default(cls) -> FontStack:
        """DejaVu Sans from the program's assets, then the fonts of this system."""
        return cls(Face(asset("fonts", "DejaVuSans.ttf")), system_faces)

    def runs(self, text: str) -> list[Run]:
        """`text` split by face; one face for the whole of it where any can draw the whole."""
        if self.shipped.covers(text):
            return [Run(text, self.shipped)] if text else []
        whole = self._whole(text)
        if whole is not None:
            return [Run(text, whole)]
        return _joined((char, self._face(char)) for char in text)

    def missing(self, text: str) -> str:
        """The characters of `text` that no face can draw, each once, in order."""
        lacking = "".join(run.text for run in self.runs(text) if run.face is None)
        return "".join(dict.fromkeys(char for char in lacking if not invisible(char)))

    def _whole(self, text: str) -> Face | None:
        lacking = [char for char in text if not self.shipped.covers(char)]
        return next((face for face in self._candidates(lacking[0]) if face.covers(text)), None)

    def _face(self, char: str) -> Face | None:
        if self.shipped.covers(char):
            return self.shipped
        return next(iter(self._candidates(char)), None)

    def _candidates(self, char: str) -> Iterable[Face]:
        return (face for face in self.find(char) if face.covers(char))


def _joined(pairs: Iterable[tuple[str, Face | None]]) -> list[Run]:
    runs: list[Run] = []
    for char, face in pairs:
        # Joiners and selectors belong to what stands before them; a blank is as wide as the shipped face has it.
        if runs and (runs[-1].face == face or (invisible(char) and not char.isspace())):
            runs[-1] = Run(runs[-1].text + char, runs[-1].face)
        else:
            runs.append(Run(char, face))
    return runs


@functools.lru_cache(maxsize=4096)
def system_faces(char: str) -> tuple[Face, ...]:
    """Faces of this system that hold `char`, plain upright ones first; at most eight."""
    if shutil.which("fc-list"):
        return _ask_fontconfig(char)
    return tuple(face for face in _faces_in(font_folders()) if ord(char) in coverage(face.path, face.index))[:8]


def _ask_fontconfig(char: str) -> tuple[Face, ...]:
    command = ["fc-list", "--format", "%{file}\t%{index}\n", f":charset={ord(char):x}"]
    try:
        listed = subprocess.run(command, capture_output=True, text=True, timeout=20, check=False).stdout
    except (OSError, subprocess.SubprocessError):
        return ()
    rows = [line.split("\t") for line in listed.splitlines() if line.count("\t") == 1]
    # Named instances of variable fonts carry their number in the high half; the face is the low half.
    faces = {Face(Path(name), int(index) & 0xFFFF) for name, index in rows if name.lower().endswith(SUFFIXES)}
    return tuple(sorted(faces, key=_plainness))[:8]


def font_folders() -> list[Path]:
    """Where this system keeps its fonts."""
    home = Path.home()
    if sys.platform == "win32":
        local = Path(os.environ.get("LOCALAPPDATA", home / "AppData" / "Local"))
        return [Path(os.environ.get("WINDIR", r"C:\Windows")) / "Fonts", local / "Microsoft" / "Windows" / "Fonts"]
    if sys.platform == "darwin":
        return [Path("/System/Library/Fonts"), Path("/Library/Fonts"), home / "Library" / "Fonts"]
    return [
        Path("/usr/share/fonts"),
        Path("/usr/local/share/fonts"),
        home / ".fonts",
        home / ".local" / "share" / "fonts",
    ]


@functools.lru_cache(maxsize=1)
def _installed(folders: tuple[Path, ...]) -> tuple[Face, ...]:
    files = (path for folder in folders if folder.is_dir() for path in folder.rglob("*"))
    return tuple(sorted((Face(path) for path in files if path.suffix.lower() in SUFFIXES), key=_plainness))


def _faces_in(folders: list[Path]) -> tuple[Face, ...]:
    return _installed(tuple(folders))


def _plainness(face: Face) -> tuple[int, int, str]:
    name = face.path.stem.lower()
    styled = sum(word in name for word in ("bold", "italic", "oblique", "black", "light", "thin", "mono", "serif"))
    return styled, "sans" not in name, f"{face.path}:{face.index}"
