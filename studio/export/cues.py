"""The captions of a film with their times, one a panel; panels without words have none."""

from __future__ import annotations

from studio.export.deck import Deck
from studio.media.tracks import Cue


def cues(deck: Deck) -> list[Cue]:
    """When each caption is shown."""
    moments = deck.film.boundaries_ms()
    told = zip(moments, moments[1:], map(deck.caption, deck.film.shots), strict=False)
    return [Cue(start, end, text) for start, end, text in told if text and end > start]


def clock(milliseconds: int, point: str) -> str:
    """A moment as hours, minutes, seconds and thousandths: `00:00:01,500` with a comma as its point."""
    seconds, thousandths = divmod(milliseconds, 1000)
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}{point}{thousandths:03d}"
