"""The published sentences of CLEVR-SV: the first says what there is, each later one where its thing stands.

there is a rubber red small cube
a metal blue small cylinder is behind the rubber red small cube
"""

from __future__ import annotations

from collections import Counter

import numpy as np

from seqgan.data.clevr.scene import SIDES, Scene, Thing

CLEAR = 0.2
"""How far along a direction a thing must be to be told so (that of CLEVR's scene graphs)."""


def sentences(scene: Scene, rng: np.random.Generator) -> tuple[str, ...]:
    """One sentence a panel; which earlier thing a later one is told from, and by which of two directions, is chance.

    A thing is told from one that its description alone means, where there is any.
    """
    first, *others = scene.things
    told = [f"there is a {first.description}"]
    for place, thing in enumerate(others, start=1):
        told.append(_placed(thing, scene.things[:place], rng))
    return tuple(told)


def _placed(thing: Thing, before: tuple[Thing, ...], rng: np.random.Generator) -> str:
    counts = Counter(other.description for other in before)
    plain = [other for other in before if counts[other.description] == 1] or before
    other = plain[int(rng.integers(len(plain)))]
    sides = sides_of(thing, other)
    side = sides[int(rng.integers(len(sides)))]
    return f"a {thing.description} is {side} the {other.description}"


def sides_of(thing: Thing, other: Thing) -> tuple[str, ...]:
    """On which sides of another thing one stands, as the camera sees it; the clearest one where none is clear."""
    apart = np.array([thing.x - other.x, thing.y - other.y])
    along = {side: float(apart @ direction) for side, direction in SIDES.items()}
    return tuple(side for side, far in along.items() if far > CLEAR) or (max(along, key=along.__getitem__),)
