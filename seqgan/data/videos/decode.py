"""Frames of a video file with the times they are shown at, upright and with square pixels. PyAV is the one decoder.

    seen = Seen()
    for view in views(Path("holiday.mov"), seen):
        view.start, view.end          # seconds from the first frame, exact fractions
        view.picture(160)             # uint8 (H, W, 3), the short side 160 pixels at most
    seen.remarks()                    # what is unusual about the file, in words

A frame is shown until the next one is: nothing here counts frames to tell the time, so a variable rate does no harm.
After damage all frames up to the next key frame are left out, since decoders fill what they lack with smears; the time
of these is in no view, so that there is a hole between the views beside it.
Files are read as video containers alone, so that no playlist or list of files is followed.
"""

from __future__ import annotations

import heapq
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import av.error
import numpy as np
from av.stream import Disposition

from seqgan.data.readers.entries import MAX_PIXELS
from seqgan.errors import DataError

ENDINGS = (".mp4", ".m4v", ".mov", ".avi", ".mkv", ".webm", ".wmv", ".flv", ".mpg", ".mpeg", ".ts", ".ogv", ".3gp")
"""Endings of the files that are looked at."""
FORMATS = "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,asf,flv,mpeg,mpegts,ogg"
"""Containers that are opened, whatever a file is called."""
SMALLEST = 16
"""Pixels of the shorter side below which there is nothing to see."""
LONGEST = 2 * 3600
"""Seconds; longer videos are refused before they are decoded whole."""
ORDER = 16
"""Frames that a decoder may hold back to put them into the order of showing (H.264 allows as many)."""
HDR = {16: "PQ", 18: "HLG"}
"""Transfer curves of high dynamic range, by their number in ITU-T H.273."""


@dataclass
class Seen:
    """What a video turned out to be: as its header tells, and as decoding showed."""

    codec: str = ""
    told: float = 0.0
    """Seconds that the header tells, 0 where it tells none."""
    size: tuple[int, int] = (0, 0)
    """Width and height as shown."""
    rotation: int = 0
    """Degrees by which frames are turned counterclockwise before they are shown."""
    frames: int = 0
    shown: Fraction = Fraction(0)
    """Seconds for which they are shown: less than `end` where some were left out."""
    end: Fraction = Fraction(0)
    shortest: Fraction = Fraction(0)
    longest: Fraction = Fraction(0)
    damaged: int = 0
    """Packets and frames that cannot be decoded, and frames that build upon them."""
    reordered: int = 0
    """Frames whose times stood in another order than they are shown in."""
    doubled: int = 0
    """Frames that are shown for no time at all."""
    interlaced: int = 0
    hdr: str = ""
    broken: str = ""
    """Why reading ended before the file did."""

    @property
    def rate(self) -> float:
        """Frames a second, on average."""
        return float(self.frames / self.shown) if self.shown else 0.0

    def remarks(self) -> list[str]:
        """What is unusual, a line each; [] for an ordinary file."""
        seconds = float(self.end)
        told = [
            (self.broken, f"reading ended at {seconds:.2f} s: {self.broken}"),
            (self.told > 1.1 * seconds + 0.5, f"the header tells {self.told:.2f} s, {seconds:.2f} s can be decoded"),
            (self.damaged, f"{self.damaged} frames are damaged or build upon damaged ones, left out"),
            (self.reordered, f"{self.reordered} times stood in the order of decoding, sorted"),
            (self.doubled, f"{self.doubled} frames are shown for no time, left out"),
            (self.longest > 2 * self.shortest, f"variable rate: a frame is shown for {float(self.shortest):.3f} to "
             f"{float(self.longest):.3f} s"),
            (self.rotation, f"turned by {self.rotation} degrees counterclockwise"),
            (self.interlaced, f"{self.interlaced} frames are interlaced"),
            (self.hdr, f"high dynamic range ({self.hdr}): colours may look grey"),
        ]  # fmt: skip
        return [line for there, line in told if there]


@dataclass(frozen=True)
class View:
    """A frame from `start` to `end`, in seconds from the first one; `size` is its width and height as shown."""

    start: Fraction
    end: Fraction
    size: tuple[int, int]
    frame: Any = field(repr=False)

    def picture(self, short: int) -> np.ndarray:
        """The frame upright as uint8 (H, W, 3), reduced so that the short side is `short` pixels at most."""
        scale = min(1.0, short / min(self.size))
        width, height = (max(1, round(side * scale)) for side in self.size)
        turns = _turns(self.frame)
        across, down = (height, width) if turns % 2 else (width, height)
        plain = self.frame.reformat(width=across, height=down, format="rgb24", interpolation="AREA").to_ndarray()
        return np.ascontiguousarray(np.rot90(plain, turns))


def views(path: Path, seen: Seen) -> Iterator[View]:
    """The frames of a video in the order of showing; `seen` is filled on the way, and is whole at the end.

    Raises DataError for a file that is missing, no video, without pictures, too small, too large or too long.
    """
    with _opened(path) as (container, stream):
        _look_at_header(path, container, stream, seen)
        aspect = stream.sample_aspect_ratio or Fraction(1)
        timed = _sorted(_timed(_decoded(container, stream, seen), stream.average_rate), seen)
        for start, end, frame in _lasting(timed, seen):
            if end > LONGEST:
                raise DataError(f"{path.name} is longer than {LONGEST} s; cut it into parts")
            if frame.width * frame.height > MAX_PIXELS:
                raise DataError(f"{path.name} has {frame.width}x{frame.height} pixels; make it smaller")
            if not seen.frames:
                seen.rotation, seen.size = _turns(frame) * 90, _shown(frame, aspect)
                _check_size(path, seen.size)
            _note(frame, start, end, seen)
            yield View(start, end, seen.size, frame)


@contextmanager
def _opened(path: Path) -> Iterator[tuple[Any, Any]]:
    if not path.is_file():
        raise DataError(f"{path.name} is missing, or no file")
    options = {"format_whitelist": FORMATS, "protocol_whitelist": "file"}
    try:
        container = av.open(str(path), options=options, metadata_errors="replace")
    except (av.error.FFmpegError, OSError, ValueError) as error:
        raise DataError(f"{path.name} is no video that can be opened ({_words(error)})") from None
    with container:
        streams = [each for each in container.streams.video if not each.disposition & Disposition.attached_pic]
        if not streams:
            raise DataError(f"{path.name} holds no film: sound alone, a cover, or nothing")
        streams[0].codec_context.thread_count = 1  # videos are done side by side
        yield container, streams[0]


def _words(error: BaseException) -> str:
    return getattr(error, "strerror", "") or str(error)


def _look_at_header(path: Path, container: Any, stream: Any, seen: Seen) -> None:
    """Refuse by the header what must not be decoded whole."""
    context = stream.codec_context
    if context is None or not context.name:
        raise DataError(f"{path.name} is coded in a way that this FFmpeg does not know")
    if context.width * context.height > MAX_PIXELS:
        raise DataError(f"{path.name} has {context.width}x{context.height} pixels; make it smaller")
    length = stream.duration * stream.time_base if stream.duration else Fraction(container.duration or 0, av.time_base)
    if length > LONGEST:
        raise DataError(f"{path.name} tells a length of {float(length):.0f} s; cut it into parts of {LONGEST} s")
    seen.codec, seen.told = context.name, round(float(max(0, length)), 3)
    seen.hdr = HDR.get(int(context.color_trc), "")


def _decoded(container: Any, stream: Any, seen: Seen) -> Iterator[Any]:
    """Whole frames as the decoder gives them, at the end those that it held back, and None for those left out."""
    whole = True
    for packet in _packets(container, stream, seen):
        try:
            frames = packet.decode() if packet else stream.decode(None)
        except (av.error.FFmpegError, EOFError):
            frames, whole = (), False
            seen.damaged += 1
            yield None
        for frame in frames:
            whole = (whole or frame.key_frame) and not frame.is_corrupt
            seen.damaged += not whole
            yield frame if whole else None


def _packets(container: Any, stream: Any, seen: Seen) -> Iterator[Any]:
    try:
        yield from container.demux(stream)
    except av.error.FFmpegError as error:
        seen.broken = _words(error)
        yield None


@dataclass
class _Timed:
    """A frame, the time it is shown at, and whether others before it were left out."""

    time: Fraction
    frame: Any
    hole: bool


def _timed(frames: Iterable[Any], rate: Fraction | None) -> Iterator[_Timed]:
    """Frames with their times as the container tells them; where it tells none, one average interval after another."""
    last, hole = Fraction(0), False
    step = 1 / rate if rate else Fraction(1, 25)
    for number, frame in enumerate(frames):
        if frame is None:
            hole = True
            continue
        told = frame.pts is not None and frame.time_base
        last = frame.pts * frame.time_base if told else last + (step if number else 0)
        yield _Timed(last, frame, hole)
        hole = False


def _sorted(timed: Iterable[_Timed], seen: Seen) -> Iterator[_Timed]:
    """The same with times in order.

    Decoders give frames in the order of showing. Some containers hold times in the order of decoding instead, because
    a recorder wrote no composition offsets; the times themselves are right, so the earliest goes to the first frame.
    """
    frames, times = deque[_Timed](), list[Fraction]()
    for each in timed:
        frames.append(each)
        heapq.heappush(times, each.time)
        if len(frames) > ORDER:
            yield _next(frames, times, seen)
    while frames:
        yield _next(frames, times, seen)


def _next(frames: deque[_Timed], times: list[Fraction], seen: Seen) -> _Timed:
    first, time = frames.popleft(), heapq.heappop(times)
    seen.reordered += first.time != time
    return replace(first, time=time)


def _lasting(timed: Iterable[_Timed], seen: Seen) -> Iterator[tuple[Fraction, Fraction, Any]]:
    """Frames with the times they are shown from and to, counted from the first one."""
    origin, before = Fraction(0), None
    for each in timed:
        if before is None:
            origin = each.time
        elif each.time <= before.time:
            seen.doubled += 1
            continue
        else:
            end = min(each.time, before.time + _interval(before.frame, seen)) if each.hole else each.time
            yield before.time - origin, end - origin, before.frame
        before = each
    if before is not None:
        yield before.time - origin, before.time - origin + _interval(before.frame, seen), before.frame


def _interval(frame: Any, seen: Seen) -> Fraction:
    """How long a frame is shown after which none comes."""
    told = Fraction(frame.duration or 0) * (frame.time_base or 0)
    return told if told > 0 else seen.shortest or Fraction(1, 25)


def _turns(frame: Any) -> int:
    """Quarter turns counterclockwise that put a frame upright."""
    return round(frame.rotation / 90) % 4


def _shown(frame: Any, aspect: Fraction) -> tuple[int, int]:
    """Width and height of a frame when its pixels are square and it stands upright."""
    wide = float(aspect) if Fraction(1, 4) <= aspect <= 4 else 1.0
    width, height = max(1, round(frame.width * wide)), frame.height
    return (height, width) if _turns(frame) % 2 else (width, height)


def _check_size(path: Path, size: tuple[int, int]) -> None:
    if min(size) < SMALLEST:
        raise DataError(f"{path.name} has {size[0]}x{size[1]} pixels; expected {SMALLEST} a side at least")


def _note(frame: Any, start: Fraction, end: Fraction, seen: Seen) -> None:
    seen.shortest = min(seen.shortest, end - start) if seen.frames else end - start
    seen.longest, seen.end = max(seen.longest, end - start), end
    seen.frames, seen.shown = seen.frames + 1, seen.shown + end - start
    seen.interlaced += bool(frame.interlaced_frame)
