"""Figures of sequence data: stories, clips, frames, captions and labels of every split, and what splits share."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import chain
from pathlib import Path

from seqgan.data.figures import Figures, share
from seqgan.data.manifest import Record, read_records
from seqgan.data.sequences import CLIPS, STORIES
from seqgan.text.captions import caption_words


def sequence_splits(folder: Path | str) -> dict[str, Figures]:
    """Split -> figures. Raises DataError for a broken line."""
    clips = {clip["id"]: clip for clip in read_records(folder, name=CLIPS)}
    stories: dict[str, list[Record]] = {}
    for story in read_records(folder, name=STORIES):
        stories.setdefault(story["split"], []).append(story)
    train = set(chain.from_iterable(story["clips"] for story in stories.get("train", ())))
    return {split: sequence_stats(each, clips, train if split != "train" else set())
            for split, each in stories.items()}  # fmt: skip


def sequence_stats(stories: Sequence[Record], clips: dict[str, Record], train: set[str]) -> Figures:
    """Counts over the stories of one split and their clips; `train` are the clips that training sees."""
    used = set(chain.from_iterable(story["clips"] for story in stories))
    there = [clips[name] for name in used if name in clips]
    captions = [caption for clip in there for caption in clip["text"]]
    labels: dict[str, Counter[str]] = {}
    for clip in there:
        for group, names in clip["labels"].items():
            labels.setdefault(group, Counter()).update(names)
    words = [caption_words(caption) for caption in captions]
    return {
        "stories": len(stories), "sources": len({story["source"] for story in stories}), "clips": len(used),
        "frames": _spread(clip["frames"] for clip in there), "captions_per_clip": share(len(captions), len(there)),
        "words_per_caption": _spread(map(len, words)), "vocabulary": len(set(chain.from_iterable(words))),
        "clips_of_train": len(used & train),
        **{group: dict(counts.most_common()) for group, counts in sorted(labels.items())},
    }  # fmt: skip


def _spread(counts: Iterable[int]) -> dict[str, float]:
    told = sorted(counts) or [0]
    return {"least": told[0], "median": told[len(told) // 2], "most": told[-1], "mean": share(sum(told), len(told))}
