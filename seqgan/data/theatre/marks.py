"""Simple drawn marks that make an action, a hat or a scarf clear at any size: arcs, notes, balls, waves, speed lines.

A `Sheet` is a transparent picture with a unit (pixels per figure size) and an origin between the figure's feet;
marks are placed in units, x forward (where the figure looks), y upward. Shapes have a dark rim, so that they show on
light and dark grounds alike.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from PIL import Image, ImageDraw

Colour = tuple[int, int, int]
Point = tuple[float, float]

RIM: Colour = (52, 46, 82)
WHITE: Colour = (255, 255, 255)
_EDGE = 0.016
"""Thickness of the rim in units."""
CLOTH: dict[str, tuple[Colour, Colour]] = {
    "red": ((235, 28, 44), (255, 120, 120)),
    "blue": ((28, 84, 245), (120, 175, 255)),
    "green": ((18, 176, 62), (130, 240, 140)),
    "yellow": ((255, 214, 0), (255, 246, 150)),
}
"""Colour of a hat or scarf: cloth and trim."""
BALLS: tuple[Colour, ...] = ((240, 40, 50), (255, 205, 20), (40, 120, 250), (40, 190, 80))


class Sheet:
    """A transparent picture of `across` x `up + down` units around the figure's feet, `unit` pixels a unit."""

    def __init__(self, unit: int, forward: int, across: float = 2.4, up: float = 1.75, down: float = 0.25) -> None:
        self.unit, self.forward = unit, forward
        self.bare = 1.0  # height of the figure in units without its hat
        self.origin = (round(across * unit / 2), round(up * unit))
        self.image = Image.new("RGBA", (2 * self.origin[0], self.origin[1] + round(down * unit)))
        self._pen = ImageDraw.Draw(self.image)

    def at(self, point: Point) -> tuple[int, int]:
        """Pixel place of a point in units."""
        across, up = round(point[0] * self.unit * self.forward), round(point[1] * self.unit)
        return (self.origin[0] + across, self.origin[1] - up)

    def paste(self, art: Image.Image, foot: Point) -> tuple[int, int, int, int]:
        """Lay `art` with the middle of its lower edge at `foot` and return its box in pixels."""
        x, y = self.at(foot)
        box = (x - art.width // 2, y - art.height)
        # Pillow refuses places outside the sheet, so what would stick out is cut from the art.
        hidden = (max(0, -box[0]), max(0, -box[1]))
        if hidden[0] < art.width and hidden[1] < art.height:
            self.image.alpha_composite(art, (max(0, box[0]), max(0, box[1])), hidden)
        return (box[0], box[1], box[0] + art.width, box[1] + art.height)

    def dot(self, point: Point, radius: float, colour: Colour, rim: Colour | None = RIM, flat: float = 1.0) -> None:
        """A disc, `flat` times as high as wide."""
        x, y = self.at(point)
        for grow, fill in ((_EDGE, rim), (0.0, colour)):
            if fill is not None:
                rx, ry = (radius + grow) * self.unit, (radius * flat + grow) * self.unit
                self._pen.ellipse((round(x - rx), round(y - ry), round(x + rx), round(y + ry)), fill=fill)

    def line(self, points: Sequence[Point], width: float, colour: Colour, rim: Colour | None = RIM) -> None:
        """A line with round ends through `points`."""
        pixels = [self.at(point) for point in points]
        for thick, fill in ((width + 2 * _EDGE, rim), (width, colour)):
            if fill is not None:
                size = max(1, round(thick * self.unit))
                self._pen.line(pixels, fill=fill, width=size)
                r = size / 2
                for x, y in pixels:
                    self._pen.ellipse((x - r, y - r, x + r, y + r), fill=fill)

    def shape(self, points: Sequence[Point], colour: Colour, rim: Colour | None = RIM) -> None:
        """A filled polygon."""
        if rim is not None:
            self.line([*points, points[0]], 0.0, rim)
        self._pen.polygon([self.at(point) for point in points], fill=colour)

    def shadow(self, half: float, middle: float = 0.0, strength: int = 70) -> None:
        """A soft shadow on the ground, drawn before the figure."""
        x, y = self.at((middle, 0.0))
        dark = Image.new("L", self.image.size)
        pen = ImageDraw.Draw(dark)
        for step in range(8, 0, -1):
            rx, ry = half * self.unit * step / 8, 0.08 * self.unit * step / 8
            pen.ellipse((x - rx, y - ry, x + rx, y + ry), fill=strength * 3 * (9 - step) // 16)
        layer = Image.new("RGBA", self.image.size, (20, 18, 40, 0))
        layer.putalpha(dark)
        self.image.alpha_composite(layer)


def _bow(centre: Point, radius: float, start: float, end: float) -> list[Point]:
    """Points of an arc, angles in degrees, 0 forward and 90 upward."""
    steps = [math.radians(start + (end - start) * i / 20) for i in range(21)]
    return [(centre[0] + radius * math.cos(a), centre[1] + radius * math.sin(a)) for a in steps]


def arcs(sheet: Sheet, centre: Point, radius: float, start: float, end: float, count: int = 2) -> None:
    """Lines of motion: `count` arcs one around the other."""
    for i in range(count):
        sheet.line(_bow(centre, radius + 0.12 * i, start, end), 0.045, WHITE)


def note(sheet: Sheet, point: Point, size: float, colour: Colour) -> None:
    """A quaver, its head at `point`."""
    x, y = point
    sheet.line([(x + size * 0.3, y), (x + size * 0.3, y + size), (x + size * 0.8, y + size * 0.7)], size * 0.17, colour)
    sheet.dot(point, size * 0.32, colour, flat=0.78)


def letter_z(sheet: Sheet, point: Point, size: float) -> None:
    """A letter z that reads the same to both sides."""
    x, y = point
    right = size * sheet.forward
    left_up, right_up = (x, y + size), (x + right, y + size)
    sheet.line([left_up, right_up, (x, y), (x + right, y)], size * 0.24, (90, 170, 255))


def speed_lines(sheet: Sheet, back: float, height: float) -> None:
    """Three lines behind a runner."""
    for share, length in ((0.78, 0.34), (0.52, 0.46), (0.26, 0.34)):
        y = share * height
        sheet.line([(back - 0.06, y), (back - 0.06 - length, y)], 0.045, WHITE)


def puffs(sheet: Sheet, back: float) -> None:
    """Dust behind the feet."""
    for dx, radius in ((0.06, 0.09), (0.2, 0.065), (0.32, 0.04)):
        sheet.dot((back - dx, radius), radius, (244, 236, 220))


def footprints(sheet: Sheet, back: float) -> None:
    """Three steps on the ground behind a walker."""
    for i in range(3):
        sheet.dot((back - 0.08 - 0.19 * i, 0.02 + 0.05 * (i % 2)), 0.065, (112, 84, 62), (240, 232, 215), flat=0.5)


def balls(sheet: Sheet, top: float, half: float) -> None:
    """Four balls in an arc above the head."""
    for i, colour in enumerate(BALLS):
        angle = math.radians(152 - 41.3 * i)
        sheet.dot((half * math.cos(angle), top + 0.3 * math.sin(angle)), 0.1, colour)


def waves(sheet: Sheet, half: float, height: float, back: bool = False) -> None:
    """Water behind (`back`) or in front of a swimmer: a block with round crests, as in the human art."""
    steps = 48
    crests = (0.09 if back else 0.04) * (-1 if back else 1)
    top = []
    for i in range(steps + 1):
        x = -half + 2 * half * i / steps
        top.append((x, height + crests * math.cos(2 * math.pi * 2.5 * i / steps)))
    sheet.shape([(-half, -0.02), *top, (half, -0.02)], (64, 164, 252) if back else (58, 128, 238), None)
    if not back:
        sheet.line([(x * 0.985, y - 0.012) for x, y in top], 0.024, (150, 208, 255), None)


def cushion(sheet: Sheet, half: float) -> None:
    """A pillow on which a sleeper lies."""
    sheet.dot((0.0, 0.1), half + 0.1, (150, 124, 232), (104, 82, 186), flat=0.24)
    sheet.dot((0.0, 0.13), half + 0.03, (178, 156, 248), None, flat=0.17)


def ticks(sheet: Sheet, top: float) -> None:
    """Three small blue wedges above a bowing head, as the human art has them."""
    for x, lean in ((-0.26, -0.07), (0.0, 0.0), (0.26, 0.07)):
        sheet.shape([(x, top), (x + lean - 0.06, top + 0.15), (x + lean + 0.06, top + 0.15)], (60, 150, 255))


def bicycle(sheet: Sheet) -> None:
    """A red bicycle of one unit, riding forward; for packs that bring none."""
    for x in (-0.32, 0.32):
        sheet.line(_bow((x, 0.2), 0.185, 0, 360), 0.045, (60, 52, 84))
    frame = [(-0.32, 0.2), (-0.12, 0.46), (0.22, 0.46), (0.0, 0.2), (-0.32, 0.2)]
    sheet.line(frame, 0.045, (240, 60, 80))
    sheet.line([(0.0, 0.2), (-0.12, 0.46)], 0.045, (240, 60, 80))
    sheet.line([(0.32, 0.2), (0.2, 0.58), (0.3, 0.6)], 0.045, (240, 60, 80))


def hat(art: Image.Image, place: tuple[float, float, float, float], colour: str) -> Image.Image:
    """Return `art` (a figure cropped to its box) with a knitted hat at [x, y, width, angle]; the sheet may grow."""
    unit = max(art.size)
    width = place[2]
    sheet = Sheet(unit, 1, across=2 * width, up=1.3 * width, down=0.4 * width)
    cloth, trim = CLOTH[colour]
    dome = [(x * width * 0.48, 0.06 * width + y * width * 0.66) for x, y in _bow((0, 0), 1.0, 0, 180)]
    sheet.shape(dome, cloth)
    sheet.line([(-0.46 * width, 0.05 * width), (0.46 * width, 0.05 * width)], 0.17 * width, trim)
    sheet.dot((0, 0.8 * width), 0.15 * width, trim)
    return _lay(art, sheet, place)


def scarf(art: Image.Image, place: tuple[float, float, float, float], colour: str) -> Image.Image:
    """Return `art` with a scarf at [x, y, width, angle]: a band across the neck and a tail that hangs down."""
    unit = max(art.size)
    width = place[2]
    thick = max(0.085, 0.21 * width)
    sheet = Sheet(unit, 1, across=3 * width, up=width, down=1.5 * width)
    cloth, trim = CLOTH[colour]
    lean = math.radians(place[3]) if abs(place[3]) < 135 else 0.0
    # The tail hangs straight down although the band is turned with the neck.
    length = max(0.22, 0.55 * width)
    start = (0.24 * width, -0.02)
    end = (start[0] + length * math.sin(lean), start[1] - length * math.cos(lean))
    sheet.line([start, end], thick * 0.8, cloth)
    fringe = (start[0] + (end[0] - start[0]) * 0.97, start[1] + (end[1] - start[1]) * 0.97)
    sheet.line([fringe, end], thick * 0.8, trim, None)
    half = max(0.02, width / 2 - thick / 2)
    sheet.line([(-half, 0.03), (0, -0.02), (half, 0.03)], thick, cloth)
    return _lay(art, sheet, place)


def _lay(art: Image.Image, sheet: Sheet, place: tuple[float, float, float, float]) -> Image.Image:
    """Turn a sheet about its origin and lay it on the figure; room is added around so that nothing is cut."""
    x, y, _, angle = place
    mark = sheet.image.rotate(-angle, Image.Resampling.BICUBIC, expand=True, center=None)
    cx, cy = sheet.image.width / 2, sheet.image.height / 2
    dx, dy = sheet.origin[0] - cx, sheet.origin[1] - cy
    turn = math.radians(angle)
    ox = mark.width / 2 + dx * math.cos(turn) - dy * math.sin(turn)
    oy = mark.height / 2 + dx * math.sin(turn) + dy * math.cos(turn)
    left, top = round(x * art.width - ox), round(y * art.height - oy)
    # Only what is visible may make the picture grow: the figure stands on its lower edge.
    seen = mark.getbbox() or (0, 0, 1, 1)
    mark, left, top = mark.crop(seen), left + seen[0], top + seen[1]
    room = [max(0, -left), max(0, -top), max(0, left + mark.width - art.width), max(0, top + mark.height - art.height)]
    grown = Image.new("RGBA", (art.width + room[0] + room[2], art.height + room[1] + room[3]))
    grown.paste(art, (room[0], room[1]))
    grown.alpha_composite(mark, (left + room[0], top + room[1]))
    return grown
