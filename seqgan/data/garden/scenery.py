"""What is behind the flowers: a bed out of focus, green or earthy, with spots of light and blurred blades of grass."""

from __future__ import annotations

import numpy as np

from seqgan.data.garden.canvas import Blade, Canvas, Colour, Outline, Paint, circle, unit
from seqgan.data.theatre.dice import Dice

GROUNDS: dict[str, tuple[Colour, Colour, Colour]] = {
    "meadow": ((84, 112, 62), (46, 74, 38), (128, 150, 88)),
    "shade": ((30, 46, 32), (16, 26, 20), (58, 84, 54)),
    "moss": ((92, 98, 48), (56, 62, 30), (134, 136, 74)),
    "earth": ((104, 82, 60), (62, 48, 36), (142, 118, 88)),
    "mulch": ((66, 50, 40), (38, 30, 26), (100, 80, 62)),
    "stone": ((122, 122, 112), (78, 82, 74), (158, 158, 146)),
    "pond": ((62, 92, 86), (34, 56, 54), (106, 134, 122)),
    "evening": ((74, 72, 58), (36, 42, 36), (146, 124, 84)),
}
"""Colours in the middle, in the depth and where light falls."""
GRASS = Outline((-1.6, 0.0, 1.0))
"""Below nothing well before its tip, so that a blurred blade fades there."""


def ground(dice: Dice, size: int) -> np.ndarray:
    """A background as float64 (3, size, size), 0 to 255."""
    plain, dark, light = GROUNDS[dice.pick(tuple(GROUNDS))]
    canvas = Canvas(_slope(dice, size, plain, dark, light))
    for _ in range(9):
        _spot(canvas, dice, dice.pick((plain, dark, light)))
    for _ in range(int(dice.rng.random() * 6)):
        _grass(canvas, dice, dice.pick((plain, dark, light)))
    for _ in range(int(dice.rng.random() * 7)):
        _bokeh(canvas, dice, light)
    return canvas.rgb


def between(dice: Dice, low: float, high: float) -> float:
    """A number between two, evenly."""
    return low + (high - low) * float(dice.rng.random())


def _slope(dice: Dice, size: int, plain: Colour, dark: Colour, light: Colour) -> np.ndarray:
    """Light on one side, depth on the other."""
    sine, cosine = circle(between(dice, 0.0, 1.0))
    at = (np.arange(size) + 0.5) / size - 0.5
    t = np.clip(1.3 * (at[None, :] * cosine + at[:, None] * sine), -1.0, 1.0)
    return Paint(dark, plain, light).toned(t)


def _spot(canvas: Canvas, dice: Dice, colour: Colour) -> None:
    """A wide patch of colour that fades to nothing."""
    place, radius = (between(dice, -0.1, 1.1), between(dice, -0.1, 1.1)), between(dice, 0.15, 0.4)
    _faded(canvas, place, radius, colour, between(dice, 0.3, 0.8))


def _faded(canvas: Canvas, place: tuple[float, float], radius: float, colour: Colour, strength: float) -> None:
    at = (np.arange(canvas.size) + 0.5) / canvas.size
    far = ((at[None, :] - place[0]) ** 2 + (at[:, None] - place[1]) ** 2) / (radius * radius)
    near = unit(1.0 - far)
    share = near * near * strength
    for channel, value in zip(canvas.rgb, colour, strict=True):
        channel += (value - channel) * share


def _grass(canvas: Canvas, dice: Dice, colour: Colour) -> None:
    """A blurred blade from below."""
    base = (between(dice, -0.1, 1.1), 1.1)
    axis = (between(dice, -0.35, 0.35), -between(dice, 0.5, 1.15))
    blade = Blade(base, axis, between(dice, 0.012, 0.035), GRASS, between(dice, -0.1, 0.1))
    canvas.blade(blade, Paint(colour, colour, colour).even, soft=between(dice, 0.03, 0.07))


def _bokeh(canvas: Canvas, dice: Dice, colour: Colour) -> None:
    """A disc of light out of focus."""
    place, radius = (between(dice, 0.0, 1.0), between(dice, 0.0, 0.8)), between(dice, 0.02, 0.07)
    lit = tuple(min(255.0, value + between(dice, 8.0, 40.0)) for value in colour)
    shown = Paint(colour, (lit[0], lit[1], lit[2]), colour)
    canvas.disc(place, (radius, radius), shown.even, soft=0.03)
