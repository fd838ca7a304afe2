"""Look over a prepared data set of stories: leaks between splits, missing media, broken captions and labels.

problems = check_data(Path("data/theatre"))     # [] for a good one
"""

from __future__ import annotations

import json
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from seqgan.data.manifest import DataHash, Record, pixel_digest, read_about, read_lines, read_strip
from seqgan.data.theatre.splits import held_pairs
from seqgan.data.theatre.world import NOISE_SIZE, SPLITS, Panel, Told
from seqgan.errors import DataError

ALIKE = 0.8
"""Two stories of different splits that share this much of the shorter one's sentences are near-duplicates."""
SHOWN = 20
"""Problems of one kind that are spelled out; the rest is counted."""
FIELDS = ("id", "split", "text", "media", "panels", "told", "noise", "names", "source")


@dataclass
class _Found:
    """Problems so far, at most `SHOWN` of a kind in words."""

    lines: list[str] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)

    def add(self, kind: str, line: str) -> None:
        """Note a problem of a kind."""
        self.counts[kind] += 1
        if self.counts[kind] <= SHOWN:
            self.lines.append(line)

    @property
    def all(self) -> list[str]:
        """Every problem, and how many more of each kind there are."""
        more = [f"{count - SHOWN} more problems: {kind}" for kind, count in self.counts.items() if count > SHOWN]
        return self.lines + more


def check_data(folder: Path | str, pixels: bool = True, progress: Callable[[int], None] | None = None) -> list[str]:
    """Every problem of a prepared story data set in words; [] for a good one.

    `pixels` also decodes every picture and recomputes the data hash; `progress` is told the stories looked at.
    """
    try:
        about = read_about(folder)
        lines = list(read_lines(folder))
    except DataError as error:
        return [str(error)]
    found, records, digest = _Found(), [], DataHash()
    whole = pixels
    for done, (number, line) in enumerate(lines, start=1):
        record = _record(number, line, found)
        if record is not None:
            if _labels(record, about, found):
                records.append(record)
            whole = _media(Path(folder), record, line, about, digest, found) and whole if pixels else False
        if progress:
            progress(done)
    if whole and digest.value != about["hash"]:
        found.add("hash", f"the data hash is {digest.value[:12]}..., dataset.json says {str(about['hash'])[:12]}...")
    _counts(records, about, found)
    _leaks(records, about, found)
    return found.all


def _record(number: int, line: str, found: _Found) -> Record | None:
    """A manifest line as a record with all its fields, or None and a problem."""
    try:
        record = json.loads(line)
    except ValueError:
        found.add("manifest", f"manifest line {number} is not JSON")
        return None
    missing = [name for name in FIELDS if name not in record] if isinstance(record, dict) else ["everything"]
    if missing:
        found.add("manifest", f"manifest line {number} lacks {', '.join(missing)}")
        return None
    return record


def _labels(record: Record, about: Record, found: _Found) -> bool:
    """Captions, labels and noise of one story; False where its labels cannot be read at all."""
    name, count = record["id"], len(record["text"])
    if record["split"] not in SPLITS:
        found.add("split", f"{name}: split {record['split']!r}; expected one of {', '.join(SPLITS)}")
    if not count or any(len(record[key]) != count for key in ("panels", "told", "noise")):
        found.add("lengths", f"{name}: {count} sentences with other numbers of panels, told or noise")
    for number, text in enumerate(record["text"], start=1):
        if reason := broken_caption(text):
            found.add("captions", f"{name} sentence {number}: {reason}")
    if any(len(row) != NOISE_SIZE for row in record["noise"]):
        found.add("noise", f"{name}: a row of noise has not {NOISE_SIZE} numbers")
    return _panels(record, about.get("vocabulary", {}), found)


def _panels(record: Record, vocabulary: dict[str, list[str]], found: _Found) -> bool:
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


def broken_caption(text: object) -> str:
    """Why a caption is broken ("" if it is not): not text, empty, control characters, unfilled slots."""
    if not isinstance(text, str):
        return f"is {type(text).__name__}, not text"
    if not text.strip():
        return "is empty"
    if any(unicodedata.category(sign) in ("Cc", "Cs", "Co") for sign in text):
        return "has control characters"
    if any(sign in text for sign in "{}\ufffd") or "  " in text:
        return f"has an unfilled slot, a broken letter or a double space: {text!r}"
    return ""


def _media(folder: Path, record: Record, line: str, about: Record, digest: DataHash, found: _Found) -> bool:
    """That a story's picture is there and has its size; feeds the hash. False where it cannot be fed."""
    height, width = about["size"]
    try:
        strip = read_strip(folder, record, (height, width))
    except DataError as error:
        found.add("media", f"{record['id']}: {error}")
        return False
    digest.add(line, pixel_digest(strip))
    return True


def _counts(records: list[Record], about: Record, found: _Found) -> None:
    """Unique ids, and as many stories a split as dataset.json says."""
    for name, times in Counter(record["id"] for record in records).items():
        if times > 1:
            found.add("ids", f"the id {name} stands in {times} records")
    counts = Counter(record["split"] for record in records)
    for split, wanted in about.get("counts", {}).items():
        if counts[split] != wanted:
            found.add("counts", f"split {split} has {counts[split]} stories, dataset.json says {wanted}")


def _leaks(records: list[Record], about: Record, found: _Found) -> None:
    """Held-out pairs where they must not be, names and stories shared between train and the rest."""
    vocabulary = about.get("vocabulary", {})
    held = held_pairs(vocabulary.get("characters", ()), vocabulary.get("settings", ()))
    for record in records:
        shown = [(actor["who"], actor["action"], panel["setting"]) for panel in record["panels"] for actor in
                 panel["actors"]]  # fmt: skip
        pairs = {(who, what) for who, *whats in shown for what in whats}
        if record["split"] != "test_unseen" and pairs & held:
            found.add("held-out pairs", f"{record['id']}: shows the held-out pair {' and '.join(min(pairs & held))}")
        if record["split"] == "test_unseen" and not pairs & held:
            found.add("held-out pairs", f"{record['id']}: shows no held-out pair")
    names: dict[bool, set[str]] = {True: set(), False: set()}
    for record in records:
        names[record["split"] == "train"] |= set(record["names"])
    for name in sorted(names[True] & names[False]):
        found.add("names", f"the name {name} is given in train and in another split")
    _near(records, found)


def _near(records: list[Record], found: _Found) -> None:
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
