"""SubRip captions: what players load beside a film of the same name."""

from __future__ import annotations

from pathlib import Path

from studio.export.cues import clock, cues
from studio.export.deck import Deck
from studio.export.writing import beside

KIND = "srt"


def write(deck: Deck, folder: Path) -> list[Path]:
    """Write `folder/STEM.srt`, UTF-8, one caption a panel; panels without words have none.

    Raises:
        ExportError: if the file cannot be written.
    """
    path = folder / f"{deck.film.stem}.srt"
    with beside(path) as temporary:
        temporary.write_text(srt_text(deck), encoding="utf-8", newline="\n")
    deck.progress.step(KIND, 1, 1)
    return [path]


def srt_text(deck: Deck) -> str:
    """The whole file."""
    return "\n".join(
        f"{k}\n{clock(start, ',')} --> {clock(end, ',')}\n{text.replace('-->', '→')}\n"
        for k, (start, end, text) in enumerate(cues(deck), start=1)
    )
