"""PNG panels: the pictures as they were drawn, pixel for pixel, each with what made it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from studio.export.deck import Deck
from studio.export.film_plan import PROGRAM, Shot
from studio.export.writing import beside
from studio.media.metadata import png_info

KIND = "png"


def write(deck: Deck, folder: Path) -> list[Path]:
    """Write `folder/STEM-panels/001.png` and so on, numbered as on the board.

    Raises:
        ExportError: if a file cannot be written.
        CancelledError: if the export is stopped; whole files stay, none is half written.
    """
    paths = []
    for count, shot in enumerate(deck.film.shots, start=1):
        path = folder / f"{deck.film.stem}-panels" / f"{shot.number:03d}.png"
        with beside(path) as temporary:
            deck.picture(shot).save(temporary, pnginfo=png_info(_record(deck, shot), shot.caption))
        paths.append(path)
        deck.progress.step(KIND, count, len(deck.film.shots))
    return paths


def _record(deck: Deck, shot: Shot) -> dict[str, Any]:
    keys = ("story", "cast") if "given" in shot.made else ("story", "cast", "model")
    whole = {key: deck.film.made[key] for key in keys if key in deck.film.made}
    panel = {"kind": "panel", "number": shot.number, "text": shot.caption, "title": deck.film.title}
    return {"program": PROGRAM, **whole, **panel, **shot.made}
