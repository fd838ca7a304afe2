"""The HDF5 files that StoryDALL-E and AR-LDM train on, one a data set. Needs the package h5py.

    FILE/{train,val,test}/image0 ... image4   variable-length uint8: a PNG, vertical strip of the clip's square frames
    FILE/{train,val,test}/text                the captions of a story, joined by "|"; VIST has `sis` and `dii` instead

The file tells neither clips nor episodes. Pictures with the same bytes and caption are one clip, and stories that share
clips, one with another or by a third, count as one source.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any, Literal

import numpy as np
from PIL import Image

from seqgan.data.readers.clips import ClipEntry, Found, linked, strip_frames
from seqgan.data.readers.entries import Report, clean_caption
from seqgan.data.sequences import Story
from seqgan.errors import DataError

SPLITS = ("train", "val", "test")
LICENCE = "pictures: their makers', for research only"

Text = Literal["text", "sis", "dii"]


def h5_stories(path: Path, text: Text = "text", report: Report | None = None) -> Found:
    """Clips and stories of a file; `text` is the list of captions to take.

    Raises DataError where h5py is not installed, the file is none of HDF5, or lacks a list.
    """
    report, file = report or Report(), _opened(path)
    splits = [split for split in SPLITS if split in file]
    if not splits:
        raise DataError(f"{path} has the groups {', '.join(file) or 'none'}; expected train, val and test")
    length = len(_images(file[splits[0]], path))
    clips, stories = dict[str, ClipEntry](), list[Story]()
    for split in splits:
        images, captions = _images(file[split], path), _texts(file[split], text, path)
        if any(len(each) != len(captions) for each in images) or len(images) != length:
            raise DataError(f"{path}: {split} has {len(captions)} texts and other numbers of pictures; get it anew")
        for number, told in enumerate(captions):
            if len(told) != length:
                report.add(f"{split}/{number}: has {len(told)} captions of {length}, left out")
                continue
            entries = [_entry(images[place], number, told[place]) for place in range(length)]
            clips.update((entry.id, entry) for entry in entries)
            stories.append(Story(f"{split}/{number}", split, tuple(entry.id for entry in entries), ""))
    numbers = linked(story.clips for story in stories)
    stories = [Story(story.id, story.split, story.clips, f"run {number}")
               for story, number in zip(stories, numbers, strict=True)]  # fmt: skip
    return Found(clips, stories, {
        "name": path.stem, "length": length, "groups": {}, "seed": 0, "licence": LICENCE,
        "split_by": "groups of the file", "vectors_from": None,
    })  # fmt: skip


def _opened(path: Path) -> Any:
    try:
        import h5py
    except ImportError:
        raise DataError("HDF5 files need the package h5py, which is not installed: pip install h5py") from None
    try:
        return h5py.File(path, "r")
    except OSError as error:
        raise DataError(f"{path} cannot be opened as HDF5 ({error}); give the .h5 file itself") from None


def _images(group: Any, path: Path) -> list[Any]:
    """image0, image1, ... of a split."""
    names = [f"image{number}" for number in range(len(group))]
    found = [group[name] for name in names if name in group]
    if not found:
        raise DataError(f"{path}: {group.name} has {', '.join(group) or 'nothing'}; expected image0, image1, ...")
    return found


def _texts(group: Any, text: Text, path: Path) -> list[list[str]]:
    if text not in group:
        raise DataError(f"{path}: {group.name} has {', '.join(group)}; expected {text}, name the list with --text")
    return [_cut(each) for each in group[text][()]]


def _cut(told: Any) -> list[str]:
    whole = told.decode("utf-8", "replace") if isinstance(told, bytes) else str(told)
    captions = [clean_caption(each) for each in whole.split("|")]
    return captions if all(captions) else []


def _entry(images: Any, number: int, caption: str) -> ClipEntry:
    digest = sha256(_bytes(images, number) + b"\0" + caption.encode()).hexdigest()[:20]
    return ClipEntry(digest, (caption,), partial(_frames, images, number))


def _bytes(images: Any, number: int) -> bytes:
    return np.asarray(images[number], np.uint8).tobytes()


def _frames(images: Any, number: int) -> Iterator[Image.Image]:
    return strip_frames(_bytes(images, number))
