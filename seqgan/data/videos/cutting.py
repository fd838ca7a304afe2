"""Clips of one video: its shots, stretches of them that may be used, and runs of frames that hold together.

    record = cut_video(path, [(None, None)], Cut(frames=32, fps=25, size=64), folder)
    record["clips"]                   # where each clip is from, and what it measures; folder/000.npy has its frames
    record["dropped"]                 # every stretch that is in no clip, and why

Frames are picked by time: the k-th of a stretch is the one that is shown at its start + k / fps. A clip ends where two
frames in a row do not hold together (`steady.problem`), and a new one begins after it, as in VGAN's published code.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps

from seqgan.data.manifest import Record
from seqgan.data.videos.alike import clip_print
from seqgan.data.videos.decode import Seen, View, views
from seqgan.data.videos.shots import SEEN, shot_detector
from seqgan.data.videos.steady import FROZEN, MEASURED, Look, Pair, changing, look, measure, problem
from seqgan.data.videos.stretches import Dropped, Span, Stretch, rounded, usable
from seqgan.errors import DataError

AFTER_CUT = 2
"""Frames of the film that are skipped after a cut, where encoders leave traces of the old shot (as VGAN does)."""
DISTINCT = 3
"""Frames of a clip for each different picture, at most: a film of fewer pictures does not move but jump (house)."""


@dataclass(frozen=True)
class Cut:
    """How videos are cut: clips of `frames` frames at `fps` a second, squares of `size` pixels; at most `most` a video.

    `shots` names a detector; `camera` is "steady" where clips end when the camera jumps, "any" where it may do as it
    likes.
    """

    frames: int = 32
    fps: int = 25
    size: int = 64
    shots: str = "content"
    camera: str = "steady"
    most: int = 100

    @property
    def seconds(self) -> Fraction:
        """Length of a clip."""
        return Fraction(self.frames, self.fps)


def cut_video(path: Path, passages: Sequence[Span], cut: Cut, folder: Path) -> Record:
    """Cut a video; returns its record, and writes the frames of clip k, uint8 (F, S, S, 3), to `folder`/k.npy.

    `passages` are the spans that captions speak of. Raises DataError for a file that is no video, or has no frame.
    """
    seen, shots = find_shots(path, cut.shots)
    stretches, dropped = usable(shots, passages, seen.end, cut.seconds)
    writer = _Writer(folder, cut, dropped)
    writer.take(views(path, Seen()), stretches)
    return {
        "seconds": rounded(seen.end), "size": list(seen.size), "frames": seen.frames, "codec": seen.codec,
        "fps": round(seen.rate, 3), "remarks": [*seen.remarks(), *_slower(seen, cut)],
        "shots": [[rounded(start), rounded(end)] for start, end in shots],
        "clips": writer.clips, "dropped": dropped.rows(),
    }  # fmt: skip


def _slower(seen: Seen, cut: Cut) -> list[str]:
    slow = seen.rate < 0.95 * cut.fps
    return [f"{seen.rate:.2f} frames a second, fewer than {cut.fps}: frames repeat"] if slow else []


def find_shots(path: Path, name: str) -> tuple[Seen, list[tuple[Fraction, Fraction]]]:
    """Decode a video once: what it is, and from when to when its shots are. Raises DataError where it has no frame."""
    seen, detector, times = Seen(), shot_detector(name), list[tuple[Fraction, Fraction]]()
    for view in views(path, seen):
        detector.see(view.picture(SEEN))
        times.append((view.start, view.end))
    if not times:
        raise DataError(f"{path.name} has no frame that can be decoded")
    starts = [start for start, _ in times] + [times[-1][1]]
    return seen, [(starts[_first(shot)], starts[shot.stop]) for shot in detector.shots()]


def _first(shot: range) -> int:
    return shot[min(AFTER_CUT, len(shot) - 1)] if shot.start else 0


@dataclass(frozen=True)
class _Frame:
    """A picked frame: its place in the stretch, its square, how it is compared, how it follows the one before."""

    number: int
    square: np.ndarray
    look: Look
    pair: Pair | None


class _Writer:
    """Takes the frames of a video to all its stretches at once, and writes the clips."""

    def __init__(self, folder: Path, cut: Cut, dropped: Dropped) -> None:
        self.folder, self.cut, self.dropped = folder, cut, dropped
        self.clips: list[Record] = []

    def take(self, film: Iterator[View], stretches: Sequence[Stretch]) -> None:
        """Decode until the last stretch ends, or there are enough clips."""
        runs = [_Run(stretch, self.cut, self.dropped, self._keep) for stretch in stretches]
        last = max((stretch.end for stretch in stretches), default=Fraction(0))
        for view in film:
            if view.start >= last or len(self.clips) >= self.cut.most:
                break
            for run in runs:
                run.see(view)
        for run in runs:
            run.close(len(self.clips) >= self.cut.most)

    def _keep(self, stretch: Stretch, frames: Sequence[_Frame]) -> bool:
        """Write a clip; False where there are enough."""
        if len(self.clips) >= self.cut.most:
            return False
        start = stretch.start + Fraction(frames[0].number, self.cut.fps)
        place = {"start": rounded(start), "end": rounded(start + self.cut.seconds)}
        squares = np.stack([frame.square for frame in frames])
        np.save(self.folder / f"{len(self.clips):03d}.npy", squares)
        self.clips.append({"passage": stretch.passage, "shot": stretch.shot, **place, "print": clip_print(squares),
                           **_measures(frames)})  # fmt: skip
        return True


def _measures(frames: Sequence[_Frame]) -> Record:
    """What a clip measures at its worst: so that thresholds can be set anew without decoding it."""
    pairs = [frame.pair for frame in frames[1:] if frame.pair]
    looked = [pair for pair in pairs if pair.matches is not None]
    camera = {"matches": min(pair.matches or 0 for pair in looked),
              "agree": round(min((pair.inliers or 0) / max(1, pair.matches or 0) for pair in looked), 3),
              "moved": round(max(pair.moved or 0.0 for pair in looked), 4)} if looked else {}  # fmt: skip
    flash = max((pair.flash for pair in pairs), default=0.0)
    return {**camera, "flash": round(flash, 2), "change": round(_change(frames), 4)}


def _change(frames: Sequence[_Frame]) -> float:
    return changing(frames[0].look.grey, [frame.look.grey for frame in frames[1:]])


class _Run:
    """Frames of one stretch that hold together so far."""

    def __init__(
        self, stretch: Stretch, cut: Cut, dropped: Dropped, keep: Callable[[Stretch, Sequence[_Frame]], bool]
    ) -> None:
        self.stretch, self.cut, self.dropped, self.keep = stretch, cut, dropped, keep
        self.frames: list[_Frame] = []
        self.next, self.begun = 0, 0
        self.last: Look | None = None

    def see(self, view: View) -> None:
        """Take a frame as often as the grid of the stretch wants it."""
        if view.end <= self.stretch.start or view.start >= self.stretch.end:
            return
        until = ceil((min(view.end, self.stretch.end) - self.stretch.start) * self.cut.fps)
        first = ceil((view.start - self.stretch.start) * self.cut.fps)
        if first > self.next:
            self._drop(first, "damaged")
            self.next = first
        if until > self.next:
            square, seen = self._looked(view)
            for number in range(self.next, until):
                self._add(number, square, seen)
            self.next = until

    def _looked(self, view: View) -> tuple[np.ndarray, Look]:
        picture = view.picture(max(MEASURED, self.cut.size))
        square = ImageOps.fit(Image.fromarray(picture), (self.cut.size, self.cut.size), Image.Resampling.BILINEAR)
        reduced = picture if self.cut.size <= MEASURED else view.picture(MEASURED)
        return np.asarray(square), look(reduced, self.cut.camera == "steady")

    def _add(self, number: int, square: np.ndarray, seen: Look) -> None:
        pair = measure(self.last, seen, self.cut.camera == "steady") if self.last is not None else None
        if pair and self.frames and (why := problem(pair)):
            self._drop(number, why, pair)
        self.frames.append(_Frame(number, square, seen, pair))
        self.last = seen
        if len(self.frames) == self.cut.frames:
            self._finish()

    def _finish(self) -> None:
        frames = self.frames
        if _change(frames) < FROZEN:
            self._drop(frames[-1].number + 1, "frozen")
        elif len({id(frame.look) for frame in frames}) * DISTINCT < len(frames):
            self._drop(frames[-1].number + 1, "few pictures")
        elif self.keep(self.stretch, frames):
            self.begun, self.frames, self.last = frames[-1].number + 1, [], None

    def _drop(self, until: int, why: str, pair: Pair | None = None) -> None:
        """Give up the frames so far, up to the `until`-th of the grid."""
        start, end = (self.stretch.start + Fraction(number, self.cut.fps) for number in (self.begun, until))
        self.dropped.add(self.stretch.passage, self.stretch.shot, start, min(end, self.stretch.end), why, pair)
        self.begun, self.frames, self.last = until, [], None

    def close(self, enough: bool) -> None:
        """Note what is left at the end."""
        if not enough and self.next < (until := ceil((self.stretch.end - self.stretch.start) * self.cut.fps)):
            self._drop(until, "damaged")
        start = self.stretch.start + Fraction(self.begun, self.cut.fps)
        self.dropped.add(
            self.stretch.passage, self.stretch.shot, start, self.stretch.end, "most" if enough else "short"
        )
