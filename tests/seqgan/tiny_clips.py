"""A tiny set of clips: squares of three colours that move across or down before one of two grounds."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from pathlib import Path

import numpy as np

from seqgan.data.sequences import Clip, Story, write_sequences

COLOURS = {"red": (220, 30, 30), "green": (30, 200, 40), "blue": (40, 60, 230)}
PLACES = {"sand": (220, 200, 120), "snow": (240, 240, 250)}
ACTIONS = ("across", "down")
SIZE, FRAMES, SIDE = 32, 16, 8
TAKES = {"train": 2, "val": 1, "test": 1}
"""Clips of every combination in each split."""


def moving(colour: str, action: str, place: str, start: int) -> np.ndarray:
    """A square of a colour that moves a pixel a frame, from `start` on, uint8 (16, 32, 32, 3)."""
    clip = np.empty((FRAMES, SIZE, SIZE, 3), np.uint8)
    clip[:] = PLACES[place]
    for number, frame in enumerate(clip):
        along = start + number
        top, left = (12, along) if action == "across" else (along, 12)
        frame[top : top + SIDE, left : left + SIDE] = COLOURS[colour]
    return clip


def _clips() -> Iterator[Clip]:
    for split, takes in TAKES.items():
        for take, (colour, action, place) in product(range(takes), product(COLOURS, ACTIONS, PLACES)):
            texts = (f"a {colour} square goes {action} on the {place}", f"on the {place}, {colour} moves {action}")
            labels = {"personas": (colour,), "actions": (action,), "places": (place,)}
            frames = moving(colour, action, place, 2 + take)
            yield Clip(_name(split, take, colour, action, place), frames, texts, labels)


def _name(split: str, take: int, *cell: str) -> str:
    return f"{split}{take}-{'-'.join(cell)}"


def _stories() -> Iterator[Story]:
    for split, takes in TAKES.items():
        for take, cell in product(range(takes), product(COLOURS, ACTIONS, PLACES)):
            name = _name(split, take, *cell)
            yield Story(name, split, (name,), name)


def tiny_clips(out: Path) -> Path:
    """Write it and return the folder."""
    groups = {"personas": list(COLOURS), "actions": list(ACTIONS), "places": list(PLACES)}
    about = {"name": "squares", "size": [SIZE, SIZE], "length": 1, "groups": groups, "seed": 0, "licence": "MIT",
             "frames": FRAMES, "fps": 8}  # fmt: skip
    write_sequences(out, _clips(), _stories(), about, progress=False)
    return out
