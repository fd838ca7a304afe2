"""What made this file: read back from a picture, a film, a contact sheet or a board."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from studio.errors import ExportError
from studio.export.film_plan import PROGRAM, plan_film
from studio.media.made_file import read_made_file


def read_info(path: str | Path) -> dict[str, Any]:
    """What made a file: {"file", "format", "made": record or None, "digital_source_type": mark or None}.

    `path` may be a PNG, GIF, WebP, MP4 or PDF (told by its first bytes, not its name), or a board.

    Raises:
        ExportError: if it is not there, cannot be read, or is none of these.
        DocumentError: if it is a board and damaged.
    """
    path = Path(path)
    if path.is_dir() or path.suffix.lower() == ".boardz":
        return _board_info(path)
    try:
        file = read_made_file(path)
    except (OSError, ValueError) as error:
        raise ExportError(f"{path} cannot be read: {getattr(error, 'strerror', None) or error}") from error
    if file is None:
        raise ExportError(f"{path} is no PNG, GIF, WebP, MP4, PDF or board, so it says nothing of what made it")
    return {"file": str(path), "format": file.kind, "made": file.made, "digital_source_type": file.mark}


def _board_info(path: Path) -> dict[str, Any]:
    from studio.document.archive import open_board

    with open_board(path, read_only=True) as document:
        if not document.board.panels:
            made: dict[str, Any] = {"program": PROGRAM, "title": document.board.title, "panels": []}
        else:
            made = plan_film(document).record()
    return {"file": str(path), "format": "board", "made": made, "digital_source_type": made.get("digital_source_type")}
