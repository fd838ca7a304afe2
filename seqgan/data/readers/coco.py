"""COCO 2014 with its captions, as its publishers, AttnGAN and HDGAN lay it out.

    FOLDER/annotations/captions_{train,val}2014.json  FOLDER/{train,val}2014/*.jpg         the publishers
    FOLDER/{train,test}/filenames.pickle  FOLDER/text/NAME.txt  FOLDER/images/*.jpg        AttnGAN and followers
    FOLDER/{train,val}/{filenames,captions}.pickle  FOLDER/coco_official/{train,val}2014/*.jpg     HDGAN

The publishers' validation pictures are the test split here, as in every paper. There are no classes: what makes a
caption wrong for a picture is that it is none of its own.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from seqgan.data.pickles import read_pickle
from seqgan.data.readers.entries import Entry, Report, check_name, clean_caption, find_one, read_captions, take_captions
from seqgan.data.readers.splits import read_listed
from seqgan.errors import DataError

PUBLISHED = 82_783 + 40_504
CAPTIONS = 5
LICENCE = "captions: CC BY 4.0, COCO Consortium; pictures: each under the terms of its photographer on Flickr"
SPLITS = {"train": "train", "val": "test", "test": "test"}
"""The publishers' names and ours."""

Found = Iterator[tuple[str, str, Sequence[str]]]
"""Name without ending, split, captions."""


def coco_entries(folder: Path, captions: int = CAPTIONS, report: Report | None = None) -> tuple[list[Entry], str]:
    """Entries of the set and how it was split.

    Raises DataError where a file of the layout is missing, damaged, hostile, or does not fit the others.
    """
    report = report or Report()
    entries = []
    found, told = _layout(folder, report)
    for name, split, written in found:
        if taken := take_captions(name, written, captions, report):
            entries.append(Entry(name, split, taken, _picture(folder, name), {}, name))
    return entries, told


def _layout(folder: Path, report: Report) -> tuple[Found, str]:
    if (folder / "annotations").is_dir():
        return _of_publishers(folder), "the publishers' train2014 and val2014"
    splits = ("train", "val" if (folder / "val/filenames.pickle").is_file() else "test")
    if (listed := read_listed([folder], splits)) is not None:
        told = _pickled(folder, splits) if (folder / "train/captions.pickle").is_file() else None
        return _of_followers(folder, listed, told, report), f"filenames.pickle of {splits[0]} and {splits[1]}"
    raise DataError(f"{folder} has neither annotations/captions_train2014.json nor train/filenames.pickle; put one "
                    "there, or name the folder of a layout that assets/guide/data.md shows")  # fmt: skip


def _of_publishers(folder: Path) -> Found:
    """Pictures of captions_{train,val}2014.json in the order of the file; a file that is not there has none."""
    find_one([folder / "annotations"], "captions_train2014.json", what="unpack annotations_trainval2014.zip")
    for part in ("train", "val"):
        path = folder / "annotations" / f"captions_{part}2014.json"
        if path.is_file():
            pictures, captions = read_annotations(path)
            for number, name in pictures.items():
                yield name, SPLITS[part], captions.get(number, [])


def read_annotations(path: Path) -> tuple[dict[int, str], dict[int, list[str]]]:
    """Picture number to name without ending, and to captions. Raises DataError for a damaged file."""
    try:
        table = json.loads(path.read_text(encoding="utf-8"))
        pictures = {int(each["id"]): str(each["file_name"]).rsplit(".", 1)[0] for each in table["images"]}
        captions: dict[int, list[str]] = defaultdict(list)
        for each in table["annotations"]:
            if caption := clean_caption(str(each["caption"])):
                captions[int(each["image_id"])].append(caption)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise DataError(f"{path} is no table of captions ({type(error).__name__}: {error}); get it anew") from None
    return {number: check_name(name, path) for number, name in pictures.items()}, captions


def _pickled(folder: Path, splits: Sequence[str]) -> dict[str, Sequence[str]]:
    """HDGAN's captions.pickle of every split: name to captions."""
    told: dict[str, Sequence[str]] = {}
    for split in splits:
        path = folder / split / "captions.pickle"
        table = read_pickle(path)
        if not isinstance(table, Mapping):
            raise DataError(f"{path} holds a {type(table).__name__}, expected names and their captions; get it anew")
        told |= {_text(name): [clean_caption(_text(each)) for each in captions] for name, captions in table.items()}
    return told


def _text(value: str | bytes) -> str:
    return value.decode("utf-8", errors="replace") if isinstance(value, bytes) else str(value)


def _of_followers(
    folder: Path, listed: Sequence[tuple[str, str]], told: Mapping[str, Sequence[str]] | None, report: Report
) -> Found:
    texts = find_one([folder], "text", what="captions, NAME.txt; the metadata holds them in a second zip") \
        if told is None else folder  # fmt: skip
    for name, split in listed:
        plain = name.rsplit("/", 1)[-1]
        try:
            captions = read_captions(texts / f"{plain}.txt") if told is None else told.get(name, told.get(plain, ()))
        except DataError as error:
            report.add(f"{plain}: {error}, left out")
            continue
        yield plain, SPLITS[split], captions


def _picture(folder: Path, name: str) -> Path:
    """The file of a picture in the first of the places that layouts know; that it exists is seen when it is read."""
    part = name.split("_")[1] if name.count("_") >= 2 else ""
    places = [folder / "images", folder / "images" / part, folder / part, folder / "coco_official" / part]
    files = [place / f"{name}.jpg" for place in places]
    return next((file for file in files if file.is_file()), files[0])
