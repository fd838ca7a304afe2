"""Light in a scene of CLEVR-SV: three lamps that shine one way, what they leave in shade, and how bright the floor is.

Places of the lamps are those of CLEVR's scene. Their strengths and aims, the light from all around and the looks of the
two materials were fitted to released pictures; none of these is part of this package. Everything is linear light, 1 is
white; `encoded` makes pixels of it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from seqgan.data.clevr.scene import LAMPS, Thing
from seqgan.data.clevr.solids import centre_of, distance

TARGETS = np.array([[0.19, 0.53, -0.03], [-1.53, -1.11, 1.12], [-0.08, -0.18, -0.23]])
"""Points that key, back and fill lamp shine at before they are moved."""
STRENGTHS = np.array([[5.05, 4.68, 4.04], [2.66, 2.66, 2.66], [1.02, 1.11, 1.4]], np.float32)
"""Their red, green and blue, on the floor: times cosines, over the distance squared."""
AROUND = np.float32(0.136)
"""Light of the floor that is of no lamp."""
SPREAD = 0.35
"""Half the width of a lamp: what makes shadows soft."""
GRID = np.array([(across, along) for across in (-0.7, 0, 0.7) for along in (-0.7, 0, 0.7)])
"""Points of a lamp, in halves of its width, from which a shadow is looked for."""
FLAT = np.array([0, 0, 1], np.float32)


@dataclass(frozen=True)
class Lamps:
    """The lamps of a story: places (3, 3) and aims (3, 3), unit vectors against which they shine."""

    places: np.ndarray
    aims: np.ndarray

    @classmethod
    def at(cls, places: np.ndarray) -> Lamps:
        """Lamps at other places than usual: moving a lamp does not turn it."""
        back = LAMPS - TARGETS
        aims = back / np.linalg.norm(back, axis=1, keepdims=True)
        return cls(places.astype(np.float32), aims.astype(np.float32))


def lamp_light(points: np.ndarray, facing: np.ndarray, lamps: Lamps) -> np.ndarray:
    """How much of each lamp comes in at points (n, 3) that face (n, 3) or (3,): (n, 3 lamps), without shadows."""
    ways = lamps.places[None] - points[:, None]
    far = np.einsum("nlc,nlc->nl", ways, ways)
    cosine = np.einsum("nlc,nlc->nl", ways, np.broadcast_to(facing, points.shape)[:, None])
    out = np.einsum("nlc,lc->nl", ways, lamps.aims)
    return np.maximum(cosine, 0) * np.maximum(out, 0) / (far * far)


def floor_light(points: np.ndarray, lamps: Lamps) -> np.ndarray:
    """Light (n, 3) of a floor without things."""
    return lamp_light(points, FLAT, lamps) @ STRENGTHS + AROUND


def shaded(thing: Thing, points: np.ndarray, lamps: Lamps) -> np.ndarray:
    """The part of each lamp that a thing hides from points (n, 3): (n, 3 lamps) from 0 to 1."""
    hidden = np.zeros((len(points), len(lamps.places)), np.float32)
    for number, (lamp, aim) in enumerate(zip(lamps.places, lamps.aims, strict=True)):
        near = np.flatnonzero(_passes(thing, points, lamp))
        if not len(near):
            continue
        for spot in _spots(lamp, aim):
            hit = distance(thing, points[near], spot - points[near])
            hidden[near, number] += (hit < 1) / np.float32(len(GRID))
    return hidden


def _spots(lamp: np.ndarray, aim: np.ndarray) -> np.ndarray:
    """Points of a lamp, a square across its aim."""
    side = np.cross(aim, FLAT)
    side = side / np.linalg.norm(side)
    return (lamp + SPREAD * (GRID[:, :1] * side + GRID[:, 1:] * np.cross(side, aim))).astype(np.float32)


def _passes(thing: Thing, points: np.ndarray, lamp: np.ndarray) -> np.ndarray:
    """Could a thing hide some of a lamp from these points? Its ball is asked, widened by the lamp's."""
    way, there = lamp - points, centre_of(thing) - points
    along = np.clip(np.einsum("nc,nc->n", there, way) / np.einsum("nc,nc->n", way, way), 0, 1)
    off = there - along[:, None] * way
    reach = thing.radius * np.sqrt(3) + 1.5 * SPREAD * along
    return np.einsum("nc,nc->n", off, off) < reach * reach


def covered(thing: Thing, points: np.ndarray, facing: np.ndarray) -> np.ndarray:
    """How much of the light from all around a thing takes from points (n, 3): (n,) from 0 to 1, as its ball does."""
    there = centre_of(thing) - points
    far = np.einsum("nc,nc->n", there, there) + np.float32(1e-6)
    cosine = np.einsum("nc,nc->n", there, np.broadcast_to(facing, points.shape)) / np.sqrt(far)
    return np.clip(np.minimum(np.float32(thing.radius) ** 2 / far, 1) * cosine, 0, 1)


def encoded(light: np.ndarray) -> np.ndarray:
    """Linear light as sRGB from 0 to 1."""
    light = np.clip(light, 0, 1)
    return np.where(light <= 0.0031308, 12.92 * light, 1.055 * np.maximum(light, 0.0031308) ** (1 / 2.4) - 0.055)
