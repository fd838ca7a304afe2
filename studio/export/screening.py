"""What is seen, frame by frame: each shot's picture at a moment, through its camera, and how it passes to the next."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Sequence
from fractions import Fraction

from PIL import Image

from studio.document.schema import Camera
from studio.export.changes import Change, changes_of
from studio.export.deck import Deck
from studio.export.film_plan import Film, Shot
from studio.export.footage import Footage, open_clip
from studio.media.frames import Box, FrameLayout, Window, place

MOST_PER_SECOND = 25
"""Pictures a second of a clip in a GIF or WebP: each is stored whole, and browsers slow down what is much faster."""
CAMERA_PER_SECOND = 10
"""Pictures a second there of a still under a moving camera: smooth enough, and small enough to share."""


class Screened:
    """A shot in a layout. What stands still under a camera that stands still is made once."""

    def __init__(self, deck: Deck, layout: FrameLayout, shot: Shot) -> None:
        self._layout, self._footage = layout, Footage(deck, shot)
        self._camera = shot.camera or Camera()
        self._seen = self._footage.at(Fraction(0)), self._camera.start
        self._frame = self._captioned = deck.frame(layout, shot, *self._seen)

    def at(self, seconds: Fraction, share: float) -> Image.Image:
        """The whole RGB frame so many seconds after the shot began, 0 or more, at a share of the camera's way; the
        very same object while it is the same."""
        seen = self._footage.at(seconds), window_at(self._camera, share)
        if seen[0] is not self._seen[0] or seen[1] != self._seen[1]:
            self._seen, self._frame = seen, self._captioned.copy()
            place(self._frame, seen[0], self._layout.picture, seen[1])
        return self._frame


def window_at(camera: Camera, share: float) -> Window:
    """What the camera sees at a share of its time, 0 to 1: straight from its first window to its last."""
    if camera.start == camera.end:
        return camera.start
    left, top, size = ((1 - share) * a + share * b for a, b in zip(camera.start, camera.end, strict=True))
    return left, top, size


# A film: every frame -------------------------------------------------------------------------------------------------


def film_frames(deck: Deck) -> Iterator[tuple[Image.Image, bool]]:
    """Every frame of the film in order, and whether it is the first of its shot; three shots in memory at most."""
    options, shots = deck.options, deck.film.shots
    boundaries = deck.film.boundaries(options.fps)
    changes = changes_of(deck.film, options.own_transition, options.fps)
    layout = deck.layout(options.size)

    def played(k: int) -> Played:
        return Played(Screened(deck, layout, shots[k]), frames_seen(k, boundaries, changes), boundaries[k], options.fps)

    before, current = None, played(0)
    for k in range(len(shots)):
        after = played(k + 1) if k + 1 < len(shots) else None
        for frame in range(boundaries[k], boundaries[k + 1]):
            picture = current.at(frame)
            if k and changes[k - 1].covers(frame):
                picture = _changing(picture, before, 1 - changes[k - 1].later(frame), changes[k - 1], frame, layout)
            elif changes[k].covers(frame):
                picture = _changing(picture, after, changes[k].later(frame), changes[k], frame, layout)
            yield picture, frame == boundaries[k]
        if after is not None:
            before, current = current, after


class Played:
    """A shot over the frames of a film in which it is seen; it begins at one of them, and stands still before."""

    def __init__(self, screened: Screened, seen: range, begins: int, fps: int) -> None:
        self._screened, self._seen, self._begins, self._fps = screened, seen, begins, fps

    def at(self, frame: int) -> Image.Image:
        """The whole RGB frame at a frame of the film."""
        share = (frame - self._seen.start) / max(1, len(self._seen) - 1)
        return self._screened.at(Fraction(max(0, frame - self._begins), self._fps), share)


def frames_seen(k: int, boundaries: list[int], changes: list[Change]) -> range:
    """The frames in which shot k is seen, those of its dissolves included."""
    start = changes[k - 1].start if k and changes[k - 1].kind == "dissolve" else boundaries[k]
    end = changes[k].end if changes[k].kind == "dissolve" else boundaries[k + 1]
    return range(start, end)


def _changing(
    picture: Image.Image, other: Played | None, share: float, change: Change, frame: int, layout: FrameLayout
) -> Image.Image:
    if change.kind == "fade" or other is None:
        return _mixed(picture, Image.new("RGB", picture.size), 1 - change.light(frame), layout.picture)
    return _mixed(picture, other.at(frame), share, layout.picture)


def _mixed(frame: Image.Image, other: Image.Image, share: float, area: Box) -> Image.Image:
    """`frame` with `share` of the other's picture mixed in; the caption changes at the cut, so it stays readable."""
    box = (area.left, area.top, area.right, area.bottom)
    mixed = frame.copy()
    mixed.paste(Image.blend(frame.crop(box), other.crop(box), share), box)
    return mixed


# A moving picture: one frame a shot, more where it moves -------------------------------------------------------------


def moments(film: Film, per_second: int) -> list[list[tuple[Fraction, int]]]:
    """Of every shot, when its picture changes, in seconds after its beginning, and for how many ticks it then stands.

    The ticks of a shot add up to its time to the tick. What is left at its end for less than a fiftieth of a second is
    shown by the picture before.
    """
    edges = film.boundaries(per_second)
    return [_changes(shot, end - start, per_second) for shot, (start, end) in
            zip(film.shots, itertools.pairwise(edges), strict=True)]  # fmt: skip


def _changes(shot: Shot, ticks: int, per_second: int) -> list[tuple[Fraction, int]]:
    rate = _rate(shot)
    if not rate:
        return [(Fraction(0), ticks)]
    least = -(-per_second // (2 * MOST_PER_SECOND))
    count = math.ceil(ticks * rate / per_second)
    starts = [start for start in (round(k * per_second / rate) for k in range(count)) if start <= ticks - least]
    starts = starts or [0]
    lengths = [after - start for start, after in itertools.pairwise([*starts, ticks])]
    return [(k / rate, length) for k, length in enumerate(lengths)]


def _rate(shot: Shot) -> Fraction:
    """Pictures a second of a shot, 0 where nothing moves."""
    camera = shot.camera is not None and shot.camera.start != shot.camera.end
    rate, clip = Fraction(CAMERA_PER_SECOND * camera), open_clip(shot)
    if clip is not None:
        with clip:
            rate = max(rate, min(clip.fps, Fraction(MOST_PER_SECOND)))
    return rate


def moving_frames(
    deck: Deck, size: tuple[int, int], changes: Sequence[Sequence[tuple[Fraction, int]]]
) -> Iterator[Image.Image]:
    """The frames of the whole film at those `moments`, made as they are asked for; shots pass by cuts."""
    layout = deck.layout(size)
    for shot, times in zip(deck.film.shots, changes, strict=True):
        screened = Screened(deck, layout, shot)
        yield from (screened.at(seconds, k / max(1, len(times) - 1)) for k, (seconds, _) in enumerate(times))
