"""A tiny set of clips to try things out with: somebody of the cast takes a few steps to the left or to the right.

write_strolls(Path("strolls"), {"train": 48, "val": 8, "test": 8})
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np

from seqgan.data.manifest import Record
from seqgan.data.sequences import Clip, Story, write_sequences
from seqgan.data.theatre.pack import CastPack
from seqgan.data.theatre.stage import Stage
from seqgan.data.theatre.world import NOISE_SIZE, Actor, Panel

FRAMES, FPS, SIZE = 32, 16, (64, 64)
WAYS = {"left": (2.0, -2.0), "right": (-2.0, 2.0)}
"""From where to where the staging noise moves an actor."""


def write_strolls(folder: Path, counts: Mapping[str, int]) -> Record:
    """Draw so many clips of each split; returns dataset.json's record. The same counts give the same bytes."""
    pack, rng = CastPack.shipped(), np.random.default_rng(0)
    names = [(split, f"{split}-{number:03d}") for split, count in counts.items() for number in range(count)]
    stories = [Story(name, split, (name,), name) for split, name in names]
    about = {
        "name": "strolls", "size": list(SIZE), "length": 1, "seed": 0, "licence": pack.licence, "frames": FRAMES,
        "fps": FPS, "groups": {"personas": sorted(pack.characters), "actions": sorted(WAYS),
                               "places": sorted(pack.settings)},
    }  # fmt: skip
    return write_sequences(folder, _clips(pack, [name for _, name in names], rng), stories, about, progress=False)


def _clips(pack: CastPack, names: list[str], rng: np.random.Generator) -> Iterator[Clip]:
    stage = Stage(pack, SIZE)
    for name in names:
        who, place, way = (str(rng.choice(sorted(each))) for each in (pack.characters, pack.settings, WAYS))
        panel = Panel((Actor(who, "walk"),), place)
        noise = np.zeros((FRAMES, NOISE_SIZE))
        noise[:, 0] = np.linspace(*WAYS[way], FRAMES)
        frames = np.stack([stage.draw(panel, row) for row in noise])
        text = f"{pack.characters[who].name} walks to the {way}: {place}"
        yield Clip(name, frames, (text,), {"personas": (who,), "actions": (way,), "places": (place,)})
