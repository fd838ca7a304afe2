"""What can be wrong with a data set of pictures: captions, labels, sources and pictures shared by splits.

A split whose name ends in `_pairs` holds out pairs, not sources: its classes are in train too, but every picture of it
shows a pair of class and another label (an owl in the style of Noto) that no picture of train shows.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from PIL import Image

from seqgan.data.manifest import Record, read_media
from seqgan.data.pictures import MISMATCHES, TOLD
from seqgan.data.problems import Found, broken_caption

PAIRS = "_pairs"
SIDE, BITS = 16, 8
"""Pictures are compared at 16 x 16 pixels, and found by 8 x 8 bits: brighter than the mean or not."""
ALIKE, SPOT = 3.0, 48
"""Pictures of different splits are near-duplicates if they differ by fewer levels of 255 than this on average, and
nowhere by as many as this: clock faces are alike but for their hands."""
BANDS = 4
"""Only pictures that share one of four parts of their bits are compared: with three bits unlike, one part is equal."""


class PictureCheck:
    """Looks over pictures; problems go to `found`."""

    fields: tuple[str, ...] = ("id", "split", "text", "media", "labels", "source")
    unit = "pictures"

    def __init__(self, folder: Path, about: Record, found: Found) -> None:
        self._folder, self._about, self._found = folder, about, found
        self._small: dict[str, np.ndarray] = {}
        if missing := [name for name in (*TOLD, "labels") if name not in about]:
            found.add("about", f"dataset.json lacks {', '.join(missing)}")
        if about.get("mismatch") not in (*MISMATCHES, None):
            found.add("about", f"dataset.json has mismatch {about['mismatch']!r}; expected {' or '.join(MISMATCHES)}")

    def record(self, record: Record) -> bool:
        """Captions and labels of one picture; False where they are no list and no table."""
        name, found = record["id"], self._found
        if not isinstance(record["text"], list) or not isinstance(record["labels"], dict):
            found.add("manifest", f"{name}: text must be a list and labels a table")
            return False
        if not record["text"]:
            found.add("captions", f"{name}: has no caption")
        for number, text in enumerate(record["text"], start=1):
            if reason := broken_caption(text, slots=False):
                found.add("captions", f"{name} caption {number}: {reason}")
        for group, label in record["labels"].items():
            if label not in self._about.get("labels", {}).get(group, ()):
                found.add("labels", f"{name}: {group} {label!r} is not among the labels of dataset.json")
        return True

    def pixels(self, record: Record) -> np.ndarray:
        """A picture, uint8 (H, W, 3). Raises DataError as read_media does."""
        pixels = read_media(self._folder, record, self._about["size"])
        small = Image.fromarray(pixels).resize((SIDE, SIDE), Image.Resampling.BOX)
        self._small[record["id"]] = np.asarray(small).reshape(-1)
        return pixels

    def together(self, records: Sequence[Record]) -> None:
        """Sources and pairs of class and label where they must not be, and near-duplicates across splits."""
        _sources(records, self._found)
        _pairs(records, self._found)
        seen = [record for record in records if record["id"] in self._small]
        for one, two, distance in _near(seen, np.array([self._small[record["id"]] for record in seen])):
            if not _excused(one, two):
                self._found.add("near-duplicates", f"{one['id']} ({one['split']}) and {two['id']} ({two['split']}) "
                                f"look alike: {distance:.1f} of 255 levels apart")  # fmt: skip


def _excused(one: Record, two: Record) -> bool:
    """Pictures of one source may be alike where a split holds out pairs: it shows what train shows otherwise."""
    return one["source"] == two["source"] and (one["split"].endswith(PAIRS) or two["split"].endswith(PAIRS))


def _sources(records: Sequence[Record], found: Found) -> None:
    """Sources that stand in two splits; a split of held-out pairs shares them."""
    splits: dict[str, set[str]] = defaultdict(set)
    for record in records:
        if not record["split"].endswith(PAIRS):
            splits[record["source"]].add(record["split"])
    for source, where in splits.items():
        if len(where) > 1:
            found.add("sources", f"the source {source} is in the splits {', '.join(sorted(where))}")


def _pairs(records: Sequence[Record], found: Found) -> None:
    """Pictures of a split of held-out pairs all of whose pairs train shows."""
    trained = {pair for record in records if record["split"] == "train" for pair in _labelled(record)}
    for record in records:
        if record["split"].endswith(PAIRS) and trained.issuperset(_labelled(record)):
            found.add("held-out pairs", f"{record['id']}: {record['split']} shows no pair of class and label that is "
                      "not in train")  # fmt: skip


def _labelled(record: Record) -> set[tuple[str, str, str]]:
    """(class, group, label) of every label but the class; where there is no class, the source stands for it."""
    kind = record["labels"].get("class", record["source"])
    return {(kind, group, label) for group, label in record["labels"].items() if group != "class"}


def _near(records: Sequence[Record], small: np.ndarray) -> Iterator[tuple[Record, Record, float]]:
    """Pairs of different splits that look alike, with their distance; `small` is (N, SIDE * SIDE * 3) uint8."""
    if not records:
        return
    splits = np.unique([record["split"] for record in records], return_inverse=True)[1]
    most = np.bincount(splits).argmax()
    told: set[tuple[int, int]] = set()
    for rows in _buckets(_bits(small).view(np.uint16)):
        for row in rows[splits[rows] != most]:  # against the largest split, and against later rows of the others
            others = rows[(splits[rows] == most) | ((splits[rows] != splits[row]) & (rows > row))]
            apart = np.abs(small[others].astype(np.int16) - small[row])
            alike = (apart.mean(1) < ALIKE) & (apart.max(1, initial=0) < SPOT)
            for other, distance in zip(others[alike], apart[alike].mean(1), strict=True):
                if (row, other) not in told:
                    told.add((row, other))
                    yield records[row], records[other], float(distance)


def _bits(small: np.ndarray) -> np.ndarray:
    """Whether each of 8 x 8 fields is brighter than the picture's mean, (N, 8) bytes."""
    step = SIDE // BITS
    grey = small.reshape(len(small), BITS, step, BITS, step * 3).astype(np.float32).mean((2, 4)).reshape(len(small), -1)
    return np.packbits(grey > grey.mean(1, keepdims=True), axis=1)


def _buckets(bands: np.ndarray) -> Iterator[np.ndarray]:
    """Rows, ascending, that share a part of their bits; `bands` is (N, BANDS)."""
    for part in range(BANDS):
        order = np.argsort(bands[:, part], kind="stable")
        cuts = np.flatnonzero(np.diff(bands[order, part])) + 1
        yield from (rows for rows in np.split(order, cuts) if len(rows) > 1)
