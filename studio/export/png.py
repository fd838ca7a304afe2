"""PNG panels: the pictures as they were drawn, pixel for pixel, each with what made it."""

from __future__ import annotations

import io
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
        path = folder / panel_name(deck, shot)
        with beside(path) as temporary:
            temporary.write_bytes(panel_png(deck, shot))
        paths.append(path)
        deck.progress.step(KIND, count, len(deck.film.shots))
    return paths


def panel_name(deck: Deck, shot: Shot) -> str:
    """Where a panel's picture lies under the folder of the export."""
    return f"{deck.film.stem}-panels/{shot.number:03d}.png"


def panel_png(deck: Deck, shot: Shot) -> bytes:
    """The file of a panel's picture."""
    packed = io.BytesIO()
    deck.picture(shot).save(packed, "PNG", pnginfo=png_info(record_of(deck, shot), shot.text))
    return packed.getvalue()


def record_of(deck: Deck, shot: Shot) -> dict[str, Any]:
    """What made one panel: the record that its picture carries."""
    keys = ("story", "cast") if "given" in shot.made else ("story", "cast", "model")
    whole = {key: deck.film.made[key] for key in keys if key in deck.film.made}
    panel = {"kind": "panel", "number": shot.number, "text": shot.text, "title": deck.film.title}
    return {"program": PROGRAM, **whole, **panel, **shot.told, **shot.made}
