"""What every reader of a published picture set shares: entries, a report of what was left out, decoding, framing.

    report = Report()
    entries = cub_entries(Path("data/birds"), captions=10, report=report)
    write_pictures(out, pictures(entries, Frame(64), report), about("cub", Frame(64), report, ...))

A reader lists entries from the files of a layout and decodes nothing; `pictures` then decodes and frames one entry at a
time. What cannot be used is named in the report; with `strict` the first such thing is an error.
"""

from __future__ import annotations

import unicodedata
import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path
from typing import Any, Literal

import numpy as np
from PIL import Image, ImageOps

from seqgan.data.pickles import read_pickle
from seqgan.data.pictures import Picture
from seqgan.errors import DataError

Box = tuple[int, int, int, int]
MAX_PIXELS = 64_000_000
"""Larger pictures are refused before they are decoded."""
PICTURES = (".jpg", ".jpeg", ".png", ".webp", ".bmp")
"""Endings of the pictures that are looked for."""


@dataclass(frozen=True)
class Entry:
    """A picture before it is decoded; `box` is (left, top, right, bottom) in pixels, None for the whole picture."""

    id: str
    split: str
    captions: tuple[str, ...]
    file: Path
    labels: dict[str, str]
    source: str
    box: Callable[[int, int], Box] | None = None


@dataclass
class Report:
    """What was left out or is not as published, in words. With `strict` the first line is an error."""

    strict: bool = False
    lines: list[str] = field(default_factory=list)

    def add(self, line: str) -> None:
        """Note a line. Raises DataError with it if the report is strict."""
        if self.strict:
            raise DataError(f"{line}; put it right, or leave --strict away to go on without it")
        self.lines.append(line)


@dataclass(frozen=True)
class Frame:
    """How pictures become squares that training sees as `size` x `size` pixels (sheet A.9 of AttnGAN).

    "crop" fits the short side to size * 76/64 and keeps the middle square, of which training draws a random crop;
    "pad" shows the whole picture on white, at `size`.
    """

    size: int = 64
    fit: Literal["crop", "pad"] = "crop"

    @property
    def stored(self) -> int:
        """Side of the stored squares in pixels."""
        return self.size * 76 // 64 if self.fit == "crop" else self.size

    def pixels(self, picture: Image.Image) -> np.ndarray:
        """An RGB picture as uint8 (stored, stored, 3)."""
        side = (self.stored, self.stored)
        if self.fit == "pad":
            framed = ImageOps.pad(picture, side, Image.Resampling.BICUBIC, color="white")
        else:
            framed = ImageOps.fit(picture, side, Image.Resampling.BICUBIC)
        return np.asarray(framed)


def pictures(entries: Iterable[Entry], frame: Frame, report: Report) -> Iterator[Picture]:
    """Decode and frame entries one by one; a file that is no picture goes into the report."""
    for entry in entries:
        try:
            decoded = read_photo(entry.file, entry.box)
        except DataError as error:
            report.add(f"{entry.id}: {error}")
            continue
        yield Picture(entry.id, entry.split, entry.captions, frame.pixels(decoded), entry.labels, entry.source)


def read_photo(path: Path, box: Callable[[int, int], Box] | None = None) -> Image.Image:
    """A picture file in RGB, upright, transparent parts on white; `box` gives the part to take from width and height.

    Raises DataError for a file that is missing, no picture, cut off, or larger than MAX_PIXELS.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(path) as picture:
                if picture.width * picture.height > MAX_PIXELS:
                    raise DataError(f"{path} has {picture.width}x{picture.height} pixels; make it smaller")
                return _on_white(picture.crop(box(*picture.size)) if box else ImageOps.exif_transpose(picture))
    except FileNotFoundError:
        raise DataError(f"{path} is missing") from None
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise DataError(f"{path} is no picture that can be read ({error})") from None


def _on_white(picture: Image.Image) -> Image.Image:
    if picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info:
        clear = picture.convert("RGBA")
        return Image.alpha_composite(Image.new("RGBA", clear.size, "white"), clear).convert("RGB")
    return picture.convert("RGB")


def clean_caption(text: str) -> str:
    """A caption on one line, broken letters and control characters as spaces (published files hold some)."""
    plain = "".join(" " if sign == "\ufffd" or unicodedata.category(sign) in ("Cc", "Cs", "Co") else sign
                    for sign in text)  # fmt: skip
    return " ".join(plain.split())


def read_captions(path: Path) -> tuple[str, ...]:
    """The captions of a text file, one a line. Raises DataError where the file is missing or cannot be read."""
    try:
        text = path.read_text(encoding="utf-8-sig", errors="replace")
    except OSError as error:
        raise DataError(f"{path} cannot be read ({error.strerror})") from None
    return tuple(caption for line in text.splitlines() if (caption := clean_caption(line)))


def take_captions(name: str, found: Sequence[str], wanted: int, report: Report) -> tuple[str, ...]:
    """The first `wanted` captions. Fewer are taken and reported; none are reported and give ()."""
    if not found:
        report.add(f"{name}: has no caption, left out")
    elif len(found) < wanted:
        report.add(f"{name}: has {len(found)} of {wanted} captions")
    return tuple(found[:wanted])


def captions_of(name: str, path: Path, wanted: int, report: Report) -> tuple[str, ...]:
    """The first `wanted` captions of a text file, () and a line in the report where there are none."""
    try:
        found = read_captions(path)
    except DataError as error:
        report.add(f"{name}: {error}, left out")
        return ()
    return take_captions(name, found, wanted, report)


def read_names(path: Path) -> list[str]:
    """The names in a filenames.pickle, text or bytes. Raises DataError for a hostile or damaged file."""
    names = read_pickle(path)
    if not isinstance(names, list | tuple) or not all(isinstance(name, str | bytes) for name in names):
        raise DataError(f"{path} holds no list of names; get the one of the official repository")
    return [check_name(name.decode("latin-1") if isinstance(name, bytes) else name, path) for name in names]


def check_name(name: str, path: Path) -> str:
    """A picture's name as a file of a data set gives it. Raises DataError where it leads out of the folder."""
    if not name or name.startswith("/") or ".." in name.split("/") or any(sign in name for sign in "\\:\0"):
        raise DataError(f"{path} names {name!r}, which leads out of its folder; get it from its publisher")
    return name


def read_numbers(path: Path, count: int) -> list[int]:
    """The class numbers in a class_info.pickle. Raises DataError where they are not `count` whole numbers."""
    numbers = read_pickle(path)
    if isinstance(numbers, np.ndarray):
        numbers = numbers.tolist()
    if not isinstance(numbers, list | tuple) or not all(isinstance(number, int | np.integer) for number in numbers):
        raise DataError(f"{path} holds no list of class numbers; get the one of the official repository")
    if len(numbers) != count:
        raise DataError(f"{path} has {len(numbers)} numbers for {count} names of filenames.pickle; get both anew")
    return [int(number) for number in numbers]


def by_hash(names: Iterable[str], seed: int = 0) -> list[str]:
    """Different names in the order of their hashes: the same on every machine, and of no pattern."""
    return sorted(set(names), key=lambda name: sha256(f"{seed}|{name}".encode()).digest())


def set_aside(entries: Sequence[Entry], count: int, seed: int = 0) -> list[Entry]:
    """Entries with `count` sources of "train" moved to "val", chosen by hash.

    Raises DataError where train would keep none.
    """
    sources = by_hash((entry.source for entry in entries if entry.split == "train"), seed)
    if count and count >= len(sources):
        raise DataError(f"--val {count} leaves nothing of the {len(sources)} sources of train; give a smaller number")
    chosen = set(sources[:count])
    return [replace(entry, split="val") if entry.split == "train" and entry.source in chosen else entry
            for entry in entries]  # fmt: skip


def find_one(folders: Iterable[Path], *names: str, what: str) -> Path:
    """The first of `names` that exists in one of the folders. Raises DataError naming what was looked for."""
    places = list(folders)
    for folder in places:
        for name in names:
            if (folder / name).exists():
                return folder / name
    raise DataError(f"{places[0]} has no {' or '.join(names)} ({what}); put it there, or name the folder of a layout "
                    "that assets/guide/data.md shows")  # fmt: skip


def about(
    name: str, frame: Frame, report: Report, *, mismatch: str, split_by: str, licence: str, seed: int = 0,
    flip: bool = True,
) -> dict[str, Any]:  # fmt: skip
    """What dataset.json tells of a set made by a reader; `left_out` is the report as it stands when all is written."""
    return {
        "name": name, "size": [frame.stored, frame.stored], "crop": [frame.size, frame.size], "flip": flip,
        "mismatch": mismatch, "seed": seed, "licence": licence, "split_by": split_by, "left_out": report.lines,
    }  # fmt: skip
