"""Where rays meet cubes, spheres and cylinders, and which way their surface looks there. All float32, no loop a ray."""

from __future__ import annotations

import numpy as np

from seqgan.data.clevr.scene import SHAPES, Thing

CUBE, SPHERE, CYLINDER = range(len(SHAPES))
ROUND = 24
"""Sharpness of edges: the higher, the nearer to an edge does the surface turn."""
DOME = np.float32(0.12)
"""How much the top of a cylinder turns outwards on the way to its edge, as smoothed meshes do."""
NEAR = 1e-4
TINY = np.float32(1e-9)


def centre_of(thing: Thing) -> np.ndarray:
    """The middle of a thing that stands on the floor, (3,) float32."""
    return np.array([thing.x, thing.y, thing.radius], np.float32)


def _turned(thing: Thing, vectors: np.ndarray, back: bool = False) -> np.ndarray:
    """Vectors (..., 3) in the thing's own axes, or back from them."""
    if thing.shape != CUBE:
        return vectors
    cos, sin = np.cos(thing.turn), np.sin(thing.turn) * (-1 if back else 1)
    turn = np.array([[cos, -sin, 0], [sin, cos, 0], [0, 0, 1]], np.float32)
    return vectors @ turn


def distance(thing: Thing, origins: np.ndarray, directions: np.ndarray) -> np.ndarray:
    """How far along each ray it enters the thing, (N,) in lengths of its direction; inf where it does not.

    origins (N, 3) or one (3,), directions (N, 3), float32.
    """
    half = np.float32(thing.radius)
    o = np.broadcast_to(_turned(thing, origins - centre_of(thing)) / half, directions.shape)
    d = _turned(thing, directions) / half
    if thing.shape == SPHERE:
        enter, leave = _round(o, d)
    elif thing.shape == CYLINDER:
        (a, b), (c, e) = _round(o[:, :2], d[:, :2]), _slab(o[:, 2], d[:, 2])
        enter, leave = np.maximum(a, c), np.minimum(b, e)
    else:
        near, far = zip(*(_slab(o[:, axis], d[:, axis]) for axis in range(3)), strict=True)
        enter, leave = np.maximum.reduce(near), np.minimum.reduce(far)
    return np.where((enter < leave) & (enter > NEAR), enter, np.float32(np.inf))


def _round(o: np.ndarray, d: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Where rays are inside the unit circle or ball; an empty stretch where they miss it."""
    a = np.einsum("nc,nc->n", d, d) + TINY
    b = np.einsum("nc,nc->n", o, d)
    root = b * b - a * (np.einsum("nc,nc->n", o, o) - 1)
    reach = np.sqrt(np.maximum(root, 0))
    return np.where(root > 0, (-b - reach) / a, np.float32(np.inf)), (-b + reach) / a


def _slab(o: np.ndarray, d: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Where rays are between -1 and 1 along one axis."""
    d = np.where(np.abs(d) < TINY, TINY, d)
    one, other = (-1 - o) / d, (1 - o) / d
    return np.minimum(one, other), np.maximum(one, other)


def normals(thing: Thing, points: np.ndarray) -> np.ndarray:
    """Outward unit normals (N, 3) of points on the thing's surface; edges are a little rounded."""
    local = _turned(thing, points - centre_of(thing)) / np.float32(thing.radius)
    if thing.shape == CUBE:
        local = np.sign(local) * np.abs(local) ** ROUND
    elif thing.shape == CYLINDER:
        out = np.linalg.norm(local[:, :2], axis=1, keepdims=True) + TINY
        up = np.sign(local[:, 2:]) * np.abs(local[:, 2:]) ** ROUND
        local = np.concatenate([local[:, :2] / out * (out**ROUND + DOME * out * up), up], 1)
    local = local / (np.linalg.norm(local, axis=1, keepdims=True) + TINY)
    return _turned(thing, local, back=True)
