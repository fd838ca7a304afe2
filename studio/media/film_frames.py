"""One picture out of a film, an animated GIF or a WebP: the frame at a moment, without the bars and the caption."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from PIL import Image

if TYPE_CHECKING:
    from av import VideoFrame

LARGEST = 64_000_000
"""Pixels of the largest frame that is decoded."""


@dataclass(frozen=True)
class FilmFrame:
    """What is shown ``ms`` milliseconds after a film's beginning.

    ``shown`` is (left, top, width, height) of the picture in the frame, None for all of it; ``size`` is the width and
    height that it had before it was enlarged for the film, None where that is not known.
    """

    film: Path
    ms: int
    shown: tuple[int, int, int, int] | None = None
    size: tuple[int, int] | None = None

    @property
    def name(self) -> str:
        """What it is called in messages: the film's name."""
        return self.film.name


class FilmReader:
    """The pictures of a film's frames; an animation whose frames are asked for in their order is decoded once."""

    def __init__(self, path: Path) -> None:
        """Nothing is opened before the first frame is asked for."""
        self._path = path
        self._animation: Image.Image | None = None
        self._number, self._ends = -1, 0.0

    def picture(self, frame: FilmFrame) -> Image.Image:
        """Return the picture of a frame in RGB, as large as it was before it was enlarged for the film.

        Raises:
            OSError: if the film is damaged, ends before that moment, or is too large to be decoded.
        """
        try:
            is_video = self._path.suffix.lower() == ".mp4"
            return _cut_out(self._video_frame(frame.ms) if is_video else self._animated_frame(frame.ms), frame)
        except (ValueError, SyntaxError, Image.DecompressionBombError) as error:
            raise OSError(f"{self._path} cannot be read ({error})") from error

    def _video_frame(self, ms: int) -> Image.Image:
        import av
        import av.error

        try:
            with av.open(str(self._path)) as film:
                stream = film.streams.video[0]
                self._check((stream.width, stream.height))
                film.seek(math.floor(ms / 1000 / (stream.time_base or 1)), stream=stream)
                for shown in film.decode(stream):
                    if _end_of(shown) * 1000 > ms:
                        return shown.to_image()
        except (IndexError, av.error.FFmpegError) as error:
            raise OSError(f"{self._path} cannot be read ({error})") from error
        raise self._too_short(ms)

    def _animated_frame(self, ms: int) -> Image.Image:
        animation = self._opened(ms)
        while self._ends <= ms:
            self._number += 1
            if self._number >= getattr(animation, "n_frames", 1):
                raise self._too_short(ms)
            animation.seek(self._number)
            animation.load()  # a WebP knows how long a frame is shown once it is decoded
            self._ends += float(animation.info.get("duration") or 0)
        return animation.convert("RGB")

    def _opened(self, ms: int) -> Image.Image:
        if self._animation is None or ms < self._ends - float(self._animation.info.get("duration") or 0):
            self.close()
            self._animation = Image.open(self._path, formats=("GIF", "WEBP"))
            self._check(self._animation.size)
            self._number, self._ends = -1, 0.0
        return self._animation

    def _check(self, size: tuple[int, int]) -> None:
        if size[0] * size[1] > LARGEST:
            raise OSError(f"{self._path} is {size[0]}x{size[1]} pixels, more than are read here; make it smaller")

    def _too_short(self, ms: int) -> OSError:
        return OSError(f"{self._path} ends before {ms / 1000:.2f} s, so it was cut or is damaged")

    def close(self) -> None:
        """Let go of the file; a second call does nothing."""
        if self._animation is not None:
            self._animation.close()
            self._animation = None

    def __enter__(self) -> FilmReader:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _end_of(shown: VideoFrame) -> float:
    """The second at which a frame gives way to the next."""
    lasts = float(shown.duration * shown.time_base) if shown.duration and shown.time_base else 0.0
    return (shown.time or 0.0) + lasts


def _cut_out(whole: Image.Image, frame: FilmFrame) -> Image.Image:
    if frame.shown is None:
        return whole
    left, top, width, height = frame.shown
    if min(width, height) < 1 or min(left, top) < 0 or left + width > whole.width or top + height > whole.height:
        return whole  # the film was scaled since: its record no longer says where the picture lies
    picture = whole.crop((left, top, left + width, top + height))
    if frame.size is None or not (1 <= frame.size[0] <= width and 1 <= frame.size[1] <= height):
        return picture
    return picture.resize(frame.size, Image.Resampling.LANCZOS)
