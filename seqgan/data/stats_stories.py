"""Figures of story data: sizes, balance of labels, and how much the text leaves to the story."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from seqgan.data.figures import Figures, share
from seqgan.data.manifest import Record

PLAIN = {"item": "none", "colour": "none", "size": "normal"}
"""The look of a figure that wears nothing."""


def story_stats(records: Iterable[Record]) -> Figures:
    """Counts and shares over stories given as manifest records."""
    stories = list(records)
    panels = [panel for story in stories for panel in story["panels"]]
    told = [each for story in stories for each in story["told"]]
    texts = [text for story in stories for text in story["text"]]
    actors = [actor for panel in panels for actor in panel["actors"]]
    return {
        "stories": len(stories), "panels": len(panels), "sentences_unlike": len(set(texts)),
        "words_per_sentence": share(sum(len(text.split()) for text in texts), len(texts)),
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
        "pronoun_panels": share(len(pronoun), len(told)),
        "pronoun_two_antecedents": share(sum(each["antecedents"] > 1 for each in pronoun), len(pronoun)),
        "pronoun_two_panels_back": share(sum(each["distance"] > 1 for each in pronoun), len(pronoun)),
        "carried_panels": share(sum(bool(each["carried"]) for each in told), len(told)),
        "stories_with_names": share(sum(bool(story["names"]) for story in stories), len(stories)),
        "stories_with_looks": share(sum(looks), len(stories)),
    }
