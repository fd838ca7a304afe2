"""The published numbers of CLEVR-SV: 75 a panel, four slots of 18 for what is there and three for the camera.

A slot is one-hot shape (3), colour (8), material (2) and size (2), then x, y, z; slots of things that come later are 0.
"""

from __future__ import annotations

import numpy as np

from seqgan.data.clevr.scene import GROUPS, PANELS, RADII, Scene, Thing
from seqgan.errors import DataError

WIDTHS = tuple(len(names) for names in GROUPS.values())
LABELS = sum(WIDTHS)
SLOT = LABELS + 3
CAMERA_NUMBERS = (0.6563113, 0.75449026, 0.0)
"""Three constants at the end of a vector: the camera's right hand."""
LENGTH = PANELS * SLOT + len(CAMERA_NUMBERS)
LAYOUT = (
    f"{LENGTH} numbers a panel: {PANELS} slots of {SLOT} (shape {WIDTHS[0]}, colour {WIDTHS[1]}, material {WIDTHS[2]}, "
    f"size {WIDTHS[3]}, x, y, z) and {len(CAMERA_NUMBERS)} of the camera"
)


def scene_vectors(scene: Scene) -> np.ndarray:
    """The vectors of a scene's panels, (T, 75) float32: panel t tells of the first t things."""
    vectors = np.zeros((len(scene.things), LENGTH), np.float32)
    vectors[:, -len(CAMERA_NUMBERS) :] = CAMERA_NUMBERS
    for panel, thing in enumerate(scene.things):
        vectors[panel:, panel * SLOT : (panel + 1) * SLOT] = _slot(thing)
    return vectors


def _slot(thing: Thing) -> np.ndarray:
    hots = [np.eye(width)[number] for width, number in zip(WIDTHS, thing.numbers, strict=True)]
    return np.concatenate([*hots, [thing.x, thing.y, thing.radius]])


def check_vectors(vectors: np.ndarray, where: str) -> np.ndarray:
    """Vectors (T, 75) of a story as float32. Raises DataError for another length, or slots that are no things."""
    vectors = np.asarray(vectors, np.float32)
    if vectors.ndim != 2 or vectors.shape[1] != LENGTH:
        raise DataError(f"the vectors of {where} have shape {vectors.shape}; expected {LAYOUT}")
    slots = slots_of(vectors)
    there = slots[..., :LABELS].any(-1)
    for start, width in zip(np.cumsum((0, *WIDTHS)), WIDTHS, strict=False):
        hot = slots[..., start : start + width]
        if not np.isin(hot, (0, 1)).all() or (hot.sum(-1) != there).any():
            raise DataError(f"the vectors of {where} are not one-hot in {LABELS} numbers a slot; expected {LAYOUT}")
    return vectors


def slots_of(vectors: np.ndarray) -> np.ndarray:
    """Vectors (..., 75) as their slots (..., 4, 18)."""
    return vectors[..., : PANELS * SLOT].reshape(*vectors.shape[:-1], PANELS, SLOT)


def labels_of(vectors: np.ndarray) -> np.ndarray:
    """What is in each panel, (..., 15) in {0, 1}: shapes, colours, materials, sizes."""
    return slots_of(vectors)[..., :LABELS].max(-2)


def named_labels(vector: np.ndarray) -> dict[str, tuple[str, ...]]:
    """What is in one panel by group and name: {"shapes": ("cube",), "colours": ("red",), ...}."""
    bits, start, named = labels_of(vector), 0, {}
    for group, names in GROUPS.items():
        named[group] = tuple(name for name, bit in zip(names, bits[start:], strict=False) if bit)
        start += len(names)
    return named


def things_of(vector: np.ndarray) -> tuple[Thing, ...]:
    """The things that one vector (75,) tells of; their turn is not told, and is 0."""
    told = [slot for slot in slots_of(vector) if slot[:LABELS].any()]
    return tuple(_thing(slot) for slot in told)


def _thing(slot: np.ndarray) -> Thing:
    parts = np.split(slot[:LABELS], np.cumsum(WIDTHS)[:-1])
    shape, colour, material, size = (int(part.argmax()) for part in parts)
    if abs(float(slot[-1]) - RADII[size]) > 0.01:
        raise DataError(f"a thing's height is {slot[-1]:.2f}; expected {RADII[size]}, that of its size")
    return Thing(shape, colour, material, size, float(slot[-3]), float(slot[-2]))
