"""The animated Fluent Emoji as they are fetched: which files move, what they are called, and their frames.

    art = read_art(fetched_folder("fluent-motion"), fetched_folder("emojibase"))
    frames = read_frames(art[0].path, 32)      # uint8 (32, 256, 256, 4)

Files are WebP, `part-N/assets/CODE.webp`, named by their Unicode code points. Most have 72 frames of 42 ms; a round has
0.5 to 4.1 seconds. Those that are not in Microsoft's MIT repository are never read.
"""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from itertools import accumulate
from pathlib import Path

import numpy as np
from PIL import Image

from seqgan.data.emoji_styles import GROUPS, plain, read_json, refused_codes
from seqgan.errors import DataError

LOOP = 3.024
"""Seconds of a usual round, 72 frames of 42 ms: half the clips have it, and it makes the nominal frame rate."""
MOST = (400, 1024)
"""Frames, and pixels a side, above which a file is refused before it is decoded."""


@dataclass(frozen=True)
class Art:
    """One animation: its file, its code points without FE0F, its name and tags in emojibase, and its group there."""

    path: Path
    code: str
    name: str
    tags: tuple[str, ...]
    group: str


def read_art(folder: Path, names: Path) -> list[Art]:
    """The animations of a fetched folder that are pictures of something, in the order of their codes.

    Raises DataError where the folder holds none, where a file is no WebP, or where the names cannot be read.
    """
    refused, known = refused_codes(), _names(names)
    files = {plain(path.stem): path for path in sorted(folder.glob("part-*/assets/*.webp"))}
    if not files:
        raise DataError(f"{folder} holds no animations; run 'seqgan data fetch fluent-motion' first")
    wanted = ((code, path) for code, path in sorted(files.items()) if code in known and code not in refused)
    return [Art(path, code, *known[code]) for code, path in wanted if _moves(path)]


def _names(folder: Path) -> dict[str, tuple[str, tuple[str, ...], str]]:
    """Plain code points to name, tags and group; tone variants have names of their own and the tags of their base."""
    found = {}
    for entry in read_json(folder / "en" / "data.json", "emojibase"):
        if entry.get("group") not in GROUPS:
            continue
        for each in (entry, *entry.get("skins", ())):
            tags = tuple(tag.lower() for tag in entry.get("tags", ()))
            found[plain(each["hexcode"].lower())] = (each["label"], tags, GROUPS[entry["group"]])
    return found


def _moves(path: Path) -> bool:
    with _opened(path) as picture:
        return getattr(picture, "n_frames", 1) > 1


def _opened(path: Path) -> Image.Image:
    """The file, its size and number of frames checked, nothing decoded yet."""
    try:
        picture = Image.open(BytesIO(path.read_bytes()), formats=("WEBP",))
    except (OSError, ValueError) as error:
        raise DataError(f"{path} is no whole WebP ({error}); fetch fluent-motion again") from None
    frames = getattr(picture, "n_frames", 1)
    if frames > MOST[0] or max(picture.size) > MOST[1] or picture.width != picture.height:
        raise DataError(f"{path} has {frames} frames of {picture.width}x{picture.height}; expected a square of at most "
                        f"{MOST[1]} pixels and {MOST[0]} frames, fetch fluent-motion again")  # fmt: skip
    return picture


def read_frames(path: Path, count: int) -> np.ndarray:
    """`count` frames of an animation, uint8 (count, S, S, 4) RGBA, evenly by time over its whole round.

    Frame k is what is shown at k / count of the round, so that the last is followed by the first. Raises DataError,
    which names the file, where it cannot be decoded.
    """
    with _opened(path) as picture:
        numbers = range(getattr(picture, "n_frames", 1))
        try:
            frames, times = zip(*(_frame(picture, number) for number in numbers), strict=True)
        except (OSError, ValueError, EOFError) as error:
            raise DataError(f"{path} cannot be decoded ({error}); fetch fluent-motion again") from None
    return np.stack([frames[number] for number in shown(times, count)])


def _frame(picture: Image.Image, number: int) -> tuple[np.ndarray, int]:
    picture.seek(number)
    picture.load()
    return np.asarray(picture.convert("RGBA")), max(1, int(picture.info.get("duration", 0)))


def shown(times: tuple[int, ...], count: int) -> list[int]:
    """Which of the frames that last `times` milliseconds are shown at 0, 1/count, ... of the whole round.

    >>> shown((10, 10, 20), 4)
    [0, 1, 2, 2]
    """
    ends = np.array(list(accumulate(times)))
    marks = np.arange(count) * int(ends[-1])  # in 1/count milliseconds, so that integers decide
    return np.searchsorted(ends * count, marks, side="right").tolist()
