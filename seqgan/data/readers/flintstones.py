"""FlintstonesSV as its makers and StoryDALL-E lay it out.

    FOLDER/train-val-test_split.json                  {"train": [globalID], "val": [...], "test": [...]}
    FOLDER/flintstones_annotations_v1-0.json          [{"globalID", "description", "characters": [{"entityLabel"}]}]
    FOLDER/video_frames_sampled/globalID.npy          uint8 (5, 128, 128, 3)
    FOLDER/following_cache4.pkl                       optional: globalID -> the four ids after it
    FOLDER/labels.pkl                                 optional: globalID -> 7 numbers 0 or 1, in the order of CAST
    FOLDER/flintstones_use_embeddings.npy, flintstones_use_embed_idxs.pkl    optional: sentence vectors, and their rows

A story is five ids in a row, in sorted order, of one season and episode: fields 1 and 3 of the id between underscores.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from functools import partial
from pathlib import Path
from typing import Any, Literal

import numpy as np

from seqgan.data.pickles import read_npy
from seqgan.data.readers.clips import ClipEntry, Found, array_frames, flags, read_table, resplit
from seqgan.data.readers.entries import Report, check_name, clean_caption
from seqgan.data.sequences import APART, Story
from seqgan.errors import DataError

CAST = ("Wilma", "Fred", "Betty", "Barney", "Dino", "Pebbles", "Mr Slate")
"""The order of labels.pkl."""
LENGTH = 5
VECTORS = "flintstones_use_embeddings.npy"
SPLIT, NOTES = "train-val-test_split.json", "flintstones_annotations_v1-0.json"
PUBLISHED = {"train": 20_132, "val": 2_071, "test": 2_309}
LICENCE = "pictures: their makers', for research only, as the Flintstones data set publishes them"


def flintstones_stories(
    folder: Path, split: Literal["episodes", "published"] = "published", seed: int = 0, report: Report | None = None
) -> Found:
    """Clips and stories of a folder. Raises DataError where a file is missing, damaged or hostile."""
    report = report or Report()
    splits, notes = read_json(folder / SPLIT, dict), _notes(folder)
    clips = _clips(folder, notes, report)
    following = _following(folder, splits)
    stories = []
    for name, ids in splits.items():
        whole = [(str(first), *following[str(first)]) for first in ids if str(first) in following]
        kept = [told for told in whole if clips.keys() >= set(told)]
        stories += [Story(told[0], name, told, episode(told[0])) for told in kept]
        if len(kept) < len(whole):
            report.add(f"{len(whole) - len(kept)} stories of {name} show a clip that is not there, left out")
    by = SPLIT if split == "published" else APART
    return Found(clips, stories if split == "published" else resplit(stories, seed), {
        "name": "flintstones", "length": LENGTH, "groups": {"characters": list(CAST)}, "seed": seed,
        "licence": LICENCE, "split_by": by,
        "labels_from": "labels.pkl" if (folder / "labels.pkl").is_file() else NOTES,
        "vectors_from": VECTORS if any(clip.vectors is not None for clip in clips.values()) else None,
    }, PUBLISHED if split == "published" else {})  # fmt: skip


def episode(name: str) -> str:
    """The season and episode of an id.

    >>> episode("s_04_e_01_shot_025634_025708")
    's04e01'
    """
    fields = name.split("_")
    if len(fields) < 4:
        raise DataError(f"the id {name!r} tells no season and episode; expected such as s_04_e_01_shot_025634_025708")
    return f"s{fields[1]}e{fields[3]}"


def read_json(path: Path, kind: type) -> Any:
    """A JSON file that holds a list or a table. Raises DataError for anything else."""
    try:
        held = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise DataError(f"{path} cannot be read ({error.strerror}); give the folder that holds it") from None
    except ValueError as error:
        raise DataError(f"{path} is not JSON ({error}); get it anew") from None
    if not isinstance(held, kind):
        raise DataError(f"{path} holds a {type(held).__name__}; expected a {kind.__name__}, get it anew")
    return held


def _notes(folder: Path) -> dict[str, dict[str, Any]]:
    try:
        return {str(note["globalID"]): note for note in read_json(folder / NOTES, list)}
    except (KeyError, TypeError):
        raise DataError(f"{folder / NOTES} has an entry without globalID; get it anew") from None


def _clips(folder: Path, notes: Mapping[str, dict[str, Any]], report: Report) -> dict[str, ClipEntry]:
    """The clips that have frames and a caption."""
    labels = read_table(folder / "labels.pkl") if (folder / "labels.pkl").is_file() else {}
    vectors, clips, frames = _vectors(folder), {}, folder / "video_frames_sampled"
    there = {path.stem for path in frames.glob("*.npy")}
    if not there:
        raise DataError(f"{frames} holds no .npy file; give the folder that holds video_frames_sampled")
    for name, note in notes.items():
        told = clean_caption(str(note.get("description", "")))
        if told and check_name(name, folder / NOTES) in there:
            cast = flags(labels[name], CAST, f"labels.pkl of {name}") if name in labels else _cast(note)
            clips[name] = ClipEntry(name, (told,), partial(array_frames, frames / f"{name}.npy"),
                                    {"characters": cast}, vectors.get(name))  # fmt: skip
    if vectors and (lacking := [name for name in clips if name not in vectors]):
        report.add(f"{len(lacking)} clips have no sentence vector ({lacking[0]}), left out")
        clips = {name: clip for name, clip in clips.items() if name in vectors}
    if len(clips) < len(notes):
        report.add(f"{len(notes) - len(clips)} of {len(notes)} annotations have no frames, caption or vector, left out")
    return clips


def _cast(note: Mapping[str, Any]) -> tuple[str, ...]:
    """Whose label, in lower case, is a name of the cast."""
    there = {str(each.get("entityLabel", "")).strip().lower() for each in note.get("characters", ())}
    return tuple(name for name in CAST if name.lower() in there)


def _vectors(folder: Path) -> dict[str, np.ndarray]:
    """Id -> vector (1, D), where the two files are there."""
    table, rows = folder / VECTORS, folder / "flintstones_use_embed_idxs.pkl"
    if not (table.is_file() and rows.is_file()):
        return {}
    numbers, place = np.asarray(read_npy(table), np.float32), read_table(rows)
    if numbers.ndim != 2 or any(not 0 <= int(row) < len(numbers) for row in place.values()):
        raise DataError(f"{table} is {numbers.shape}, {rows.name} names rows outside it; take both from one release")
    return {name: numbers[int(row)][None] for name, row in place.items()}


def _following(folder: Path, splits: Mapping[str, Iterable[str]]) -> dict[str, tuple[str, ...]]:
    """Id -> the four after it, of those that have four in their episode."""
    if (folder / "following_cache4.pkl").is_file():
        table = read_table(folder / "following_cache4.pkl")
        told = {name: tuple(str(each) for each in ids) for name, ids in table.items()}
    else:
        every = sorted(str(name) for ids in splits.values() for name in ids)
        told = {name: tuple(every[at + 1 : at + LENGTH]) for at, name in enumerate(every)}
    return {name: ids for name, ids in told.items()
            if len(ids) == LENGTH - 1 and {episode(each) for each in ids} == {episode(name)}}  # fmt: skip
