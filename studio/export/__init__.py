"""Exports: a board becomes a film, moving and still pictures, and a contact sheet.

    from studio.export import ExportOptions, export

    export("snow-day.board", ["mp4", "gif", "png", "pdf"], "out")       # the files it wrote

Each format is a writer of the same signature, `write(deck, folder) -> list[Path]`, found by name on first use.
"""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from studio.errors import ExportError
from studio.export.options import (
    ASPECTS,
    Captions,
    ExportOptions,
    Paper,
    Passing,
    Progress,
    Told,
    film_size,
    parse_fields,
    parse_layout,
    parse_size,
)

if TYPE_CHECKING:
    from studio.document.document import Document
    from studio.export.deck import Deck
    from studio.export.film_plan import Film

__all__ = [
    "ASPECTS",
    "FORMATS",
    "Captions",
    "ExportOptions",
    "Paper",
    "Passing",
    "Progress",
    "Told",
    "export",
    "export_film",
    "film_size",
    "parse_fields",
    "parse_formats",
    "parse_layout",
    "parse_size",
    "require",
]

FORMATS = {
    "mp4": "film",
    "gif": "gif",
    "webp": "webp",
    "png": "png",
    "pdf": "pdf",
    "srt": "srt",
    "vtt": "vtt",
    "csv": "csv",
    "html": "html",
    "otio": "otio",
    "zip": "zip",
}
"""Format -> module of `studio.export` whose `write` writes it."""


def export(
    board: Document | str | Path,
    formats: Sequence[str],
    folder: str | Path,
    options: ExportOptions | None = None,
    progress: Progress | None = None,
) -> list[Path]:
    """Export a board (a document, or a board's path, opened read-only) and return the files written.

    Files are `folder/STEM.mp4` and so on, one a format, and `folder/STEM-panels/001.png`; only files of those names are
    replaced, each whole; where only some panels are asked for, STEM says which.

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
    """Write a film in each format, with the captions beside it where they are asked for or cannot be drawn.

    Raises as `export`; what is not installed or cannot be read is said before anything is written.
    """
    from studio.export.deck import Deck
    from studio.export.narration import with_sound
    from studio.media.fonts import FontStack

    if not film.shots:
        raise ExportError("a film without panels cannot be exported; add a panel first")
    options, progress = (options or ExportOptions()).checked(), progress or Progress()
    wanted = parse_formats(",".join(formats))
    require(wanted, options)
    film, sound = with_sound(film, options, progress)
    deck = Deck(film, options, progress, FontStack.default(), sound)
    wanted += [name for name in _captions_beside(deck) if name not in wanted]
    written = [path for name in wanted for path in _writer(name).write(deck, Path(folder))]
    return list(dict.fromkeys(written))


def require(formats: Sequence[str], options: ExportOptions) -> None:
    """Say at once what would stop an export later: a package or a program that is not installed.

    Raises:
        ExportError: naming it, and how to install it.
    """
    from studio.media.speech import find_speaker

    for name in formats:
        _writer(name)
    if options.narrate:
        find_speaker(options.voice)


def _writer(name: str) -> Any:
    return importlib.import_module(f"{__name__}.{FORMATS[name]}")


def _captions_beside(deck: Deck) -> list[str]:
    if deck.options.captions == "burn" and deck.needs_srt:
        return ["srt"]
    return [deck.options.captions] if deck.options.captions in ("srt", "vtt") else []


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
