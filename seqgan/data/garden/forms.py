"""The forms of the garden: petals, leaves and stalks as outlines, and how a flower is held and seen."""

from __future__ import annotations

import math
from dataclasses import dataclass

from seqgan.data.garden.canvas import Blade, Outline, Point, Polynomial, circle
from seqgan.data.garden.flower import Flower
from seqgan.data.garden.scenery import between
from seqgan.data.theatre.dice import Dice

_LOBE: Polynomial = (-3.9, 0.0, 3.9, 0.0, 0.0)  # u sqrt(1 - u^2): a narrow base and a wide round end
_OVAL: Polynomial = (-2.4, -0.1, 2.4, 0.1)
_POINT: Polynomial = (3.49, 0.0, -6.98, 0.0, 3.49, 0.0)  # sqrt(u) (1 - u^2)
_STRAP: Polynomial = (-9.6, 12.8, 0.0, -6.4, 3.2, 0.0)  # even sides, 1 - (2u - 1)^4 narrowed towards the base


@dataclass(frozen=True)
class Form:
    """A petal's outline, its half width for one share of the way round, and the bounds of it (lengths of the petal)."""

    outline: Outline
    share: float
    least: float
    most: float

    def width(self, spacing: float) -> float:
        """Half the width of a petal that has this much room."""
        return min(self.most, max(self.least, self.share * spacing))


FORMS = {
    "thin": Form(Outline(_STRAP), 0.55, 0.085, 0.115),
    "oval": Form(Outline(_OVAL), 0.95, 0.19, 0.30),
    "round": Form(Outline(_LOBE), 1.3, 0.42, 0.56),
    "pointed": Form(Outline(_POINT), 1.05, 0.19, 0.33),
    "heart": Form(Outline(_LOBE, notch=0.3), 1.3, 0.42, 0.56),
    "ruffled": Form(Outline(_LOBE, ruffle=0.07), 1.3, 0.40, 0.54),
}
LEAF = Outline(_POINT)
STALK = Outline((-1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0))


@dataclass(frozen=True)
class Pose:
    """How a flower is held and seen. Lengths in shares of the frame, heights and radii in lengths of a petal."""

    centre: Point
    length: float
    tip: Point
    base: float
    view: Point
    arch: float
    turn: float
    lean: float
    light: Point

    def place(self, x: float, depth: float, height: float) -> Point:
        """Where a point of the flower (lengths) is in the frame; depth grows towards the viewer."""
        across, down = x, depth * self.view[0] - height * self.view[1]
        sine, cosine = circle(self.lean)
        x, y = across * cosine - down * sine, across * sine + down * cosine
        return self.centre[0] + self.length * x, self.centre[1] + self.length * y


@dataclass(frozen=True)
class Petal:
    """A petal in the frame; depth is positive in front."""

    blade: Blade
    depth: float
    layer: int
    hidden: bool


def petal_of(pose: Pose, form: Form, turn: float, reach: float, spacing: float, layer: int) -> Petal:
    """One petal of the way round: from its base ring to its tip, as wide as it is seen."""
    sine, cosine = circle(turn)
    radius, height = pose.tip
    base = pose.place(pose.base * sine, pose.base * cosine, 0.0)
    tip = pose.place(reach * radius * sine, reach * radius * cosine, reach * height)
    axis = (tip[0] - base[0], tip[1] - base[1])
    length = math.sqrt(axis[0] * axis[0] + axis[1] * axis[1])
    # what the view shows of the width: the tangent of the ring, along the perpendicular of the axis
    tangent = pose.place(cosine, -sine, 0.0)
    seen = abs((tangent[0] - pose.centre[0]) * -axis[1] + (tangent[1] - pose.centre[1]) * axis[0])
    seen = max(0.55, seen / (length * pose.length))
    width = form.width(spacing * 0.65) * reach * pose.length * seen
    bulge = pose.arch * sine * pose.length * (1.0 if axis[1] < 0 else -1.0)
    return Petal(Blade(base, axis, width, form.outline, bulge), cosine, layer, cosine < 0 and height < 0)


def posed(flower: Flower, dice: Dice) -> Pose:
    """A pose: open flowers seen from above, cups and bells from the side."""
    x, turn, side = 0.5 + between(dice, -0.05, 0.05), between(dice, 0.0, 1.0), dice.pick((-1.0, 1.0))
    light = (side * between(dice, 0.4, 0.8), -between(dice, 0.5, 0.8))
    zoom = between(dice, 0.9, 1.08)
    if flower.petal_direction == "flat":
        sine, cosine = circle(between(dice, 0.155, 0.24))
        return Pose((x, 0.4 + between(dice, -0.03, 0.03)), 0.335 * zoom, (1.0, 0.08), 0.05, (sine, cosine), 0.0, turn,
                     between(dice, -0.05, 0.05), light)  # fmt: skip
    lean = between(dice, -0.035, 0.035)
    sine, cosine = circle(between(dice, 0.045, 0.07))
    if flower.petal_direction == "upward":
        return Pose((x, 0.6 + between(dice, -0.03, 0.03)), 0.42 * zoom, (0.45, 0.95), 0.04, (sine, cosine), 0.16, turn,
                     lean, light)  # fmt: skip
    return Pose((x, 0.3 + between(dice, -0.03, 0.03)), 0.4 * zoom, (0.7, -0.72), 0.16, (sine, cosine), 0.12, turn,
                 lean, light)  # fmt: skip
