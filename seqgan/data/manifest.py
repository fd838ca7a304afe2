"""A data set's folder: manifest.jsonl (one record a line), dataset.json (what it is), and media beside them.

Writing never leaves half a data set: `Writing` fills a folder beside the wanted one and renames it at the end.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
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


def read_lines(folder: Path | str) -> Iterator[tuple[int, str]]:
    """Every non-empty manifest line with its number from 1. Raises DataError where there is no manifest."""
    path = Path(folder) / MANIFEST
    if not path.is_file():
        raise DataError(f"{path} is missing; expected one record a line, prepare the data set again")
    with path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, start=1):
            if line.strip():
                yield number, line.rstrip("\n")


def read_records(folder: Path | str, split: str | None = None) -> Iterator[Record]:
    """The records of a data set in order, of one split or of all. Raises DataError naming a broken line."""
    for number, line in read_lines(folder):
        try:
            record = json.loads(line)
        except ValueError as error:
            raise DataError(f"{Path(folder) / MANIFEST} line {number} is not JSON ({error})") from error
        if split is None or record.get("split") == split:
            yield record


def read_split(folder: Path | str, split: str) -> list[Record]:
    """The records of one split. Raises DataError where the folder is no prepared data set or has no such split."""
    records = list(read_records(folder, split))
    if not records:
        raise DataError(f"{Path(folder) / MANIFEST} has no record of split {split!r}; prepare the data with that split")
    return records


def read_strip(folder: Path | str, record: Record, size: tuple[int, int]) -> np.ndarray:
    """The panels of a story as (T, H, W, 3) uint8, cut from its vertical strip.

    Raises DataError when the picture is missing, cannot be decoded, or is not T panels of `size` (H, W) high.
    """
    path = Path(folder) / str(record["media"])
    panels, (height, width) = len(record["text"]), size
    if not path.is_file():
        raise DataError(f"{path} is missing; prepare the data set again")
    try:
        with Image.open(path) as picture:
            strip = np.asarray(picture.convert("RGB"))
    except OSError as error:
        raise DataError(f"{path} cannot be decoded ({error}); prepare the data set again") from error
    if strip.shape != (panels * height, width, 3):
        raise DataError(f"{path} is {strip.shape[1]}x{strip.shape[0]}; expected {width}x{panels * height}")
    return strip.reshape(panels, height, width, 3)


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
