"""Animated WebP: every panel for its time, more pictures where it moves, in full colour."""

from __future__ import annotations

from pathlib import Path

from PIL import features

from studio.errors import ExportError
from studio.export.deck import Deck
from studio.export.screening import moments, moving_frames
from studio.export.writing import beside
from studio.media.metadata import xmp_packet

KIND = "webp"


def write(deck: Deck, folder: Path) -> list[Path]:
    """Write `folder/STEM.webp`, looping for ever.

    Raises:
        ExportError: if this Pillow has no WebP or the file cannot be written.
        CancelledError: if the export is stopped; no file is left half written.
    """
    if not features.check("webp"):
        raise ExportError("this build of Pillow cannot write WebP; choose gif, or install Pillow from its own wheel")
    path = folder / f"{deck.film.stem}.webp"
    changes = moments(deck.film, 1000)
    durations = [milliseconds for times in changes for _, milliseconds in times]
    frames = []
    for count, frame in enumerate(moving_frames(deck, deck.options.small_size, changes), start=1):
        frames.append(frame)
        deck.progress.step(KIND, count, len(durations))
    packet = xmp_packet(deck.record(deck.options.small_size), deck.film.title)
    with beside(path) as temporary:
        save = {"save_all": True, "append_images": frames[1:], "duration": durations, "loop": 0, "xmp": packet}
        frames[0].save(temporary, quality=88, method=4, **save)
    return [path]
