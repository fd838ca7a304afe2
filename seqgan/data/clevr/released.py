"""Reads CLEVR-SV as released: pictures and one dictionary of vectors, or arrays of an .npz file.

FOLDER/images/CLEVR_new_000100_1.png    story 100, panel 1 of 4; any size, RGB or RGBA
FOLDER/CLEVR_dict.npy                   a pickled dictionary: file name -> 75 numbers
FILE.npz                                images (S, 4, H, W, 3) uint8, vectors (S, 4, 75), ids (S,)

Stories 0-9999 are for training and 10000-12999 for testing. The sample that the code came with has ids from 100 on;
there 172 and later are for testing. The released loader counts one story too many at both ends: its training takes 172
along, a test story, and its test one whose vectors are missing. Here a story is in one split, and must be whole.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from itertools import chain
from pathlib import Path, PurePosixPath
from typing import Any

import numpy as np
from PIL import Image

from seqgan.checks import check_range
from seqgan.data.clevr.prepare import about_clevr, panel_clips, told_story
from seqgan.data.clevr.scene import PANELS, Scene
from seqgan.data.clevr.telling import sentences
from seqgan.data.clevr.vectors import LAYOUT, check_vectors, things_of
from seqgan.data.manifest import Record
from seqgan.data.pickles import read_npy
from seqgan.data.readers.entries import Report
from seqgan.data.sequences import Clip, write_sequences
from seqgan.errors import DataError

NAME = "clevr-sv-released"
LICENCE = "none is told by its publisher; for research of your own, do not pass it on"
FILE_NAME = re.compile(r"CLEVR_new_(\d+)_(\d+)\.png")
DICTIONARY = "CLEVR_dict.npy"
FULL_TEST, SAMPLE_TEST = 10_000, 172
"""First story for testing, of the whole set and of the sample that the code came with."""
SAMPLE = range(100, 200)
"""Where the ids of that sample lie."""

Panels = tuple[np.ndarray, np.ndarray]
"""A story's pictures (4, H, W, 3) uint8 and vectors (4, 75) float32."""


def read_released(source: Path, size: int, report: Report) -> dict[int, Callable[[], Panels]]:
    """What reads each whole story of a folder or .npz file, by id; the report says what was left out.

    Raises DataError where it has another layout, or no story at all.
    """
    stories = _npz_stories(source, size) if source.suffix == ".npz" else _folder_stories(source, size, report)
    if not stories:
        raise DataError(f"{source} has not one whole story; expected {PANELS} pictures CLEVR_new_ID_1.png to "
                        f"CLEVR_new_ID_{PANELS}.png with vectors in {DICTIONARY}")  # fmt: skip
    return dict(sorted(stories.items()))


def _folder_stories(folder: Path, size: int, report: Report) -> dict[int, Callable[[], Panels]]:
    pictures: dict[int, dict[int, Path]] = defaultdict(dict)
    for path in (folder / "images").glob("CLEVR_new_*.png"):
        if named := FILE_NAME.fullmatch(path.name):  # masks have the same beginning
            pictures[int(named[1])][int(named[2])] = path
    if not pictures:
        raise DataError(f"{folder / 'images'} holds no CLEVR_new_ID_PANEL.png; give the folder with images/ and "
                        f"{DICTIONARY}")  # fmt: skip
    vectors = _dictionary(folder / DICTIONARY)
    stories: dict[int, Callable[[], Panels]] = {}
    for number, panels in sorted(pictures.items()):
        names = [panels[panel].name for panel in range(1, PANELS + 1) if panel in panels]
        if len(names) < PANELS:
            report.add(f"story {number} has {len(names)} pictures of {PANELS} and was left out")
        elif lost := [name for name in names if name not in vectors]:
            report.add(f"story {number} has no vector of {lost[0]} in {DICTIONARY} and was left out")
        else:
            told = np.stack([vectors[name] for name in names])
            stories[number] = lambda n=number, p=panels, v=told: (_pictures(p, size), check_vectors(v, f"story {n}"))
    return stories


def _dictionary(path: Path) -> dict[str, np.ndarray]:
    """Vectors by file name. Raises DataError where the dictionary is none, or its vectors have another length."""
    content: Any = read_npy(path)
    content = content.item() if content.shape == () else None
    if not isinstance(content, dict):
        raise DataError(f"{path} holds no dictionary; expected file name -> {LAYOUT}")
    named = {PurePosixPath(str(name)).name: np.asarray(vector, np.float32).ravel() for name, vector in content.items()}
    for name, vector in named.items():
        check_vectors(vector[None], f"{name} in {path}")
    return {name if name.endswith(".png") else f"{name}.png": vector for name, vector in named.items()}


def _pictures(paths: dict[int, Path], size: int) -> np.ndarray:
    try:
        return np.stack([_resized(Image.open(paths[panel]), size) for panel in range(1, PANELS + 1)])
    except OSError as error:
        raise DataError(f"a picture of {paths[1].parent} cannot be decoded ({error}); get it anew") from error


def _resized(picture: Image.Image, size: int) -> np.ndarray:
    """A picture as a square, as the released loader squeezes it; alpha is dropped."""
    with picture:
        return np.asarray(picture.convert("RGB").resize((size, size), Image.Resampling.BILINEAR))


def _npz_stories(path: Path, size: int) -> dict[int, Callable[[], Panels]]:
    try:
        with np.load(path, allow_pickle=False) as arrays:
            images, vectors, ids = arrays["images"], arrays["vectors"], arrays["ids"]
    except (OSError, ValueError, KeyError, EOFError) as error:
        raise DataError(f"{path} cannot be read ({error}); expected arrays images, vectors and ids") from error
    if images.shape[1:2] != (PANELS,) or images.ndim != 5 or not len(images) == len(vectors) == len(ids):
        raise DataError(f"images of {path} have shape {images.shape}; expected (stories, {PANELS}, height, width, 3), "
                        "with vectors and ids of as many stories")  # fmt: skip

    def read(row: int) -> Panels:
        squares = [_resized(Image.fromarray(image), size) for image in images[row]]
        return np.stack(squares), check_vectors(vectors[row], f"story {ids[row]} in {path}")

    return {int(number): lambda row=row: read(row) for row, number in enumerate(ids)}


def released_splits(ids: list[int], val: int) -> dict[int, str]:
    """Which split each story is of: as published, with the last `val` training stories set aside.

    Raises DataError where that leaves none to train on.
    """
    first_test = SAMPLE_TEST if set(ids) <= set(SAMPLE) else FULL_TEST
    train = [number for number in sorted(ids) if number < first_test]
    check_range("val", val, 0, max(0, len(train) - 1), DataError)
    aside = set(train[len(train) - val :])
    return {number: "test" if number >= first_test else "val" if number in aside else "train" for number in ids}


def prepare_released(
    out: Path | str, source: Path, size: int = 64, val: int = 0, seed: int = 0, strict: bool = False,
    progress: bool = True,
) -> Record:  # fmt: skip
    """Write the released stories of a folder or .npz file as a sequence data set; returns dataset.json's record.

    Sentences are not released: they are told anew from the vectors, by chance of `seed` and the story's id. Raises
    DataError for another layout, vectors of another length, and with `strict` for a story that is not whole.
    """
    report = Report(strict)
    stories = read_released(Path(source), size, report)
    splits = released_splits(list(stories), val)
    about = about_clevr(NAME, size, seed, LICENCE) | {"official_split": not val, "left_out": report.lines}
    clips = chain.from_iterable(_clips(number, read, seed) for number, read in stories.items())
    return write_sequences(
        out, clips, (told_story(_name(number), split) for number, split in splits.items()), about, progress
    )


def _name(number: int) -> str:
    return f"{number:06d}"


def _clips(number: int, read: Callable[[], Panels], seed: int) -> Iterator[Clip]:
    panels, vectors = read()
    rng = np.random.default_rng([seed, number])
    yield from panel_clips(_name(number), panels, sentences(Scene(things_of(vectors[-1])), rng), vectors)
