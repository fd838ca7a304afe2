"""Prepare videos with captions as a data set of clips, sequence data whose stories have one clip each.

    listing = own_videos(Path("my-videos"), report)
    about = prepare_clips(Path("my-clips"), listing, Cut(size=64), report)

Every video is worked on in a process of its own with a time limit, and what came of it is kept in a folder beside the
data set under the hash of its content and of the settings: an interrupted run goes on where it stopped. Whatever is
not used is in report.json with its reason. Splits are by video.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from seqgan.data.manifest import Record
from seqgan.data.readers.clips import split_sources
from seqgan.data.readers.entries import Report
from seqgan.data.readers.videos import Listing, Video
from seqgan.data.sequences import BY_VIDEO, Clip, Story, write_sequences
from seqgan.data.videos.alike import one_source
from seqgan.data.videos.captions import choose
from seqgan.data.videos.cutting import Cut, cut_video
from seqgan.data.videos.report import REPORT, totals
from seqgan.data.videos.shots import check_detector
from seqgan.data.videos.steady import use_one_thread
from seqgan.data.videos.stretches import Span
from seqgan.data.watched import Lost, watched
from seqgan.errors import DataError, InterruptedRun

VERSION = 1
"""Of what is kept beside a data set: another one is not read."""
SECONDS = 1800.0
"""Time limit of a video."""
GROUP = "categories"
Spans = tuple[Span, ...]


@dataclass(frozen=True)
class _Told:
    """A video with what was chosen to be said of its passages; those without a caption are left out."""

    video: Video
    captions: list[tuple[str, ...]]
    categories: list[str]
    passages: Spans
    dropped: list[tuple[str, str]]


def prepare_clips(
    out: Path, listing: Listing, cut: Cut, report: Report, captions: str = "auto", licence: str = "not stated",
    seed: int = 0, workers: int = 1, seconds: float = SECONDS, keep: bool = False, progress: bool = True,
) -> tuple[Record, Record]:  # fmt: skip
    """Cut the videos of a listing and write the data set; returns dataset.json's record and the report's.

    `captions` is a rule of `captions.choose`; `seconds` the time limit of a video; `keep` leaves what was cut beside
    the data set, so that a later run with more videos cuts only those. Raises DataError where no clip is left; the
    report is then in the folder beside `out`.
    """
    check_detector(cut.shots)
    told = [_chosen(video, captions) for video in listing.videos]
    work = out.with_name(f"{out.name}.work")
    work.mkdir(parents=True, exist_ok=True)
    for part in work.glob("*.part-*"):  # of a run that was killed
        shutil.rmtree(part, ignore_errors=True)
    records = _cut_all(told, cut, work, workers, seconds, progress)
    kept = _without_doubles(told, records)
    record = {"settings": {**asdict(cut), "captions": captions, "layout": listing.layout}, "totals": totals(kept),
              "remarks": report.lines, "videos": kept}  # fmt: skip
    _write_json(work / REPORT, record)
    if not record["totals"]["clips"]:
        raise DataError(f"no clip is left of {len(told)} videos; see why in {work / REPORT}")
    about = _written(out, listing, told, kept, work, cut, report, licence, seed, progress)
    shutil.copyfile(work / REPORT, out / REPORT)
    if not keep:
        shutil.rmtree(work)
    return about, record


def _write_json(path: Path, record: Record) -> None:
    path.write_text(json.dumps(record, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _chosen(video: Video, rule: str) -> _Told:
    """What is said of a video's passages."""
    found = [(passage, *choose(passage.texts, rule)) for passage in video.passages]
    kept = [(passage, captions) for passage, captions, _ in found if captions]
    return _Told(
        video,
        [captions for _, captions in kept],
        [passage.category for passage, _ in kept],
        tuple((passage.start, passage.end) for passage, _ in kept),
        [each for _, _, dropped in found for each in dropped],
    )


# --- the work --------------------------------------------------------------------------------------------------------


def _cut_all(told: Sequence[_Told], cut: Cut, work: Path, workers: int, seconds: float, progress: bool) -> list[Record]:
    """A record for every video, in order: of its clips, or with why it `failed`."""
    records: list[Record] = [{"failed": _untold(each)} for each in told]
    wanted = [number for number, each in enumerate(told) if each.captions]
    tasks = [(told[number].video.file, told[number].passages) for number in wanted]
    columns = (TextColumn("cutting videos"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    try:
        with Progress(*columns, disable=not progress) as bar:
            for number, made in bar.track(watched(begin_cutting, (cut, work), tasks, workers, seconds), len(tasks)):
                records[wanted[number]] = {"failed": made.why} if isinstance(made, Lost) else made
    except KeyboardInterrupt:
        raise InterruptedRun(f"what is cut is kept in {work}; run the same command again to go on") from None
    return records


def _untold(each: _Told) -> str:
    """Why a video has no caption."""
    reason = "".join(f" ({text!r}: {why})" for text, why in each.dropped[:1])
    return f"has no caption that can be used{reason}"


def begin_cutting(cut: Cut, work: Path) -> Callable[[tuple[Path, Spans]], Record]:
    """What a worker process does with a video: cut it, or read what an earlier run kept of it."""
    use_one_thread()

    def make(task: tuple[Path, Spans]) -> Record:
        file, passages = task
        try:
            content = _hash(file)
        except OSError as error:
            return {"failed": f"{file.name} cannot be read ({error.strerror})"}
        key = sha256(repr((VERSION, content, sorted(asdict(cut).items()), passages)).encode()).hexdigest()[:32]
        if not (work / key).is_dir():
            _cut_into(work / key, file, passages, cut)
        return {"sha256": content, "work": key, **json.loads((work / key / "record.json").read_text("utf-8"))}

    return make


def _hash(file: Path) -> str:
    digest = sha256()
    with file.open("rb") as opened:
        while part := opened.read(1 << 20):
            digest.update(part)
    return digest.hexdigest()


def _cut_into(folder: Path, file: Path, passages: Spans, cut: Cut) -> None:
    """Cut a video beside the place of its work, and put the whole there at the end."""
    part = folder.with_name(f"{folder.name}.part-{os.getpid()}")
    part.mkdir()
    try:
        record = cut_video(file, passages, cut, part)
    except DataError as error:
        record = {"failed": str(error).removeprefix(f"{file.name} ")}
    _write_json(part / "record.json", record)
    try:
        part.rename(folder)
    except OSError:  # the same file under another name was done meanwhile
        shutil.rmtree(part)


def _without_doubles(told: Sequence[_Told], records: Sequence[Record]) -> list[Record]:
    """The records with ids, sources and dropped captions; a file of the same content as an earlier one is left out."""
    first, kept = dict[str, str](), list[Record]()
    for each, record in zip(told, records, strict=True):
        name, content = each.video.id, record.get("sha256", "")
        if content and (same := first.setdefault(content, name)) != name:
            record = {"failed": f"is the same file as {same}"}
        kept.append({"id": name, "source": each.video.source, **({"licence": each.video.licence} if
                     each.video.licence else {}), **record, "captions": each.captions,
                     "captions_dropped": each.dropped})  # fmt: skip
    return kept


# --- the data set ----------------------------------------------------------------------------------------------------


def _written(
    out: Path, listing: Listing, told: Sequence[_Told], records: Sequence[Record], work: Path, cut: Cut,
    report: Report, licence: str, seed: int, progress: bool,
) -> Record:  # fmt: skip
    """Write the data set of the clips that were kept."""
    used = [(each, record) for each, record in zip(told, records, strict=True) if record.get("clips")]
    source = one_source([each.video.source for each, _ in used],
                        [[clip["print"] for clip in record["clips"]] for _, record in used])  # fmt: skip
    split, split_by = _splits([each.video for each, _ in used], source, seed)
    names = sorted({category for each, _ in used for category in each.categories if category})
    about: dict[str, Any] = {
        "name": listing.name, "size": [cut.size, cut.size], "length": 1, "groups": {GROUP: names} if names else {},
        "seed": seed, "licence": licence, "fps": cut.fps, "frames": cut.frames, "split_by": split_by,
        "left_out": report.lines, "report": REPORT,
    }  # fmt: skip
    stories = [
        Story(
            _clip_id(each.video, number),
            split[each.video.id],
            (_clip_id(each.video, number),),
            source[each.video.source],
        )
        for each, record in used
        for number in range(len(record["clips"]))
    ]
    return write_sequences(out, _clips(used, work), stories, about, progress)


def _clip_id(video: Video, number: int) -> str:
    return f"{video.id}/{number:03d}"


def _clips(used: Sequence[tuple[_Told, Record]], work: Path) -> Iterator[Clip]:
    for each, record in used:
        for number, clip in enumerate(record["clips"]):
            frames = np.load(work / record["work"] / f"{number:03d}.npy")
            category = each.categories[clip["passage"]]
            labels = {GROUP: (category,)} if category else {}
            yield Clip(_clip_id(each.video, number), frames, each.captions[clip["passage"]], labels)


def _splits(videos: Sequence[Video], source: Mapping[str, str], seed: int) -> tuple[dict[str, str], str]:
    """Video -> split, and how: as the set tells, else by hash of the source; fewer than three sources all train."""
    if any(video.split for video in videos):
        return {video.id: video.split for video in videos}, "folders or lists of the set"
    names = set(source.values())
    split = split_sources(names, seed) if len(names) >= 3 else dict.fromkeys(names, "train")
    return {video.id: split[source[video.source]] for video in videos}, BY_VIDEO
