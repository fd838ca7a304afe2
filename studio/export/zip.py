"""Everything in one ZIP: the panels, the shot list, the captions, and the board itself to go on with.

    snow-day/snow-day-panels/001.png ...  snow-day/snow-day.csv  snow-day/snow-day.srt  snow-day/snow-day.board/...

The board is there with all its takes and without its history, and only where the whole of it is exported.
"""

from __future__ import annotations

import zipfile
from pathlib import Path

from studio.export.csv import csv_bytes
from studio.export.deck import Deck
from studio.export.png import panel_name, panel_png
from studio.export.srt import srt_text
from studio.export.writing import add_member, beside

KIND = "zip"


def write(deck: Deck, folder: Path) -> list[Path]:
    """Write `folder/STEM.zip`.

    Raises:
        ExportError: if the file cannot be written.
        CancelledError: if the export is stopped; no file is left half written.
    """
    film = deck.film
    path = folder / f"{film.stem}.zip"
    with beside(path) as temporary, zipfile.ZipFile(temporary, "w") as pack:
        for count, shot in enumerate(film.shots, start=1):
            add_member(pack, f"{film.stem}/{panel_name(deck, shot)}", panel_png(deck, shot))
            deck.progress.step(KIND, count, len(film.shots))
        add_member(pack, f"{film.stem}/{film.stem}.csv", csv_bytes(deck))
        add_member(pack, f"{film.stem}/{film.stem}.srt", srt_text(deck).encode("utf-8"))
        for name, data in film.board():
            add_member(pack, f"{film.stem}/{film.stem}.board/{name}", data)
    return [path]
