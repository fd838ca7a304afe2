"""Figures of a prepared data set, for each of its splits: what they are is said by the file of its kind."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from seqgan.data.figures import Figures
from seqgan.data.manifest import Record, read_about, read_records
from seqgan.data.sequences import KIND as SEQUENCES
from seqgan.data.stats_pictures import picture_stats
from seqgan.data.stats_sequences import sequence_splits
from seqgan.data.stats_stories import story_stats
from seqgan.errors import DataError

STATS: dict[str, Callable[[Iterable[Record]], Figures]] = {"story": story_stats, "picture": picture_stats}


def data_stats(folder: Path | str) -> Figures:
    """Figures of a data set: {"size", "hash", "splits": {split: the figures of its kind}}.

    Raises DataError where the folder holds no data set, or one of an unknown kind.
    """
    about = read_about(folder)
    if about.get("kind") == SEQUENCES:
        return {"size": about["size"], "hash": about["hash"], "splits": sequence_splits(folder)}
    if about.get("kind") not in STATS:
        raise DataError(f"{folder} tells of {about.get('kind')!r} data; known are {', '.join((*STATS, SEQUENCES))}")
    records: dict[str, list[Record]] = {}
    for record in read_records(folder):
        records.setdefault(record["split"], []).append(record)
    splits = {split: STATS[about["kind"]](each) for split, each in records.items()}
    return {"size": about["size"], "hash": about["hash"], "splits": splits}
