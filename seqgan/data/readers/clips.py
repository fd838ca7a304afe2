"""What every reader of a published story set shares: clips before they are decoded, frames, splits, windows, vectors.

    found = pororo_stories(Path("pororo_png"), report=report)
    write_found(out, found, size=64, most=0, report=report)

A reader lists clips and stories from the files of a layout and decodes nothing; `write_found` then decodes one clip at
a time. What cannot be used is named in the report, and the stories of a broken clip are left out.
"""

from __future__ import annotations

import io
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, ImageOps, ImageSequence

from seqgan.data.manifest import Record
from seqgan.data.pickles import read_npy, read_pickle
from seqgan.data.readers.entries import MAX_PIXELS, Report, by_hash
from seqgan.data.sequences import Clip, Story, write_sequences
from seqgan.errors import DataError

Frames = Callable[[], Iterator[Image.Image]]
"""Opens a clip and gives its frames one by one, RGB."""
VAL, TEST = 0.1, 0.15
"""Shares of the sources that are set aside as val and test (house; published Pororo has 16 and 15 % of the stories)."""
DAMAGES = (OSError, SyntaxError, ValueError, EOFError, Image.DecompressionBombError)


@dataclass(frozen=True)
class ClipEntry:
    """A clip before it is decoded: label group -> names that are there, `vectors` float32 (captions, D) or None."""

    id: str
    captions: tuple[str, ...]
    frames: Frames
    labels: dict[str, tuple[str, ...]] = field(default_factory=dict)
    vectors: np.ndarray | None = None


@dataclass(frozen=True)
class Found:
    """What a reader found: clips by id, stories of them, what dataset.json tells besides, and the published counts."""

    clips: Mapping[str, ClipEntry]
    stories: Sequence[Story]
    about: Record
    published: Mapping[str, int] = field(default_factory=dict)


def write_found(out: Path | str, found: Found, size: int, most: int, report: Report, progress: bool = True) -> Record:
    """Decode the clips that stories use and write the data set; returns dataset.json's record.

    Frames become squares of `size` pixels; of more than `most` frames (0: all) as many are taken, evenly spread. Raises
    DataError where no story is left, or, with a strict report, for the first clip that cannot be used.
    """
    if not found.stories:
        reasons = f"; the first of {len(report.lines)} reasons: {report.lines[0]}" if report.lines else ""
        raise DataError(f"no story can be made of what is there{reasons}")
    used, broken = {name for story in found.stories for name in story.clips}, set[str]()
    entries = [clip for name, clip in found.clips.items() if name in used]
    about = {"size": [size, size], "most_frames": most, **found.about, "train_clips_in": _leaks(found.stories),
             "left_out": report.lines}  # fmt: skip
    clips = _decoded(entries, size, most, report, broken)
    return write_sequences(out, clips, _whole(found.stories, broken, report), about, progress)


def _leaks(stories: Iterable[Story]) -> dict[str, int]:
    """How many stories of every other split show a clip that a story of train shows too."""
    told, train, counts = list(stories), set[str](), dict[str, int]()
    train.update(*(story.clips for story in told if story.split == "train"))
    for story in told:
        if story.split != "train":
            counts[story.split] = counts.get(story.split, 0) + (not train.isdisjoint(story.clips))
    return counts


def _decoded(entries: Iterable[ClipEntry], size: int, most: int, report: Report, broken: set[str]) -> Iterator[Clip]:
    for entry in entries:
        try:
            frames = [_small(frame, size) for frame in entry.frames()]
            if not frames:
                raise DataError("has no frame")
        except (DataError, *DAMAGES) as error:
            report.add(f"{entry.id}: {error}")
            broken.add(entry.id)
            continue
        yield Clip(entry.id, np.stack(_spread(frames, most)), entry.captions, entry.labels, entry.vectors)


def _whole(stories: Iterable[Story], broken: set[str], report: Report) -> Iterator[Story]:
    """The stories without a broken clip."""
    lost = 0
    for story in stories:
        if broken.isdisjoint(story.clips):
            yield story
        else:
            lost += 1
    if lost:
        report.add(f"{lost} stories show a clip that cannot be read, left out")


def _small(frame: Image.Image, size: int) -> np.ndarray:
    if frame.width * frame.height > MAX_PIXELS:
        raise DataError(f"a frame has {frame.width}x{frame.height} pixels; make it smaller")
    return np.asarray(ImageOps.fit(frame.convert("RGB"), (size, size), Image.Resampling.BILINEAR))


def _spread(frames: Sequence[np.ndarray], most: int) -> Sequence[np.ndarray]:
    if not most or len(frames) <= most:
        return frames
    return [frames[(2 * step + 1) * len(frames) // (2 * most)] for step in range(most)]


# --- frames ----------------------------------------------------------------------------------------------------------


def strip_frames(path: Path | bytes) -> Iterator[Image.Image]:
    """The squares of a vertical strip, a file or its bytes; a picture of another shape is one frame."""
    with Image.open(io.BytesIO(path) if isinstance(path, bytes) else path) as picture:
        side, count = picture.width, max(1, picture.height // picture.width)
        if side * side * count > MAX_PIXELS:
            raise DataError(f"the strip has {picture.width}x{picture.height} pixels; make it smaller")
        if picture.height % side:
            yield picture.convert("RGB")
            return
        whole = picture.convert("RGB")
    for number in range(count):
        yield whole.crop((0, number * side, side, (number + 1) * side))


def film_frames(path: Path) -> Iterator[Image.Image]:
    """The frames of a GIF."""
    with Image.open(path) as film:
        for frame in ImageSequence.Iterator(film):
            yield frame.convert("RGB")


def array_frames(path: Path) -> Iterator[Image.Image]:
    """The frames of an .npy file, uint8 (F, H, W, 3)."""
    frames = read_npy(path)
    if frames.dtype != np.uint8 or frames.ndim != 4 or frames.shape[-1] != 3:
        raise DataError(f"{path} holds {frames.dtype} {frames.shape}; expected uint8 (frames, height, width, 3)")
    yield from map(Image.fromarray, frames)


# --- stories ---------------------------------------------------------------------------------------------------------


def split_sources(sources: Iterable[str], seed: int = 0) -> dict[str, str]:
    """Source -> split: TEST and VAL of the sources by hash, one each at least, the rest train.

    Raises DataError where there are fewer than three.
    """
    names = by_hash(sources, seed)
    if len(names) < 3:
        raise DataError(f"there are {len(names)} episodes; three are needed to split them into train, val and test")
    test, val = max(1, round(len(names) * TEST)), max(1, round(len(names) * VAL))
    return {name: "test" if place < test else "val" if place < test + val else "train"
            for place, name in enumerate(names)}  # fmt: skip


def resplit(stories: Iterable[Story], seed: int) -> list[Story]:
    """The stories with splits drawn anew by source."""
    told = list(stories)
    split = split_sources((story.source for story in told), seed)
    return [replace(story, split=split[story.source]) for story in told]


def linked(stories: Iterable[tuple[str, ...]]) -> list[int]:
    """A number for each story, equal where stories share a clip, or a third one shares one with both.

    Where files do not tell episodes, windows of one are found in this way.
    """
    roots: dict[str, str] = {}

    def root(name: str) -> str:
        while (up := roots.setdefault(name, name)) != name:
            roots[name] = name = roots.setdefault(up, up)
        return name

    told = list(stories)
    for clips in told:
        for name in clips[1:]:
            roots[root(name)] = root(clips[0])
    numbers: dict[str, int] = {}
    return [numbers.setdefault(root(clips[0]), len(numbers)) for clips in told]


# --- tables ----------------------------------------------------------------------------------------------------------


def read_table(path: Path) -> dict[str, Any]:
    """The dict of a .pkl file, or of an .npy file that holds one. Raises DataError for anything else, or a hostile
    file."""
    held = read_npy(path) if path.suffix == ".npy" else read_pickle(path)
    if isinstance(held, np.ndarray) and held.shape == ():
        held = held.item()
    if not isinstance(held, dict):
        raise DataError(f"{path} holds {type(held).__name__}; expected a table by clip, get it from its publisher")
    return {_plain(key): value for key, value in held.items()}


def _plain(name: Any) -> str:
    return name.decode("latin-1") if isinstance(name, bytes) else str(name)


def first_file(folder: Path, *names: str) -> Path | None:
    """The first of the files that is there."""
    return next((folder / name for name in names if (folder / name).is_file()), None)


def mentioned(captions: Iterable[str], cast: Sequence[str]) -> tuple[str, ...]:
    """The names of a cast that stand in some caption as words, in the order of the cast; case does not matter.

    >>> mentioned(["Pororo's friend eddy waits.", "Rodyo"], ("Pororo", "Rody", "Eddy"))
    ('Pororo', 'Eddy')
    """
    words = "".join(sign if sign.isalnum() else " " for sign in " ".join(captions).lower()).split()
    text = f" {' '.join(words)} "
    return tuple(name for name in cast if f" {name.lower()} " in text)


def flags(values: Any, names: Sequence[str], where: str) -> tuple[str, ...]:
    """The names whose number is not 0. Raises DataError where there are not as many numbers as names."""
    try:
        numbers = np.asarray(values, np.float64).reshape(-1)
    except (TypeError, ValueError):
        raise DataError(f"{where} has labels {values!r}; expected {len(names)} numbers 0 or 1") from None
    if len(numbers) != len(names):
        raise DataError(f"{where} has {len(numbers)} labels; expected {len(names)}: {', '.join(names)}")
    return tuple(name for name, number in zip(names, numbers, strict=True) if number)


def with_vectors(found: Found, choice: str) -> Found:
    """The same with the sentence vectors that were chosen: "released", "sentence" (of the frozen encoder), "none", or
    "auto", the released ones where there are some, else the encoder's.

    Raises DataError where released ones are asked for and there are none.
    """
    released = found.about["vectors_from"]
    if choice == "none":
        clips = {name: replace(clip, vectors=None) for name, clip in found.clips.items()}
        return replace(found, clips=clips, about=found.about | {"vectors_from": None})
    if choice == "released" and not released:
        raise DataError("the folder has no sentence vectors; take --vectors sentence or none")
    return found if not found.clips or (released and choice != "sentence") else _with_sentences(found)


def _with_sentences(found: Found, batch: int = 256) -> Found:
    """The same with vectors of the frozen encoder for every caption, unit length, D = 512."""
    from seqgan.text.frozen import SentenceEncoder

    encoder = SentenceEncoder(cache=1)
    texts = sorted({caption for clip in found.clips.values() for caption in clip.captions}, key=lambda t: (len(t), t))
    rows = np.concatenate([encoder.encode(texts[at : at + batch]) for at in range(0, len(texts), batch)])
    place = {text: row for row, text in enumerate(texts)}
    clips = {name: replace(clip, vectors=rows[[place[text] for text in clip.captions]])
             for name, clip in found.clips.items()}  # fmt: skip
    return replace(found, clips=clips, about=found.about | {"vectors_from": "frozen sentence encoder"})


def grouped(names: Iterable[str], key: Callable[[str], str]) -> dict[str, list[str]]:
    """Names by a key, in order."""
    groups: dict[str, list[str]] = defaultdict(list)
    for name in names:
        groups[key(name)].append(name)
    return groups
