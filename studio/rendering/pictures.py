"""A drawn array becomes a PNG that says what made it."""

from __future__ import annotations

import hashlib
import platform
from collections.abc import Mapping
from functools import lru_cache
from importlib import metadata
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from studio.errors import EngineError
from studio.media.metadata import png_info

if TYPE_CHECKING:
    import numpy as np


def encode_png(picture: np.ndarray, made: Mapping[str, Any], title: str = "") -> bytes:
    """Return a picture, uint8 (H, W, 3), as the bytes of a PNG with its record and mark; same input, same bytes.

    Raises:
        EngineError: if the array is of another shape or type.
    """
    from PIL import Image

    if picture.ndim != 3 or picture.shape[2] != 3 or str(picture.dtype) != "uint8":
        raise EngineError(f"an engine gave {picture.dtype} {picture.shape}, expected uint8 (H, W, 3); use another")
    buffer = BytesIO()
    Image.fromarray(picture).save(buffer, "PNG", pnginfo=png_info(made, title), compress_level=6)
    return buffer.getvalue()


def picture_file(path: Path) -> tuple[np.ndarray, dict[str, str]]:
    """The pixels of a person's picture, uint8 (H, W, 3), and what is recorded of its file. Raises InputError for a file
    that is no picture."""
    from seqgan.sampling import read_picture

    pixels = read_picture(path)
    return pixels, _file(path.name, path.read_bytes())


def picture_bytes(data: bytes, name: str) -> tuple[np.ndarray, dict[str, str]]:
    """The same of the bytes of a file of that name."""
    from seqgan.sampling import decode_picture

    return decode_picture(data, name), _file(Path(name).name, data)


def _file(name: str, data: bytes) -> dict[str, str]:
    return {"file": name, "sha256": hashlib.sha256(data).hexdigest()}


@lru_cache(maxsize=2)
def versions_in_use(composed: bool) -> Mapping[str, str]:
    """Return the versions that bear on a picture: our own, Python, numpy, pillow, and torch where it drew."""
    from seqgan import __version__

    names = ("numpy", "pillow") if composed else ("numpy", "pillow", "torch")
    found = {name: _version(name) for name in names}
    return {"seqgan": __version__, "python": platform.python_version(), **found}


def _version(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return "unknown"
