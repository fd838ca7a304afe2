"""SubRip captions: what players load beside a film of the same name."""

from __future__ import annotations

from pathlib import Path

from studio.export.deck import Deck
from studio.export.writing import beside
from studio.media.captions import one_line

KIND = "srt"


def write(deck: Deck, folder: Path) -> list[Path]:
    """Write `folder/STEM.srt`, UTF-8, one caption a panel; panels without text have none.

    Raises:
        ExportError: if the file cannot be written.
    """
    path = folder / f"{deck.film.stem}.srt"
    moments = deck.film.boundaries_ms()
    told = [
        (start, end, one_line(shot.caption))
        for shot, start, end in zip(deck.film.shots, moments, moments[1:], strict=False)
        if shot.caption.strip()
    ]
    blocks = [f"{k}\n{moment(start)} --> {moment(end)}\n{text}\n" for k, (start, end, text) in enumerate(told, start=1)]
    with beside(path) as temporary:
        temporary.write_text("\n".join(blocks), encoding="utf-8", newline="\n")
    deck.progress.step(KIND, 1, 1)
    return [path]


def moment(milliseconds: int) -> str:
    """SubRip's notation of a moment, `00:00:01,500`."""
    seconds, thousandths = divmod(milliseconds, 1000)
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d},{thousandths:03d}"
