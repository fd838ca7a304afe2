"""The picture of `seqgan bench scale`: time above, memory below, a log-log pane for each axis."""

from __future__ import annotations

import math
from typing import Any

from PIL import Image, ImageDraw, ImageFont

from seqgan.resources import asset

PANE, MARGIN = (300, 220), 46
INK, PALE, LINE = (40, 40, 40), (215, 215, 215), (32, 96, 168)
NAMES = {"seconds": "seconds", "memory_mib": "MiB"}


def plot_scale(record: dict[str, Any]) -> Image.Image:
    """Draw the points of a record of `bench_scale` and its exponents; RGB, a column an axis."""
    axes = list(record["exponents"])
    picture = Image.new("RGB", (len(axes) * PANE[0], len(NAMES) * PANE[1]), "white")
    font = ImageFont.truetype(str(asset("fonts", "DejaVuSans.ttf")), 11)
    for row, what in enumerate(NAMES):
        for column, axis in enumerate(axes):
            points = [(each["value"], each[what]) for each in record["rows"] if each["axis"] == axis]
            title = f"{NAMES[what]} ~ {axis}^{record['exponents'][axis][what]:.2f}"
            picture.paste(_pane(points, title, font), (column * PANE[0], row * PANE[1]))
    return picture


def _pane(points: list[tuple[float, float]], title: str, font: Any) -> Image.Image:
    """One curve with its numbers: every value below, smallest and largest cost at the side."""
    pane = Image.new("RGB", PANE, "white")
    draw = ImageDraw.Draw(pane)
    left, top, right, bottom = MARGIN + 14, 30, PANE[0] - 16, PANE[1] - 30
    xs = _spread([x for x, _ in points], left, right)
    ys = _spread([y for _, y in points], bottom, top)
    draw.text((left, 8), title, INK, font)
    draw.rectangle((left, top, right, bottom), outline=PALE)
    for (value, _), x in zip(points, xs, strict=True):
        draw.text((x, bottom + 6), f"{value:g}", INK, font, anchor="ma")
    for (_, cost), y in zip((points[0], points[-1]), (ys[0], ys[-1]), strict=True):
        draw.text((left - 6, y), f"{cost:.3g}", INK, font, anchor="rm")
    draw.line(list(zip(xs, ys, strict=True)), LINE, 2)
    for x, y in zip(xs, ys, strict=True):
        draw.ellipse((x - 3, y - 3, x + 3, y + 3), LINE)
    return pane


def _spread(values: list[float], start: float, end: float) -> list[float]:
    """Logarithms of positive values laid over a span of pixels, smallest at `start`; in the middle if all are equal."""
    logs = [math.log(value) for value in values]
    low, high = min(logs), max(logs)
    return [start + (end - start) * ((each - low) / (high - low) if high > low else 0.5) for each in logs]
