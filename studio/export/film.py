"""MP4: every panel for its time, a cross-dissolve of the pictures between them, captions in a band below."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from PIL import Image

from studio.errors import ExportError
from studio.export.deck import Deck
from studio.export.shot_frames import ShotFrames
from studio.export.writing import beside
from studio.media.frames import Box
from studio.media.metadata import as_json, xmp_packet

KIND = "mp4"


def write(deck: Deck, folder: Path) -> list[Path]:
    """Write `folder/STEM.mp4`.

    Raises:
        ExportError: if the film is shorter than a frame or the file cannot be written.
        CancelledError: if the export is stopped; no file is left half written.
    """
    from studio.media.video_writer import VideoWriter, append_xmp

    path = folder / f"{deck.film.stem}.mp4"
    options, record = deck.options, deck.film.record()
    total = deck.film.boundaries(options.fps)[-1]
    if total < 1:
        raise ExportError(
            f"{deck.film.duration_ms} ms at {options.fps} fps is less than a frame; give panels more time"
        )
    tags = {"title": deck.film.title or deck.film.stem, "comment": as_json(record)}
    with beside(path) as temporary:
        with VideoWriter(temporary, options.size, options.fps, tags) as video:
            for count, (picture, first) in enumerate(film_frames(deck), start=1):
                video.write(picture, key=first)
                deck.progress.step(KIND, count, total)
        append_xmp(temporary, xmp_packet(record, deck.film.title))
    return [path]


@dataclass(frozen=True)
class Dissolve:
    """A change of pictures: frames [start, end), centred on a boundary, so that no panel's time changes."""

    start: int
    end: int

    def share(self, frame: int) -> float:
        """Share of the later picture in a frame, 0 to 1."""
        return (frame + 0.5 - self.start) / (self.end - self.start)


def dissolves(boundaries: list[int], frames: int) -> list[Dissolve]:
    """One dissolve of at most `frames` frames at every inner boundary, at most half of each neighbour long."""
    lengths = [after - before for before, after in itertools.pairwise(boundaries)]
    halves = [min(frames // 2, left // 2, right // 2) for left, right in itertools.pairwise(lengths)]
    return [Dissolve(at - half, at + half) for at, half in zip(boundaries[1:-1], halves, strict=True)]


def film_frames(deck: Deck) -> Iterator[tuple[Image.Image, bool]]:
    """Every frame of the film in order, and whether it is the first of its panel; three panels in memory at most."""
    fps = deck.options.fps
    boundaries = deck.film.boundaries(fps)
    changes = dissolves(boundaries, round(deck.options.transition_ms * fps / 1000))
    layout = deck.layout(deck.options.size)
    shots = deck.film.shots
    before, current = None, ShotFrames(deck, layout, shots[0])
    for k in range(len(shots)):
        after = ShotFrames(deck, layout, shots[k + 1]) if k + 1 < len(shots) else None
        for frame in range(boundaries[k], boundaries[k + 1]):
            picture = current.at(Fraction(frame - boundaries[k], fps))
            if before is not None and frame < changes[k - 1].end:
                other = before.at(Fraction(frame - boundaries[k - 1], fps))
                picture = _mixed(picture, other, 1 - changes[k - 1].share(frame), layout.picture)
            elif after is not None and frame >= changes[k].start:
                picture = _mixed(picture, after.at(Fraction(0)), changes[k].share(frame), layout.picture)
            yield picture, frame == boundaries[k]
        if after is not None:
            before, current = current, after


def _mixed(frame: Image.Image, other: Image.Image, share: float, area: Box) -> Image.Image:
    """`frame` with `share` of the other's picture mixed in; the caption changes at the cut, so it stays readable."""
    box = (area.left, area.top, area.right, area.bottom)
    mixed = frame.copy()
    mixed.paste(Image.blend(frame.crop(box), other.crop(box), share), box)
    return mixed
