"""A person's picture file, checked before it is decoded."""

from __future__ import annotations

import io
import warnings
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

from seqgan.errors import InputError

LARGEST = 64_000_000
"""Pixels of the largest picture that is decoded."""
FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF", "PPM")
"""What is decoded: formats of pixels alone, none that runs another program."""


def read_picture(path: str | Path) -> np.ndarray:
    """The pixels of a picture file, uint8 (H, W, 3), upright; what is transparent lies on white.

    Raises InputError for a file that is missing, no picture, damaged, or too large.
    """
    return _decoded(Path(path), str(path))


def decode_picture(data: bytes, name: str) -> np.ndarray:
    """The same of the bytes of a file, which messages call ``name``."""
    return _decoded(io.BytesIO(data), name)


def _decoded(file: Path | io.BytesIO, name: str) -> np.ndarray:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # LARGEST is the bound here
            image = Image.open(file, formats=FORMATS)
        with image:
            if image.width * image.height > LARGEST:
                raise InputError(f"{name} is {image.width}x{image.height} pixels; make it smaller, 1024x1024 is plenty")
            rgba = ImageOps.exif_transpose(image).convert("RGBA")
    except FileNotFoundError:
        raise InputError(f"there is no picture {name}; look at its name") from None
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        reason = "of no known format" if isinstance(error, UnidentifiedImageError) else error
        raise InputError(f"{name} is no picture that can be read ({reason}); give a PNG, JPEG or the like") from error
    white = Image.new("RGBA", rgba.size, "white")
    return np.array(Image.alpha_composite(white, rgba).convert("RGB"))
