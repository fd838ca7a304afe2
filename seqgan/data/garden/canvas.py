"""A canvas for soft shapes, alike on every machine.

Only +, -, *, / and square roots of float64 are used, which IEEE 754 rounds in one way; numpy's sine, its sums and its
matrix products are not, for they differ between versions and processors. Coordinates are shares of the frame, y down.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

Point = tuple[float, float]
Colour = tuple[float, float, float]
Polynomial = tuple[float, ...]
"""Coefficients, the highest power first."""

_TERMS = 14
_SHADOW = 0.032
"""How far a shadow reaches beyond what throws it."""


def circle(turns: float) -> Point:
    """(sine, cosine) of an angle in turns, by Taylor's series: equal to the last bit everywhere."""
    x = (turns - math.floor(turns + 0.5)) * 6.283185307179586
    square, sine, cosine = x * x, 0.0, 0.0
    for n in range(_TERMS, 0, -1):
        sine = 1.0 - square / ((2 * n) * (2 * n + 1)) * sine if n < _TERMS else 1.0
        cosine = 1.0 - square / ((2 * n - 1) * (2 * n)) * cosine if n < _TERMS else 1.0
    return x * sine, cosine


def horner(powers: Polynomial, x: np.ndarray) -> np.ndarray:
    """A polynomial at x."""
    value = x * powers[0] + powers[1]
    for power in powers[2:]:
        value = value * x + power
    return value


def derivative(powers: Polynomial) -> Polynomial:
    """The coefficients of a polynomial's derivative."""
    degree = len(powers) - 1
    return tuple(power * (degree - i) for i, power in enumerate(powers[:-1]))


def unit(x: np.ndarray) -> np.ndarray:
    """x between 0 and 1 (numpy's own clip takes several times as long on small arrays)."""
    return np.minimum(np.maximum(x, 0.0), 1.0)


def smooth(x: np.ndarray, low: float, high: float) -> np.ndarray:
    """0 below `low`, 1 above `high`, and a smooth step between."""
    t = unit((x - low) / (high - low))
    return t * t * (3.0 - 2.0 * t)


def wave(x: np.ndarray) -> np.ndarray:
    """A smooth wave of period 1 between -1 and 1, of parabolas."""
    t = (x - np.floor(x)) * 2.0
    s = np.where(t < 1.0, t * (1.0 - t), (t - 1.0) * (t - 2.0))
    return 4.0 * s


@dataclass(frozen=True)
class Paint:
    """A colour with its shadow and its light, each (R, G, B) from 0 to 255."""

    dark: Colour
    plain: Colour
    light: Colour

    def toned(self, tone: np.ndarray) -> np.ndarray:
        """Colours (3, h, w) for tones (h, w): -1 dark, 0 plain, 1 light."""
        dark, plain, light = np.array((self.dark, self.plain, self.light))[..., None, None]
        up = np.maximum(tone, 0.0)
        colours = np.minimum(up, 1.0) * (light - plain)
        colours += np.minimum(up - tone, 1.0) * (dark - plain)
        colours += plain
        return colours

    def even(self, x: np.ndarray, y: np.ndarray) -> np.ndarray:
        """The plain colour everywhere: a shading for what has no form."""
        return np.array(self.plain)[:, None, None]


@dataclass(frozen=True)
class Outline:
    """A blade's half width over its length: sqrt(square(u)), u from 0 (base) to 1 (tip), in widths of the blade.

    A notch shortens the middle of the tip by that share; ruffles are waves along the rim.
    """

    square: Polynomial
    notch: float = 0.0
    ruffle: float = 0.0


@dataclass(frozen=True)
class Blade:
    """A petal, leaf or stem: a base, the vector to its tip, its half width and how far it bulges to its right side.

    Width and bulge are in shares of the frame.
    """

    base: Point
    axis: Point
    width: float
    outline: Outline
    bulge: float = 0.0

    def at(self, u: float) -> Point:
        """The point of the middle line at u."""
        (x, y), (ax, ay) = self.base, self.axis
        off = 4.0 * self.bulge * u * (1.0 - u) / math.sqrt(ax * ax + ay * ay)
        return x + u * ax - off * ay, y + u * ay + off * ax


Shading = Callable[[np.ndarray, np.ndarray], np.ndarray]
"""(u along, q across from -1 to 1) -> colours (3, h, w)."""


class Canvas:
    """Colours (3, n, n) from 0 to 255 and, for each pixel, the number of the part that covers it."""

    def __init__(self, rgb: np.ndarray) -> None:
        self.rgb = rgb
        self.size = rgb.shape[1]
        self.parts = np.zeros(rgb.shape[1:], np.uint8)
        self._centres = (np.arange(self.size) + 0.5) / self.size

    def _window(self, x0: float, y0: float, x1: float, y1: float) -> tuple[slice, slice] | None:
        """Rows and columns that a box touches."""
        n = self.size
        left, top = max(0, math.floor(x0 * n)), max(0, math.floor(y0 * n))
        right, bottom = min(n, math.ceil(x1 * n)), min(n, math.ceil(y1 * n))
        return (slice(top, bottom), slice(left, right)) if left < right and top < bottom else None

    def _put(self, window: tuple[slice, slice], colours: np.ndarray, cover: np.ndarray, part: int) -> None:
        under = self.rgb[:, *window]
        under += (colours - under) * cover
        if part:
            self.parts[window][cover > 0.5] = part

    def blade(self, blade: Blade, shading: Shading, part: int = 0, shadow: float = 0.0, soft: float = 0.0) -> None:
        """Paint a blade. `shadow` darkens what is beneath around its rim, `soft` is the width of a blurred rim."""
        (x, y), (ax, ay), width = blade.base, blade.axis, blade.width
        length = math.sqrt(ax * ax + ay * ay)
        window = self._window(*_box(blade, length, 2.0 * soft + (_SHADOW if shadow else 0.01)))
        if window is None:
            return
        down, along = self._centres[window[0], None] - y, self._centres[None, window[1]] - x
        u = along * (ax / (length * length)) + down * (ay / (length * length))
        v = along * (-ay / (length * width)) + down * (ax / (length * width))
        if blade.bulge:
            v = v - u * (1.0 - u) * (4.0 * blade.bulge / width)
        distance, square = _distance(blade.outline, u, v, length, width)
        cover = unit(distance / max(soft, 1.0 / self.size) + 0.5)
        cover *= unit(u * (length * self.size) + 0.5)
        if shadow:
            dark = unit(1.0 + distance * (1.0 / _SHADOW)) * (u > -0.05)
            self.rgb[:, *window] *= 1.0 - shadow * dark * dark
        q = np.minimum(np.maximum(v / np.sqrt(np.maximum(square, 1e-4)), -1.0), 1.0)
        self._put(window, shading(u, q), cover, part)

    def disc(self, centre: Point, radii: Point, shading: Shading, part: int = 0, shadow: float = 0.0,
             soft: float = 0.0) -> None:  # fmt: skip
        """Paint an ellipse; its shading is called with (x, y) from the middle, 1 at the rim."""
        (x, y), (rx, ry), pad = centre, radii, 2.0 * soft + (_SHADOW if shadow else 0.01)
        window = self._window(x - rx - pad, y - ry - pad, x + rx + pad, y + ry + pad)
        if window is None:
            return
        p = np.broadcast_to((self._centres[None, window[1]] - x) / rx, self.parts[window].shape)
        q = np.broadcast_to((self._centres[window[0], None] - y) / ry, p.shape)
        distance = (1.0 - np.sqrt(p * p + q * q)) * min(rx, ry)
        if shadow:
            dark = unit(1.0 + distance * (1.0 / _SHADOW))
            self.rgb[:, *window] *= 1.0 - shadow * dark * dark
        cover = unit(distance / max(soft, 1.0 / self.size) + 0.5)
        self._put(window, shading(p, q), cover, part)

    def pixels(self, scale: int) -> np.ndarray:
        """The picture as uint8 (n / scale, n / scale, 3), `scale` (1 or 2) pixels averaged each way."""
        rgb = self.rgb
        if scale == 2:
            rgb = (rgb[:, ::2, ::2] + rgb[:, 1::2, ::2] + rgb[:, ::2, 1::2] + rgb[:, 1::2, 1::2]) / 4.0
        return np.ascontiguousarray(np.floor(np.clip(rgb, 0.0, 255.0) + 0.5).astype(np.uint8).transpose(1, 2, 0))


def _box(blade: Blade, length: float, pad: float) -> tuple[float, float, float, float]:
    """Left, top, right and bottom of what a blade covers, and a margin."""
    (x, y), (ax, ay) = blade.base, blade.axis
    wide = (blade.width * (1.0 + blade.outline.ruffle) + abs(blade.bulge)) / length
    px = wide * abs(ay) + pad + blade.outline.ruffle * abs(ax)
    py = wide * abs(ax) + pad + blade.outline.ruffle * abs(ay)
    return min(x, x + ax) - px, min(y, y + ay) - py, max(x, x + ax) + px, max(y, y + ay) + py


def _distance(outline: Outline, u: np.ndarray, v: np.ndarray, length: float,
              width: float) -> tuple[np.ndarray, np.ndarray]:  # fmt: skip
    """How far inside the outline (shares of the frame, about), and the squared half width there (widths)."""
    across = v * v
    if outline.notch:
        middle = unit(1.0 - across * 2.2)
        u = u + outline.notch * middle * middle * unit(u * 1.6)
    if outline.ruffle:
        u = u + outline.ruffle * wave(v * 1.15 + 0.25) * unit(u)
        v = v * (1.0 + outline.ruffle * wave(u * 3.2))
        across = v * v
    inside = np.minimum(u, 1.0)
    square = horner(outline.square, inside) - 8.0 * (u - inside)  # no outline comes back beyond its tip
    steep = horner(derivative(outline.square), inside) * (1.0 / length)
    side = v * (2.0 / width)
    return (square - across) / np.sqrt(steep * steep + side * side + 1.0), square
