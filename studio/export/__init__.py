"""Exports: a board becomes a film, moving and still pictures, and a contact sheet.

    from studio.export import ExportOptions, export

    export("snow-day.board", ["mp4", "gif", "png", "pdf"], "out")       # the files it wrote

Each format is a writer of the same signature, `write(deck, folder) -> list[Path]`, found by name on first use.
"""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from studio.errors import ExportError
from studio.export.options import Captions, ExportOptions, Progress, parse_layout, parse_size

if TYPE_CHECKING:
    from studio.document.document import Document
    from studio.export.film_plan import Film

__all__ = [
    "FORMATS",
    "Captions",
    "ExportOptions",
    "Progress",
    "export",
    "export_film",
    "parse_formats",
    "parse_layout",
    "parse_size",
]

FORMATS = {"mp4": "film", "gif": "gif", "webp": "webp", "png": "png", "pdf": "pdf", "srt": "srt"}
"""Format -> module of `studio.export` whose `write` writes it."""


def export(
    board: Document | str | Path,
    formats: Sequence[str],
    folder: str | Path,
    options: ExportOptions | None = None,
    progress: Progress | None = None,
) -> list[Path]:
    """Export a board (a document, or a board's path, opened read-only) and return the files written.

    Files are `folder/STEM.mp4`, `.gif`, `.webp`, `.pdf`, `.srt` and `folder/STEM-panels/001.png`; only files of those
    names are replaced, each whole.

    Raises:
        ExportError: for an unknown format, an option outside its range, an empty board, or a failed write.
        CancelledError: if `progress.cancelled` says so.
    """
    from studio.export.film_plan import plan_film

    options = (options or ExportOptions()).checked()
    formats = parse_formats(",".join(formats))
    if not isinstance(board, (str, Path)):
        return export_film(plan_film(board, options.panels), formats, folder, options, progress)
    from studio.document.archive import open_board

    document = open_board(board, read_only=True)
    try:
        return export_film(plan_film(document, options.panels), formats, folder, options, progress)
    finally:
        document.close()


def export_film(
    film: Film,
    formats: Sequence[str],
    folder: str | Path,
    options: ExportOptions | None = None,
    progress: Progress | None = None,
) -> list[Path]:
    """Write a film in each format; the .srt too if asked for or if captions cannot be drawn. Raises as `export`."""
    from studio.export.deck import Deck
    from studio.media.fonts import FontStack

    if not film.shots:
        raise ExportError("a film without panels cannot be exported; add a panel first")
    options = (options or ExportOptions()).checked()
    deck = Deck(film, options, progress or Progress(), FontStack.default())
    wanted = parse_formats(",".join(formats))
    if "srt" not in wanted and (options.captions == "srt" or (options.captions == "burn" and deck.needs_srt)):
        wanted.append("srt")
    return [
        path
        for name in wanted
        for path in importlib.import_module(f"{__name__}.{FORMATS[name]}").write(deck, Path(folder))
    ]


def parse_formats(text: str) -> list[str]:
    """Read "mp4,gif" as ["mp4", "gif"], each once, in this order.

    Raises:
        ExportError: for a format that is not written here, or none at all.
    """
    names = list(dict.fromkeys(part.strip().lower() for part in text.split(",") if part.strip()))
    unknown = [name for name in names if name not in FORMATS]
    if unknown or not names:
        came = f'"{unknown[0]}"' if unknown else "nothing"
        raise ExportError(f"{came} is no format to export to; choose from {', '.join(FORMATS)}")
    return names
