"""The pictures of a board, named by the sha256 of their bytes: ``media/ab/abcd....png``.

Takes never collide, equal pictures are stored once, and a file that was changed since counts as lost.
"""

from __future__ import annotations

import hashlib
import re
from functools import lru_cache
from pathlib import Path

from studio.document.files import disk_error, write_atomic
from studio.errors import DocumentError

_SHA256 = re.compile(r"[0-9a-f]{64}")
_SUFFIX = re.compile(r"[a-z0-9]{1,5}")


def media_file(folder: Path, sha256: str, suffix: str = "png") -> Path:
    """Return where a medium lies under the board's folder, whether or not it is there.

    Raises:
        DocumentError: if ``sha256`` or ``suffix`` is not of the form that we write (so no name leaves the folder).
    """
    if not _SHA256.fullmatch(sha256) or not _SUFFIX.fullmatch(suffix):
        raise DocumentError(f"{sha256!r} with suffix {suffix!r} names no medium; expected 64 hex digits and png or mp4")
    return folder.joinpath("media", sha256[:2], f"{sha256}.{suffix}")


def sound_file(folder: Path, sha256: str, suffix: str = "png") -> Path | None:
    """Return where a medium lies; None where it is not there, or its bytes are not those that were stored.

    Raises:
        DocumentError: as :func:`media_file`.
    """
    path = media_file(folder, sha256, suffix)
    try:
        found = path.stat()
        return path if _sha256_of(path, found.st_ino, found.st_size, found.st_mtime_ns) == sha256 else None
    except OSError:
        return None


@lru_cache(maxsize=8192)
def _sha256_of(path: Path, _file: int, _size: int, _changed: int) -> str:
    """Read once for as long as it is that file, of that size and time: pages look at every picture in every run."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def add_media(folder: Path, data: bytes, suffix: str = "png") -> str:
    """Store bytes and return their sha256; storing the same bytes twice writes once.

    Raises:
        DocumentError: if the file cannot be written; nothing half written stays.
    """
    sha256 = hashlib.sha256(data).hexdigest()
    path = media_file(folder, sha256, suffix)
    if path.is_file() and path.stat().st_size == len(data) and path.read_bytes() == data:
        return sha256
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise disk_error(path, error) from error
    write_atomic(path, data)
    return sha256


def read_media(folder: Path, sha256: str, suffix: str = "png") -> bytes:
    """Return the bytes of a medium, checked against its name.

    Raises:
        DocumentError: if it is missing, or its bytes are not those that were stored.
    """
    path = media_file(folder, sha256, suffix)
    try:
        data = path.read_bytes()
    except OSError as error:
        raise DocumentError(f"the picture {path} is missing ({error.strerror}); draw its panel again") from error
    if hashlib.sha256(data).hexdigest() != sha256:
        raise DocumentError(f"the picture {path} was changed since it was stored; draw its panel again")
    return data
