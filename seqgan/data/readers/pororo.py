"""Pororo-SV, raw and in every released layout.

    FOLDER/Scenes_Dialogues/SEASON/EPISODE/26.gif     raw, as PororoQA publishes it; or FOLDER/SEASON/...
    FOLDER/SEASON/EPISODE/26.png                      released: vertical strips of square frames
    FOLDER/descriptions.csv                           EPISODE,26,caption, without a header
    FOLDER/descriptions.npy                           or .pkl: "SEASON/EPISODE/26" -> list of captions
    FOLDER/labels.npy                                 "SEASON/EPISODE/26" -> 9 numbers 0 or 1, in the order of CAST
    FOLDER/descriptions_vec.npy, descriptions_attr.npy    128 and 228 numbers a caption
    FOLDER/descriptions_vec_512.pkl                   512 numbers a caption, used where the two are not there
    FOLDER/frames_counter.npy                         "SEASON/EPISODE/" -> clips
    FOLDER/img_cache4.npy, following_cache4.npy       the first clip of each story, and the four after it
    FOLDER/train_seen_unseen_ids.npy                  rows of img_cache4: train, val, test (StoryViz)
    FOLDER/train_test_ids.npy                         rows of img_cache4: train, test (StoryGAN)
    FOLDER/about.json                                 optional: name, characters and licence of a set in this layout

A story is five clips of one episode in a row, one story a start. By default whole episodes are set aside for val and
test: the published splits put windows that overlap into train and test alike (section 2.1 of our sheet on StoryGAN).
"""

from __future__ import annotations

import ast
import csv
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

import numpy as np

from seqgan.data.pickles import read_npy
from seqgan.data.readers.clips import (
    ClipEntry,
    Found,
    Frames,
    film_frames,
    first_file,
    flags,
    grouped,
    mentioned,
    read_table,
    resplit,
    strip_frames,
)
from seqgan.data.readers.entries import Report, check_name, clean_caption, find_one
from seqgan.data.sequences import APART, Story
from seqgan.errors import DataError

CAST = ("Pororo", "Loopy", "Crong", "Eddy", "Poby", "Petty", "Tongtong", "Rody", "Harry")
"""The order of labels.npy (StoryViz, Make-A-Story and StoryGPT-V agree)."""
LENGTH = 5
LICENCE = "pictures: their makers', for research only, as PororoQA publishes them"
IDS = {"train_seen_unseen_ids.npy": {"train": 10_191, "val": 2_334, "test": 2_208},
       "train_test_ids.npy": {"train": 13_000, "test": 2_334}}  # fmt: skip
"""Files of published splits, the better one first, and the stories of each split."""

Keys = Sequence[str]


def pororo_stories(
    folder: Path, split: Literal["episodes", "published"] = "episodes", seed: int = 0, report: Report | None = None
) -> Found:
    """Clips and stories of a folder in any of the layouts.

    Raises DataError where clips or captions are missing, a file is damaged or hostile, or a list of the published split
    does not fit the others.
    """
    report, told = report or Report(), _about(folder)
    media, captions = _media(folder), _captions(folder)
    vectors, source = _vectors(folder)
    keys = [key for key in sorted(media, key=_order) if captions.get(key)]
    _compare(media, captions, folder, report)
    labels = _labels(folder, captions, keys, told["characters"], report)
    clips = dict(_entries(keys, media, captions, labels, vectors, report))
    published, by = _published(folder, clips, report) if split == "published" else ([], APART)
    stories = published or resplit(windows(clips), seed)
    groups, name = {"characters": list(told["characters"])}, str(told["name"])
    return Found(clips, stories, {
        "name": name, "length": LENGTH, "groups": groups, "seed": seed, "licence": told["licence"], "split_by": by,
        "labels_from": "labels.npy" if (folder / "labels.npy").is_file() else "names in the captions",
        "vectors_from": source,
    }, IDS.get(by, {}) if name == "pororo" else {})  # fmt: skip


def windows(keys: Mapping[str, Any]) -> list[Story]:
    """Every five clips of an episode whose numbers follow each other, one story a start; split is still ""."""
    stories = []
    for episode, names in grouped(keys, lambda key: key.rpartition("/")[0]).items():
        numbers = sorted(int(name.rpartition("/")[2]) for name in names)
        for at, start in enumerate(numbers[: 1 - LENGTH]):
            if numbers[at + LENGTH - 1] == start + LENGTH - 1:
                clips = tuple(f"{episode}/{start + step}" for step in range(LENGTH))
                stories.append(Story(clips[0], "", clips, episode))
    return stories


def path_key(path: Any) -> str:
    """The key of a path as the caches hold it: text, bytes, or the text form of bytes (quirk Q22).

    >>> path_key(b"Pororo_1/Pororo_1_ep2/7.png"), path_key("b'Pororo_1/Pororo_1_ep2/7.png'")
    ('Pororo_1/Pororo_1_ep2/7', 'Pororo_1/Pororo_1_ep2/7')
    """
    text = path.decode("utf-8", "replace") if isinstance(path, bytes) else str(path)
    if text[:2] in ("b'", 'b"') and text[-1:] == text[1]:
        text = ast.literal_eval(text).decode("utf-8", "replace")
    parts = text.replace("\\", "/").split("/")[-3:]
    stem, _, ending = parts[-1].rpartition(".")
    return "/".join([*parts[:-1], stem if ending in ("png", "gif") else parts[-1]])


def _about(folder: Path) -> dict[str, Any]:
    """Name, characters and licence: Pororo's own, or those of about.json."""
    told: dict[str, Any] = {"name": "pororo", "characters": CAST, "licence": LICENCE}
    if not (folder / "about.json").is_file():
        return told
    try:
        told |= json.loads((folder / "about.json").read_text(encoding="utf-8"))
    except (ValueError, TypeError) as error:
        raise DataError(f"{folder / 'about.json'} is no table in JSON ({error}); put it right or delete it") from None
    if not isinstance(told["characters"], list | tuple) or not all(isinstance(n, str) for n in told["characters"]):
        raise DataError(f"{folder / 'about.json'}: characters is {told['characters']!r}; expected a list of names")
    return told


def _media(folder: Path) -> dict[str, Frames]:
    """Key -> frames, of strips where there are some, else of films."""
    found: dict[str, Frames] = {}
    for pattern, read in (("*/*/*.png", strip_frames), ("*/*/*.gif", film_frames),
                          ("Scenes_Dialogues/*/*/*.gif", film_frames)):  # fmt: skip
        for path in folder.glob(pattern):
            if path.stem.isdigit():
                found.setdefault("/".join([*path.parts[-3:-1], path.stem]), _later(read, path))
        if found:
            return found
    raise DataError(f"{folder} has no SEASON/EPISODE/NUMBER.png nor .gif; give the folder that holds the seasons")


def _later(read: Any, path: Path) -> Frames:
    return lambda: read(path)


def _captions(folder: Path) -> dict[str, tuple[str, ...]]:
    """Key -> captions."""
    path = find_one([folder], "descriptions.npy", "descriptions.pkl", "descriptions.csv", what="the captions")
    table = _read_csv(path) if path.suffix == ".csv" else read_table(path)
    return {path_key(key): _texts(value) for key, value in table.items()}


def _texts(value: Any) -> tuple[str, ...]:
    if isinstance(value, str | bytes):
        value = [value]
    texts = (each.decode("utf-8", "replace") if isinstance(each, bytes) else str(each) for each in value)
    return tuple(text for each in texts if (text := clean_caption(each)))


def _read_csv(path: Path) -> dict[str, list[str]]:
    """descriptions.csv by key: an episode's name begins with its season's."""
    table: dict[str, list[str]] = {}
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as file:
        for number, row in enumerate(csv.reader(file), start=1):
            if len(row) < 3 or not row[1].strip().isdigit():
                raise DataError(f"{path} line {number} is {','.join(row)[:80]!r}; expected EPISODE,NUMBER,caption")
            episode = check_name(row[0].strip(), path)
            key = f"{episode.rpartition('_ep')[0]}/{episode}/{int(row[1])}"
            table.setdefault(key, []).append(",".join(row[2:]))  # a caption with a comma may stand without quotes
    return table


def _vectors(folder: Path) -> tuple[list[dict[str, Any]], str | None]:
    """The tables of sentence vectors, to be joined, and what they are called."""
    pair = [folder / "descriptions_vec.npy", folder / "descriptions_attr.npy"]
    wide = folder / "descriptions_vec_512.pkl"
    files = pair if all(path.is_file() for path in pair) else [wide] if wide.is_file() else pair[:1]
    files = [path for path in files if path.is_file()]
    tables = [{path_key(key): value for key, value in read_table(path).items()} for path in files]
    return tables, " + ".join(path.name for path in files) or None


def _labels(
    folder: Path, captions: Mapping[str, Sequence[str]], keys: Keys, cast: Sequence[str], report: Report
) -> dict[str, tuple[str, ...]]:
    """Key -> characters: of labels.npy, else those that the captions name."""
    if not (folder / "labels.npy").is_file():
        return {key: mentioned(captions[key], cast) for key in keys}
    table = {path_key(key): value for key, value in read_table(folder / "labels.npy").items()}
    lacking = [key for key in keys if key not in table]
    if lacking:
        report.add(f"labels.npy lacks {len(lacking)} clips ({lacking[0]}); theirs are of the captions")
    return {key: flags(table[key], cast, f"labels.npy of {key}") if key in table else mentioned(captions[key], cast)
            for key in keys}  # fmt: skip


def _entries(
    keys: Keys, media: Mapping[str, Frames], captions: Mapping[str, tuple[str, ...]],
    labels: Mapping[str, tuple[str, ...]], tables: Sequence[Mapping[str, Any]], report: Report,
) -> Iterator[tuple[str, ClipEntry]]:  # fmt: skip
    lost = []
    for key in keys:
        told, vectors = captions[key], None
        if tables:
            parts = [np.atleast_2d(np.asarray(table.get(key, []), np.float32)) for table in tables]
            count = min(len(told), *(len(part) if part.size else 0 for part in parts))
            if not count:
                lost.append(key)
                continue
            told, vectors = told[:count], np.concatenate([part[:count] for part in parts], 1)
        yield key, ClipEntry(key, told, media[key], {"characters": labels[key]}, vectors)
    if lost:
        report.add(f"{len(lost)} clips have no sentence vector ({lost[0]}), left out")


def _compare(media: Mapping[str, Frames], captions: Mapping[str, Any], folder: Path, report: Report) -> None:
    """Say which clips lack a caption or a picture, and which episodes have not as many clips as is published."""
    for what, names in (("no caption", media.keys() - captions.keys()), ("no picture", captions.keys() - media.keys())):
        if names:
            report.add(f"{len(names)} clips have {what} ({min(names, key=_order)}), left out")
    if counter := first_file(folder, "frames_counter.npy"):
        there = {episode: len(names) for episode, names in grouped(media, lambda k: k.rpartition("/")[0]).items()}
        told = {"/".join(key.strip("/").split("/")[-2:]): int(count) for key, count in read_table(counter).items()}
        odd = [episode for episode, count in told.items() if there.get(episode, 0) != count]
        if odd:
            report.add(f"{len(odd)} episodes have other numbers of clips than frames_counter.npy says ({odd[0]}: "
                       f"{there.get(odd[0], 0)} of {told[odd[0]]})")  # fmt: skip


def _published(folder: Path, clips: Mapping[str, ClipEntry], report: Report) -> tuple[list[Story], str]:
    """The stories of the published lists whose clips are there, and the file that lists them."""
    ids = find_one([folder], *IDS, what="the published split")
    firsts = [path_key(name) for name in _cache(folder / "img_cache4.npy", 1).reshape(-1)]
    rest = [[path_key(name) for name in row] for row in _cache(folder / "following_cache4.npy", 2)]
    if len(firsts) != len(rest):
        raise DataError(f"{folder}: img_cache4.npy has {len(firsts)} stories, following_cache4.npy {len(rest)}; take "
                        "both from one release")  # fmt: skip
    stories, lost = [], 0
    for split, rows in _rows(ids, len(firsts)).items():
        for row in rows:
            told = (firsts[row], *rest[row])
            lost += not clips.keys() >= set(told)
            if clips.keys() >= set(told):
                stories.append(Story(told[0], split, told, told[0].rpartition("/")[0]))
    if lost:
        report.add(f"{lost} published stories show a clip that is not there, left out")
    return stories, ids.name


def _cache(path: Path, dims: int) -> np.ndarray:
    names = read_npy(path)
    if names.ndim < dims or (dims == 2 and names.shape[1] != LENGTH - 1):
        raise DataError(f"{path} is {names.shape}; expected " + ("(stories,)", f"(stories, {LENGTH - 1})")[dims - 1])
    return names


def _rows(path: Path, count: int) -> dict[str, list[int]]:
    """Split -> rows of img_cache4. Raises DataError for lists of another number, a row twice or outside."""
    splits, seen, lists = tuple(IDS[path.name]), set[int](), list(read_npy(path))
    if len(lists) != len(splits):
        raise DataError(f"{path} holds {len(lists)} lists; expected {len(splits)}: {', '.join(splits)}")
    found = {}
    for split, rows in zip(splits, lists, strict=True):
        found[split] = [int(row) for row in rows]
        if odd := [row for row in found[split] if not 0 <= row < count or row in seen]:
            raise DataError(f"{path}: {split} names row {odd[0]} twice, or img_cache4.npy has only {count}; take both "
                            "from one release")  # fmt: skip
        seen.update(found[split])
    return found


def _order(key: str) -> tuple[str, int]:
    """Episodes by name, clips by number."""
    episode, _, number = key.rpartition("/")
    return episode, int(number) if number.isdigit() else 0
