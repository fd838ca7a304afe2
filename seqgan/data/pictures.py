"""Single pictures with captions and labels as a data set: written from a stream, read into a memory map. Torch-free.

    write_pictures(out, [Picture("rose-1", "train", ("a red rose",), pixels, {"class": "rose"}, "rose")], about)
    data = PictureData.open(out, "train")
    data.images          # uint8 (N, H, W, 3), in the order of the manifest
    data.captions[0]     # ("a red rose",)
    data.labels["class"] # int64 (N,), numbers in data.names["class"], -1 where a picture has none

dataset.json tells, besides counts and the data hash, what training may do: `crop` (height and width of a random crop of
the stored `size`), `flip` (mirrored pictures keep their captions), and `mismatch`, what makes a caption wrong for a
picture: "class", it is of a picture of another class; "caption", it is none of the picture's own.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

import numpy as np
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from seqgan.checks import check_choice
from seqgan.data.manifest import (
    FORMAT,
    MANIFEST,
    DataHash,
    Record,
    Writing,
    about_kind,
    map_pixels,
    pixel_digest,
    read_media,
    read_records,
    record_line,
    write_media,
)
from seqgan.errors import DataError

KIND = "picture"
MISMATCHES = ("class", "caption")
TOLD = ("name", "size", "crop", "flip", "mismatch", "licence")
"""What a data set must tell of itself."""


@dataclass(frozen=True)
class Picture:
    """One picture as it is prepared: pixels (H, W, 3) uint8, label group -> name; `source` is what splits are by."""

    id: str
    split: str
    captions: tuple[str, ...]
    pixels: np.ndarray
    labels: dict[str, str]
    source: str


def write_pictures(
    out: Path | str, pictures: Iterable[Picture], about: Mapping[str, object], progress: bool = True
) -> Record:
    """Write a data set from a stream of pictures; returns dataset.json's record. Nothing half written stays.

    Raises DataError for a picture without captions or of another size, an id that came before, an `about` that lacks
    something, or no picture at all.
    """
    if missing := [name for name in TOLD if name not in about]:
        raise DataError(f"a picture data set must tell {', '.join(missing)}")
    check_choice("mismatch", str(about["mismatch"]), MISMATCHES, DataError)
    record: Record = {"format": FORMAT, "kind": KIND, **about}
    digest, counts, labels, seen = DataHash(), Counter[str](), defaultdict[str, set[str]](set), set[str]()
    with Writing(out) as writing, writing_bar("pictures", progress) as bar:
        with (writing.folder / MANIFEST).open("w", encoding="utf-8", newline="\n") as manifest:
            for number, picture in enumerate(bar.track(pictures)):
                _check(picture, record["size"], seen)
                line = _put(picture, number, writing.folder)
                manifest.write(line + "\n")
                digest.add(line, pixel_digest(picture.pixels))
                counts[picture.split] += 1
                for group, name in picture.labels.items():
                    labels[group].add(name)
        if not counts:
            raise DataError("there is not one picture to write; look at the folder that was given")
        named = {group: sorted(names) for group, names in sorted(labels.items())}
        record |= {"counts": dict(counts), "labels": named, "hash": digest.value}
        writing.write_json("dataset.json", record)
    return record


def _check(picture: Picture, size: Sequence[int], seen: set[str]) -> None:
    if picture.id in seen:
        raise DataError(f"two pictures have the id {picture.id!r}; give each its own")
    seen.add(picture.id)
    if not picture.captions or not all(caption.strip() for caption in picture.captions):
        raise DataError(f"the picture {picture.id!r} has no caption, or an empty one; write one for it")
    if picture.pixels.dtype != np.uint8 or picture.pixels.shape != (*size, 3):
        raise DataError(f"the picture {picture.id!r} is {picture.pixels.shape}; expected uint8 {(*size, 3)}")


def _put(picture: Picture, number: int, folder: Path) -> str:
    """Write one picture and return its manifest line."""
    return record_line({
        "id": picture.id, "split": picture.split, "text": list(picture.captions),
        "media": write_media(folder, number, picture.pixels), "labels": picture.labels, "source": picture.source,
    })  # fmt: skip


def about_pictures(folder: Path | str) -> Record:
    """dataset.json of a picture data set. Raises DataError where it is one of another kind."""
    return about_kind(folder, KIND, "pictures with captions, such as 'seqgan data prepare folder' makes")


@dataclass(frozen=True)
class PictureData:
    """Pictures of one split or of several, one after another."""

    about: Record
    records: list[Record]
    images: np.ndarray
    captions: list[tuple[str, ...]]
    labels: dict[str, np.ndarray]
    names: dict[str, tuple[str, ...]]

    @classmethod
    def open(cls, folder: Path | str, split: str | Sequence[str]) -> PictureData:
        """Read a data set; its pictures are decoded once into `cache/`.

        Raises DataError where the folder is no picture data set, or has no such split.
        """
        folder, about = Path(folder), about_pictures(folder)
        splits = (split,) if isinstance(split, str) else tuple(split)
        records = list(chain.from_iterable(read_records(folder, each) for each in splits))
        if not records:
            known = ", ".join(about["counts"])
            raise DataError(f"{folder} has no picture of split {' or '.join(map(repr, splits))}; it has {known}")
        names = {group: tuple(each) for group, each in about["labels"].items()}
        labels = {group: _numbers(records, group, each) for group, each in names.items()}
        images = _decoded(folder, about, records, "+".join(splits))
        return cls(about, records, images, [tuple(record["text"]) for record in records], labels, names)

    def __len__(self) -> int:
        return len(self.records)

    @property
    def still(self) -> bool:
        """Does training see every picture the same way every time, neither cropped nor mirrored?"""
        return not self.about["flip"] and self.about["crop"] == self.about["size"]

    @property
    def sources(self) -> np.ndarray:
        """Numbers of the records' sources, (N,) int64: equal where the sources are."""
        return np.unique([record["source"] for record in self.records], return_inverse=True)[1]


def _numbers(records: Sequence[Record], group: str, names: Sequence[str]) -> np.ndarray:
    number = {name: place for place, name in enumerate(names)}
    return np.array([number.get(record["labels"].get(group), -1) for record in records], np.int64)


def _decoded(folder: Path, about: Record, records: Sequence[Record], name: str) -> np.ndarray:
    """The pictures as a memory map, decoded on first use."""
    path, size = folder / "cache" / f"{name}-{about['hash'][:16]}.npy", about["size"]
    return map_pixels(path, (len(records), *size, 3), (read_media(folder, record, size) for record in records))


def writing_bar(what: str, shown: bool) -> Progress:
    """A bar that counts what is written."""
    return Progress(TextColumn(f"writing {what}"), BarColumn(), MofNCompleteColumn(), disable=not shown)
