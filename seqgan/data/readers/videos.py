"""One's own videos and what is said of them: text files beside them, a CSV file, titles, or names of files.

    FOLDER/robin.mp4  FOLDER/robin.txt                   a caption a line; videos may lie in folders
    FOLDER/captions.csv                                  file,caption[,start,end,category,split,source]
    FOLDER/running/ab12.mp4  FOLDER/running/ab12.json    title, description, category, licence, as `data fetch
                                                         youtube` and (as ab12.info.json) yt-dlp write them

Several rows of a video speak of several passages where they tell `start` and `end`, in seconds. Where several folders
hold the videos, the folders are the categories. Nothing is decoded here.
"""

from __future__ import annotations

import csv
import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from math import isfinite
from pathlib import Path, PurePosixPath
from typing import Any

from seqgan.data.readers.entries import Report, read_captions
from seqgan.data.readers.folder import SPLITS
from seqgan.data.videos.captions import title_of
from seqgan.data.videos.decode import ENDINGS
from seqgan.errors import DataError

Row = dict[str, str]
COLUMNS = {
    "file": ("file", "filename", "video", "path"), "caption": ("caption", "text", "description", "sentence"),
    "start": ("start", "time_start"), "end": ("end", "time_end"), "category": ("category", "class", "label"),
    "split": ("split",), "source": ("source",),
}  # fmt: skip
"""What a column is for, by its name in lower case; the first name that the table has counts."""
SIDECARS = (".json", ".info.json")


@dataclass(frozen=True)
class Passage:
    """A part of a video, in seconds (None: from its start, to its end), and what is said of it: (kind, text) pairs with
    the kinds of `captions.choose`."""

    texts: tuple[tuple[str, str], ...]
    start: float | None = None
    end: float | None = None
    category: str = ""


@dataclass(frozen=True)
class Video:
    """A video file; `source` is what splits are by, `split` "" where no list tells one."""

    id: str
    file: Path
    passages: tuple[Passage, ...]
    source: str
    split: str = ""
    licence: str = ""


@dataclass(frozen=True)
class Listing:
    """The videos of a folder, and the layout they were found in."""

    name: str
    layout: str
    videos: tuple[Video, ...]


def video_files(folder: Path, report: Report) -> dict[str, Path]:
    """Videos by their path below the folder; hidden files are not looked at, others are counted in the report.

    Raises DataError where there is none.
    """
    if not folder.is_dir():
        raise DataError(f"{folder} is no folder; name one that holds videos")
    paths = [path for path in sorted(folder.rglob("*")) if path.is_file() and
             not any(part.startswith(".") for part in path.relative_to(folder).parts)]  # fmt: skip
    files = {path.relative_to(folder).as_posix(): path for path in paths if path.suffix.lower() in ENDINGS}
    if not files:
        raise DataError(f"{folder} holds no video ({', '.join(ENDINGS)}); name the folder that does")
    others = Counter(path.suffix.lower() or "none" for path in paths
                     if path.suffix.lower() not in (*ENDINGS, ".txt", ".csv", ".json"))  # fmt: skip
    if others:
        told = ", ".join(f"{ending} {count}" for ending, count in sorted(others.items()))
        report.add(f"{others.total()} files are no videos by their ending, not looked at: {told}")
    return files


def own_videos(folder: Path, report: Report) -> Listing:
    """The videos below a folder. Raises DataError where there is none, or several CSV files."""
    files = video_files(folder, report)
    tables = sorted(path for path in folder.glob("*.csv") if not path.name.startswith("."))
    if len(tables) > 1:
        raise DataError(f"{folder} has several CSV files ({', '.join(path.name for path in tables)}); leave the one "
                        "with the captions there")  # fmt: skip
    rows = _rows(tables[0], files, report) if tables else {}
    _alone(folder, files, report)
    classes = _classes(files)
    videos = [_video(name, path, rows.get(name, []), classes.get(name, ""), report) for name, path in files.items()]
    return Listing(folder.resolve().name, "own", tuple(videos))


def _alone(folder: Path, files: dict[str, Path], report: Report) -> None:
    """Note text files without a video."""
    known = {path.with_suffix("") for path in files.values()}
    for written in sorted(folder.rglob("*.txt")):
        if written.with_suffix("") not in known and not written.name.startswith("."):
            report.add(f"{written.relative_to(folder).as_posix()}: has no video, left out")


def _classes(files: dict[str, Path]) -> dict[str, str]:
    """File -> the folder it lies in, where there are several; a folder called like a split is none."""
    places = {name: [part for part in PurePosixPath(name).parts[:-1] if part.lower() not in SPLITS] for name in files}
    told = {name: parts[0].replace("_", " ") for name, parts in places.items() if parts}
    return told if len(set(told.values())) > 1 else {}


def _video(name: str, path: Path, rows: list[Row], category: str, report: Report) -> Video:
    told = _sidecar(path, report)
    category = _text(told, "category", "categories") or category
    titles = tuple(("title", text) for text in (_text(told, "title") or title_of(path), _first_line(told)) if text)
    written = path.with_suffix(".txt")
    lines = tuple(("text", line) for line in read_captions(written)) if written.is_file() else ()
    passages = _passages(rows, category) or (Passage((*lines, *titles), category=category),)
    if rows:
        passages = tuple(replace(each, texts=(*each.texts, *titles)) for each in passages)
    split = next((SPLITS[row["split"].lower()] for row in rows if row.get("split", "").lower() in SPLITS), "")
    source = next((row["source"] for row in rows if row.get("source")), name)
    return Video(name, path, passages, source, split or _folder_split(name), _text(told, "licence", "license"))


def _folder_split(name: str) -> str:
    """The split whose name the first folder has."""
    parts = PurePosixPath(name).parts
    return SPLITS.get(parts[0].lower(), "") if len(parts) > 1 else ""


def _sidecar(path: Path, report: Report) -> dict[str, Any]:
    """The JSON file beside a video, {} where there is none that can be read."""
    for ending in SIDECARS:
        beside = path.with_suffix(ending)
        if beside.is_file():
            try:
                told = json.loads(beside.read_text(encoding="utf-8-sig"))
            except (OSError, ValueError) as error:
                report.add(f"{beside.name}: is no JSON ({error}), not read")
                continue
            return told if isinstance(told, dict) else {}
    return {}


def _text(told: dict[str, Any], *names: str) -> str:
    """The first of some entries that holds a text, or a list that begins with one."""
    for name in names:
        held = told.get(name)
        held = held[0] if isinstance(held, list) and held else held
        if isinstance(held, str) and held.strip():
            return " ".join(held.split())
    return ""


def _first_line(told: dict[str, Any]) -> str:
    """The first line of a description: those below it are links and thanks."""
    held = told.get("description")
    return held.strip().split("\n")[0].strip() if isinstance(held, str) else ""


# --- the table -------------------------------------------------------------------------------------------------------


def _rows(path: Path, files: dict[str, Path], report: Report) -> dict[str, list[Row]]:
    """Video -> its rows, with the columns named by what they are for; rows of no video go into the report."""
    bare: dict[str, list[str]] = defaultdict(list)
    for name in files:
        for known in (PurePosixPath(name).name, PurePosixPath(name).stem, str(PurePosixPath(name).with_suffix(""))):
            if name not in bare[known]:
                bare[known].append(name)
    found: dict[str, list[Row]] = defaultdict(list)
    for number, row in enumerate(read_rows(path), start=2):
        given = row.get("file", "").replace("\\", "/").removeprefix("./")
        names = [given] if given in files else bare.get(given, [])
        if len(names) != 1:
            report.add(f"{path.name} line {number}: {given or 'no file'!r} is not there or stands for several videos")
        elif why := _bad_times(row):
            report.add(f"{path.name} line {number}: {why}, left out")
        else:
            found[names[0]].append(row)
    return found


def read_rows(path: Path) -> Iterator[Row]:
    """The rows of a CSV file with a line of column names, keyed by what the columns are for.

    Raises DataError where it is no UTF-8 text, or lacks a column for files or captions.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            held = list(csv.DictReader(file, strict=True))
    except (OSError, UnicodeError, csv.Error) as error:
        raise DataError(f"{path} is no CSV file in UTF-8 ({error}); save it as one") from None
    by_name = {column.strip().lower(): column for column in (held[0] if held else {}) if column}
    columns = {purpose: by_name[next(name for name in names if name in by_name)]
               for purpose, names in COLUMNS.items() if any(name in by_name for name in names)}  # fmt: skip
    if lacking := [name for name in ("file", "caption") if name not in columns]:
        raise DataError(f"{path} has the columns {', '.join(by_name) or 'none'}; one must be called "
                        f"{' and one '.join(lacking)}")  # fmt: skip
    for row in held:
        yield {purpose: (row[column] or "").strip() for purpose, column in columns.items()}


def _bad_times(row: Row) -> str:
    """What is wrong with the times of a row, "" if nothing is."""
    try:
        start, end = (_seconds(row, name) for name in ("start", "end"))
    except ValueError:
        return f"start {row.get('start', '')!r} and end {row.get('end', '')!r} are no seconds"
    if (start or 0.0) < 0 or (end is not None and end <= (start or 0.0)):
        return f"it ends at {end} s and starts at {start} s"
    return ""


def _seconds(row: Row, name: str) -> float | None:
    if not (text := row.get(name, "")):
        return None
    if not isfinite(value := float(text)):
        raise ValueError(text)
    return value


def _passages(rows: list[Row], category: str) -> tuple[Passage, ...]:
    """The passages that rows speak of; rows with the same times are put together."""
    texts: dict[tuple[float | None, float | None], list[Row]] = defaultdict(list)
    for row in rows:
        texts[_seconds(row, "start"), _seconds(row, "end")].append(row)
    return tuple(
        Passage(tuple(("text", row["caption"]) for row in those if row["caption"]), start, end,
                next((row["category"] for row in those if row.get("category")), category))
        for (start, end), those in texts.items()
    )  # fmt: skip
