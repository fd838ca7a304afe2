"""report.json of a set of clips: what became of every video, why stretches and captions were dropped, and the sums."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

from seqgan.data.manifest import Record
from seqgan.data.videos.stretches import WHY

REPORT = "report.json"


def totals(videos: Sequence[Record]) -> Record:
    """Sums over the records of all videos; a stretch that two passages speak of counts twice."""
    used = [video for video in videos if "clips" in video]
    clips = [clip for video in used for clip in video["clips"]]
    return {
        "videos": len(videos),
        "with_clips": sum(bool(video["clips"]) for video in used),
        "without_clips": sum(not video["clips"] for video in used),
        "failed": sum("failed" in video for video in videos),
        "seconds": round(sum(video["seconds"] for video in used), 1),
        "clips": len(clips),
        "clip_seconds": round(sum(clip["end"] - clip["start"] for clip in clips), 1),
        "dropped": _by_reason(used),
        "captions_dropped": dict(Counter(why for video in videos for _, why in video["captions_dropped"])),
    }


def _by_reason(videos: Iterable[Record]) -> dict[str, Record]:
    """Why -> stretches, seconds, and videos that have some; the most seconds first."""
    rows: dict[str, list[tuple[str, float]]] = defaultdict(list)
    for video in videos:
        for each in video["dropped"]:
            rows[each["why"]].append((video["id"], each["end"] - each["start"]))
    sums = {why: {"stretches": len(found), "seconds": round(sum(length for _, length in found), 1),
                  "videos": len({name for name, _ in found})} for why, found in rows.items()}  # fmt: skip
    return dict(sorted(sums.items(), key=lambda item: -item[1]["seconds"]))


def told(sums: Record, videos: Sequence[Record], shown: int) -> list[str]:
    """The report for people: sums, reasons, and the first `shown` videos that gave nothing or are unusual."""
    lines = [
        f"{sums['with_clips']} of {sums['videos']} videos gave {sums['clips']} clips: {sums['clip_seconds']} of "
        f"{sums['seconds']} s."
    ]
    if sums["dropped"]:
        lines += ["", f"{'dropped':>9} {'in':>11}"]
    lines += [f"{row['seconds']:7.1f} s {row['videos']:4} videos  {why}: {WHY[why]}"
              for why, row in sums["dropped"].items()]  # fmt: skip
    lines += [f"{count:9} captions     {why}" for why, count in sums["captions_dropped"].items()]
    strange = [f"{video['id']}: {'; '.join(video['remarks'])}" for video in videos if video.get("remarks")]
    nothing = [f"{video['id']}: {reason}" for video in videos if (reason := _why_nothing(video))]
    if nothing:
        lines += ["", f"{len(nothing)} videos gave no clip:", *_first(nothing, shown)]
    if strange:
        lines += ["", f"{len(strange)} videos are unusual:", *_first(strange, shown)]
    return lines


def _first(lines: Sequence[str], shown: int) -> list[str]:
    return [*lines[:shown], *([f"... and {len(lines) - shown} more"] if len(lines) > shown else [])]


def _why_nothing(video: Record) -> str:
    """Why a video has no clip, "" where it has some."""
    if "failed" in video:
        return video["failed"]
    if video["clips"]:
        return ""
    lengths = Counter[str]()
    for each in video["dropped"]:
        lengths[each["why"]] += each["end"] - each["start"]
    most = lengths.most_common(1)
    return f"{WHY[most[0][0]]} ({most[0][1]:.1f} of {video['seconds']:.1f} s)" if most else "has no usable stretch"
