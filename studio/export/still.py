"""A drawn picture as a PNG of its own, with the record of what made it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from studio.errors import ExportError
from studio.export.writing import beside
from studio.rendering.pictures import encode_png

if TYPE_CHECKING:
    import numpy as np


def write_still(path: str | Path, picture: np.ndarray, made: Mapping[str, Any]) -> None:
    """Write a picture, uint8 (H, W, 3), with the record of what made it; its text is the title.

    Raises:
        ExportError: if the name does not end in .png, or the file cannot be written; none is left half written.
        EngineError: if the array is of another shape or type.
    """
    path = Path(path)
    if path.suffix.lower() != ".png":
        raise ExportError(f"{path} ends in {path.suffix or 'nothing'}; a picture is written as .png")
    with beside(path) as temporary:
        temporary.write_bytes(encode_png(picture, made, str(made.get("text", ""))))
