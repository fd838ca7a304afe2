"""What made this file: read back from a picture, a film, a contact sheet or a board."""

from __future__ import annotations

import json
import mmap
from pathlib import Path
from typing import Any

from studio.errors import ExportError
from studio.export.film_plan import PROGRAM, plan_film
from studio.media.metadata import KEY, read_made, read_source_type

SIGNATURES = {
    b"\x89PNG\r\n\x1a\n": "PNG",
    b"GIF8": "GIF",
    b"%PDF-": "PDF",
    b"\xff\xd8\xff": "JPEG",
}


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
        with path.open("rb") as file:
            kind = _kind(file.read(16))
            if kind is None:
                raise ExportError(f"{path} is no PNG, GIF, WebP, MP4, PDF or board, so it says nothing of what made it")
            with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:  # long films are not read whole
                made, mark = read_made(data), read_source_type(data)
    except (OSError, ValueError) as error:
        raise ExportError(f"{path} cannot be read: {getattr(error, 'strerror', None) or error}") from error
    return {"file": str(path), "format": kind, "made": made or _made_elsewhere(path, kind), "digital_source_type": mark}


def _kind(start: bytes) -> str | None:
    if start[:4] == b"RIFF" and start[8:12] == b"WEBP":
        return "WebP"
    if start[4:8] == b"ftyp":
        return "MP4"
    return next((kind for signature, kind in SIGNATURES.items() if start.startswith(signature)), None)


def _made_elsewhere(path: Path, kind: str) -> dict[str, Any] | None:
    """The record in the formats' own text fields: it survives tools that drop the XMP packet."""
    text = {"PNG": _png_text, "MP4": _mp4_comment}.get(kind, lambda _path: None)(path)
    try:
        made = json.loads(text) if text else None
    except ValueError:
        return None
    return made if isinstance(made, dict) and "program" in made else None


def _png_text(path: Path) -> str | None:
    from PIL import Image

    try:
        with Image.open(path) as image:
            image.load()
            return image.info.get(KEY)
    except (OSError, ValueError, Image.DecompressionBombError):
        return None


def _mp4_comment(path: Path) -> str | None:
    import av
    import av.error

    try:
        with av.open(str(path)) as container:
            return container.metadata.get("comment")
    except (av.error.FFmpegError, OSError):
        return None


def _board_info(path: Path) -> dict[str, Any]:
    from studio.document.archive import open_board

    with open_board(path, read_only=True) as document:
        if not document.board.panels:
            made: dict[str, Any] = {"program": PROGRAM, "title": document.board.title, "panels": []}
        else:
            made = plan_film(document).record()
    return {"file": str(path), "format": "board", "made": made, "digital_source_type": made.get("digital_source_type")}
