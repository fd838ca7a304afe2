"""FluentScenes: people of the animated Fluent Emoji over the theatre's places and times of day, a sentence a clip.

    seqgan data fetch fluent-motion            # and emojibase
    seqgan data prepare fluent-scenes -o data/fluent-scenes

A clip is one animation in one place at one time: "a woman with dark skin is juggling on the beach at night". Held out
are cells of persona and action (val, test), and cells of action and place, in `test_places` alone, done there by
personas that training knows at it. The figure stands on its mark; nothing but the animation moves.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from itertools import chain, product
from pathlib import Path

import numpy as np
from PIL import Image

from seqgan.checks import check_range
from seqgan.data.fetch import fetched_folder
from seqgan.data.fluent.art import LOOP, read_art, read_frames
from seqgan.data.fluent.cells import Cells
from seqgan.data.fluent.people import PERSONAS, TIMES, Person, actions, people
from seqgan.data.hashed import hashed
from seqgan.data.manifest import Record
from seqgan.data.sequences import CELLS, Clip, Story, write_sequences
from seqgan.data.theatre.pack import CastPack
from seqgan.data.theatre.poses import premultiply
from seqgan.data.theatre.sky import FIGURES, backdrop
from seqgan.data.workers import mapped
from seqgan.errors import DataError
from seqgan.resources import asset

SOURCES = ("fluent-motion", "emojibase")
PLACED = {"feet": (0.8, 0.94), "edge": (0.68, 1.0)}
"""Where a figure stands -> side of its picture, and the line of its feet, in shares of the frame."""
GROUND = (15, 16)
"""The art stands on this share of its picture's height."""
SHOT = "medium"
WIDE = (7, 4)
"""Width to height of boards' panels."""
LARGE = 256
"""Up to this size frames are composed at twice it and averaged two by two."""
SIZES, FRAMES = (16, 512), (2, 128)
LICENCE = "MIT: art Fluent Emoji (c) Microsoft Corporation, packaged by LobeHub; backdrops drawn by our code"

Scene = tuple[str, str]
"""A place and a time of day."""
Task = tuple[Person, tuple[Scene, ...]]


def prepare_fluent_scenes(
    out: Path | str, scenes: int = 4, frames: int = 32, size: int = 64, seed: int = 0, wide: bool = False,
    folders: Mapping[str, Path] | None = None, workers: int = 1, progress: bool = True,
) -> Record:  # fmt: skip
    """Compose `scenes` scenes of every animation that shows a persona's action; returns dataset.json's record.

    `frames` of `size` pixels a side a clip, `wide` ones of the shape of boards' panels (7 to 4), whose figures stand
    anywhere along the ground; `folders` says where a source of `SOURCES` lies, by default where `seqgan data fetch` put
    it. The bytes do not depend on how many workers there are. Raises DataError for numbers out of range, and for a
    source that is missing or broken; nothing half written stays.
    """
    pack = CastPack.shipped()
    check_range("scenes", scenes, 1, (len(pack.settings) - 1) * len(TIMES), DataError)
    check_clip(frames, size, seed)
    frame = (size, size * WIDE[0] // WIDE[1] if wide else size)
    found = people(read_art(*source_folders(folders)))
    if not found:
        raise DataError("the sources show nobody that fluent_actions.yaml knows; fetch fluent-motion again")
    cells = Cells.of(found, tuple(pack.settings), seed)
    tasks = planned(found, cells, tuple(pack.settings), scenes, seed)
    stories = [scene_story(person, scene, cells) for person, places in tasks for scene in places]
    about = {
        **about_clips("fluent-scenes", frames, frame, seed), "split_by": CELLS,
        "groups": {"personas": list(PERSONAS), "actions": list(actions()), "places": list(pack.settings),
                   "times": list(TIMES)},
        "pack": {"name": pack.name, "digest": pack.digest()}, **cells.told(),
    }  # fmt: skip
    with mapped(_begin, (frames, frame, seed), tasks, workers, 2) as made:
        return write_sequences(out, chain.from_iterable(made), stories, about, progress)


def check_clip(frames: int, size: int, seed: int) -> None:
    """Raises DataError for frames, pixels or seeds out of range."""
    check_range("frames", frames, *FRAMES, DataError)
    check_range("size", size, *SIZES, DataError)
    check_range("seed", seed, 0, error=DataError)


def source_folders(folders: Mapping[str, Path] | None) -> tuple[Path, Path]:
    """Where the animations and their names lie."""
    where = {name: fetched_folder(name) for name in SOURCES} | dict(folders or {})
    return where["fluent-motion"], where["emojibase"]


def about_clips(name: str, frames: int, size: tuple[int, int], seed: int) -> Record:
    """What all sets of these clips tell of themselves. `fps` is nominal: a clip is one round of its animation."""
    return {"name": name, "size": list(size), "length": 1, "frames": frames, "fps": round(frames / LOOP, 3),
            "seed": seed, "licence": LICENCE}  # fmt: skip


def planned(found: Sequence[Person], cells: Cells, places: Sequence[str], scenes: int, seed: int) -> list[Task]:
    """Every animation with its scenes: drawn from the places that its action is trained in, and, if it is trained
    on, one in the place that is held out."""
    tasks = []
    for person in found:
        held = cells.places.get(person.action.name)
        drawn = sorted(product(places, TIMES), key=lambda scene, code=person.art.code: hashed(seed, code, *scene))
        chosen = [scene for scene in drawn if scene[0] != held][:scenes]
        unseen = [scene for scene in drawn if scene[0] == held][: cells.split(person) == "train"]
        tasks.append((person, (*chosen, *unseen)))
    return tasks


def scene_story(person: Person, scene: Scene, cells: Cells) -> Story:
    """The one clip of a scene as a story. Its source is the cell that its split is told by, so that no source has two:
    persona and action, or, in test_places, action and place."""
    name, (place, _) = _name(person, scene), scene
    if cells.places.get(person.action.name) == place:
        return Story(name, "test_places", (name,), f"{person.action.name}, {place}")
    return Story(name, cells.split(person), (name,), f"{person.action.name}, {person.persona}")


def _name(person: Person, scene: Scene) -> str:
    return "/".join((person.art.code, *scene))


def _begin(frames: int, size: tuple[int, int], seed: int) -> partial[list[Clip]]:
    """What makes an animation's clips: pack and places are kept once a process."""
    return partial(scene_clips, Places(CastPack.load(asset("cast", "fluent")), size), frames, seed)


class Places:
    """The places of a pack for frames of `size` (H, W), drawn on first use; uint8 (2H, 2W, 3), or (H, W, 3) for large
    frames."""

    def __init__(self, pack: CastPack, size: tuple[int, int]) -> None:
        self.pack, self.size = pack, size
        scale = 2 if size[0] <= LARGE else 1
        self.work = (scale * size[0], scale * size[1])
        self._drawn: dict[Scene, np.ndarray] = {}

    def get(self, scene: Scene) -> np.ndarray:
        """The middle of a place's backdrop at a time of day, in clear weather."""
        if scene not in self._drawn:
            place, time = scene
            roomy = backdrop(self.pack.settings[place], time, "clear", SHOT, self.work)
            start = (roomy.shape[1] - self.work[1]) // 2
            self._drawn[scene] = roomy[:, start : start + self.work[1]]
        return self._drawn[scene]


def scene_clips(places: Places, frames: int, seed: int, task: Task) -> list[Clip]:
    """The clips of one animation, frames uint8 (F, H, W, 3)."""
    person, scenes = task
    side, line = PLACED[person.action.stand]
    height, width = places.size
    sprite = sprites(read_frames(person.art.path, frames), round(side * places.work[0]))
    return [
        Clip(
            _name(person, scene),
            composed(sprite, places.get(scene), line, FIGURES[scene[1]], height,
                     0.5 if width == height else hashed(seed, "at", _name(person, scene))),
            person.captions(*scene, seed),
            {"personas": (person.persona,), "actions": (person.action.name,), "places": scene[:1],
             "times": scene[1:]},
        )
        for scene in scenes
    ]  # fmt: skip


def sprites(frames: np.ndarray, side: int) -> np.ndarray:
    """RGBA frames (F, S, S, 4) at `side` pixels, premultiplied, uint8 (F, side, side, 4)."""
    pictures = (Image.fromarray(frame).resize((side, side), Image.Resampling.LANCZOS) for frame in frames)
    return np.stack([premultiply(picture) for picture in pictures])


def composed(
    sprite: np.ndarray, ground: np.ndarray, line: float, light: tuple[int, int, int], height: int, at: float = 0.5
) -> np.ndarray:  # fmt: skip
    """Premultiplied frames (F, s, s, 4) over a ground (H, W, 3), their feet at `line` (share of the height), `at` the
    share of the room left of them, in `light` (256: as drawn); uint8 frames of this `height`, H being it or twice it.
    Integers throughout."""
    work, side = len(ground), sprite.shape[1]
    left, top = int(at * (ground.shape[1] - side)), round(line * work) - side * GROUND[0] // GROUND[1]
    y0, y1 = max(0, top), min(work, top + side)
    part = sprite[:, y0 - top : y1 - top].astype(np.uint16)
    canvas = np.repeat(ground[None].astype(np.uint16), len(sprite), axis=0)
    under = canvas[:, y0:y1, left : left + side] * (255 - part[..., 3:]) + 128
    lit = part[..., :3] * np.array(light, np.uint16) >> 8 if min(light) < 256 else part[..., :3]
    canvas[:, y0:y1, left : left + side] = np.minimum(((under + (under >> 8)) >> 8) + lit, 255)
    return halved(canvas) if work == 2 * height else canvas.astype(np.uint8)


def halved(canvas: np.ndarray) -> np.ndarray:
    """Averages of two by two pixels of (F, 2S, 2S, 3), rounded; uint8 (F, S, S, 3)."""
    rows = canvas[:, ::2] + canvas[:, 1::2]
    return ((rows[:, :, ::2] + rows[:, :, 1::2] + 2) >> 2).astype(np.uint8)
