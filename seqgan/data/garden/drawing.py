"""Draws a flower: ground, leaves, stem, petals and stamens, lit, posed and tilted by chance.

    picture = draw(flower, dice_of(0, "train", 12, 2), 64)
    picture.pixels       # uint8 (64, 64, 3)
    picture.parts        # uint8 (64, 64): which part covers a pixel, see PARTS

A flower is modelled in space (petals around an upright axis, seen from above or from the side) and painted from back
to front, at twice the size up to 128 pixels. Pose and light come from the dice alone, so that a picture is the same
composition at every size.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from seqgan.checks import check_range
from seqgan.data.garden.canvas import Blade, Canvas, Point, Shading, circle, smooth, unit, wave
from seqgan.data.garden.flower import Flower
from seqgan.data.garden.forms import FORMS, LEAF, STALK, Petal, petal_of, posed
from seqgan.data.garden.paints import LEAVES, PAINTS, STEMS, varied
from seqgan.data.garden.scenery import between, ground
from seqgan.data.theatre.dice import Dice
from seqgan.errors import DataError

PARTS = ("ground", "leaf", "stem", "petal", "stamen")
_LEAF, _STEM, _PETAL, _STAMEN = 1, 2, 3, 4
_SMALL = 128
"""Pictures up to this size are painted at twice their size."""
SIZES = (16, 1024)
"""The least and the greatest size."""


@dataclass(frozen=True)
class Picture:
    """A drawn flower: pixels uint8 (size, size, 3) and the part that covers each, uint8 (size, size)."""

    pixels: np.ndarray
    parts: np.ndarray


def draw(flower: Flower, dice: Dice, size: int) -> Picture:
    """Draw a flower at `size` pixels. Raises DataError unless 16 <= size <= 1024."""
    check_range("size", size, *SIZES, DataError)
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


class _Gardener:
    """Paints one flower on a canvas."""

    def __init__(self, flower: Flower, dice: Dice, canvas: Canvas) -> None:
        self.flower, self.dice, self.canvas = flower, dice, canvas
        self.pose = posed(flower, dice)
        self.petal = varied(PAINTS[flower.petal_colour], dice)
        self.second = None if flower.second_colour is None else varied(PAINTS[flower.second_colour], dice)
        self.stamen = varied(PAINTS[flower.stamen_colour], dice)
        self.leaf = varied(LEAVES[flower.leaf_colour], dice)
        self.stem = varied(STEMS[flower.stem_colour], dice)

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
            self._calyx()
        else:
            self._stem_and_leaves()
            self._all(sorted(petals, key=lambda petal: petal.layer))
            self._stamens()

    def _stem_and_leaves(self) -> None:
        dice, start = self.dice, self.pose.place(0.0, 0.0, 0.0)
        foot = (0.5 + between(dice, -0.1, 0.1), 1.06)
        axis = (foot[0] - start[0], foot[1] - start[1])
        stem = Blade(start, axis, between(dice, 0.017, 0.022), STALK, between(dice, -0.04, 0.04))
        self.canvas.blade(stem, self._stalk, _STEM, shadow=0.25)
        first = dice.pick((-1.0, 1.0))
        for number in range(2 + dice.chance(0.6)):
            side = first if number % 2 == 0 else -first
            self._leaf_at(stem.at(between(dice, 0.62, 0.9)), side)

    def _calyx(self) -> None:
        """The knot from which a cup rises."""
        size = 0.085 * self.pose.length
        self.canvas.disc(self.pose.place(0.0, 0.0, 0.0), (1.15 * size, 0.9 * size),
                         lambda x, y: self.stem.toned(0.2 + 0.5 * x * self.pose.light[0] - 0.5 * y), _STEM)  # fmt: skip

    def _leaf_at(self, base: Point, side: float) -> None:
        """A leaf that rises to one side."""
        dice = self.dice
        sine, cosine = circle(between(dice, 0.03, 0.13))
        length = between(dice, 0.32, 0.44)
        width = length * between(dice, 0.17, 0.25)
        blade = Blade(base, (side * length * cosine, -length * sine), width, LEAF,
                      -side * between(dice, -0.02, 0.06))  # fmt: skip
        self.canvas.blade(blade, self._foliage, _LEAF, shadow=0.3)

    def _stalk(self, u: np.ndarray, q: np.ndarray) -> np.ndarray:
        return self.stem.toned(0.15 - 0.7 * q * self.pose.light[0] - 0.3 * q * q)

    def _foliage(self, u: np.ndarray, q: np.ndarray) -> np.ndarray:
        rib = unit(1.0 - np.abs(q) * 7.0)
        veins = wave(u * 7.0 - np.abs(q) * 1.3)
        tone = 0.3 * (u - 0.6) + 0.22 * np.where(q < 0, -1.0, 1.0) * (1.0 - rib) + 0.5 * rib + 0.08 * veins
        return self.leaf.toned(tone)

    def _petals(self) -> Iterator[Petal]:
        """The petals from the farthest to the nearest."""
        flower, pose, dice = self.flower, self.pose, self.dice
        number, form = flower.petal_number, FORMS[flower.petal_shape]
        layers = 2 if number >= 12 and flower.petal_direction == "flat" and flower.petal_shape != "thin" else 1
        found = []
        for i in range(number):
            layer, each = i % layers, number // layers
            turn = pose.turn + (i // layers + 0.5 * layer) / each + between(dice, -0.07, 0.07) / number
            reach = (0.7 if layer else 1.0) * between(dice, 0.95, 1.05)
            found.append(petal_of(pose, form, turn, reach, 3.14 / each, layer))
        return iter(sorted(found, key=lambda petal: petal.depth))

    def _all(self, petals: list[Petal]) -> None:
        for petal in petals:
            self.canvas.blade(petal.blade, self._petal_shading(petal), _PETAL, shadow=0.34)

    def _petal_shading(self, petal: Petal) -> Shading:
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
            out = 0.84 * math.sqrt((number + 0.4) / 22)
            place = (centre[0] + size * out * cosine, centre[1] + size * flat * out * sine)
            dark = -0.55 if number < 7 else -0.25
            self._floret(place, 0.14 * size, dark + 0.5 * (number % 2) + 0.3 * out * (cosine * lx + sine * ly))

    def _floret(self, place: Point, radius: float, tone: float) -> None:
        self.canvas.disc(place, (radius, radius), lambda x, y: self.stamen.toned(tone - 0.5 * (y + x * x)), _STAMEN)

    def _threads(self) -> None:
        """Filaments with anthers at their ends around a small eye."""
        dice, pose = self.dice, self.pose
        spread, low, high = _THREADS[self.flower.petal_direction]
        for number in range(9):
            sine, cosine = circle((number + between(dice, -0.25, 0.25)) / 9)
            out = spread * between(dice, 0.75, 1.1)
            start = pose.place(0.0, 0.0, low)
            end = pose.place(out * sine, out * cosine, high * between(dice, 0.92, 1.06))
            axis = (end[0] - start[0], end[1] - start[1])
            thread = Blade(start, axis, 0.024 * pose.length, STALK)
            self.canvas.blade(thread, lambda u, q: self.stamen.toned(0.35 - 0.3 * q), _STAMEN, shadow=0.2)
            self._floret(end, 0.068 * pose.length, 0.15 + 0.2 * cosine)
        if self.flower.petal_direction != "upward":  # a cup hides where they come from
            self._floret(pose.place(0.0, 0.0, low), 0.13 * pose.length, -0.05)


_HEADS = {"flat": (0.08, 0.27, 0.1), "upward": (0.9, 0.31, 0.34), "downward": (0.08, 0.4, 0.5)}
"""Direction -> height and radius of a round head (lengths), and how far it rises above what the view shows of it."""
_THREADS = {"flat": (0.4, 0.06, 0.1), "upward": (0.3, 0.35, 1.12), "downward": (0.34, 0.05, 0.5)}
"""Direction -> how far threads spread, and the heights of their base and ends (lengths)."""
