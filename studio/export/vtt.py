"""WebVTT captions: what browsers load beside a film."""

from __future__ import annotations

import html
from pathlib import Path

from studio.export.cues import clock, cues
from studio.export.deck import Deck
from studio.export.writing import beside

KIND = "vtt"


def write(deck: Deck, folder: Path) -> list[Path]:
    """Write `folder/STEM.vtt`, UTF-8, one caption a panel; panels without words have none.

    Raises:
        ExportError: if the file cannot be written.
    """
    path = folder / f"{deck.film.stem}.vtt"
    told = [
        f"\n{clock(start, '.')} --> {clock(end, '.')}\n{html.escape(text, quote=False)}\n"
        for start, end, text in cues(deck)
    ]
    with beside(path) as temporary:
        temporary.write_text("WEBVTT\n" + "".join(told), encoding="utf-8", newline="\n")
    deck.progress.step(KIND, 1, 1)
    return [path]
