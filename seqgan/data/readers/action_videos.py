"""Sets of short videos of actions, as Kinetics and UCF101 lay theirs out: the class is the caption.

    FOLDER/playing guitar/AbCdEfGhIjK_000001_000011.mp4      kinetics; a folder of a split may lie above
    FOLDER/*.csv: label,youtube_id,time_start,time_end,split

    FOLDER/PlayingGuitar/v_PlayingGuitar_g01_c01.avi         ucf; videos of one group are parts of one film

Splits are those of Kinetics' lists; of UCF they are drawn anew by class and group, so that no film is in two.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path, PurePosixPath

from seqgan.checks import check_choice
from seqgan.data.readers.entries import Report
from seqgan.data.readers.folder import SPLITS
from seqgan.data.readers.videos import Listing, Passage, Video, own_videos, video_files
from seqgan.errors import DataError

KINETICS = re.compile(r"(?P<id>[\w-]{11})_(?P<start>\d{6})_(?P<end>\d{6})")
UCF = re.compile(r"v_(?P<label>\w+)_g(?P<group>\d+)_c(?P<number>\d+)")
LISTED = ("label", "youtube_id", "time_start", "time_end")
LAYOUTS = ("auto", "own", "kinetics", "ucf")
PUBLISHED = {**SPLITS, "validate": "val"}


def listed_videos(folder: Path, layout: str, report: Report) -> Listing:
    """The videos of a folder in a layout of LAYOUTS; `auto` is known by the names of most files.

    Raises DataError where there is no video, or none of that layout.
    """
    check_choice("layout", layout, LAYOUTS, DataError)
    chosen = layout if layout != "auto" else _layout(video_files(folder, Report()))
    readers = {"own": own_videos, "kinetics": kinetics_videos, "ucf": ucf_videos}
    found = readers[chosen](folder, report)
    return replace(found, videos=tuple(_in_splits(found.videos, report)))


def _in_splits(videos: Sequence[Video], report: Report) -> Iterator[Video]:
    """The videos, without those that are in no split where others are."""
    told = any(video.split for video in videos)
    for video in videos:
        if video.split or not told:
            yield video
        else:
            report.add(f"{video.id}: is in no split, though others are, left out")


def _layout(files: dict[str, Path]) -> str:
    counts = {name: sum(bool(form.fullmatch(path.stem)) for path in files.values())
              for name, form in (("kinetics", KINETICS), ("ucf", UCF))}  # fmt: skip
    likely = max(counts, key=lambda name: counts[name])
    return likely if 2 * counts[likely] > len(files) else "own"


def kinetics_videos(folder: Path, report: Report) -> Listing:
    """The videos of Kinetics. Their labels and splits are those of the lists, else of the folders they lie in."""
    listed, videos = _listed(folder, report), list[Video]()
    files = video_files(folder, report)
    for name, path in files.items():
        if not (form := KINETICS.fullmatch(path.stem)):
            report.add(f"{name}: is not called ID_000001_000011, left out")
            continue
        key = (form["id"], int(form["start"]), int(form["end"]))
        folders = [part for part in PurePosixPath(name).parts[:-1] if part.lower() not in PUBLISHED]
        label, split = listed.pop(key, ("", ""))
        label = label or (folders[-1].replace("_", " ") if folders else "")
        if not label:
            report.add(f"{name}: no list and no folder tells its label, left out")
            continue
        split = split or PUBLISHED.get(PurePosixPath(name).parts[0].lower(), "")
        videos.append(Video(name, path, (Passage((("label", label),), category=label),), form["id"], split))
    if listed:
        report.lines.append(f"{len(listed):,} of the listed videos are not there")
    return _listing(folder, "kinetics", videos)


def _listed(folder: Path, report: Report) -> dict[tuple[str, int, int], tuple[str, str]]:
    """(id, start, end) -> (label, split) of all lists of a folder and of its folder `annotations`."""
    found: dict[tuple[str, int, int], tuple[str, str]] = {}
    for path in sorted([*folder.glob("*.csv"), *folder.glob("annotations/*.csv")]):
        try:
            with path.open(encoding="utf-8-sig", newline="") as file:
                rows = list(csv.DictReader(file))
        except (OSError, UnicodeError, csv.Error) as error:
            raise DataError(f"{path} is no CSV file in UTF-8 ({error}); get it anew") from None
        if missing := [name for name in LISTED if rows and name not in rows[0]]:
            raise DataError(f"{path} has no column {', '.join(missing)}; expected {', '.join(LISTED)}, split")
        for number, row in enumerate(rows, start=2):
            try:
                key = (row["youtube_id"], int(float(row["time_start"])), int(float(row["time_end"])))
            except (TypeError, ValueError):
                report.add(f"{path.name} line {number}: its times are no seconds, left out")
                continue
            found[key] = (row["label"] or "", PUBLISHED.get((row.get("split") or path.stem).lower(), ""))
    return found


def ucf_videos(folder: Path, report: Report) -> Listing:
    """The videos of UCF101, or of a set that is laid out as it is."""
    videos = list[Video]()
    for name, path in video_files(folder, report).items():
        if not (form := UCF.fullmatch(path.stem)):
            report.add(f"{name}: is not called v_Class_g01_c01, left out")
            continue
        words = class_words(form["label"])
        passage = Passage((("label", words),), category=words)
        videos.append(Video(name, path, (passage,), f"{form['label']}/g{form['group']}"))
    return _listing(folder, "ucf", videos)


def class_words(name: str) -> str:
    """The words of a class that is written in one.

    >>> class_words("PlayingGuitar"), class_words("TaiChi"), class_words("brush_hair")
    ('playing guitar', 'tai chi', 'brush hair')
    """
    return re.sub(r"(?<=[a-z\d])(?=[A-Z])|_", " ", name).lower()


def _listing(folder: Path, layout: str, videos: list[Video]) -> Listing:
    if not videos:
        raise DataError(f"{folder} has no video that is called as those of {layout} are; take --layout own")
    return Listing(folder.resolve().name, layout, tuple(videos))
