"""DiDeMoSV and VIST: stories of single pictures.

    FOLDER/{train,val,test}.json              DiDeMoSV: [{"desc_to_frame": [[caption, path], ...]}], three a story;
    FOLDER/didemo_use_embeds.pkl              optional: path -> sentence vector. Paths are relative to FOLDER's parent

    FOLDER/{train,val,test}.story-in-sequence.json            VIST: annotations[i][0] with story_id, photo_flickr_id,
    FOLDER/{train,val,test}.description-in-isolation.json     original_text
    FOLDER/**/PHOTO.jpg                                       the pictures, in any folder

Both are split as published. The lists of VIST may lie in folders too.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any, Literal

import numpy as np
from PIL import Image

from seqgan.data.readers.clips import ClipEntry, Found, read_table
from seqgan.data.readers.entries import PICTURES, Report, check_name, clean_caption, read_photo
from seqgan.data.readers.flintstones import read_json
from seqgan.data.sequences import Story
from seqgan.errors import DataError

SPLITS = ("train", "val", "test")
DIDEMO_LENGTH, VIST_LENGTH = 3, 5
DIDEMO_LICENCE = "pictures: their makers', for research only, as DiDeMo publishes them"
VIST_LICENCE = "pictures: their photographers', licences as on Flickr; texts: VIST, Microsoft"
SIS, DII = "story-in-sequence", "description-in-isolation"

Scene = tuple[str, str, tuple[ClipEntry, ...]]
"""Id and source of a story, and its clips."""


def didemo_stories(folder: Path, report: Report | None = None) -> Found:
    """Clips and stories of DiDeMoSV. Raises DataError where a list is damaged, or there is none."""
    report, scenes = report or Report(), dict[str, list[Scene]]()
    path = folder / "didemo_use_embeds.pkl"
    vectors = read_table(path) if path.is_file() else None
    for split in _there(folder, "{}.json"):
        rows = read_json(folder / f"{split}.json", list)
        scenes[split] = [(f"{split}/{number}", "", _didemo(row, f"{split}/{number}", folder, vectors))
                         for number, row in enumerate(rows)]  # fmt: skip
    told = {"name": "didemo", "length": DIDEMO_LENGTH, "licence": DIDEMO_LICENCE,
            "vectors_from": None if vectors is None else path.name}  # fmt: skip
    return _found(scenes, told, report)


def vist_stories(folder: Path, text: Literal["sis", "dii"] = "sis", report: Report | None = None) -> Found:
    """Clips and stories of VIST, with the sentences of the stories ("sis") or of the single pictures ("dii").

    Raises DataError where a list is damaged, or there is none.
    """
    report, scenes, photos = report or Report(), dict[str, list[Scene]](), _photos(folder)
    for split in _there(folder, f"**/{{}}.{SIS}.json"):
        sequences = read_json(next(folder.glob(f"**/{split}.{SIS}.json")), dict)
        single = _longest(folder, split) if text == "dii" else None
        scenes[split] = list(_vist(sequences, photos, single))
    told = {"name": f"vist-{text}", "length": VIST_LENGTH, "licence": VIST_LICENCE, "vectors_from": None}
    return _found(scenes, told, report)


def _there(folder: Path, pattern: str) -> list[str]:
    splits = [split for split in SPLITS if next(folder.glob(pattern.format(split)), None)]
    if not splits:
        raise DataError(f"{folder} has no {pattern.format('train')}; give the folder that holds it")
    return splits


def _found(scenes: Mapping[str, list[Scene]], told: dict[str, Any], report: Report) -> Found:
    """Stories that have all their clips; a clip that stands in several of them is kept once."""
    clips, stories, lost = dict[str, ClipEntry](), list[Story](), dict[str, int]()
    for split, each in scenes.items():
        for name, source, entries in each:
            if len(entries) != told["length"]:
                lost[split] = lost.get(split, 0) + 1
                continue
            clips.update((entry.id, entry) for entry in entries)
            stories.append(Story(name, split, tuple(entry.id for entry in entries), source or name))
    for split, count in lost.items():
        report.add(f"{count} stories of {split} have not {told['length']} pictures with captions, left out")
    return Found(clips, stories, {**told, "groups": {}, "seed": 0, "split_by": "lists of the publishers"})


def _photo(path: Path) -> Iterator[Image.Image]:
    yield read_photo(path)


def _didemo(row: Any, name: str, folder: Path, vectors: Mapping[str, Any] | None) -> tuple[ClipEntry, ...]:
    try:
        pairs = [(clean_caption(str(caption)), check_name(str(path), folder)) for caption, path in row["desc_to_frame"]]
    except (KeyError, TypeError, ValueError):
        raise DataError(f"{folder}: {name} has no desc_to_frame of captions and paths; get the lists anew") from None
    entries = []
    for number, (caption, path) in enumerate(pairs):
        file, vector = folder.resolve().parent / path, None if vectors is None else vectors.get(path)
        if caption and file.is_file() and (vectors is None or vector is not None):
            row_of = None if vector is None else np.asarray(vector, np.float32).reshape(1, -1)
            entries.append(ClipEntry(f"{name}/{number}", (caption,), partial(_photo, file), {}, row_of))
    return tuple(entries)


def _photos(folder: Path) -> dict[str, Path]:
    """Photo's number -> file."""
    found = {path.stem: path for path in folder.rglob("*") if path.suffix.lower() in PICTURES}
    if not found:
        raise DataError(f"{folder} holds no picture; expected photographs named by their numbers, such as 12.jpg")
    return found


def _notes(held: Mapping[str, Any]) -> list[dict[str, Any]]:
    try:
        return [each[0] for each in held["annotations"]]
    except (KeyError, IndexError, TypeError):
        raise DataError("a list of VIST has no annotations such as [{...}]; get it anew") from None


def _vist(held: Mapping[str, Any], photos: Mapping[str, Path], single: Mapping[str, str] | None) -> Iterator[Scene]:
    """Stories in the order of the list; the album is the source, where the list tells it."""
    albums = {str(image.get("id")): str(image.get("album_id", "")) for image in held.get("images", ())}
    told: dict[str, list[dict[str, Any]]] = {}
    for note in _notes(held):
        told.setdefault(str(note["story_id"]), []).append(note)
    for story, notes in told.items():
        notes.sort(key=lambda note: int(note.get("worker_arranged_photo_order", 0)))
        names = [str(note["photo_flickr_id"]) for note in notes]
        entries = tuple(
            ClipEntry(name if single is not None else f"{story}/{place}", (text,), partial(_photo, photos[name]))
            for place, (name, note) in enumerate(zip(names, notes, strict=True))
            if name in photos and (text := clean_caption(_said(note, single)))
        )
        yield story, albums.get(names[0], ""), entries


def _said(note: Mapping[str, Any], single: Mapping[str, str] | None) -> str:
    return str(note["original_text"]) if single is None else single.get(str(note["photo_flickr_id"]), "")


def _longest(folder: Path, split: str) -> dict[str, str]:
    """Photo -> its longest description."""
    path = next(folder.glob(f"**/{split}.{DII}.json"), None)
    if path is None:
        raise DataError(f"{folder} has no {split}.{DII}.json; put it there, or take the sentences of the stories")
    texts: dict[str, str] = {}
    for note in _notes(read_json(path, dict)):
        photo, text = str(note["photo_flickr_id"]), str(note["original_text"])
        texts[photo] = max(texts.get(photo, ""), text, key=len)
    return texts
