"""Words of motion and what they mean, exactly: paths in whole numbers, and the motion that frames show.

    path = drawn_path("left then right", rng, frames=16, room=36)     # int64 (16, 2), y and x in pixels
    measured_motion(frames)                                           # "left then right"

"left and right" goes to and fro between the walls and turns at least twice; "left then right" turns once, at the left
wall. Where a digit meets a wall it is reflected: what it would have gone beyond, it goes back.
"""

from __future__ import annotations

import numpy as np

X, Y = 1, 0
MOTIONS = {
    "left and right": (X, 0), "up and down": (Y, 0),
    "left then right": (X, -1), "right then left": (X, 1), "up then down": (Y, -1), "down then up": (Y, 1),
}  # fmt: skip
"""Words -> the axis of motion, and the direction it begins in: -1 left or up, 1 right or down, 0 either."""
SETS = {"lr,ud": tuple(MOTIONS)[:2], "six": tuple(MOTIONS)}
UNIT = 256
"""Parts of a pixel in which places are reckoned."""
TO_AND_FRO, ONCE = (2.5, 3.0), (1.25, 1.75)
"""How far a digit goes in a clip, in widths of its room: of the first at least two turns can be seen, of the second
one, with half a width before and after it."""
STILL = 0.05
"""Pixels a frame that are no motion."""


def drawn_path(words: str, rng: np.random.Generator, frames: int, room: int) -> np.ndarray:
    """Places of a digit's upper left corner, int64 (frames, 2) in pixels from 0 to `room`, moving as the words say."""
    axis, first = MOTIONS[words]
    far = rng.uniform(*(ONCE if first else TO_AND_FRO))
    direction = first or int(rng.choice((-1, 1)))
    leg = rng.uniform(max(0.5, far - 1), min(1, far - 0.5)) if first else rng.uniform(0, 1)
    start = leg if direction < 0 else 1 - leg
    path = np.repeat([[rng.integers(0, room, endpoint=True)] * 2], frames, axis=0)
    path[:, axis] = bounced(round(start * room * UNIT), round(direction * far * room * UNIT), frames, room * UNIT)
    return path


def bounced(start: int, far: int, frames: int, room: int) -> np.ndarray:
    """Pixels from 0 to room / UNIT of what goes from `start` by `far` in all, evenly, between walls at 0 and `room`.

    >>> bounced(0, 4 * UNIT, 5, 3 * UNIT).tolist()
    [0, 1, 2, 3, 2]
    """
    straight = start + far * np.arange(frames, dtype=np.int64) // (frames - 1)
    folded = straight % (2 * room)
    return (np.minimum(folded, 2 * room - folded) + UNIT // 2) // UNIT


def measured_motion(frames: np.ndarray) -> str:
    """The words of motion that a clip of one bright thing on black shows, frames (F, H, W, 3); "still" if it is.

    Read off the sign pattern of the centroid's displacements along the axis on which it varies more: one direction
    that turns once is "A then B", one that turns oftener "A and B", and one that never turns that direction alone.
    """
    light = np.asarray(frames, np.float64).sum(-1)
    total = np.maximum(light.sum((1, 2)), 1e-9)
    centres = [(light.sum(2 - axis) * np.arange(light.shape[1 + axis])).sum(1) / total for axis in (Y, X)]
    axis = int(np.ptp(centres[X]) > np.ptp(centres[Y]))
    steps = np.diff(centres[axis])
    signs = np.sign(steps[np.abs(steps) > STILL])
    legs = signs[np.flatnonzero(np.diff(signs, prepend=0))]
    names = ("left", "right") if axis == X else ("up", "down")
    told = [names[int(sign > 0)] for sign in legs]
    if len(told) > 2:
        return " and ".join(names)
    return " then ".join(told) or "still"
