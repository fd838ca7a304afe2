"""What a picture or film says of how it was made, whatever its format: told by its first bytes, not by its name."""

from __future__ import annotations

import json
import mmap
from pathlib import Path
from typing import Any, NamedTuple

from studio.media.metadata import KEY, read_made, read_source_type

SIGNATURES = {
    b"\x89PNG\r\n\x1a\n": "PNG",
    b"GIF8": "GIF",
    b"%PDF-": "PDF",
    b"\xff\xd8\xff": "JPEG",
}


class MadeFile(NamedTuple):
    """A file's kind ("PNG", "GIF", "WebP", "MP4", "PDF" or "JPEG"), the record of what made it and the
    DigitalSourceType that it declares; both are None where there is none."""

    kind: str
    made: dict[str, Any] | None
    mark: str | None


def read_made_file(path: Path) -> MadeFile | None:
    """Return what a file says of itself, or None for a file of another kind.

    Raises:
        OSError: if it cannot be read.
    """
    with path.open("rb") as file:
        kind = _kind(file.read(16))
        if kind is None:
            return None
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:  # long films are not read whole
            made, mark = read_made(data), read_source_type(data)
    return MadeFile(kind, made or _made_elsewhere(path, kind), mark)


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
    except (ValueError, RecursionError):
        return None
    return made if isinstance(made, dict) and "program" in made else None


def _png_text(path: Path) -> str | None:
    from PIL import Image

    try:
        with Image.open(path) as image:
            image.load()
            return image.info.get(KEY)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return None


def _mp4_comment(path: Path) -> str | None:
    import av
    import av.error

    try:
        with av.open(str(path)) as container:
            return container.metadata.get("comment")
    except (av.error.FFmpegError, OSError):
        return None
