"""Animated GIF: every panel for its time, more pictures where it moves, each with 255 colours of its own."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

from PIL import Image

from studio.export.deck import Deck
from studio.export.screening import moments, moving_frames
from studio.export.writing import beside
from studio.media.metadata import as_json, xmp_packet

KIND = "gif"
# An XMP packet in a GIF ends with a "magic trailer" by which readers of sub-blocks find their way out again (XMP
# specification part 3, section 1.1.2).
MAGIC_TRAILER = b"\x01" + bytes(range(255, -1, -1)) + b"\x00"


def write(deck: Deck, folder: Path) -> list[Path]:
    """Write `folder/STEM.gif`, looping for ever.

    Raises:
        ExportError: if the file cannot be written.
        CancelledError: if the export is stopped; no file is left half written.
    """
    path = folder / f"{deck.film.stem}.gif"
    record = deck.record(deck.options.small_size)
    changes = moments(deck.film, 100)
    durations = [10 * hundredths for times in changes for _, hundredths in times]
    with beside(path) as temporary:
        frames = _frames(deck, changes, len(durations))
        first = next(frames)
        first.save(
            temporary,
            save_all=True,
            append_images=frames,
            duration=durations,
            loop=0,
            disposal=1,
            comment=as_json({"program": record["program"], "title": deck.film.title}).encode("ascii"),
        )
        temporary.write_bytes(with_xmp(temporary.read_bytes(), xmp_packet(record, deck.film.title)))
    return [path]


def _frames(deck: Deck, changes: list[list[tuple[Fraction, int]]], total: int) -> Iterator[Image.Image]:
    for count, frame in enumerate(moving_frames(deck, deck.options.small_size, changes), start=1):
        yield in_palette(frame)
        deck.progress.step(KIND, count, total)


def in_palette(frame: Image.Image) -> Image.Image:
    """A frame in 255 colours of its own, dithered: an octree is as near as clustering, in a hundredth of its time."""
    palette = frame.quantize(255, method=Image.Quantize.FASTOCTREE)
    return frame.quantize(palette=palette, dither=Image.Dither.FLOYDSTEINBERG)


def with_xmp(gif: bytes, packet: bytes) -> bytes:
    """A GIF with an XMP application extension before its trailer byte."""
    assert gif[-1:] == b";", "a GIF ends with its trailer byte"
    return gif[:-1] + b"\x21\xff\x0bXMP DataXMP" + packet + MAGIC_TRAILER + b";"
