"""Stories told in attribute vectors, as CLEVR-SV has them: every panel adds an object to a scene."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from seqgan.checks import check_range
from seqgan.errors import DataError

PANELS, SIZE = 4, 64
GROUPS = (3, 8, 2, 2)
"""Shapes, colours, materials, sizes: one of each an object, one-hot; its place (x, y, z) follows."""
LABELS, SLOT = sum(GROUPS), sum(GROUPS) + 3
CAMERA = (0.6563113, 0.75449026, 0.0)
"""Three constants at the end of a vector: the camera's right hand."""
COLOURS = ((87, 87, 87), (173, 35, 35), (42, 75, 215), (29, 105, 20),
           (129, 74, 25), (129, 38, 192), (41, 208, 208), (255, 238, 51))  # fmt: skip
FILE = "stories.npz"


@dataclass(frozen=True)
class AttributeStories:
    """S stories: vectors (S, T, 75) float32, cumulative, and their pictures (S, T, H, W, 3) uint8."""

    vectors: np.ndarray
    images: np.ndarray

    def __len__(self) -> int:
        return len(self.vectors)

    @property
    def labels(self) -> np.ndarray:
        """What is in each panel, (S, T, 15) float32 in {0, 1}: shapes, colours, materials, sizes."""
        slots = self.vectors[..., : PANELS * SLOT].reshape(*self.vectors.shape[:2], PANELS, SLOT)
        return slots[..., :LABELS].max(2)

    def parts(self, share: float = 0.1) -> tuple[AttributeStories, AttributeStories]:
        """The first stories to train on and the last `share` (one at least) to look at."""
        last = max(round(share * len(self)), 1)
        return (
            AttributeStories(self.vectors[:-last], self.images[:-last]),
            AttributeStories(self.vectors[-last:], self.images[-last:]),
        )


def read_stories(folder: Path) -> AttributeStories:
    """Read `stories.npz` of a folder. Raises DataError where it is missing, damaged, or of other shapes."""
    path = folder / FILE
    if not path.is_file():
        raise DataError(f"{folder} holds no {FILE} (stories told in attribute vectors); name another data set")
    try:
        with np.load(path, allow_pickle=False) as arrays:
            vectors, images = arrays["vectors"], arrays["images"]
    except (OSError, ValueError, KeyError, EOFError) as error:
        raise DataError(f"{path} cannot be read ({error}); expected arrays 'vectors' and 'images'") from error
    told, shown = (None, PANELS, PANELS * SLOT + len(CAMERA)), (None, PANELS, SIZE, SIZE, 3)
    for name, array, shape in (("vectors", vectors, told), ("images", images, shown)):
        if array.shape[1:] != shape[1:] or len(array) != len(vectors):
            raise DataError(f"{name} of {path} have shape {array.shape}, expected {shape} of equal lengths")
    return AttributeStories(vectors.astype(np.float32), images)


def synthetic_stories(count: int, seed: int = 0) -> AttributeStories:
    """Draw stories of plain coloured blocks on a grey ground, in the format of CLEVR-SV: for trying things out.

    Raises InputError for fewer than one.
    """
    check_range("stories", count, 1)
    rng = np.random.default_rng(seed)
    vectors = np.zeros((count, PANELS, PANELS * SLOT + len(CAMERA)), np.float32)
    vectors[..., -len(CAMERA) :] = CAMERA
    shade = np.linspace(150, 200, SIZE).astype(np.uint8)[:, None, None]
    images = np.broadcast_to(shade, (count, PANELS, SIZE, SIZE, 3)).copy()
    for story in range(count):
        for panel in range(PANELS):
            numbers = [int(rng.integers(size)) for size in GROUPS]
            place = rng.uniform(-3, 3, 2)
            slot = np.concatenate([np.eye(size)[number] for size, number in zip(GROUPS, numbers, strict=True)])
            height = 0.35 if numbers[3] else 0.7
            vectors[story, panel:, panel * SLOT : (panel + 1) * SLOT] = [*slot, *place, height]
            _draw(images[story, panel:], numbers, place)
    return AttributeStories(vectors, images)


def _draw(frames: np.ndarray, numbers: list[int], place: np.ndarray) -> None:
    """One object into frames (T, H, W, 3): a square, a disc or a tall box; metal is lighter than rubber."""
    shape, colour, material, size = numbers
    radius = 5 if size else 9
    x, y = 12 + (place + 3) / 6 * (SIZE - 24)
    down, along = np.mgrid[:SIZE, :SIZE]
    dx, dy = np.abs(along - x), np.abs(down - y)
    inside = (dx <= radius) & (dy <= radius), dx**2 + dy**2 <= radius**2, (dx <= 0.6 * radius) & (dy <= radius)
    light = 40 if material else 0
    frames[:, inside[shape]] = np.minimum(np.array(COLOURS[colour]) + light, 255)


def write_synthetic(folder: Path, count: int = 60) -> None:
    """Make the synthetic set as a folder that `read_stories` reads, where it is not there yet."""
    if not (folder / FILE).is_file():
        folder.mkdir(parents=True, exist_ok=True)
        stories = synthetic_stories(count)
        beside = folder / f"making-{FILE}"
        np.savez_compressed(beside, vectors=stories.vectors, images=stories.images)
        beside.replace(folder / FILE)
