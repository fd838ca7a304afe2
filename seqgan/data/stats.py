"""Figures of a prepared story data set: sizes, balance of labels, and how much the text leaves to the story."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from seqgan.data.manifest import Record, read_about, read_records

Figures = dict[str, Any]


def data_stats(folder: Path | str) -> Figures:
    """Figures of a data set: {"size", "hash", "splits": {split: story_stats(...)}}.

    Raises DataError where the folder holds no data set.
    """
    about = read_about(folder)
    records: dict[str, list[Record]] = {}
    for record in read_records(folder):
        records.setdefault(record["split"], []).append(record)
    splits = {split: story_stats(stories) for split, stories in records.items()}
    return {"size": about["size"], "hash": about["hash"], "splits": splits}


def story_stats(records: Iterable[Record]) -> Figures:
    """Counts and shares over stories given as manifest records."""
    stories = list(records)
    panels = [panel for story in stories for panel in story["panels"]]
    told = [each for story in stories for each in story["told"]]
    texts = [text for story in stories for text in story["text"]]
    actors = [actor for panel in panels for actor in panel["actors"]]
    return {
        "stories": len(stories), "panels": len(panels), "sentences_unlike": len(set(texts)),
        "words_per_sentence": _share(sum(len(text.split()) for text in texts), len(texts)),
        **_told_shares(stories, told),
        **_shown(panels, actors),
    }  # fmt: skip


def _shown(panels: list[Record], actors: list[Record]) -> dict[str, dict[str, int]]:
    """How often each character, action, ... is shown: {"characters": {"mia": 12, ...}, ...}, most frequent first."""
    counts = {kind: Counter(actor[key] for actor in actors) for kind, key in
              (("characters", "who"), ("actions", "action"), ("places", "place"))}  # fmt: skip
    counts |= {kind: Counter(panel[key] for panel in panels) for kind, key in
               (("settings", "setting"), ("times", "time"), ("weathers", "weather"), ("shots", "shot"))}  # fmt: skip
    counts["props"] = Counter(prop for panel in panels for prop in panel["props"])
    return {kind: dict(each.most_common()) for kind, each in counts.items()}


def _told_shares(stories: list[Record], told: list[Record]) -> Figures:
    """Shares of panels and stories that need the story before them."""
    pronoun = [each for each in told if each["pronoun"]]
    looks = [any(a["look"] != PLAIN for panel in story["panels"] for a in panel["actors"]) for story in stories]
    return {
        "pronoun_panels": _share(len(pronoun), len(told)),
        "pronoun_two_antecedents": _share(sum(each["antecedents"] > 1 for each in pronoun), len(pronoun)),
        "pronoun_two_panels_back": _share(sum(each["distance"] > 1 for each in pronoun), len(pronoun)),
        "carried_panels": _share(sum(bool(each["carried"]) for each in told), len(told)),
        "stories_with_names": _share(sum(bool(story["names"]) for story in stories), len(stories)),
        "stories_with_looks": _share(sum(looks), len(stories)),
    }


PLAIN = {"item": "none", "colour": "none", "size": "normal"}


def _share(part: float, whole: int) -> float:
    return round(part / whole, 4) if whole else 0.0
