"""The pictures of a shot, moment by moment: a still, or a clip that goes round while the shot is shown."""

from __future__ import annotations

from fractions import Fraction

from PIL import Image

from studio.export.deck import Deck
from studio.export.film_plan import Shot
from studio.media.moving import ClipReader


class Footage:
    """What is in front of a shot's camera."""

    def __init__(self, deck: Deck, shot: Shot) -> None:
        self._deck, self._shot = deck, shot
        self._clip = open_clip(shot)
        self._number = 0
        self._picture = deck.picture(shot)

    def at(self, seconds: Fraction) -> Image.Image:
        """The picture so long after the shot began, 0 or more seconds; the very same object while it is the same. A
        clip that turns out to be damaged stands still at its last whole picture."""
        number = 0 if self._clip is None else self._clip.number_at(seconds)
        if self._clip is not None and number != self._number:
            self._number, self._picture = number, self._decoded(self._clip, number)
        return self._picture

    def _decoded(self, clip: ClipReader, number: int) -> Image.Image:
        try:
            return clip.picture(number)
        except OSError as error:
            self._deck.progress.note(f"panel {self._shot.number} stops moving: {error}")
            self._clip = None
            return self._picture


def open_clip(shot: Shot) -> ClipReader | None:
    """The clip of a shot; None where it is a picture, or its file is missing or damaged."""
    if not shot.moves:
        return None
    assert shot.picture is not None, "what moves has a file"
    try:
        return ClipReader(shot.picture)  # type: ignore[arg-type]  # an array never moves
    except OSError:
        return None
