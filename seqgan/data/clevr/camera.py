"""The camera of CLEVR-SV: it looks at the middle of the floor through a 35 mm lens, 4:3, and a square is made of it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

LENS = 35 / 16
"""Focal length over half the sensor's width."""
ASPECT = 4 / 3
"""Width over height of the picture before it is squeezed into a square."""


@dataclass(frozen=True)
class Camera:
    """Where the camera of a story stands, (3,), and the unit vectors ahead, across and up in its picture."""

    place: np.ndarray
    ahead: np.ndarray
    across: np.ndarray
    up: np.ndarray

    @classmethod
    def at(cls, place: np.ndarray) -> Camera:
        """A camera at a place, looking at the middle of the floor, held level."""
        place = np.asarray(place, np.float64)
        ahead = -place / np.linalg.norm(place)
        across = np.cross(ahead, [0.0, 0.0, 1.0])
        across /= np.linalg.norm(across)
        return cls(place, ahead, across, np.cross(across, ahead))

    def project(self, points: np.ndarray) -> np.ndarray:
        """Points (..., 3) of the scene to places in the picture (..., 2): along and down, from 0 to 1 within it."""
        seen = np.asarray(points) - self.place
        depth = seen @ self.ahead
        along, up = LENS * (seen @ self.across) / depth, ASPECT * LENS * (seen @ self.up) / depth
        return np.stack([(1 + along) / 2, (1 - up) / 2], -1)

    def rays(self, size: int, rows: np.ndarray) -> np.ndarray:
        """Directions (n, 3) float32 through the middles of pixels, `rows` of those of size x size, line by line."""
        down, along = np.divmod(rows, size)
        across = ((along + 0.5) / size * 2 - 1) / LENS
        up = (1 - (down + 0.5) / size * 2) / (ASPECT * LENS)
        return (self.ahead + across[:, None] * self.across + up[:, None] * self.up).astype(np.float32)

    def floor(self, size: int) -> np.ndarray:
        """The floor that each pixel of size x size looks at, points (size * size, 3) float32; none looks above it."""
        ways = self.rays(size, np.arange(size * size))
        return (self.place - ways * (self.place[2] / ways[:, 2:])).astype(np.float32)
