"""What the checks of all kinds of data share: a list of problems, and what makes a caption broken."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np

from seqgan.data.manifest import Record

SHOWN = 20
"""Problems of one kind that are spelled out; the rest is counted."""


@dataclass
class Found:
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


class KindCheck(Protocol):
    """How one kind of data is looked over; made anew for every data set with what dataset.json tells, and a Found."""

    fields: tuple[str, ...]
    """What a record of this kind has."""
    unit: str
    """What a record is, in the plural."""

    def record(self, record: Record) -> bool:
        """Look at one record that has all its fields; False where the later checks cannot use it."""
        ...

    def pixels(self, record: Record) -> np.ndarray:
        """The decoded media of a record, uint8. Raises DataError where it is missing, broken, or of another size."""
        ...

    def together(self, records: Sequence[Record]) -> None:
        """Look at the usable records together: leaks between splits, near-duplicates."""
        ...


def broken_caption(text: object, slots: bool = True) -> str:
    """Why a caption is broken ("" if it is not): not text, empty, control characters, broken letters, double spaces.

    With `slots` braces are unfilled slots of a grammar; people write them too.
    """
    if not isinstance(text, str):
        return f"is {type(text).__name__}, not text"
    if not text.strip():
        return "is empty"
    if any(unicodedata.category(sign) in ("Cc", "Cs", "Co") for sign in text):
        return "has control characters"
    if any(sign in text for sign in ("{}\ufffd" if slots else "\ufffd")) or "  " in text:
        return f"has an unfilled slot, a broken letter or a double space: {text!r}"
    return ""
