"""Draws the panels of a scene of CLEVR-SV: perspective, soft shadows, rubber that is matt and metal that mirrors.

    panels = draw_story(draw_scene(rng))   # (4, 64, 64, 3) uint8

Rays are cast through a grid SAMPLES times finer than the picture, at the things alone; the floor is smooth and is lit a
pixel at a time. What a thing shades and mirrors is found once a story, and each panel takes of it what is there yet.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from seqgan.checks import check_range
from seqgan.data.clevr.camera import Camera
from seqgan.data.clevr.light import AROUND, FLAT, STRENGTHS, Lamps, covered, encoded, lamp_light, shaded
from seqgan.data.clevr.scene import Scene, Thing
from seqgan.data.clevr.surfaces import PAINTS, Surface, seen_at, surface_of
from seqgan.errors import DataError

SAMPLES = 3
SIZES = (16, 256)
GLOW = np.float32(1.35)
"""How much of its colour a thing throws on the floor, of the light that it takes from it."""


@dataclass(frozen=True)
class Floor:
    """N pixels of floor: lamps (N, 3) that come in; what each of K things takes: hidden (N, 3, K), covered (N, K)."""

    lamps: np.ndarray
    hidden: np.ndarray
    covered: np.ndarray
    paints: np.ndarray

    @classmethod
    def of(cls, things: tuple[Thing, ...], lamps: Lamps, camera: Camera, size: int) -> Floor:
        """The floor under things as a picture of size x size shows it."""
        points = camera.floor(size)
        return cls(
            lamp_light(points, FLAT, lamps),
            np.stack([shaded(thing, points, lamps) for thing in things], -1),
            np.stack([covered(thing, points, FLAT) for thing in things], -1),
            np.stack([PAINTS[thing.colour] for thing in things]),
        )

    def light(self, there: int) -> np.ndarray:
        """Its linear light (N, 3) when the first `there` things are."""
        left = self.lamps * np.prod(1 - self.hidden[..., :there], -1)
        taken = self.covered[:, :there]
        around = AROUND * (1 - taken.sum(1))[:, None] + AROUND * GLOW * taken @ self.paints[:there]
        return left @ STRENGTHS + np.maximum(around, 0)


def draw_story(scene: Scene, size: int = 64) -> np.ndarray:
    """The panels of a scene, (T, size, size, 3) uint8: panel t shows the first t things.

    Raises DataError for a size that is none, and for a scene without things.
    """
    check_range("size", size, *SIZES, DataError)
    check_range("things of a scene", len(scene.things), 1, error=DataError)
    lamps, camera = Lamps.at(scene.lamps), Camera.at(scene.camera)
    floor = Floor.of(scene.things, lamps, camera, size)
    fine = size * SAMPLES
    surfaces = [surface_of(thing, scene.things, lamps, camera, size, fine) for thing in scene.things]
    owners, panels = _Owners(fine), []
    for there, surface in enumerate(surfaces, start=1):
        owners.add(surface.rows, surface.depths, there - 1)
        panels.append(_panel(floor.light(there), surfaces[:there], owners, size))
    return np.stack(panels)


def seen_shares(scene: Scene, fine: int = 96) -> list[float]:
    """How much of the last panel shows each thing, from 0 to 1, counted on a grid of `fine` x `fine` samples."""
    camera, owners = Camera.at(scene.camera), _Owners(fine)
    for number, thing in enumerate(scene.things):
        rows, depths, _ = seen_at(thing, camera, fine)
        owners.add(rows, depths, number)
    return [float(np.mean(owners.numbers == number)) for number in range(len(scene.things))]


class _Owners:
    """Which thing each sample of the finer grid sees, as things come: -1 for the floor."""

    def __init__(self, fine: int) -> None:
        self.depths = np.full(fine * fine, np.inf, np.float32)
        self.numbers = np.full(fine * fine, -1)

    def add(self, rows: np.ndarray, depths: np.ndarray, number: int) -> None:
        """Put a thing into the scene that is seen at rows (n,) of the grid, so far (n,) away."""
        nearer = depths < self.depths[rows]
        self.depths[rows[nearer]] = depths[nearer]
        self.numbers[rows[nearer]] = number


def _panel(floor: np.ndarray, surfaces: list[Surface], owners: _Owners, size: int) -> np.ndarray:
    """One picture (size, size, 3) uint8 from the floor's light and the things that are there."""
    fine = size * SAMPLES
    layer = np.zeros((fine * fine, 4), np.float32)
    for number, surface in enumerate(surfaces):
        mine = owners.numbers[surface.rows] == number
        layer[surface.rows[mine], :3] = encoded(surface.light(len(surfaces), floor)[mine])
        layer[surface.rows[mine], 3] = 1
    things = _shrunk(layer.reshape(fine, fine, 4))
    ground = encoded(floor).reshape(size, size, 3)
    return np.rint(255 * (things[..., :3] + ground * (1 - things[..., 3:]))).astype(np.uint8)


def _shrunk(layer: np.ndarray) -> np.ndarray:
    """A layer (fine, fine, 4) by a triangle two pixels wide, as a resize with antialiasing does: (size, size, 4)."""
    weights = _triangles(len(layer) // SAMPLES)
    rows = weights @ layer.reshape(len(layer), -1)
    columns = rows.reshape(len(rows), len(layer), 4).swapaxes(0, 1).reshape(len(layer), -1)
    return (weights @ columns).reshape(len(rows), len(rows), 4).swapaxes(0, 1)


@lru_cache(8)
def _triangles(size: int) -> np.ndarray:
    """Weights (size, fine) of the finer grid's rows in each row of pixels; a row of them is 1 in all."""
    fine = (np.arange(size * SAMPLES) + 0.5) / SAMPLES
    away = np.abs(fine - (np.arange(size)[:, None] + 0.5))
    weights = np.maximum(1 - away, 0)
    return (weights / weights.sum(1, keepdims=True)).astype(np.float32)
