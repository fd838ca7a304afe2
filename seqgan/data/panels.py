"""Single panels of prepared stories with their labels, decoded into memory. Free of torch, and of the cast pack.

data = PanelData.open(folder, "test", space)
data.images          # uint8 (N, H, W, 3), panels in the order of the manifest
data.targets         # label group -> (N, rows) int64, see LabelSpace.encode
data.rows(3)         # the panels of story number 3, as a slice into N
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np

from seqgan.data.manifest import ABOUT, Record, read_about, read_records, read_strip
from seqgan.data.theatre.labels import LabelSpace
from seqgan.errors import DataError


@dataclass(frozen=True)
class PanelData:
    """Stories of one split: records, pictures and targets; `starts` (stories + 1) are the stories' first rows."""

    records: list[Record]
    space: LabelSpace
    images: np.ndarray
    targets: dict[str, np.ndarray]
    starts: np.ndarray

    @classmethod
    def open(
        cls, folder: Path, split: str | Sequence[str], space: LabelSpace, stories: int | None = None
    ) -> PanelData:  # fmt: skip
        """Read the first `stories` stories of a split, or of several one after another (all by default).

        Raises DataError where the folder is no prepared data set, has no such split, or shows what `space` lacks.
        """
        splits = (split,) if isinstance(split, str) else tuple(split)
        records = _first(chain.from_iterable(read_records(folder, each) for each in splits), stories)
        if not records:
            raise DataError(f"{folder} has no story of split {' or '.join(map(repr, splits))}; prepare that split")
        height, width = read_about(folder)["size"]
        strips = [read_strip(folder, record, (height, width)) for record in records]
        encoded = [_encode(space, panel, folder) for record in records for panel in record["panels"]]
        targets = {name: np.stack([row[name] for row in encoded]) for name in space.groups}
        starts = np.cumsum([0, *(len(record["panels"]) for record in records)])
        return cls(records, space, np.concatenate(strips), targets, starts)

    def __len__(self) -> int:
        return len(self.images)

    def rows(self, story: int) -> slice:
        """Where a story's panels lie."""
        return slice(int(self.starts[story]), int(self.starts[story + 1]))

    @property
    def told(self) -> list[dict[str, Any]]:
        """What every panel's sentence told, one record a panel (`seqgan.data.theatre.world.Told`)."""
        return [told for record in self.records for told in record["told"]]

    @property
    def panels(self) -> list[dict[str, Any]]:
        """Every panel's record."""
        return [panel for record in self.records for panel in record["panels"]]


def space_of(folder: Path) -> LabelSpace:
    """The label space of a prepared folder's cast pack, in alphabetical order. Raises DataError where it is missing."""
    words = read_about(folder).get("vocabulary")
    if not isinstance(words, dict):
        raise DataError(f"{folder / ABOUT} has no vocabulary; prepare the data set again")
    return LabelSpace(*(tuple(sorted(words[kind])) for kind in ("characters", "settings", "props")))


def _first(records: Iterable[Record], count: int | None) -> list[Record]:
    """The first `count` records, all where it is None."""
    found: list[Record] = []
    for record in records:
        if count is not None and len(found) >= count:
            break
        found.append(record)
    return found


def _encode(space: LabelSpace, panel: dict[str, Any], folder: Path) -> dict[str, np.ndarray]:
    try:
        return space.encode(panel)
    except ValueError as error:
        shown = [actor["who"] for actor in panel["actors"]] + panel["props"] + [panel["setting"]]
        known = {*space.characters, *space.props, *space.settings}
        strange = ", ".join(sorted(set(shown) - known)) or str(error)
        raise DataError(f"a panel in {folder} shows {strange}, outside the label space; train a judge on it") from error
