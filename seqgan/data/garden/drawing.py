"""Draws a flower: ground, leaves, stem, petals and stamens, lit, posed and tilted by chance.

    picture = draw(flower, dice_of(0, "train", 12, 2), 64)
    picture.pixels       # uint8 (64, 64, 3)
    picture.parts        # uint8 (64, 64): which part covers a pixel, see PARTS

A flower is modelled in space (petals around an upright axis, seen from above or from the side) and painted from back
to front, at twice the size up to 128 pixels. Pose and light come from the dice alone, so that a picture is the same
composition at every size.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from seqgan.checks import check_range
from seqgan.data.garden.canvas import (
    Blade,
    Canvas,
    Colour,
    Outline,
    Paint,
    Point,
    Polynomial,
    Shading,
    circle,
    smooth,
    unit,
    wave,
)
from seqgan.data.garden.flower import Flower
from seqgan.data.garden.scenery import between, ground
from seqgan.data.theatre.dice import Dice
from seqgan.errors import DataError

PARTS = ("ground", "leaf", "stem", "petal", "stamen")
_LEAF, _STEM, _PETAL, _STAMEN = 1, 2, 3, 4
_SMALL = 128
"""Pictures up to this size are painted at twice their size."""

PAINTS = {
    "white": Paint((168, 174, 190), (236, 237, 236), (255, 255, 252)),
    "yellow": Paint((198, 138, 6), (250, 212, 28), (255, 244, 130)),
    "orange": Paint((186, 66, 6), (244, 130, 20), (255, 188, 88)),
    "red": Paint((108, 6, 18), (202, 22, 34), (242, 92, 84)),
    "pink": Paint((198, 84, 132), (243, 146, 182), (255, 212, 226)),
    "purple": Paint((62, 20, 100), (124, 50, 172), (184, 122, 220)),
    "blue": Paint((22, 40, 128), (62, 98, 214), (138, 172, 248)),
    "brown": Paint((38, 20, 12), (92, 52, 26), (148, 96, 54)),
    "green": Paint((54, 92, 18), (128, 172, 44), (196, 222, 110)),
}
"""Petals and stamens."""
LEAVES = {
    "green": Paint((22, 74, 24), (54, 134, 48), (118, 186, 88)),
    "dark green": Paint((6, 30, 22), (16, 66, 46), (52, 108, 78)),
    "light green": Paint((98, 138, 40), (160, 204, 84), (214, 238, 150)),
    "red": Paint((62, 12, 22), (126, 36, 46), (186, 92, 92)),
}
STEMS = {
    "green": Paint((38, 84, 26), (84, 146, 56), (146, 196, 104)),
    "brown": Paint((52, 34, 20), (104, 72, 44), (152, 116, 80)),
    "purple": Paint((50, 22, 62), (102, 54, 116), (152, 104, 162)),
}

_LOBE: Polynomial = (-3.9, 0.0, 3.9, 0.0, 0.0)  # u sqrt(1 - u^2): a narrow base and a wide round end
_OVAL: Polynomial = (-2.4, -0.1, 2.4, 0.1)
_POINT: Polynomial = (3.49, 0.0, -6.98, 0.0, 3.49, 0.0)  # sqrt(u) (1 - u^2)
_STRAP: Polynomial = (-9.6, 12.8, 0.0, -6.4, 3.2, 0.0)  # even sides, 1 - (2u - 1)^4 narrowed towards the base


@dataclass(frozen=True)
class _Form:
    """A petal's outline, its half width for one share of the way round, and the bounds of it (lengths of the petal)."""

    outline: Outline
    share: float
    least: float
    most: float

    def width(self, spacing: float) -> float:
        return min(self.most, max(self.least, self.share * spacing))


_FORMS = {
    "thin": _Form(Outline(_STRAP), 0.55, 0.085, 0.115),
    "oval": _Form(Outline(_OVAL), 0.95, 0.19, 0.30),
    "round": _Form(Outline(_LOBE), 1.3, 0.42, 0.56),
    "pointed": _Form(Outline(_POINT), 1.05, 0.19, 0.33),
    "heart": _Form(Outline(_LOBE, notch=0.3), 1.3, 0.42, 0.56),
    "ruffled": _Form(Outline(_LOBE, ruffle=0.07), 1.3, 0.40, 0.54),
}
_STALK = Outline((-1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0))


@dataclass(frozen=True)
class _Pose:
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
class Picture:
    """A drawn flower: pixels uint8 (size, size, 3) and the part that covers each, uint8 (size, size)."""

    pixels: np.ndarray
    parts: np.ndarray


def draw(flower: Flower, dice: Dice, size: int) -> Picture:
    """Draw a flower at `size` pixels. Raises DataError unless 16 <= size <= 1024."""
    check_range("size", size, 16, 1024, DataError)
    scale = 2 if size <= _SMALL else 1
    rgb = ground(dice, size)
    canvas = Canvas(rgb.repeat(scale, 1).repeat(scale, 2))
    _Gardener(flower, dice, canvas).paint()
    _light(canvas, dice)
    return Picture(canvas.pixels(scale), canvas.parts[::scale, ::scale].copy())


def _light(canvas: Canvas, dice: Dice) -> None:
    """The light of the hour: brighter or darker, warmer or cooler."""
    gain, warmth = between(dice, 0.9, 1.06), between(dice, -0.035, 0.035)
    for channel, tint in zip(canvas.rgb, (1.0 + warmth, 1.0, 1.0 - warmth), strict=True):
        channel *= gain * tint


def _varied(paint: Paint, dice: Dice) -> Paint:
    """The same paint a little brighter or darker, as flowers of one colour are."""
    gain = between(dice, 0.94, 1.04)
    shift = [between(dice, -7.0, 7.0) for _ in range(3)]

    def changed(colour: Colour) -> Colour:
        r, g, b = (min(255.0, max(0.0, value * gain + add)) for value, add in zip(colour, shift, strict=True))
        return r, g, b

    return Paint(changed(paint.dark), changed(paint.plain), changed(paint.light))


class _Gardener:
    """Paints one flower on a canvas."""

    def __init__(self, flower: Flower, dice: Dice, canvas: Canvas) -> None:
        self.flower, self.dice, self.canvas = flower, dice, canvas
        self.pose = _posed(flower, dice)
        self.petal = _varied(PAINTS[flower.petal_colour], dice)
        self.second = None if flower.second_colour is None else _varied(PAINTS[flower.second_colour], dice)
        self.stamen = _varied(PAINTS[flower.stamen_colour], dice)
        self.leaf = _varied(LEAVES[flower.leaf_colour], dice)
        self.stem = _varied(STEMS[flower.stem_colour], dice)

    def paint(self) -> None:
        """Everything, from back to front."""
        petals = list(self._petals())
        back = [petal for petal in petals if petal.depth < 0]
        front = [petal for petal in petals if petal.depth >= 0]
        if self.flower.petal_direction == "downward":
            self._all(back)
            self._stem_and_leaves()
            self._all(front)
            self._stamens()
        elif self.flower.petal_direction == "upward":
            self._stem_and_leaves()
            self._all(back)
            self._stamens()
            self._all(front)
        else:
            self._stem_and_leaves()
            self._all(sorted(petals, key=lambda petal: petal.layer))
            self._stamens()

    # leaves and stem

    def _stem_and_leaves(self) -> None:
        dice, start = self.dice, self.pose.place(0.0, 0.0, 0.0)
        foot = (0.5 + between(dice, -0.1, 0.1), 1.06)
        axis = (foot[0] - start[0], foot[1] - start[1])
        stem = Blade(start, axis, between(dice, 0.017, 0.022), _STALK, between(dice, -0.04, 0.04))
        self.canvas.blade(stem, self._stalk, _STEM, shadow=0.25)
        first = dice.pick((-1.0, 1.0))
        for number in range(2 + dice.chance(0.6)):
            side = first if number % 2 == 0 else -first
            self._leaf_at(stem.at(between(dice, 0.62, 0.9)), side)

    def _leaf_at(self, base: Point, side: float) -> None:
        """A leaf that rises to one side."""
        dice = self.dice
        sine, cosine = circle(between(dice, 0.03, 0.13))
        length = between(dice, 0.32, 0.44)
        width = length * between(dice, 0.17, 0.25)
        blade = Blade(base, (side * length * cosine, -length * sine), width, Outline(_POINT),
                      -side * between(dice, -0.02, 0.06))  # fmt: skip
        self.canvas.blade(blade, self._foliage, _LEAF, shadow=0.3)

    def _stalk(self, u: np.ndarray, q: np.ndarray) -> np.ndarray:
        return self.stem.toned(0.15 - 0.7 * q * self.pose.light[0] - 0.3 * q * q)

    def _foliage(self, u: np.ndarray, q: np.ndarray) -> np.ndarray:
        rib = unit(1.0 - np.abs(q) * 7.0)
        veins = wave(u * 7.0 - np.abs(q) * 1.3)
        tone = 0.3 * (u - 0.6) + 0.22 * np.where(q < 0, -1.0, 1.0) * (1.0 - rib) + 0.5 * rib + 0.08 * veins
        return self.leaf.toned(tone)

    # petals

    def _petals(self) -> Iterator[_Petal]:
        """The petals from the farthest to the nearest."""
        flower, pose, dice = self.flower, self.pose, self.dice
        number, form = flower.petal_number, _FORMS[flower.petal_shape]
        layers = 2 if number >= 12 and flower.petal_direction == "flat" and flower.petal_shape != "thin" else 1
        found = []
        for i in range(number):
            layer, each = i % layers, number // layers
            turn = pose.turn + (i // layers + 0.5 * layer) / each + between(dice, -0.07, 0.07) / number
            reach = (0.7 if layer else 1.0) * between(dice, 0.95, 1.05)
            found.append(_petal(pose, form, turn, reach, 3.14 / each, layer))
        return iter(sorted(found, key=lambda petal: petal.depth))

    def _all(self, petals: list[_Petal]) -> None:
        for petal in petals:
            self.canvas.blade(petal.blade, self._petal_shading(petal), _PETAL, shadow=0.34)

    def _petal_shading(self, petal: _Petal) -> Shading:
        lx, ly = self.pose.light
        ax, ay = petal.blade.axis
        length = self.pose.length
        facing = (ax * lx + ay * ly) / length
        slope = (-ay * lx + ax * ly) / length
        inside = self.flower.petal_direction == "upward" and petal.depth < 0
        still = 0.16 * facing - (0.42 if inside else 0.0) - (0.25 if petal.hidden else 0.0) - 0.08

        def shading(u: np.ndarray, q: np.ndarray) -> np.ndarray:
            aside = np.abs(q)
            crease = unit(1.0 - aside * 6.0) * (1.0 - u)
            tone = still + 0.75 * (u - 0.55) + 0.28 * slope * q - 0.35 * crease
            tone += 0.06 * wave(q * 3.0) * u - 0.22 * aside * aside * aside
            colours = self.petal.toned(tone)
            if self.second is None:
                return colours
            return colours + (self.second.toned(tone) - colours) * self._share(u, aside)

        return shading

    def _share(self, u: np.ndarray, aside: np.ndarray) -> np.ndarray:
        """How much of the second colour there is."""
        if self.flower.pattern == "tips":
            return smooth(u + 0.06 * wave(aside * 2.0), 0.58, 0.76)
        if self.flower.pattern == "base":
            return smooth(-u - 0.1 * wave(aside * 1.5), -0.58, -0.38)
        return smooth(aside + 0.9 * unit(u - 0.72), 0.6, 0.78)

    # stamens

    def _stamens(self) -> None:
        if self.flower.stamen_shape == "round":
            self._button()
        else:
            self._threads()

    def _button(self) -> None:
        """A round head of florets, in the golden spiral."""
        height, radius, rise = _HEADS[self.flower.petal_direction]
        pose, size = self.pose, self.pose.length * radius * between(self.dice, 0.95, 1.15)
        centre = pose.place(0.0, 0.0, height)
        flat = min(1.0, pose.view[0] + rise)
        lx, ly = pose.light

        def shading(x: np.ndarray, y: np.ndarray) -> np.ndarray:
            far = x * x + y * y
            return self.stamen.toned(0.1 + 0.35 * (x * lx + y * ly) - 0.45 * far * far)

        self.canvas.disc(centre, (size, size * flat), shading, _STAMEN, shadow=0.4)
        for number in range(22):
            sine, cosine = circle(0.381966 * number)
            out = 0.84 * float(np.sqrt((number + 0.4) / 22))
            place = (centre[0] + size * out * cosine, centre[1] + size * flat * out * sine)
            dark = -0.55 if number < 7 else -0.25
            self._floret(place, 0.14 * size, dark + 0.5 * (number % 2) + 0.3 * out * (cosine * lx + sine * ly))

    def _floret(self, place: Point, radius: float, tone: float) -> None:
        self.canvas.disc(place, (radius, radius), lambda x, y: self.stamen.toned(tone - 0.5 * (y + x * x)), _STAMEN)

    def _threads(self) -> None:
        """Filaments with anthers at their ends around a small eye."""
        dice, pose = self.dice, self.pose
        spread, low, high = _THREADS[self.flower.petal_direction]
        if self.flower.petal_direction == "flat":
            self._floret(pose.place(0.0, 0.0, low), 0.12 * pose.length, -0.1)
        for number in range(9):
            sine, cosine = circle((number + between(dice, -0.25, 0.25)) / 9)
            out = spread * between(dice, 0.75, 1.1)
            start = pose.place(0.0, 0.0, low)
            end = pose.place(out * sine, out * cosine, high * between(dice, 0.92, 1.06))
            axis = (end[0] - start[0], end[1] - start[1])
            thread = Blade(start, axis, 0.024 * pose.length, _STALK)
            self.canvas.blade(thread, lambda u, q: self.stamen.toned(0.35 - 0.3 * q), _STAMEN, shadow=0.2)
            self._floret(end, 0.068 * pose.length, 0.15 + 0.2 * cosine)


_HEADS = {"flat": (0.08, 0.27, 0.1), "upward": (0.84, 0.3, 0.3), "downward": (0.08, 0.4, 0.5)}
"""Direction -> height and radius of a round head (lengths), and how far it rises above what the view shows of it."""
_THREADS = {"flat": (0.4, 0.06, 0.1), "upward": (0.3, 0.35, 1.12), "downward": (0.34, 0.05, 0.5)}
"""Direction -> how far threads spread, and the heights of their base and ends (lengths)."""


@dataclass(frozen=True)
class _Petal:
    """A petal in the frame; depth is positive in front."""

    blade: Blade
    depth: float
    layer: int
    hidden: bool


def _petal(pose: _Pose, form: _Form, turn: float, reach: float, spacing: float, layer: int) -> _Petal:
    """One petal of the way round: from its base ring to its tip, as wide as it is seen."""
    sine, cosine = circle(turn)
    radius, height = pose.tip
    base = pose.place(pose.base * sine, pose.base * cosine, 0.0)
    tip = pose.place(reach * radius * sine, reach * radius * cosine, reach * height)
    axis = (tip[0] - base[0], tip[1] - base[1])
    length = float(np.sqrt(axis[0] * axis[0] + axis[1] * axis[1]))
    # what the view shows of the width: the tangent of the ring, along the perpendicular of the axis
    tangent = pose.place(cosine, -sine, 0.0)
    seen = abs((tangent[0] - pose.centre[0]) * -axis[1] + (tangent[1] - pose.centre[1]) * axis[0])
    seen = max(0.55, seen / (length * pose.length))
    width = form.width(spacing * 0.65) * reach * pose.length * seen
    bulge = pose.arch * sine * pose.length * (1.0 if axis[1] < 0 else -1.0)
    return _Petal(Blade(base, axis, width, form.outline, bulge), cosine, layer, cosine < 0 and height < 0)


def _posed(flower: Flower, dice: Dice) -> _Pose:
    """A pose: open flowers seen from above, cups and bells from the side."""
    x, turn, side = 0.5 + between(dice, -0.05, 0.05), between(dice, 0.0, 1.0), dice.pick((-1.0, 1.0))
    light = (side * between(dice, 0.4, 0.8), -between(dice, 0.5, 0.8))
    zoom = between(dice, 0.9, 1.08)
    if flower.petal_direction == "flat":
        sine, cosine = circle(between(dice, 0.155, 0.24))
        return _Pose((x, 0.4 + between(dice, -0.03, 0.03)), 0.335 * zoom, (1.0, 0.08), 0.05, (sine, cosine), 0.0, turn,
                     between(dice, -0.05, 0.05), light)  # fmt: skip
    lean = between(dice, -0.035, 0.035)
    sine, cosine = circle(between(dice, 0.045, 0.07))
    if flower.petal_direction == "upward":
        return _Pose((x, 0.6 + between(dice, -0.03, 0.03)), 0.42 * zoom, (0.45, 0.95), 0.04, (sine, cosine), 0.16, turn,
                     lean, light)  # fmt: skip
    return _Pose((x, 0.3 + between(dice, -0.03, 0.03)), 0.4 * zoom, (0.7, -0.72), 0.16, (sine, cosine), 0.12, turn,
                 lean, light)  # fmt: skip
