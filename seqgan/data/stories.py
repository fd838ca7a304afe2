"""Prepared stories as batches: panels decoded once into a memory map, labels and places beside them.

    data = StoryData.open(folder, "train", vocabulary)
    batch = data.batch(np.array([0, 7, 9]))

Everything a step needs is a function of the story numbers asked for, so that resume is exact.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from seqgan.data.manifest import read_about, read_split, read_strip
from seqgan.data.theatre.labels import SLOTS, LabelSpace
from seqgan.data.theatre.prepare import stage_of
from seqgan.data.theatre.world import Panel
from seqgan.errors import DataError
from seqgan.text.encoders import FROZEN_SIZE
from seqgan.text.vocab import Vocabulary


@dataclass(frozen=True)
class StoryBatch:
    """B stories of up to T panels, padded; N = B*T rows in story-major order where panels are flattened.

    tokens (B, T, L), frozen (B, T, 512), panel_mask (B, T) True = a panel, noise (B, T, Dz), images (B, T, 3, H, W)
    uint8, slots (B, T, S) the thing in every slot or -1, boxes (B, T, S, 4) its place, worn (B, T, S, 4) where in its
    picture it wears something, targets: group -> (B, T, rows).

    Several processes may share a batch: `counts` are the panels of all its stories, of which these are the B from
    `first` on.
    """

    tokens: Tensor
    frozen: Tensor
    panel_mask: Tensor
    noise: Tensor
    images: Tensor
    slots: Tensor
    boxes: Tensor
    worn: Tensor
    targets: dict[str, Tensor]
    counts: tuple[int, ...]
    first: int = 0

    def to(self, device: torch.device) -> StoryBatch:
        """The same batch on a device."""
        tensors = {f.name: value for f in fields(self) if isinstance(value := getattr(self, f.name), Tensor)}
        targets = {name: value.to(device) for name, value in self.targets.items()}
        return replace(self, targets=targets, **{name: value.to(device) for name, value in tensors.items()})

    @property
    def own(self) -> slice:
        """Where these stories are among all of the batch."""
        return slice(self.first, self.first + len(self.tokens))

    @property
    def own_rows(self) -> slice:
        """Where their panels are among all panels of the batch."""
        bounds = np.cumsum([0, *self.counts])
        return slice(int(bounds[self.own.start]), int(bounds[self.own.stop]))

    @property
    def rows(self) -> Tensor:
        """Indices into B*T of the real panels, (N,)."""
        return self.panel_mask.flatten().nonzero().flatten()


def pad(rows: Sequence[np.ndarray], shape: tuple[int, ...], value: float = 0) -> np.ndarray:
    """Stack arrays of unequal sizes into (len(rows), *shape), filled up with `value`."""
    out = np.full((len(rows), *shape), value, rows[0].dtype)
    for number, row in enumerate(rows):
        out[(number, *map(slice, row.shape))] = row
    return out


class StoryData:
    """One split of a prepared folder of stories."""

    def __init__(self, folder: Path, split: str, vocabulary: Vocabulary, space: LabelSpace) -> None:
        self.records = read_split(folder, split)
        self.space = space
        self.panels = [record["panels"] for record in self.records]
        self.starts = np.cumsum([0, *(len(panels) for panels in self.panels)])
        self.tokens = [vocabulary.encode_story(record["text"]) for record in self.records]
        self.arrays = _arrays(folder, split, self.records)

    def __len__(self) -> int:
        return len(self.records)

    @property
    def size(self) -> tuple[int, int]:
        """Height and width of the panels in pixels."""
        return self.arrays["images"].shape[1], self.arrays["images"].shape[2]

    def batch(self, numbers: Sequence[int] | np.ndarray, own: slice = slice(None)) -> StoryBatch:
        """The `own` part of the stories of these numbers, padded to the longest of all of them."""
        counts = tuple(len(self.panels[n]) for n in numbers)
        count = max(counts)
        length = max(len(tokens) for n in numbers for tokens in self.tokens[n])
        first, numbers = own.start or 0, numbers[own]
        words = [pad([np.array(row, np.int64) for row in self.tokens[n]], (length,)) for n in numbers]
        words = [np.concatenate([row, np.ones((count - len(row), length), np.int64)]) for row in words]
        targets = [[self.space.encode(panel) for panel in self.panels[n]] for n in numbers]
        slots = [np.stack([self.space.slots(panel) for panel in self.panels[n]]) for n in numbers]
        return StoryBatch(
            tokens=torch.from_numpy(np.stack(words)),
            panel_mask=torch.tensor([[k < len(self.panels[n]) for k in range(count)] for n in numbers]),
            slots=torch.from_numpy(pad(slots, (count, SLOTS), -1)),
            targets={name: self._target(name, targets, count) for name in self.space.groups},
            frozen=self._rows("frozen", numbers, count).float(),
            noise=self._rows("noise", numbers, count),
            images=self._rows("images", numbers, count).permute(0, 1, 4, 2, 3),
            boxes=self._rows("boxes", numbers, count),
            worn=self._rows("worn", numbers, count),
            counts=counts,
            first=first,
        )

    def _target(self, name: str, targets: list[list[dict[str, np.ndarray]]], count: int) -> Tensor:
        rows = [np.stack([panel[name] for panel in story]) for story in targets]
        return torch.from_numpy(pad(rows, (count, rows[0].shape[1]), -1))

    def _rows(self, name: str, numbers: Sequence[int] | np.ndarray, count: int) -> Tensor:
        array = self.arrays[name]
        rows = [np.asarray(array[self.starts[n] : self.starts[n + 1]]) for n in numbers]
        return torch.from_numpy(pad(rows, (count, *array.shape[1:])))


def _arrays(folder: Path, split: str, records: list[dict[str, Any]]) -> dict[str, np.ndarray]:
    """The arrays of a split as memory maps, made on first use; frozen vectors are zero where not embedded."""
    cache = folder / "cache" / split
    if not all((cache / f"{name}.npy").is_file() for name in ("worn", "noise")):  # caches of older programs lack some
        _build(folder, cache, records)
    arrays = {name: np.load(cache / f"{name}.npy", mmap_mode="r") for name in ("images", "boxes", "worn", "noise")}
    embedded = cache / "frozen.npy"
    total = len(arrays["noise"])
    arrays["frozen"] = (
        np.load(embedded, mmap_mode="r") if embedded.is_file() else np.broadcast_to(np.float16(0), (total, FROZEN_SIZE))
    )
    if len(arrays["images"]) != sum(len(record["panels"]) for record in records):
        raise DataError(f"{cache} was made from another manifest; delete that folder and start again")
    return arrays


def _build(folder: Path, cache: Path, records: list[dict[str, Any]]) -> None:
    """Decode every panel once; `noise.npy` is written last and marks the cache as whole."""
    cache.mkdir(parents=True, exist_ok=True)
    about = read_about(folder)
    (height, width), total = about["size"], sum(len(record["panels"]) for record in records)
    stage, jitter = stage_of(folder), about.get("jitter", 1.0)
    images = np.lib.format.open_memmap(cache / "images.npy", "w+", np.uint8, (total, height, width, 3))
    boxes, worn = np.zeros((2, total, SLOTS, 4), np.float32)
    row = 0
    for record in records:
        count = len(record["panels"])
        images[row : row + count] = read_strip(folder, record, (height, width))
        for number, panel in enumerate(record["panels"]):
            shown, noise = Panel.from_dict(panel), jitter * np.array(record["noise"][number])
            here = slice(len(shown.actors) + len(shown.props))
            boxes[row + number, here], worn[row + number, here] = stage.extents(shown, noise), stage.worn(shown, noise)
        row += count
    images.flush()
    np.save(cache / "boxes.npy", boxes)
    np.save(cache / "worn.npy", worn)
    noise = np.concatenate([np.array(record["noise"], np.float32) for record in records])
    np.save(cache / "noise.tmp.npy", noise)
    (cache / "noise.tmp.npy").replace(cache / "noise.npy")
