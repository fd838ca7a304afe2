"""Pictures show what the labels say: colours where the parts are, and petals that go up, lie flat or hang."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pytest

from seqgan.data.garden.canvas import Paint
from seqgan.data.garden.drawing import PARTS, Picture, draw
from seqgan.data.garden.flower import NUMBERS, PATTERNS, PETAL_COLOURS, STAMEN_COLOURS, Flower, dice_of, flower_of
from seqgan.data.garden.paints import LEAVES, PAINTS, STEMS
from seqgan.errors import DataError

COUNT = 120
LEAF, STEM, PETAL, STAMEN = (PARTS.index(name) for name in ("leaf", "stem", "petal", "stamen"))


@lru_cache(maxsize=1)
def garden() -> list[tuple[Flower, Picture]]:
    flowers = [flower_of(0, "train", index) for index in range(COUNT)]
    return [(flower, draw(flower, dice_of(0, "train", index, 2), 64)) for index, flower in enumerate(flowers)]


def _nearest(picture: Picture, part: int, paints: dict[str, np.ndarray]) -> str:
    colour = picture.pixels[picture.parts == part].mean(0)
    return min(paints, key=lambda name: float(((colour - paints[name]) ** 2).sum()))


def _shaded(paint: Paint) -> np.ndarray:
    """A paint as it is seen on a rounded petal, a third of the way to its shadow."""
    return 0.65 * np.array(paint.plain) + 0.35 * np.array(paint.dark)


@pytest.mark.parametrize(
    ("part", "group", "names"),
    [(PETAL, "petal_colour", PETAL_COLOURS), (STAMEN, "stamen_colour", STAMEN_COLOURS), (LEAF, "leaf_colour", LEAVES)],
)
def test_parts_have_the_colour_of_their_label(part: int, group: str, names: tuple[str, ...]) -> None:
    paints = LEAVES if part == LEAF else PAINTS
    known = {name: _shaded(paints[name]) for name in names}
    shown = [(flower, picture) for flower, picture in garden() if part != PETAL or flower.second_colour is None]
    right = [_nearest(picture, part, known) == flower.labels[group] for flower, picture in shown]
    assert np.mean(right) >= 0.99


def test_every_part_can_be_seen() -> None:
    for flower, picture in garden():
        counts = np.bincount(picture.parts.ravel(), minlength=len(PARTS))
        assert (counts >= (1500, 120, 5, 180, 70)).all(), (flower, counts)


def _rise(picture: Picture) -> float:
    """How far the stamens are above the petals, in shares of the height."""
    rows = [np.nonzero(picture.parts == part)[0].mean() for part in (PETAL, STAMEN)]
    return float(rows[0] - rows[1]) / len(picture.parts)


def _shape(picture: Picture) -> float:
    """Height of the petals over their width."""
    rows, columns = np.nonzero(picture.parts == PETAL)
    return float(np.ptp(rows) + 1) / float(np.ptp(columns) + 1)


def test_directions_look_different() -> None:
    rise = {way: [_rise(p) for f, p in garden() if f.petal_direction == way] for way in ("upward", "flat", "downward")}
    assert max(map(abs, rise["flat"])) < 0.05 < 0.12 < min(rise["upward"])
    assert min(rise["downward"]) > 0.15
    shape = {way: [_shape(p) for f, p in garden() if f.petal_direction == way] for way in ("upward", "downward")}
    assert np.mean(shape["upward"]) > np.mean(shape["downward"]) + 0.15


@pytest.mark.parametrize("pattern", PATTERNS)
@pytest.mark.parametrize("shape", ["oval", "round"])
def test_a_second_colour_shows_beside_the_first(pattern: str, shape: str) -> None:
    flower = Flower("white", shape, "flat", 5, "yellow", "round", "green", "green", "red", pattern)
    picture = draw(flower, dice_of(0, "val", 0, 2), 96)
    petals = picture.pixels[picture.parts == PETAL].astype(int)
    red = (petals[:, 0] > petals[:, 1] + 80).mean()
    white = (petals.min(1) > 130).mean()
    assert red > 0.1
    assert white > 0.1


def test_petals_can_be_counted() -> None:
    for shape, numbers in NUMBERS.items():
        shares = []
        for number in (numbers[0], numbers[-1]):
            flower = Flower("white", shape, "flat", number, "yellow", "long", "green", "green")
            shares.append((draw(flower, dice_of(0, "val", 1, 2), 64).parts == PETAL).mean())
        assert shares[1] != shares[0]


def test_stems_are_of_their_colour() -> None:
    for colour in STEMS:
        flower = Flower("white", "oval", "upward", 5, "yellow", "long", "light green", colour)
        picture = draw(flower, dice_of(0, "val", 2, 2), 128)
        assert _nearest(picture, STEM, {name: _shaded(paint) for name, paint in STEMS.items()}) == colour


def test_a_picture_is_the_same_at_every_size() -> None:
    flower = flower_of(0, "test", 1)
    small, large = (draw(flower, dice_of(0, "test", 1, 2), size).pixels.astype(float) for size in (64, 256))
    shrunk = large.reshape(64, 4, 64, 4, 3).mean((1, 3))
    assert np.abs(shrunk - small).mean() < 4.0


def test_a_picture_is_a_function_of_its_dice() -> None:
    flower = flower_of(0, "test", 1)
    first, again, other = (draw(flower, dice_of(0, "test", index, 2), 32).pixels for index in (1, 1, 2))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


@pytest.mark.parametrize("size", [8, 4096])
def test_odd_sizes_are_refused(size: int) -> None:
    with pytest.raises(DataError, match="size is"):
        draw(flower_of(0, "train", 0), dice_of(0, "train", 0, 2), size)
