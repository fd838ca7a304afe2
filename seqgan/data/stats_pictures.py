"""Figures of picture data: captions, words, classes and other labels; and a map of its pictures."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from itertools import chain, zip_longest
from pathlib import Path

import numpy as np
from PIL import Image

from seqgan.data.figures import Figures, share
from seqgan.data.isomap import colour_features, isomap, shape_features, sheet
from seqgan.data.manifest import Record, read_media, read_records
from seqgan.data.pictures import about_pictures
from seqgan.data.readers.entries import by_hash
from seqgan.errors import DataError
from seqgan.text.captions import caption_words

MAPPED = 150
"""Pictures on a map."""


def picture_stats(records: Iterable[Record]) -> Figures:
    """Counts of pictures, sources, captions, words (as AttnGAN takes them) and labels, over manifest records."""
    pictures = list(records)
    captions = [caption for picture in pictures for caption in picture["text"]]
    words = [caption_words(caption) for caption in captions]
    lengths = sorted(len(each) for each in words) or [0]
    labels: dict[str, Counter[str]] = defaultdict(Counter)
    for picture in pictures:
        for group, name in picture["labels"].items():
            labels[group][name] += 1
    return {
        "pictures": len(pictures), "sources": len({picture["source"] for picture in pictures}),
        "captions_per_picture": share(len(captions), len(pictures)), "captions_unlike": len(set(captions)),
        "words_per_caption": {"least": lengths[0], "median": lengths[len(lengths) // 2], "most": lengths[-1],
                              "mean": share(sum(lengths), len(captions))},
        "vocabulary": len(set(chain.from_iterable(words))),
        **{group: dict(counts.most_common()) for group, counts in sorted(labels.items())},
    }  # fmt: skip


def picture_map(folder: Path | str, count: int = MAPPED) -> Image.Image:
    """An Isomap of colour and one of shape, of `count` pictures taken from all classes in turn, chosen by hash.

    Raises DataError where the folder holds no pictures, or fewer than three.
    """
    about = about_pictures(folder)
    records = _in_turn(list(read_records(folder)))[:count]
    if len(records) < 3:
        raise DataError(f"{folder} has {len(records)} pictures; a map needs three or more")
    images = np.stack([read_media(folder, record, about["size"]) for record in records])
    maps = {"colour": isomap(colour_features(images)), "shape": isomap(shape_features(images))}
    return sheet(maps, images)


def _in_turn(records: Sequence[Record]) -> list[Record]:
    """Records with one of every class first, then a second of every class, and so on."""
    place = {name: number for number, name in enumerate(by_hash(record["id"] for record in records))}
    classes: dict[str, list[Record]] = defaultdict(list)
    for record in sorted(records, key=lambda record: place[record["id"]]):
        classes[record["labels"].get("class", "")].append(record)
    return [record for row in zip_longest(*classes.values()) for record in row if record is not None]
