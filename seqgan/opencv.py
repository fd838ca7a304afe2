"""OpenCV, loaded in one place, with a word of advice where it cannot be: `from seqgan.opencv import cv2`."""

from __future__ import annotations

from seqgan.errors import SeqganError

try:
    import cv2
except ImportError as error:
    raise SeqganError(f"OpenCV cannot be loaded ({error}); on a server without libGL install opencv-python-headless in "
                      "the place of opencv-python") from None  # fmt: skip

__all__ = ["cv2"]
