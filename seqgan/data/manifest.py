"""A data set's folder: manifest.jsonl (one record a line), dataset.json (what it is), and media beside them.

Writing never leaves half a data set: `Writing` fills a folder beside the wanted one and renames it at the end.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np
from PIL import Image

from seqgan.errors import DataError

FORMAT = 1
MANIFEST = "manifest.jsonl"
ABOUT = "dataset.json"
FOLDER = 1000
"""Media files a folder."""

Record = dict[str, Any]


def record_line(record: Record) -> str:
    """A record as its manifest line, without the line's end: compact JSON, keys in the order given, real UTF-8."""
    return json.dumps(record, ensure_ascii=False, separators=(",", ":"))


def pixel_digest(pixels: np.ndarray) -> bytes:
    """sha256 over shape and decoded bytes of a uint8 array, so that no PNG encoder has a part in it."""
    shape = "x".join(str(side) for side in pixels.shape)
    return sha256(shape.encode() + np.ascontiguousarray(pixels).tobytes()).digest()


class DataHash:
    """The data hash: manifest lines and decoded pixels, fed story by story in manifest order."""

    def __init__(self) -> None:
        self._hash = sha256(f"seqgan data {FORMAT}\n".encode())

    def add(self, line: str, pixels: bytes) -> None:
        """Feed one record: its line and the `pixel_digest` of its media."""
        self._hash.update(line.encode() + b"\n" + pixels)

    @property
    def value(self) -> str:
        """The hash so far, 64 hex digits."""
        return self._hash.hexdigest()


def read_about(folder: Path | str) -> Record:
    """The record in dataset.json. Raises DataError where it is missing, broken or of a newer format."""
    path = Path(folder) / ABOUT
    if not path.is_file():
        raise DataError(f"{path} is missing; expected a prepared data set, run 'seqgan data prepare' first")
    try:
        about = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise DataError(f"{path} is not JSON ({error}); prepare the data set again") from error
    if not isinstance(about, dict) or about.get("format") != FORMAT:
        came = about.get("format") if isinstance(about, dict) else type(about).__name__
        raise DataError(f"{path} has format {came!r}; this version reads format {FORMAT}, prepare the data set again")
    return about


def about_kind(folder: Path | str, kind: str, expected: str) -> Record:
    """The same of a data set of one kind. Raises DataError, which says what was `expected`, where it is of another."""
    about = read_about(folder)
    if about.get("kind") != kind:
        raise DataError(f"{folder} holds {about.get('kind', 'other')} data; expected {expected}")
    return about


def read_lines(folder: Path | str, name: str = MANIFEST) -> Iterator[tuple[int, str]]:
    """Every non-empty manifest line with its number from 1. Raises DataError where there is no manifest."""
    path = Path(folder) / name
    if not path.is_file():
        raise DataError(f"{path} is missing; expected one record a line, prepare the data set again")
    with path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, start=1):
            if line.strip():
                yield number, line.rstrip("\n")


def read_records(folder: Path | str, split: str | None = None, name: str = MANIFEST) -> Iterator[Record]:
    """The records of a data set in order, of one split or of all. Raises DataError naming a broken line."""
    for number, line in read_lines(folder, name):
        try:
            record = json.loads(line)
        except ValueError as error:
            raise DataError(f"{Path(folder) / name} line {number} is not JSON ({error})") from error
        if split is None or record.get("split") == split:
            yield record


def read_split(folder: Path | str, split: str) -> list[Record]:
    """The records of one split. Raises DataError where the folder is no prepared data set or has no such split."""
    records = list(read_records(folder, split))
    if not records:
        raise DataError(f"{Path(folder) / MANIFEST} has no record of split {split!r}; prepare the data with that split")
    return records


def write_media(folder: Path, number: int, pixels: np.ndarray) -> str:
    """Write picture `number` of a data set, uint8 (H, W, 3), as PNG; returns its path in the data set."""
    media = f"media/{number // FOLDER:03d}/{number:06d}.png"
    path = folder / media
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(pixels).save(path, compress_level=1)
    return media


def read_media(folder: Path | str, record: Record, size: Sequence[int]) -> np.ndarray:
    """The decoded media of a record, uint8 (*size, 3). Raises DataError where it is missing, broken or of another
    size."""
    path = Path(folder) / str(record["media"])
    if not path.is_file():
        raise DataError(f"{path} is missing; prepare the data set again")
    try:
        with Image.open(path) as picture:
            pixels = np.asarray(picture.convert("RGB"))
    except OSError as error:
        raise DataError(f"{path} cannot be decoded ({error}); prepare the data set again") from error
    if pixels.shape != (*size, 3):
        raise DataError(f"{path} is {pixels.shape[1]}x{pixels.shape[0]}; expected {size[1]}x{size[0]}")
    return pixels


def read_strip(folder: Path | str, record: Record, size: Sequence[int], panels: int = 0) -> np.ndarray:
    """The panels of a story, or the frames of a clip, as (T, H, W, 3) uint8, cut from its vertical strip.

    T is `panels`, or as many as the record has texts. Raises DataError as `read_media` does.
    """
    panels, (height, width) = panels or len(record["text"]), size
    return read_media(folder, record, (panels * height, width)).reshape(panels, height, width, 3)


def map_pixels(path: Path, shape: Sequence[int], pixels: Iterable[np.ndarray]) -> np.ndarray:
    """A memory map of uint8 (N, H, W, 3) at `path`, filled from `pixels` (single pictures or several) on first use.

    The name must tell the data hash, so that none is stale.
    """
    if not path.is_file():
        path.parent.mkdir(exist_ok=True)
        part = path.with_suffix(f".{os.getpid()}.npy")  # another run may be decoding the same
        images, row = np.lib.format.open_memmap(part, "w+", np.uint8, tuple(shape)), 0
        for each in pixels:
            count = len(each) if each.ndim == len(shape) else 1
            images[row : row + count] = each
            row += count
        images.flush()
        part.replace(path)
    return np.load(path, mmap_mode="r")


class Writing:
    """Write a data set beside its place, then put it there at once; on an error nothing is left.

    Use as a context manager; `.folder` is where to write. An existing data set (a folder with dataset.json) is
    replaced; any other non-empty folder raises DataError.
    """

    def __init__(self, out: Path | str) -> None:
        self.out = Path(out)
        self.folder = self.out.with_name(f"{self.out.name}.part-{os.getpid()}")

    def __enter__(self) -> Writing:
        if self.out.exists() and not self.out.is_dir():
            raise DataError(f"{self.out} is a file; expected a folder to write the data set to, give another -o")
        if self.out.is_dir() and any(self.out.iterdir()) and not (self.out / ABOUT).is_file():
            raise DataError(f"{self.out} holds other files; expected an empty or new folder, give another -o")
        self.folder.mkdir(parents=True)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None,
                 trace: TracebackType | None) -> None:  # fmt: skip
        if kind is not None:
            shutil.rmtree(self.folder, ignore_errors=True)
            return
        self._put()

    def _put(self) -> None:
        """Move the old set aside, the new one in, and only then delete the old one."""
        old = self.out.with_name(f"{self.out.name}.old-{os.getpid()}")
        if self.out.exists():
            self.out.rename(old)
        self.folder.rename(self.out)
        shutil.rmtree(old, ignore_errors=True)

    def write_json(self, name: str, data: Record) -> None:
        """Write one JSON file of the data set."""
        text = json.dumps(data, ensure_ascii=False, indent=2) + "\n"
        (self.folder / name).write_text(text, encoding="utf-8")
