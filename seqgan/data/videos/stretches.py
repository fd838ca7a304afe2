"""Which stretches of a video may become clips, and which are dropped, and why; all times are in seconds, exact.

stretches, dropped = usable(shots, [(None, None)], end, least=Fraction(32, 25))
dropped.add(0, 0, Fraction(1), Fraction(2), "camera", pair)
dropped.rows()                    # what report.json tells
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from seqgan.data.manifest import Record
from seqgan.data.videos.steady import Pair

Span = tuple[float | None, float | None]
"""Start and end as somebody wrote them, in seconds; None for those of the video."""
WHY = {
    "camera": "the camera moves or shakes",
    "few points": "too little texture to tell whether the camera moves",
    "flash": "the brightness jumps",
    "frozen": "nothing moves",
    "cut": "at a cut, or in a slow transition",
    "damaged": "frames are damaged",
    "few pictures": "it shows fewer pictures a second than a third of the clip's; take a lower --fps",
    "short": "what is left is shorter than a clip",
    "most": "the video has given as many clips as were asked for",
    "no caption": "no caption speaks of it",
}
"""Why a stretch is in no clip."""


@dataclass(frozen=True)
class Stretch:
    """What of a shot may be used for a passage, in seconds; numbers of both."""

    passage: int
    shot: int
    start: Fraction
    end: Fraction


@dataclass
class Dropped:
    """Stretches that are in no clip; those that follow each other for the same reason become one."""

    found: list[dict[str, Any]] = field(default_factory=list)

    def add(self, passage: int, shot: int, start: Fraction, end: Fraction, why: str, pair: Pair | None = None) -> None:
        """Note a stretch, and the pair of frames that ended it."""
        if end <= start:
            return
        worst = {} if pair is None or pair.moved is None else {"moved": pair.moved, "inliers": pair.inliers}
        worst |= {"flash": pair.flash} if pair and why == "flash" else {}
        last = next((each for each in reversed(self.found) if each["at"] == (passage, shot)), None)
        if last and last["why"] == why and last["end"] == start:
            last["end"], last["times"] = end, last["times"] + 1
            last["worst"] = _worse(last["worst"], worst)
        else:
            self.found.append({"at": (passage, shot), "start": start, "end": end, "why": why, "times": 1,
                               "worst": worst})  # fmt: skip

    def rows(self) -> list[Record]:
        """The stretches in the order of their starts, as JSON takes them."""
        return [
            {"passage": each["at"][0], "shot": each["at"][1], "start": rounded(each["start"]),
             "end": rounded(each["end"]), "why": each["why"], "breaks": each["times"],
             **{name: rounded(value) for name, value in each["worst"].items()}}
            for each in sorted(self.found, key=lambda each: each["start"])
        ]  # fmt: skip


def _worse(one: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    """Of two measures what speaks more against a stretch: fewer inliers, more of all else."""
    worst = {name: (min if name == "inliers" else max)(one[name], other[name]) for name in one.keys() & other.keys()}
    return {**one, **other, **worst}


def usable(
    shots: Sequence[tuple[Fraction, Fraction]], passages: Sequence[Span], end: Fraction, least: Fraction
) -> tuple[list[Stretch], Dropped]:  # fmt: skip
    """The stretches of `least` seconds or more, in the order of their starts, and what lies beside and between them."""
    dropped, found = Dropped(), list[Stretch]()
    for number, (first, last) in enumerate(passages):
        low, high = min(_exact(first, Fraction(0)), end), min(_exact(last, end), end)
        before = low
        for shot, (start, stop) in enumerate(shots):
            start, stop = max(low, start), min(high, stop)
            if start >= stop:
                continue
            dropped.add(number, shot, before, start, "cut")
            before = stop
            if stop - start < least:
                dropped.add(number, shot, start, stop, "short")
            else:
                found.append(Stretch(number, shot, start, stop))
        dropped.add(number, len(shots), before, high, "cut")
    _uncovered(passages, end, dropped)
    return sorted(found, key=lambda stretch: stretch.start), dropped


def _exact(told: float | None, otherwise: Fraction) -> Fraction:
    """Seconds that somebody wrote, to the thousandth."""
    return otherwise if told is None else Fraction(told).limit_denominator(1000)


def _uncovered(passages: Sequence[Span], end: Fraction, dropped: Dropped) -> None:
    """Note what no passage speaks of."""
    covered = Fraction(0)
    for first, last in sorted((_exact(first, Fraction(0)), _exact(last, end)) for first, last in passages):
        dropped.add(-1, -1, covered, min(first, end), "no caption")
        covered = max(covered, last)
    dropped.add(-1, -1, covered, end, "no caption")


def rounded(time: Fraction | float) -> float:
    """Seconds, or a measure, to the thousandth."""
    return round(float(time), 3)
