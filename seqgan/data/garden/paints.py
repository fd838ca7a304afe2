"""The garden's colours, and how they vary from flower to flower."""

from __future__ import annotations

from seqgan.data.garden.canvas import Colour, Paint
from seqgan.data.garden.scenery import between
from seqgan.data.theatre.dice import Dice

PAINTS = {
    "white": Paint((168, 174, 190), (236, 237, 236), (255, 255, 252)),
    "yellow": Paint((208, 164, 14), (252, 216, 36), (255, 246, 140)),
    "orange": Paint((180, 58, 4), (242, 118, 16), (255, 176, 78)),
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


def varied(paint: Paint, dice: Dice) -> Paint:
    """The same paint a little brighter or darker, as flowers of one colour are."""
    gain = between(dice, 0.94, 1.04)
    shift = [between(dice, -7.0, 7.0) for _ in range(3)]

    def changed(colour: Colour) -> Colour:
        r, g, b = (min(255.0, max(0.0, value * gain + add)) for value, add in zip(colour, shift, strict=True))
        return r, g, b

    return Paint(changed(paint.dark), changed(paint.plain), changed(paint.light))
