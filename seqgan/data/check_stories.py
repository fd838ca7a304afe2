"""What can be wrong with a data set of stories: labels, noise, held-out pairs, names and sentences shared by splits."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from seqgan.data.manifest import Record, read_strip
from seqgan.data.problems import Found, broken_caption
from seqgan.data.theatre.splits import held_pairs
from seqgan.data.theatre.world import NOISE_SIZE, SPLITS, Panel, Told
from seqgan.errors import DataError

ALIKE = 0.8
"""Two stories of different splits that share this much of the shorter one's sentences are near-duplicates."""


class StoryCheck:
    """Looks over stories; problems go to `found`."""

    fields: tuple[str, ...] = ("id", "split", "text", "media", "panels", "told", "noise", "names", "source")
    unit = "stories"

    def __init__(self, folder: Path, about: Record, found: Found) -> None:
        self._folder, self._about, self._found = folder, about, found

    def record(self, record: Record) -> bool:
        """Captions, labels and noise of one story; False where its labels cannot be read at all."""
        name, count, found = record["id"], len(record["text"]), self._found
        if record["split"] not in SPLITS:
            found.add("split", f"{name}: split {record['split']!r}; expected one of {', '.join(SPLITS)}")
        if not count or any(len(record[key]) != count for key in ("panels", "told", "noise")):
            found.add("lengths", f"{name}: {count} sentences with other numbers of panels, told or noise")
        for number, text in enumerate(record["text"], start=1):
            if reason := broken_caption(text):
                found.add("captions", f"{name} sentence {number}: {reason}")
        if any(len(row) != NOISE_SIZE for row in record["noise"]):
            found.add("noise", f"{name}: a row of noise has not {NOISE_SIZE} numbers")
        return _panels(record, self._about.get("vocabulary", {}), found)

    def pixels(self, record: Record) -> np.ndarray:
        """The panels of a story, uint8 (T, H, W, 3). Raises DataError as read_strip does."""
        height, width = self._about["size"]
        return read_strip(self._folder, record, (height, width))

    def together(self, records: Sequence[Record]) -> None:
        """Held-out pairs where they must not be, names and stories shared between train and the rest."""
        _pairs(records, self._about.get("vocabulary", {}), self._found)
        names: dict[bool, set[str]] = {True: set(), False: set()}
        for record in records:
            names[record["split"] == "train"] |= set(record["names"])
        for name in sorted(names[True] & names[False]):
            self._found.add("names", f"the name {name} is given in train and in another split")
        _near(records, self._found)


def _panels(record: Record, vocabulary: dict[str, list[str]], found: Found) -> bool:
    """That panels and told can be read (else False), and name only what the world has."""
    try:
        panels = [Panel.from_dict(panel) for panel in record["panels"]]
        _ = [Told.from_dict(told) for told in record["told"]]
    except (DataError, KeyError, TypeError) as error:
        found.add("labels", f"{record['id']}: labels cannot be read ({error})")
        return False
    named = {"characters": {a.who for p in panels for a in p.actors}, "settings": {p.setting for p in panels},
             "props": {prop for p in panels for prop in p.props}}  # fmt: skip
    for kind, ids in named.items():
        if strange := sorted(ids - set(vocabulary.get(kind, ids))):
            found.add("labels", f"{record['id']}: {kind} not in the vocabulary: {', '.join(strange)}")
    return True


def _pairs(records: Sequence[Record], vocabulary: dict[str, list[str]], found: Found) -> None:
    """Held-out pairs in a split of seen ones, and stories of test_unseen without any."""
    held = held_pairs(vocabulary.get("characters", ()), vocabulary.get("settings", ()))
    for record in records:
        shown = [(actor["who"], actor["action"], panel["setting"]) for panel in record["panels"] for actor in
                 panel["actors"]]  # fmt: skip
        pairs = {(who, what) for who, *whats in shown for what in whats}
        if record["split"] != "test_unseen" and pairs & held:
            found.add("held-out pairs", f"{record['id']}: shows the held-out pair {' and '.join(min(pairs & held))}")
        if record["split"] == "test_unseen" and not pairs & held:
            found.add("held-out pairs", f"{record['id']}: shows no held-out pair")


def _near(records: Sequence[Record], found: Found) -> None:
    """Stories of different splits that share most of their sentences."""
    holders: dict[str, list[int]] = defaultdict(list)
    for number, record in enumerate(records):
        for sentence in {text.lower() for text in record["text"]}:
            holders[sentence].append(number)
    shared: Counter[tuple[int, int]] = Counter()
    for numbers in holders.values():
        if len(numbers) < 50:  # sentences such as "It gets dark." tell nothing about a copy
            shared.update((a, b) for a in numbers for b in numbers if a < b)
    for (a, b), count in shared.items():
        one, two = records[a], records[b]
        if one["split"] != two["split"] and count >= ALIKE * min(len(one["text"]), len(two["text"])):
            found.add("near-duplicates", f"{one['id']} and {two['id']} share {count} sentences")
