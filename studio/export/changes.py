"""Where one shot passes to the next: at once, one picture through the other, or through black.

A change takes its time from the shots beside it and lies around their boundary, so that no shot's time changes.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass

from studio.document.schema import Transition
from studio.export.film_plan import Film


@dataclass(frozen=True)
class Change:
    """The frames [start, end) in which one shot passes to the next, which begins at frame `at`."""

    kind: str
    start: int
    at: int
    end: int

    def covers(self, frame: int) -> bool:
        """Whether a frame lies within the change."""
        return self.start <= frame < self.end

    def later(self, frame: int) -> float:
        """Share of the later picture in a frame of a dissolve, above 0 and below 1."""
        return (frame + 0.5 - self.start) / (self.end - self.start)

    def light(self, frame: int) -> float:
        """Brightness in a frame of a fade, 0 to 1: the last frame before `at` and the first from it on are black."""
        if frame < self.at:
            return (self.at - 1 - frame) / (self.at - self.start)
        return (frame - self.at) / (self.end - self.at)


def changes_of(film: Film, own: Transition, fps: int) -> list[Change]:
    """The change at the end of each shot: the shot's, else the film's `own`.

    It is as many frames long as asked, at most half of the shot before and half of the one after. The last shot has
    nothing to pass to: a fade of its own takes it to black, anything else just ends.
    """
    boundaries = film.boundaries(fps)
    lengths = [after - before for before, after in itertools.pairwise(boundaries)]
    changes = []
    for k, (shot, at) in enumerate(zip(film.shots[:-1], boundaries[1:], strict=False)):
        changes.append(_between(shot.transition or own, at, min(lengths[k], lengths[k + 1]), fps))
    return [*changes, _last(film.shots[-1].transition, boundaries[-1], lengths[-1], fps)]


def _between(transition: Transition, at: int, shorter: int, fps: int) -> Change:
    if transition.kind == "cut":
        return Change("cut", at, at, at)
    frames = min(_frames(transition, fps), 2 * (shorter // 2))
    return Change(transition.kind, at - frames // 2, at, at + frames - frames // 2)


def _last(transition: Transition | None, at: int, length: int, fps: int) -> Change:
    if transition is None or transition.kind != "fade":
        return Change("cut", at, at, at)
    return Change("fade", at - min(_frames(transition, fps) // 2, length // 2), at, at)


def _frames(transition: Transition, fps: int) -> int:
    return (2 * transition.ms * fps + 1000) // 2000
