"""The stage: composes a panel's labels to a picture, at any size, in integers and without torch.

    stage = Stage(CastPack.shipped(), (64, 112))
    pixels = stage.draw(panel, noise)          # uint8 (64, 112, 3)
    boxes = stage.layout(panel, noise)         # where every actor and prop stands, in shares of the frame
    areas = stage.extents(panel, noise)        # float32 (K, 4), the rectangles of their whole pictures
    worn = stage.worn(panel, noise)            # float32 (K, 4), where in its picture each wears a hat or scarf

The same panel and noise give the same bytes. Small frames are composed at twice their size and averaged two by two, so
that figures move in half pixels and have smooth edges. Figures and backdrops are kept, a panel takes about 1 ms.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np

from seqgan.data.theatre.pack import CastPack
from seqgan.data.theatre.poses import Figure, figure, thing
from seqgan.data.theatre.sky import FIGURES, backdrop
from seqgan.data.theatre.world import COLOURS, Actor, Panel
from seqgan.errors import DataError

_X = {"left": 0.22, "middle": 0.5, "right": 0.78}
_HEIGHT = {"medium": (0.54, 0.54, 0.5), "close": (0.85, 0.7, 0.58), "far": (0.32, 0.32, 0.32)}
"""Shot -> unit of a figure in frame heights, for one, two and three actors."""
_FLOOR = {"medium": 0.93, "close": 0.97, "far": 0.86}
_PROP = {"medium": 0.26, "close": 0.34, "far": 0.18}
_HALF = {"medium": 0.13, "close": 0.22, "far": 0.1}
"""Shot -> half the width (share of the frame) that an actor keeps free of props."""
_SIZE = {"normal": 1.0, "big": 1.3, "small": 0.72}
_PROP_HALF = 0.075
_STEPS = (0.025, 0.01)
"""How far one unit of noise moves an actor sideways (share of the width) and up or down (share of the height)."""
PER_ACTOR = 3
"""Numbers of the staging noise that belong to an actor: sideways, down, and which way it looks where that is free. The
actors take theirs in order from left to right, the camera the next one."""
_CAMERA = 3 * PER_ACTOR
_WORN_UNIT = 96
"""Unit of the figures, in pixels, at which the place of what they wear is found."""
_SMALL = 256
"""Frames up to this height are composed at twice their size."""
_CACHE_BYTES = 160 << 20

T = TypeVar("T")


@dataclass(frozen=True)
class Box:
    """Where an actor or prop stands: kind `actor` or `prop`, its id, and its corners in shares of the frame."""

    kind: str
    who: str
    x0: float
    y0: float
    x1: float
    y1: float


@dataclass(frozen=True)
class _Placed:
    """A figure and the pixel of the composed frame where its upper left corner goes."""

    kind: str
    who: str
    sprite: Figure
    left: int
    top: int


class Stage:
    """Draws panels of one pack at one size. Not safe for use by several threads at once (it keeps what it drew)."""

    def __init__(self, pack: CastPack, size: tuple[int, int] = (64, 112)) -> None:
        """Make a stage of `size` (H, W), 16 to 4096 pixels each. Raises DataError for other sizes."""
        height, width = size
        if not (16 <= height <= 4096 and 16 <= width <= 4096):
            raise DataError(f"a stage of {height}x{width} was asked for; give a height and width of 16 to 4096 pixels")
        self.pack = pack
        self.size = (int(height), int(width))
        self._scale = 2 if height <= _SMALL else 1
        self._work = (self._scale * self.size[0], self._scale * self.size[1])
        self._kept: OrderedDict[Hashable, tuple[object, int]] = OrderedDict()
        self._bytes = 0

    def draw(self, panel: Panel, noise: np.ndarray) -> np.ndarray:
        """Return the picture of `panel` as uint8 (H, W, 3). `noise` is a vector of at least 10 normal numbers.

        Raises:
            DataError: if the pack lacks a character, setting or prop of the panel.
        """
        placed = self._place(panel, noise)
        canvas = self._backdrop(panel, noise)
        light = np.array(FIGURES[panel.time], np.uint16)
        for index in self._order(panel):
            _paste(canvas, placed[index], light)
        return _halve(canvas) if self._scale == 2 else canvas

    def layout(self, panel: Panel, noise: np.ndarray) -> list[Box]:
        """Return the boxes of the actors in their order, then of the props, in shares of the frame (clipped to it)."""
        height, width = self._work
        boxes = []
        for each in self._place(panel, noise):
            x0, y0, x1, y1 = each.sprite.box
            xs = [min(1.0, max(0.0, (each.left + x) / width)) for x in (x0, x1)]
            ys = [min(1.0, max(0.0, (each.top + y) / height)) for y in (y0, y1)]
            boxes.append(Box(each.kind, each.who, xs[0], ys[0], xs[1], ys[1]))
        return boxes

    def extents(self, panel: Panel, noise: np.ndarray) -> np.ndarray:
        """Return float32 (K, 4): centre x and y, width and height of the whole picture (shadow and marks included) of
        each actor, then of each prop, in shares of the frame and not clipped to it."""
        height, width = self._work
        found = np.zeros((len(panel.actors) + len(panel.props), 4), np.float32)
        for row, each in enumerate(self._place(panel, noise)):
            h, w = each.sprite.pixels.shape[:2]
            found[row] = (each.left + w / 2) / width, (each.top + h / 2) / height, w / width, h / height
        return found

    def worn(self, panel: Panel, noise: np.ndarray) -> np.ndarray:
        """Return float32 (K, 4): centre x and y, width and height of what each actor of `panel` wears, in shares of its
        whole picture (see `extents`); zeros for who wears nothing, and for the props."""
        found = np.zeros((len(panel.actors) + len(panel.props), 4), np.float32)
        for row, (actor, own) in enumerate(zip(panel.actors, _shares(panel, noise)[1], strict=True)):
            if actor.look.item != "none":
                looks = [replace(actor, look=replace(actor.look, colour=colour)) for colour in COLOURS[1:3]]
                found[row] = _differing(*(self._sprite(each, _WORN_UNIT, bool(own[2] > 0)).pixels for each in looks))
        return found

    def _order(self, panel: Panel) -> list[int]:
        """Indices of what is drawn, from back to front: who stands behind, the other actors, the props."""
        actors = range(len(panel.actors))
        behind = [i for i in actors if panel.actors[i].place == "behind"]
        front = [i for i in actors if panel.actors[i].place != "behind"]
        return [*behind, *front, *range(len(panel.actors), len(panel.actors) + len(panel.props))]

    def _backdrop(self, panel: Panel, noise: np.ndarray) -> np.ndarray:
        """A fresh copy of the backdrop, panned by the noise."""
        setting = self.pack.settings.get(panel.setting)
        if setting is None:
            raise DataError(f"the panel's setting is {panel.setting!r}; the pack has {', '.join(self.pack.settings)}")
        weather = "clear" if setting.indoor else panel.weather
        key = ("backdrop", panel.setting, panel.time, weather, panel.shot)
        wide = self._keep(key, lambda: backdrop(setting, panel.time, weather, panel.shot, self._work), _array_bytes)
        room = wide.shape[1] - self._work[1]
        start = min(room, max(0, round(room * (0.5 + _clipped(noise[_CAMERA]) / 4))))
        return wide[:, start : start + self._work[1]].copy()

    def _place(self, panel: Panel, noise: np.ndarray) -> list[_Placed]:
        """Every actor, then every prop, with its sprite and its place in the composed frame."""
        xs, own = _shares(panel, noise)
        actors = [self._actor(panel, i, xs[i], own[i]) for i in range(len(xs))]
        return actors + self._props(panel, xs)

    def _actor(self, panel: Panel, index: int, x: float, noise: np.ndarray) -> _Placed:
        actor = panel.actors[index]
        if actor.who not in self.pack.characters:
            raise DataError(f"the panel shows {actor.who!r}; the pack has {', '.join(self.pack.characters)}")
        height, width = self._work
        # Upright and square frames are narrow: figures are sized by the width there, so that three still fit.
        base = min(height, 0.7 * width)
        unit = base * _HEIGHT[panel.shot][len(panel.actors) - 1] * _SIZE[actor.look.size]
        unit *= 0.75 if actor.place == "behind" else 1.0
        sprite = self._sprite(actor, round(unit), bool(noise[2] > 0))
        floor = (_FLOOR[panel.shot] - (0.13 if actor.place == "behind" else 0.0)) * height
        x = 0.5 + (x - 0.5) * (0.82 if panel.shot == "far" else 1.0)
        dx, dy = _clipped(noise[0]) * _STEPS[0] * width, _clipped(noise[1]) * _STEPS[1] * height
        # A figure too tall for the frame loses its feet, not its head.
        top = max(floor - (sprite.feet[1] - sprite.box[1]), 0.03 * height) - sprite.box[1]
        top += min(max(0.0, -top), 0.08 * height)  # and shows the marks above its head where a little room is left
        return _Placed("actor", actor.who, sprite, round(x * width + dx) - sprite.feet[0], round(top + dy))

    def _sprite(self, actor: Actor, unit: int, turned: bool) -> Figure:
        key = (actor.who, actor.action, actor.place, actor.look.item, actor.look.colour, unit, turned)
        return self._keep(
            key,
            lambda: figure(self.pack, actor.who, actor.action, actor.place, actor.look, unit, turned),
            lambda made: made.pixels.nbytes,
        )

    def _props(self, panel: Panel, xs: list[float]) -> list[_Placed]:
        height, width = self._work
        base = min(height, 0.7 * width) * (_PROP[panel.shot] if panel.actors else 0.32)
        taken = [(x, _HALF[panel.shot]) for x in xs]
        placed = []
        for name in panel.props:
            prop = self.pack.props.get(name)
            if prop is None:
                raise DataError(f"the panel shows {name!r}; the props are {', '.join(self.pack.props) or 'none'}")
            unit = round(base * prop.scale)
            sprite = self._keep(
                ("prop", name, unit), lambda p=prop, u=unit: thing(str(p.picture), u), lambda made: made.pixels.nbytes
            )
            x = _free_place(taken, len(panel.props))
            taken.append((x, _PROP_HALF))
            floor = (min(_FLOOR[panel.shot] + 0.03, 0.985) - prop.lift) * height
            left, top = round(x * width) - sprite.feet[0], round(floor) - sprite.feet[1]
            placed.append(_Placed("prop", name, sprite, left, top))
        return placed

    def _keep(self, key: Hashable, make: Callable[[], T], count: Callable[[T], int]) -> T:
        """Return what was made for `key` before, or make it; the oldest go when the cache is full."""
        found = self._kept.get(key)
        if found is not None:
            self._kept.move_to_end(key)
            return found[0]  # type: ignore[return-value]
        made = make()
        self._kept[key] = (made, count(made))
        self._bytes += count(made)
        while self._bytes > _CACHE_BYTES and len(self._kept) > 1:
            self._bytes -= self._kept.popitem(last=False)[1][1]
        return made


def _differing(pixels: np.ndarray, others: np.ndarray) -> tuple[float, float, float, float]:
    """Where two pictures (h, w, 4) differ: centre, width and height in shares of them; zeros if they do not."""
    differ = (pixels != others).any(axis=2)
    rows, columns = differ.any(axis=1).nonzero()[0], differ.any(axis=0).nonzero()[0]
    if not len(rows):
        return 0.0, 0.0, 0.0, 0.0
    (height, width), (top, left) = differ.shape, (rows[0], columns[0])
    tall, wide = rows[-1] + 1 - top, columns[-1] + 1 - left
    return (left + wide / 2) / width, (top + tall / 2) / height, wide / width, tall / height


def _array_bytes(array: np.ndarray) -> int:
    return array.nbytes


def _shares(panel: Panel, noise: np.ndarray) -> tuple[list[float], list[np.ndarray]]:
    """Where the actors stand before any noise, and each one's numbers of it."""
    if noise.ndim != 1 or len(noise) <= _CAMERA:
        raise DataError(f"staging noise has shape {noise.shape}; expected a vector of at least {_CAMERA + 1} numbers")
    xs = _places(panel.actors)
    ranks = [sorted(xs).index(x) for x in xs]
    return xs, [noise[PER_ACTOR * rank : PER_ACTOR * (rank + 1)] for rank in ranks]


def _clipped(value: float) -> float:
    return min(2.0, max(-2.0, float(value)))


def _places(actors: tuple[Actor, ...]) -> list[float]:
    """Horizontal middle of every actor: its place, beside the other for `behind`, apart where two ask for one place."""
    front = [_X[actor.place] for actor in actors if actor.place != "behind"]
    anchor = front[0] if front else 0.5
    found: list[float] = []
    for actor in actors:
        x = _X[actor.place] if actor.place != "behind" else anchor + (0.13 if anchor < 0.7 else -0.13)
        while any(abs(x - other) < 0.1 for other in found):
            x += 0.2 if x < 0.6 else -0.43
        found.append(x)
    return found


def _free_place(taken: list[tuple[float, float]], props: int) -> float:
    """Where the next prop goes: right of the first actor, the second left of it, or the nearest place that is free."""
    if not any(half != _PROP_HALF for _, half in taken):
        return (0.5 if props == 1 else 0.36) if not taken else 0.64
    first_prop = all(half != _PROP_HALF for _, half in taken)
    beside = taken[0][1] + 0.08
    wanted = taken[0][0] + (beside if first_prop else -beside)

    def cost(x: float) -> float:
        return sum(max(0.0, half + _PROP_HALF - abs(x - other)) for other, half in taken) * 8 + abs(x - wanted)

    return min((0.08 + 0.02 * i for i in range(43)), key=lambda x: (round(cost(x), 6), x))


def _paste(canvas: np.ndarray, each: _Placed, light: np.ndarray) -> None:
    """Blend a premultiplied sprite into the canvas: out = light * sprite + canvas * (255 - alpha) / 255."""
    cut = _window(each, canvas.shape[:2])
    if cut is None:
        return
    (y0, y1, x0, x1), sprite = cut
    target = canvas[y0:y1, x0:x1]
    under = target * (255 - sprite[..., 3:].astype(np.uint16)) + np.uint16(128)
    colour = sprite[..., :3] if light.min() == 256 else sprite[..., :3] * light >> 8
    target[...] = np.minimum(((under + (under >> 8)) >> 8) + colour, 255)


def _window(each: _Placed, frame: tuple[int, ...]) -> tuple[tuple[int, int, int, int], np.ndarray] | None:
    """The part of the frame that the sprite covers, and the part of the sprite that is inside the frame."""
    height, width = each.sprite.pixels.shape[:2]
    y0, y1 = max(0, each.top), min(frame[0], each.top + height)
    x0, x1 = max(0, each.left), min(frame[1], each.left + width)
    if y0 >= y1 or x0 >= x1:
        return None
    return (y0, y1, x0, x1), each.sprite.pixels[y0 - each.top : y1 - each.top, x0 - each.left : x1 - each.left]


def _halve(canvas: np.ndarray) -> np.ndarray:
    """Average two by two pixels, rounded to the nearest."""
    rows = canvas[::2].astype(np.uint16) + canvas[1::2]
    return ((rows[:, ::2] + rows[:, 1::2] + 2) >> 2).astype(np.uint8)
