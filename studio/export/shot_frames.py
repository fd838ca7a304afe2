"""The frames of a shot, moment by moment: a picture stands still, a clip goes round while the shot is shown."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Sequence
from fractions import Fraction

from PIL import Image

from studio.export.deck import Deck
from studio.export.film_plan import Film, Shot
from studio.media.frames import FrameLayout
from studio.media.moving import ClipReader

MOST_PER_SECOND = 25
"""Pictures a second of a clip in a GIF or WebP: each is stored whole, and browsers slow down what is much faster."""


class ShotFrames:
    """One shot in one layout. Every frame of it is composed once as long as it is shown: a still is one frame."""

    def __init__(self, deck: Deck, layout: FrameLayout, shot: Shot) -> None:
        self._deck, self._layout, self._shot = deck, layout, shot
        self._clip = open_clip(shot)
        self._last: tuple[int, Image.Image] | None = None

    def at(self, seconds: Fraction) -> Image.Image:
        """The frame that is shown so long after the shot began, 0 or more seconds; the very same object while it is
        the same. A clip that turns out to be damaged stands still at its last whole frame."""
        if self._last is not None and self._clip is None:
            return self._last[1]
        number = 0 if self._clip is None else self._clip.number_at(seconds)
        if self._last is None or self._last[0] != number:
            self._last = number, self._composed(number)
        return self._last[1]

    def _composed(self, number: int) -> Image.Image:
        if self._clip is None:
            return self._deck.frame(self._layout, self._shot)
        try:
            return self._deck.frame(self._layout, self._shot, self._clip.picture(number))
        except OSError as error:
            self._deck.progress.note(f"panel {self._shot.number} stops moving: {error}")
            self._clip = None
            return self._last[1] if self._last else self._deck.frame(self._layout, self._shot)


def open_clip(shot: Shot) -> ClipReader | None:
    """The clip of a shot; None where it is a picture, or its file is missing or damaged."""
    if not shot.moves:
        return None
    assert shot.picture is not None, "what moves has a file"
    try:
        return ClipReader(shot.picture)  # type: ignore[arg-type]  # an array never moves
    except OSError:
        return None


def moments(film: Film, per_second: int) -> list[list[tuple[Fraction, int]]]:
    """Of every shot, when its picture changes, in seconds after its beginning, and for how many ticks it then stands.

    The ticks of a shot add up to its time to the tick. What is left at its end for less than a fiftieth of a second is
    shown by the picture before.
    """
    edges = film.boundaries(per_second)
    return [_changes(shot, end - start, per_second) for shot, (start, end) in
            zip(film.shots, itertools.pairwise(edges), strict=True)]  # fmt: skip


def _changes(shot: Shot, ticks: int, per_second: int) -> list[tuple[Fraction, int]]:
    clip = open_clip(shot)
    if clip is None:
        return [(Fraction(0), ticks)]
    with clip:
        shown = min(clip.fps, Fraction(MOST_PER_SECOND))
    least = -(-per_second // (2 * MOST_PER_SECOND))
    count = math.ceil(ticks * shown / per_second)
    starts = [start for start in (round(k * per_second / shown) for k in range(count)) if start <= ticks - least]
    starts = starts or [0]
    lengths = [after - start for start, after in itertools.pairwise([*starts, ticks])]
    return [(k / shown, length) for k, length in enumerate(lengths)]


def moving_frames(
    deck: Deck, size: tuple[int, int], changes: Sequence[Sequence[tuple[Fraction, int]]]
) -> Iterator[Image.Image]:
    """The frames of the whole film at those `moments`, made as they are asked for."""
    layout = deck.layout(size)
    for shot, times in zip(deck.film.shots, changes, strict=True):
        frames = ShotFrames(deck, layout, shot)
        yield from (frames.at(seconds) for seconds, _ in times)
