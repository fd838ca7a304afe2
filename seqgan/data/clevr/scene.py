"""What a scene of CLEVR-SV holds: four things on a floor, lit by three lamps, drawn by chance from a seed."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from seqgan.checks import check_choice
from seqgan.errors import DataError

PANELS = 4
SHAPES = ("cube", "sphere", "cylinder")
COLOURS = ("gray", "red", "blue", "green", "brown", "purple", "cyan", "yellow")
MATERIALS = ("rubber", "metal")
SIZES = ("large", "small")
GROUPS = {"shapes": SHAPES, "colours": COLOURS, "materials": MATERIALS, "sizes": SIZES}
"""The attributes of a thing in the order of the published vectors."""
RADII = (0.7, 0.35)
"""Of large and small things, in units of the scene; also the height of their middle as the vectors tell it."""
REACH = 3.0
"""Things stand within +-REACH of the middle of the floor, along both axes."""
CAMERA = np.array([7.48113, -6.50764, 5.34367])
"""Where the camera stands before a story moves it; it looks at the middle of the floor."""
RIGHT = np.array([-CAMERA[1], CAMERA[0]]) / np.hypot(*CAMERA[:2])
"""The camera's right hand on the floor: (0.6563, 0.7545)."""
SIDES = {"to the right of": RIGHT, "to the left of": -RIGHT,
         "behind": np.array([-RIGHT[1], RIGHT[0]]), "in front of": np.array([RIGHT[1], -RIGHT[0]])}  # fmt: skip
"""The four directions on the floor, as seen by the camera."""
APART, ASIDE = 0.25, 0.4
"""Least gap between two things, and least distance along each direction: no sentence is a near thing (CLEVR's)."""
LAMPS = np.array([[6.44671, -2.90517, 4.2584], [-1.1685, 2.64602, 5.81574], [-4.67112, -4.0136, 3.01122]])
"""Key, back and fill lamp before a story moves them."""
LAMP_SHIFT, CAMERA_SHIFT = 1.0, 0.5
"""How far a story may move them, along every axis."""
TRIES = 100
SPLITS = ("train", "val", "test")


@dataclass(frozen=True)
class Thing:
    """One object: numbers into SHAPES, COLOURS, MATERIALS and SIZES, its place on the floor and its turn (radians)."""

    shape: int
    colour: int
    material: int
    size: int
    x: float
    y: float
    turn: float = 0.0

    @property
    def radius(self) -> float:
        """Half its height and width."""
        return RADII[self.size]

    @property
    def numbers(self) -> tuple[int, int, int, int]:
        """Its attributes in the order of GROUPS."""
        return self.shape, self.colour, self.material, self.size

    @property
    def description(self) -> str:
        """Its published description: "metal blue small cylinder"."""
        return f"{MATERIALS[self.material]} {COLOURS[self.colour]} {SIZES[self.size]} {SHAPES[self.shape]}"


@dataclass(frozen=True)
class Scene:
    """Things in the order in which the panels add them, and where the lamps (3, 3) and the camera (3,) stand."""

    things: tuple[Thing, ...]
    lamps: np.ndarray = field(default_factory=LAMPS.copy)
    camera: np.ndarray = field(default_factory=CAMERA.copy)


def story_dice(seed: int, split: str, index: int) -> np.random.Generator:
    """The generator of one story: of its seed, split and number alone. Raises DataError for an unknown split."""
    check_choice("split", split, SPLITS, DataError)
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence([seed, SPLITS.index(split), index])))


def draw_scene(rng: np.random.Generator, count: int = PANELS) -> Scene:
    """A scene of `count` things that stand apart from each other and whose directions are clear."""
    lamps = LAMPS + rng.uniform(-LAMP_SHIFT, LAMP_SHIFT, LAMPS.shape)
    camera = CAMERA + rng.uniform(-CAMERA_SHIFT, CAMERA_SHIFT, CAMERA.shape)
    while True:
        things: list[Thing] = []
        for _ in range(count):
            thing = _fitting(rng, things)
            if thing is None:
                break
            things.append(thing)
        if len(things) == count:
            return Scene(tuple(things), lamps, camera)


def _fitting(rng: np.random.Generator, others: list[Thing]) -> Thing | None:
    """A thing that finds a place among others, or none where a hundred places do not do."""
    shape, colour, material, size = (int(rng.integers(len(names))) for names in GROUPS.values())
    for _ in range(TRIES):
        x, y, turn = *rng.uniform(-REACH, REACH, 2), rng.uniform(0, 2 * np.pi)
        thing = Thing(shape, colour, material, size, float(x), float(y), float(turn))
        if all(stand_apart(thing, other) for other in others):
            return thing
    return None


def stand_apart(one: Thing, other: Thing) -> bool:
    """Is there a gap between two things, and is it plain which is in front and which to the right?"""
    apart = np.array([one.x - other.x, one.y - other.y])
    aside = min(abs(float(apart @ SIDES[side])) for side in ("to the right of", "behind"))
    return float(np.hypot(*apart)) >= one.radius + other.radius + APART and aside >= ASIDE
