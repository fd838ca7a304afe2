"""Pictures for the page: enlarged or reduced by us (Lanczos), small files, and only from inside the board's folder."""

from __future__ import annotations

from base64 import b64encode
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
    try:
        return jpeg(open_still(Path(path)).convert("RGB"), width)
    except OSError:
        return None


def address_of(file: bytes | Path, kind: str, place: str) -> str:
    """Return an address at which the page finds a file of that media type, while ``place`` shows it; raises OSError
    where a path cannot be read."""
    data = file if isinstance(file, bytes) else file.read_bytes()
    base = str(get_option("server.baseUrlPath")).strip("/")
    return ("/" + base if base else "") + runtime.get_instance().media_file_mgr.add(data, kind, place)


def strip_picture(doc: Document, panel: Panel) -> str:
    """Return a panel's small picture as an address that holds it ("" where there is none): a row shows hundreds."""
    path = doc.picture(panel)
    if path is None or not path.resolve().is_relative_to(doc.path.resolve()):
        return ""
    return _address(str(path))


@lru_cache(maxsize=4000)
def _address(path: str) -> str:
    try:
        small = open_still(Path(path)).convert("RGB")
    except (OSError, ValueError, Image.DecompressionBombError):
        return ""
    small.thumbnail((STRIP, STRIP), Image.Resampling.LANCZOS)
    buffer = BytesIO()
    small.save(buffer, "WEBP", quality=70)
    return f"data:image/webp;base64,{b64encode(buffer.getvalue()).decode()}"


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
