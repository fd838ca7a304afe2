"""One's own pictures as a data set: captions in text files beside them, or in a CSV file.

    FOLDER/rose.jpg  FOLDER/rose.txt                     a caption a line; pictures may lie in folders
    FOLDER/captions.csv                                  file,caption; several rows a picture will do
    FOLDER/pokemon.csv: Name,Type1,Type2,Color           no captions: they are made of the attributes
    FOLDER/{train,val,test}/...                          splits; else a column `split`; else 90/5/5 by hash

What cannot be used goes into the report: pictures without text, text without a picture, rows whose file is not there.
"""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from seqgan.data.readers.attributes import Row, Wording
from seqgan.data.readers.entries import PICTURES, Entry, Report, by_hash, clean_caption, read_captions
from seqgan.errors import DataError

CAPTIONS = 10
LICENCE = "not stated"
HELD = 0.05
"""Share of the sources in val, and the same in test."""
SPLITS = {"train": "train", "training": "train", "val": "val", "valid": "val", "validation": "val", "dev": "val",
          "test": "test", "testing": "test"}  # fmt: skip
COLUMNS = {
    "file": ("file", "filename", "file_name", "image", "image_name", "path", "image_path", "name"),
    "caption": ("caption", "captions", "text", "description", "comment", "sentence"),
    "split": ("split",), "source": ("source",), "class": ("class", "category", "label"),
}  # fmt: skip
"""What a column is for, by its name in lower case; the first name that the table has counts."""


def folder_entries(
    folder: Path, captions: int = CAPTIONS, report: Report | None = None, noun: str = "picture", seed: int = 0
) -> tuple[list[Entry], str]:
    """Entries of the pictures below a folder and how they were split; `noun` is what captions from attributes call one.

    Raises DataError where there is no picture or no text at all, several CSV files, or a table without a file column.
    """
    report = report or Report()
    files = _files(folder, report)
    tables = sorted(path for path in folder.glob("*.csv") if not path.name.startswith("."))
    if len(tables) > 1:
        raise DataError(f"{folder} has several CSV files ({', '.join(path.name for path in tables)}); leave the one "
                        "with the captions there")  # fmt: skip
    told = _of_table(tables[0], files, noun, report) if tables else _beside(folder, files, report)
    entries = [replace(entry, captions=entry.captions[:captions]) for entry in told if entry.captions]
    if not entries:
        raise DataError(f"{folder} has no picture with a text: expected rose.txt beside rose.jpg, or a CSV file with "
                        f"the columns file and caption{_first(report)}")  # fmt: skip
    return _split(_named(entries), report, seed)


def _first(report: Report) -> str:
    return f" ({report.lines[0]})" if report.lines else ""


def _files(folder: Path, report: Report) -> dict[str, Path]:
    """Pictures by their path below the folder, without ending; hidden files are not looked at."""
    if not folder.is_dir():
        raise DataError(f"{folder} is no folder; name one that holds pictures")
    files: dict[str, Path] = {}
    for path in sorted(folder.rglob("*")):
        inside = path.relative_to(folder)
        if path.suffix.lower() in PICTURES and not any(part.startswith(".") for part in inside.parts):
            name = inside.with_suffix("").as_posix()
            if name in files:
                report.add(f"{inside.as_posix()}: {files[name].name} has the same name, left out")
            else:
                files[name] = path
    if not files:
        raise DataError(f"{folder} holds no picture ({', '.join(PICTURES)}); name the folder that does")
    return files


def _beside(folder: Path, files: dict[str, Path], report: Report) -> Iterator[Entry]:
    """Entries from text files that lie beside their pictures."""
    for name, path in files.items():
        written = path.with_suffix(".txt")
        found = read_captions(written) if written.is_file() else ()
        if not found:
            report.add(f"{name}: {written.name + ' is empty' if written.is_file() else 'has no text file'}, left out")
        yield Entry(name, "", found, path, {}, name)
    for written in sorted(folder.rglob("*.txt")):
        name = written.relative_to(folder).with_suffix("").as_posix()
        if name not in files and not written.name.startswith("."):
            report.add(f"{name}.txt: has no picture, left out")


@dataclass(frozen=True)
class _Table:
    """Rows of a CSV file, the column for each purpose, and a wording where no column holds captions."""

    rows: list[Row]
    columns: dict[str, str]
    wording: Wording | None

    def cell(self, row: Row, purpose: str) -> str:
        return (row.get(self.columns[purpose]) or "").strip() if purpose in self.columns else ""


def read_table(path: Path, noun: str = "picture") -> _Table:
    """Read a CSV file with a line of column names.

    Raises DataError where it is no UTF-8 text, has no rows or no column of files, or nothing that captions come from.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows: list[Row] = [{key: value for key, value in row.items() if isinstance(key, str)} for row in
                               csv.DictReader(file, strict=True)]  # fmt: skip
    except (OSError, UnicodeError, csv.Error) as error:
        raise DataError(f"{path} is no CSV file in UTF-8 ({error}); save it as one") from None
    if not rows:
        raise DataError(f"{path} has no row below its column names; write one a picture")
    by_name = {column.strip().lower(): column for column in rows[0]}
    columns = {purpose: by_name[next(name for name in names if name in by_name)]
               for purpose, names in COLUMNS.items() if any(name in by_name for name in names)}  # fmt: skip
    if "file" not in columns:
        raise DataError(f"{path} has the columns {', '.join(rows[0])}; one must be called file, and one caption")
    if "caption" in columns:
        return _Table(rows, columns, None)
    wording = Wording.of(rows, noun, frozenset(columns.values()))
    if not wording.columns:
        raise DataError(f"{path} has the columns {', '.join(rows[0])}; expected one called caption, or attributes such "
                        "as type and color")  # fmt: skip
    return _Table(rows, columns, wording)


def _of_table(path: Path, files: dict[str, Path], noun: str, report: Report) -> Iterator[Entry]:
    """Entries from the rows of a CSV file; rows of one picture are put together."""
    table, find = read_table(path, noun), _Finder(files)
    if table.wording and table.wording.left_out:
        report.lines.append(f"{path.name}: no caption is made of {', '.join(table.wording.left_out)}")
    rows: dict[str, list[Row]] = defaultdict(list)
    for number, row in enumerate(table.rows, start=2):
        given = table.cell(row, "file")
        if (name := find.name(given)) is None:
            report.add(f"{path.name} line {number}: {given or 'no file'!r} is not there or stands for several pictures")
        else:
            rows[name].append(row)
    for name in sorted(files.keys() - rows.keys()):
        report.add(f"{name}: no row of {path.name} names it, left out")
    for name in (name for name in files if name in rows):
        yield _entry(name, files[name], rows[name], table, report)


def _entry(name: str, file: Path, rows: Sequence[Row], table: _Table, report: Report) -> Entry:
    """A picture of a table: its captions from all its rows, the rest from the first."""
    first, labels = rows[0], {}
    if table.wording:
        captions, labels = table.wording.captions(first), table.wording.labels(first)
    else:
        captions = tuple(caption for row in rows if (caption := clean_caption(table.cell(row, "caption"))))
    if not captions:
        report.add(f"{name}: has no caption, left out")
    if kind := table.cell(first, "class"):
        labels = {"class": kind, **labels}
    split = table.cell(first, "split").lower()
    if split and split not in SPLITS:
        raise DataError(f"{name}: split {split!r}; expected train, val or test")
    return Entry(name, SPLITS.get(split, ""), captions, file, labels, table.cell(first, "source") or name)


class _Finder:
    """Pictures by what a table may call them: their path, with or without ending, or their bare name."""

    def __init__(self, files: dict[str, Path]) -> None:
        self._exact = set(files)
        bare = Counter(PurePosixPath(name).name.casefold() for name in files)
        self._bare = {PurePosixPath(name).name.casefold(): name for name in files}
        self._bare = {key: name for key, name in self._bare.items() if bare[key] == 1}

    def name(self, given: str) -> str | None:
        """The picture's path without ending, None where there is none or it is not clear which."""
        plain = given.replace("\\", "/").removeprefix("./")
        ending = PurePosixPath(plain).suffix.lower() in PICTURES
        plain = plain.rpartition(".")[0] if ending else plain
        return plain if plain in self._exact else self._bare.get(PurePosixPath(plain).name.casefold())


def _place(name: str) -> tuple[str, str]:
    """Split and class as the folders say that a picture lies in, "" where they say none."""
    folders = PurePosixPath(name).parts[:-1]
    split = SPLITS.get(folders[0].lower(), "") if folders else ""
    inner = folders[1:] if split else folders
    return split, inner[0] if inner else ""


def _named(entries: Sequence[Entry]) -> list[Entry]:
    """Entries with the splits and classes of their folders, where a table tells none; one folder is no class."""
    places = [_place(entry.id) for entry in entries]
    classes = len({kind for _, kind in places if kind}) > 1
    return [
        replace(entry, split=entry.split or split, labels={"class": kind, **entry.labels} if classes and kind else
                entry.labels)
        for entry, (split, kind) in zip(entries, places, strict=True)
    ]  # fmt: skip


def _split(entries: list[Entry], report: Report, seed: int) -> tuple[list[Entry], str]:
    """Entries with a split each: as folders or a column say, else by hash of the source."""
    if any(entry.split for entry in entries):
        for entry in entries:
            if not entry.split:
                report.add(f"{entry.id}: is in no split, though others are, left out")
        return [entry for entry in entries if entry.split], "folders or a column of the set"
    sources = by_hash((entry.source for entry in entries), seed)
    held = max(1, round(HELD * len(sources))) if len(sources) >= 3 else 0
    split = dict.fromkeys(sources, "train") | dict.fromkeys(sources[:held], "test")
    split |= dict.fromkeys(sources[held : 2 * held], "val")
    return [replace(entry, split=split[entry.source]) for entry in entries], "hash of the source, 90/5/5"
