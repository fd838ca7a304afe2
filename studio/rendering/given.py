"""A person's own picture as a take of a panel: kept, shown and exported like a drawn one, and never said to be."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

from studio.document import Document, Given, ModelRef, Panel, Take, add_take, new_id, now
from studio.document.commands import require
from studio.document.made import metadata_for
from studio.errors import DocumentError
from studio.media.metadata import read_source_type
from studio.rendering.pictures import encode_png, versions_in_use

if TYPE_CHECKING:
    import numpy as np

MAX_BYTES = 64 << 20
LONGEST = 2560
"""Pixels of the longer side that are kept: twice the default film's."""
MODEL = ModelRef(name="given")


def give_picture(doc: Document, panel_id: str, source: str | Path | bytes, name: str = "") -> Take:
    """Make a picture file the shown take of a panel: one undoable step; takes that were there stay.

    The picture is turned upright, laid on white where it is transparent, and shrunk to :data:`LONGEST` pixels. The take
    says ``given`` with the file's name, sha256 and the mark of generated media that it may carry.

    Args:
        doc: an open board.
        panel_id: a panel of it.
        source: a file, or its bytes.
        name: what bytes are called in messages and in the record.

    Raises:
        DocumentError: if it is no picture, or too large, or the board cannot be written; nothing changed.
    """
    doc.must_write()
    data, name = (source, name or "the picture") if isinstance(source, bytes) else (_bytes(Path(source)), str(source))
    given = Given(
        file=Path(name).name, sha256=hashlib.sha256(data).hexdigest(), digital_source_type=read_source_type(data) or ""
    )
    return give_pixels(doc, panel_id, pixels_of(data, name), given)


def give_pixels(doc: Document, panel_id: str, pixels: np.ndarray, given: Given) -> Take:
    """The same for pixels, uint8 (H, W, 3), that stand in the file that ``given`` names."""
    panel = require(doc.board, panel_id)
    pixels = _shrunk(pixels)
    take = Take(
        id=new_id(),
        number=panel.next_take_number,
        media="0" * 64,
        size=(pixels.shape[1], pixels.shape[0]),
        model=MODEL,
        given=given,
        text=panel.text,
        versions=dict(versions_in_use(composed=True)),
        created=now(),
    )
    return keep_take(doc, panel, take, pixels)


def keep_take(doc: Document, panel: Panel, take: Take, pixels: np.ndarray) -> Take:
    """Write a take's picture, add the take to its panel and pick it; return it with its file's hash.

    Raises:
        DocumentError: if the board cannot be written; nothing changed.
    """
    media = doc.add_media(encode_png(pixels, metadata_for(doc.board, panel, take), doc.board.title))
    take = take.model_copy(update={"media": media})
    doc.apply(add_take(panel.id, take))
    return take


def read_picture(path: Path) -> tuple[bytes, np.ndarray]:
    """Return a picture file's bytes and its pixels, uint8 (H, W, 3). Raises DocumentError as :func:`give_picture`."""
    data = _bytes(path)
    return data, pixels_of(data, str(path))


def _bytes(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except FileNotFoundError as error:
        raise DocumentError(f"there is no picture {path}; look at its name") from error
    except OSError as error:
        raise DocumentError(f"{path} cannot be read ({error.strerror}); name a picture file") from error


def pixels_of(data: bytes, name: str) -> np.ndarray:
    """Return the pixels of a picture's bytes, which messages call ``name``. Raises DocumentError as above."""
    from seqgan.errors import InputError
    from seqgan.sampling import decode_picture

    if len(data) > MAX_BYTES:
        raise DocumentError(f"{name} is larger than {MAX_BYTES} bytes; make it smaller, {LONGEST} pixels are plenty")
    try:
        return decode_picture(data, name)
    except InputError as error:
        raise DocumentError(str(error)) from error


def _shrunk(pixels: np.ndarray) -> np.ndarray:
    import numpy as np
    from PIL import Image

    if max(pixels.shape[:2]) <= LONGEST:
        return pixels
    image = Image.fromarray(pixels)
    image.thumbnail((LONGEST, LONGEST), Image.Resampling.LANCZOS)
    return np.asarray(image)
