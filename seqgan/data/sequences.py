"""Stories of T clips with captions as a data set: written from a stream, read into a memory map. Torch-free.

    write_sequences(out, [Clip("ep1/1", frames, ("Pororo runs.",), {"characters": ("Pororo",)})], stories, about)
    data = SequenceData.open(out, "train")
    data.stories         # int64 (S, T), rows of clips
    data.frames          # uint8 (all frames, H, W, 3); those of clip c are frames[starts[c] : starts[c + 1]]
    data.frames[data.middle[data.stories[0]]]  # (T, H, W, 3), the frames that evaluation compares with

A clip is a few frames of film with one caption or several. Stories may share clips: windows of an episode do. A story's
`source` is what splits are by, and where a wrong story for it must not come from.

clips.jsonl has a clip a line, stories.jsonl a story a line, vectors.npy the sentence vectors of all captions where the
clips have some; media are the clips' frames one below another.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path

import numpy as np

from seqgan.data.manifest import (
    FORMAT,
    DataHash,
    Record,
    Writing,
    about_kind,
    map_pixels,
    pixel_digest,
    read_records,
    read_strip,
    record_line,
    write_media,
)
from seqgan.data.pictures import writing_bar
from seqgan.errors import DataError

KIND = "sequence"
CLIPS, STORIES, VECTORS = "clips.jsonl", "stories.jsonl", "vectors.npy"
APART, BY_VIDEO, CELLS = "episode, by hash", "video, by hash", "cell, by hash"
KEPT_APART = (APART, BY_VIDEO, CELLS)
"""The `split_by` of sets whose sources each stand in one split; lists that others publish need not keep them apart. The
source of a cell is the pair that is held out, such as a persona and an action."""
TOLD = ("name", "size", "length", "groups", "seed", "licence")
"""What a data set must tell of itself."""


@dataclass(frozen=True)
class Clip:
    """One clip as it is prepared: frames uint8 (F, H, W, 3), label group -> names that are there, and a sentence vector
    float32 a caption, (captions, D), or None. `untold`: those of the labels that its frames show and its captions leave
    to earlier clips of its story, who a "she" is and the hat that was told before."""

    id: str
    frames: np.ndarray
    captions: tuple[str, ...]
    labels: dict[str, tuple[str, ...]]
    vectors: np.ndarray | None = None
    untold: dict[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class Story:
    """One story: the ids of its T clips in order; `source` is what splits are by."""

    id: str
    split: str
    clips: tuple[str, ...]
    source: str


def write_sequences(
    out: Path | str, clips: Iterable[Clip], stories: Iterable[Story], about: Mapping[str, object], progress: bool = True
) -> Record:
    """Write a data set from a stream of clips; returns dataset.json's record. Nothing half written stays.

    The stories are asked for when all clips are written, so that a reader can leave out those of a broken clip. Raises
    DataError for a clip or story that cannot be used, an `about` that lacks something, or no story at all.
    """
    if missing := [name for name in TOLD if name not in about]:
        raise DataError(f"a sequence data set must tell {', '.join(missing)}")
    record: Record = {"format": FORMAT, "kind": KIND, **about}
    digest = DataHash()
    with Writing(out) as writing:
        ids, vectors = _write_clips(writing.folder, clips, record, digest, progress)
        record["counts"] = _write_stories(writing.folder, stories, ids, int(record["length"]), digest)
        if vectors:
            np.save(writing.folder / VECTORS, np.concatenate(vectors))
        record |= {"clips": len(ids), "vector": vectors[0].shape[1] if vectors else 0, "hash": digest.value}
        writing.write_json("dataset.json", record)
    return record


def _write_clips(
    folder: Path, clips: Iterable[Clip], about: Record, digest: DataHash, progress: bool
) -> tuple[set[str], list[np.ndarray]]:
    """Write clips.jsonl and the media; returns the clips' ids and vectors."""
    ids, vectors = set[str](), list[np.ndarray]()
    with (folder / CLIPS).open("w", encoding="utf-8", newline="\n") as lines, writing_bar("clips", progress) as bar:
        for number, clip in enumerate(bar.track(clips)):
            _check(clip, about, ids)
            ids.add(clip.id)
            line = _put(clip, number, folder)
            lines.write(line + "\n")
            digest.add(line, pixel_digest(clip.frames))
            if number and (clip.vectors is None) == bool(vectors):
                raise DataError(f"the clip {clip.id!r} differs from those before: all have sentence vectors, or none")
            if clip.vectors is not None:
                vectors.append(_vectors(clip, vectors))
                digest.add("vectors", pixel_digest(vectors[-1]))
    return ids, vectors


def _check(clip: Clip, about: Record, seen: set[str]) -> None:
    if clip.id in seen:
        raise DataError(f"two clips have the id {clip.id!r}; give each its own")
    if not clip.captions or not all(caption.strip() for caption in clip.captions):
        raise DataError(f"the clip {clip.id!r} has no caption, or an empty one; write one for it")
    shape = (max(1, len(clip.frames)), *about["size"], 3)
    if clip.frames.dtype != np.uint8 or clip.frames.shape != shape:
        raise DataError(f"the frames of {clip.id!r} are {clip.frames.dtype} {clip.frames.shape}; expected uint8 "
                        f"{shape}")  # fmt: skip
    for group, names in clip.labels.items():
        if unknown := sorted(set(names) - set(about["groups"].get(group, ()))):
            raise DataError(f"the clip {clip.id!r} has the {group} {', '.join(unknown)}, which `groups` does not name")
    for group, names in clip.untold.items():
        if absent := sorted(set(names) - set(clip.labels.get(group, ()))):
            raise DataError(f"the clip {clip.id!r} has the untold {group} {', '.join(absent)}, which its labels lack")


def _vectors(clip: Clip, before: Sequence[np.ndarray]) -> np.ndarray:
    vectors = np.asarray(clip.vectors, np.float32)
    size = before[0].shape[1] if before else vectors.shape[-1]
    if vectors.shape != (len(clip.captions), size):
        raise DataError(f"the sentence vectors of {clip.id!r} are {vectors.shape}; expected "
                        f"{(len(clip.captions), size)}, one a caption")  # fmt: skip
    return vectors


def _put(clip: Clip, number: int, folder: Path) -> str:
    """Write a clip's strip and return its line."""
    media = write_media(folder, number, clip.frames.reshape(-1, *clip.frames.shape[2:]))
    labels = {group: list(names) for group, names in clip.labels.items()}
    untold = {group: list(names) for group, names in clip.untold.items() if names}
    return record_line({
        "id": clip.id, "frames": len(clip.frames), "text": list(clip.captions), "media": media, "labels": labels,
        **({"untold": untold} if untold else {}),
    })  # fmt: skip


def _write_stories(
    folder: Path, stories: Iterable[Story], clips: set[str], length: int, digest: DataHash
) -> dict[str, int]:
    """Write stories.jsonl; returns the stories of every split."""
    counts, seen = Counter[str](), set[str]()
    with (folder / STORIES).open("w", encoding="utf-8", newline="\n") as lines:
        for story in stories:
            if story.id in seen:
                raise DataError(f"two stories have the id {story.id!r}; give each its own")
            if len(story.clips) != length or not clips.issuperset(story.clips):
                unknown = [name for name in story.clips if name not in clips]
                raise DataError(f"the story {story.id!r} has {len(story.clips)} clips ({len(unknown)} unknown); "
                                f"expected {length} of the clips that came")  # fmt: skip
            seen.add(story.id)
            line = record_line({"id": story.id, "split": story.split, "clips": list(story.clips),
                                "source": story.source})  # fmt: skip
            lines.write(line + "\n")
            digest.add(line, b"")
            counts[story.split] += 1
    if not counts:
        raise DataError("there is not one story to write; look at the folder that was given")
    return dict(counts)


def about_sequences(folder: Path | str) -> Record:
    """dataset.json of a sequence data set. Raises DataError where it is one of another kind."""
    return about_kind(folder, KIND, "stories of clips, such as 'seqgan data prepare pororo' makes")


@dataclass(frozen=True)
class SequenceData:
    """Stories of one split or of several, and the C clips they are made of.

    stories int64 (S, T) rows of clips; frames uint8 (all frames, H, W, 3), those of clip c from starts[c] to
    starts[c + 1]; middle int64 (C,) the frame of each clip that evaluation uses; labels: group -> uint8 (C, names);
    vectors float32 (all captions, D) or None, those of clip c from vector_starts[c] to vector_starts[c + 1]; untold:
    as labels, of what a clip's captions leave to earlier clips, and empty where no clip of the data set tells.
    """

    about: Record
    records: list[Record]
    clips: list[Record]
    stories: np.ndarray
    frames: np.ndarray
    starts: np.ndarray
    captions: list[tuple[str, ...]]
    labels: dict[str, np.ndarray]
    vectors: np.ndarray | None
    vector_starts: np.ndarray
    untold: dict[str, np.ndarray] = field(default_factory=dict)

    @classmethod
    def open(cls, folder: Path | str, split: str | Sequence[str]) -> SequenceData:
        """Read a data set; the frames of its clips are decoded once into `cache/`.

        Raises DataError where the folder is no sequence data set, has no such split, or lacks a clip.
        """
        folder, about = Path(folder), about_sequences(folder)
        splits = (split,) if isinstance(split, str) else tuple(split)
        records = list(chain.from_iterable(read_records(folder, each, STORIES) for each in splits))
        if not records:
            known = ", ".join(about["counts"])
            raise DataError(f"{folder} has no story of split {' or '.join(map(repr, splits))}; it has {known}")
        every = list(read_records(folder, name=CLIPS))
        used = {name for record in records for name in record["clips"]}
        clips = [clip for clip in every if clip["id"] in used]
        starts, vector_starts = _starts(clip["frames"] for clip in clips), _starts(len(clip["text"]) for clip in clips)
        shape = (int(starts[-1]), *about["size"], 3)
        strips = (read_strip(folder, clip, about["size"], clip["frames"]) for clip in clips)
        frames = map_pixels(folder / "cache" / f"{'+'.join(splits)}-{about['hash'][:16]}.npy", shape, strips)
        labels, untold = (
            {group: _labels(clips, kind, group, names) for group, names in about["groups"].items()}
            for kind in ("labels", "untold")
        )
        return cls(about, records, clips, _rows(folder, records, clips), frames, starts,
                   [tuple(clip["text"]) for clip in clips], labels,
                   _read_vectors(folder, every, used) if about["vector"] else None, vector_starts,
                   untold if any("untold" in clip for clip in every) else {})  # fmt: skip

    def __len__(self) -> int:
        return len(self.records)

    @property
    def middle(self) -> np.ndarray:
        """Rows of `frames` that evaluation uses, (C,) int64: the middle one of each clip, the later of two."""
        return (self.starts[:-1] + self.starts[1:]) // 2

    @property
    def sources(self) -> np.ndarray:
        """Numbers of the stories' sources, (S,) int64: equal where the sources are."""
        return np.unique([record["source"] for record in self.records], return_inverse=True)[1]


def _starts(counts: Iterable[int]) -> np.ndarray:
    return np.cumsum([0, *counts]).astype(np.int64)


def _rows(folder: Path, records: Sequence[Record], clips: Sequence[Record]) -> np.ndarray:
    """The stories as rows of `clips`, int64 (S, T)."""
    row = {clip["id"]: number for number, clip in enumerate(clips)}
    try:
        return np.array([[row[name] for name in record["clips"]] for record in records], np.int64)
    except KeyError as error:
        raise DataError(f"{folder / CLIPS} has no clip {error}; prepare the data set again") from None


def _labels(clips: Sequence[Record], kind: str, group: str, names: Sequence[str]) -> np.ndarray:
    there = [set(clip.get(kind, {}).get(group, ())) for clip in clips]
    return np.array([[name in each for name in names] for each in there], np.uint8).reshape(len(clips), len(names))


def _read_vectors(folder: Path, clips: Sequence[Record], used: set[str]) -> np.ndarray:
    """The sentence vectors of the captions of the clips in use, float32 (captions, D)."""
    path, wanted = folder / VECTORS, np.repeat([clip["id"] in used for clip in clips],
                                               [len(clip["text"]) for clip in clips])  # fmt: skip
    try:
        vectors = np.load(path, mmap_mode="r")
    except (OSError, ValueError) as error:
        raise DataError(f"{path} cannot be read ({error}); prepare the data set again") from None
    if len(vectors) != len(wanted):
        raise DataError(f"{path} has {len(vectors)} vectors for {len(wanted)} captions; prepare the data set again")
    return np.asarray(vectors[wanted], np.float32)
