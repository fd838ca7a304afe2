"""What can be wrong with a data set of clips and stories: clips that lack, captions, labels, vectors, sources and clips
shared by splits."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np

from seqgan.data.manifest import DataHash, Record, pixel_digest, read_lines, read_strip
from seqgan.data.problems import Found, broken_caption
from seqgan.data.sequences import APART, CLIPS, KEPT_APART, STORIES, TOLD, VECTORS
from seqgan.errors import DataError

CLIP_FIELDS = ("id", "frames", "text", "media", "labels")
STORY_FIELDS = ("id", "split", "clips", "source")


def check_sequences(
    folder: Path, about: Record, pixels: bool = True, progress: Callable[[int], None] | None = None
) -> list[str]:
    """Every problem of a sequence data set in words; [] for a good one.

    `pixels` also decodes every clip and recomputes the data hash; `progress` is told the clips looked at.
    """
    found = Found()
    if missing := [name for name in (*TOLD, "counts", "vector", "hash") if name not in about]:
        return [f"dataset.json lacks {', '.join(missing)}"]
    try:
        clips = list(_records(folder, CLIPS, CLIP_FIELDS, found))
        stories = list(_records(folder, STORIES, STORY_FIELDS, found))
    except DataError as error:
        return [*found.all, str(error)]
    _counted(about, found)
    for _, clip in clips:
        _clip(clip, about["groups"], found)
    _stories([story for _, story in stories], {clip["id"] for _, clip in clips}, about, found)
    vectors = _vectors(folder, about, [clip for _, clip in clips], found)
    value = _look(folder, clips, vectors, about, found, progress) if pixels else None
    if value is not None:
        for line, _ in stories:
            value.add(line, b"")
        if value.value != about["hash"]:
            found.add("hash", f"the data hash is {value.value[:12]}..., dataset.json says {str(about['hash'])[:12]}...")
    return found.all


def _records(folder: Path, name: str, fields: Sequence[str], found: Found) -> Iterator[tuple[str, Record]]:
    """Lines that are records with all their fields."""
    seen = Counter[str]()
    for number, line in read_lines(folder, name):
        try:
            record = json.loads(line)
        except ValueError:
            found.add(name, f"{name} line {number} is not JSON")
            continue
        missing = [field for field in fields if field not in record] if isinstance(record, dict) else ["everything"]
        if missing:
            found.add(name, f"{name} line {number} lacks {', '.join(missing)}")
            continue
        seen[record["id"]] += 1
        if seen[record["id"]] == 2:
            found.add("ids", f"the id {record['id']} stands in several lines of {name}")
        yield line, record


def _counted(about: Record, found: Found) -> None:
    """That the names which count in figures are names of their groups."""
    told = about.get("counted", {})
    if not isinstance(told, Mapping):
        found.add("counted", f"dataset.json tells under counted of {told!r}, expected names by groups")
        return
    for group, names in told.items():
        if strange := sorted(set(names) - set(about["groups"].get(group, ()))):
            found.add("counted", f"dataset.json counts {group} {', '.join(strange)}, not among its groups")


def _clip(clip: Record, groups: Mapping[str, Sequence[str]], found: Found) -> None:
    """Captions and labels of one clip."""
    if not clip["text"]:
        found.add("captions", f"{clip['id']}: has no caption")
    for number, text in enumerate(clip["text"], start=1):
        if reason := broken_caption(text, slots=False):
            found.add("captions", f"{clip['id']} caption {number}: {reason}")
    for group, names in clip["labels"].items():
        if strange := sorted(set(names) - set(groups.get(group, ()))):
            found.add("labels", f"{clip['id']}: {group} {', '.join(strange)} not among the groups of dataset.json")
    for group, names in clip.get("untold", {}).items():
        if absent := sorted(set(names) - set(clip["labels"].get(group, ()))):
            found.add("untold", f"{clip['id']}: {group} {', '.join(absent)} untold, but not among its labels")


def _stories(stories: Sequence[Record], clips: set[str], about: Record, found: Found) -> None:
    """That stories have their clips, are as many as dataset.json says, and share no source where they must not."""
    splits: dict[str, set[str]] = defaultdict(set)
    for story in stories:
        splits[story["source"]].add(story["split"])
        if len(story["clips"]) != about["length"] or not clips.issuperset(story["clips"]):
            found.add("stories", f"{story['id']}: has {len(story['clips'])} clips of {about['length']}, or one that "
                      f"{CLIPS} lacks")  # fmt: skip
    counts = Counter(story["split"] for story in stories)
    for split in sorted(counts.keys() | about["counts"].keys()):
        if counts[split] != about["counts"].get(split, 0):
            found.add("counts", f"split {split} has {counts[split]} stories, dataset.json says "
                      f"{about['counts'].get(split, 0)}")  # fmt: skip
    if about.get("split_by", APART) in KEPT_APART:
        for source, where in splits.items():
            if len(where) > 1:
                found.add("sources", f"the source {source} is in the splits {', '.join(sorted(where))}")


def _vectors(folder: Path, about: Record, clips: Sequence[Record], found: Found) -> np.ndarray | None:
    """The sentence vectors, of no columns where the set has none; None where they cannot be used."""
    wanted = (sum(len(clip["text"]) for clip in clips), about["vector"])
    if not about["vector"]:
        return np.zeros(wanted, np.float32)
    try:
        vectors = np.load(folder / VECTORS, mmap_mode="r")
    except (OSError, ValueError) as error:
        found.add("vectors", f"{folder / VECTORS} cannot be read ({error}); prepare the data set again")
        return None
    if vectors.shape != wanted or not np.isfinite(vectors).all():
        found.add("vectors", f"{VECTORS} is {vectors.shape}, or has numbers that are none; expected {wanted}")
        return None
    return vectors


def _look(
    folder: Path, clips: Sequence[tuple[str, Record]], vectors: np.ndarray | None, about: Record, found: Found,
    progress: Callable[[int], None] | None,
) -> DataHash | None:  # fmt: skip
    """The data hash of all clips, None where one, or the vectors, cannot be used."""
    digest, whole, row = DataHash(), vectors is not None, 0
    for done, (line, clip) in enumerate(clips, start=1):
        try:
            digest.add(line, pixel_digest(read_strip(folder, clip, about["size"], clip["frames"])))
        except DataError as error:
            found.add("media", f"{clip['id']}: {error}")
            whole = False
        if vectors is not None and about["vector"]:
            digest.add("vectors", pixel_digest(vectors[row : row + len(clip["text"])]))
            row += len(clip["text"])
        if progress:
            progress(done)
    return digest if whole else None
