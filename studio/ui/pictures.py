"""Pictures for the page: enlarged or reduced by us (Lanczos), small files, and only from inside the board's folder."""

from __future__ import annotations

from functools import lru_cache
from io import BytesIO
from pathlib import Path

import numpy as np
from PIL import Image
from streamlit import get_option, runtime

from studio.document import Document, Panel, Take
from studio.media.moving import open_still

CARD, STAGE, THUMB, STRIP = 448, 896, 160, 176
"""Widths in pixels of a card's picture, of the selected panel's, of a take's, and of one in the row of all panels."""
_QUALITY = 92
"""JPEG, because Streamlit hands it on as it is and would encode others anew."""


def picture_of(doc: Document, panel: Panel | Take, width: int = CARD) -> bytes | None:
    """Return the picture of a panel or take (of a clip, its first frame) as JPEG of that width; None where there is
    none, or it is damaged."""
    path = _inside(doc, panel)
    return None if path is None else _file(str(path), width)


def clip_of(doc: Document, panel: Panel) -> Path | None:
    """Return the file of the clip that a panel shows; None where it shows a picture or nothing."""
    return _inside(doc, panel) if panel.take is not None and panel.take.kind == "clip" else None


def _inside(doc: Document, panel: Panel | Take) -> Path | None:
    path = doc.picture(panel)
    return path if path is not None and path.resolve().is_relative_to(doc.path.resolve()) else None


@lru_cache(maxsize=1000)
def _file(path: str, width: int) -> bytes | None:
    """Files of a board are named by their content, so a path is enough of a key."""
    return _made(Path(path), width)


def made(doc: Document, take: Take, width: int) -> bytes | None:
    """Make the picture of a take (of a clip, of its first frame): of ``STRIP`` as WebP that fits into a square of that
    width, else as JPEG of the width; None where its file is missing, damaged, or not in the board's folder."""
    path = _inside(doc, take)
    return None if path is None else _made(path, width)


def _made(path: Path, width: int) -> bytes | None:
    try:
        image = open_still(path).convert("RGB")
    except OSError:
        return None
    return _webp(image) if width == STRIP else jpeg(image, width)


def address_of(file: bytes | Path, kind: str, place: str) -> str:
    """Return an address at which the page finds a file of that media type, while ``place`` shows it; raises OSError
    where a path cannot be read."""
    data = file if isinstance(file, bytes) else file.read_bytes()
    base = str(get_option("server.baseUrlPath")).strip("/")
    return ("/" + base if base else "") + runtime.get_instance().media_file_mgr.add(data, kind, place)


def _webp(image: Image.Image) -> bytes:
    image.thumbnail((STRIP, STRIP), Image.Resampling.LANCZOS)
    buffer = BytesIO()
    image.save(buffer, "WEBP", quality=70)
    return buffer.getvalue()


def from_array(picture: np.ndarray, width: int = CARD) -> bytes:
    """Return a drawn array, uint8 (H, W, 3), as JPEG of that width."""
    return jpeg(Image.fromarray(picture), width)


def jpeg(image: Image.Image, width: int) -> bytes:
    """Return an image as JPEG, ``width`` pixels wide."""
    height = max(1, round(image.height * width / image.width))
    buffer = BytesIO()
    image.resize((width, height), Image.Resampling.LANCZOS).save(buffer, "JPEG", quality=_QUALITY, subsampling=0)
    return buffer.getvalue()


@lru_cache(maxsize=8)
def blank(width: int = 64, height: int = 36) -> bytes:
    """Return the quiet rectangle that stands where nothing is drawn yet (16:9, see-through grey)."""
    buffer = BytesIO()
    Image.new("RGBA", (width, height), (128, 128, 128, 28)).save(buffer, "PNG")
    return buffer.getvalue()
