"""Small clips: frames that are pleasant to watch, and the pictures of a clip's file, one at a time."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from PIL import Image

if TYPE_CHECKING:
    import numpy as np
    from av import VideoFrame
    from av.container import InputContainer
    from av.video.stream import VideoStream

CLIP_SUFFIX = ".mp4"
COMFORTABLE = 256
"""Pixels of the shorter side up to which a clip is enlarged: below, the halved colours of a video are seen."""
MOST_TIMES = 4


def enlargement(frames: np.ndarray) -> int:
    """How many times frames (T, H, W, 3) are enlarged where nobody says: at most 4."""
    return max(1, min(MOST_TIMES, -(-COMFORTABLE // min(frames.shape[1:3]))))


def enlarged(frames: np.ndarray, times: int) -> list[Image.Image]:
    """Frames (T, H, W, 3) uint8 as pictures `times` as large, by Lanczos."""
    pictures = [Image.fromarray(frame) for frame in frames]
    if times == 1:
        return pictures
    size = (pictures[0].width * times, pictures[0].height * times)
    return [picture.resize(size, Image.Resampling.LANCZOS) for picture in pictures]


def even_size(picture: Image.Image) -> tuple[int, int]:
    """Width and height of a picture in a video: H.264 4:2:0 has no odd sides, so that a row or column is left out."""
    return picture.width // 2 * 2, picture.height // 2 * 2


def open_still(path: Path) -> Image.Image:
    """A picture's file, decoded, or the first frame of a clip's.

    Raises:
        OSError: if it is missing, damaged, too large, or neither.
    """
    try:
        if path.suffix == CLIP_SUFFIX:
            with ClipReader(path) as clip:
                return clip.picture(0)
        with Image.open(path) as image:
            image.load()
            return image
    except (ValueError, Image.DecompressionBombError) as error:
        raise OSError(f"{path} cannot be read: {error}") from error


class ClipReader:
    """The frames of a clip's file by number, or by the moment on an endless loop. Frames asked for in their order are
    decoded once; one frame is in memory at a time.

    Attributes:
        fps: frames a second.
        count: how many frames there are, at least one.
    """

    def __init__(self, path: Path) -> None:
        """Raises OSError if the file is missing, damaged, or holds no frames."""
        self._path = path
        self._container: InputContainer | None = None
        self._frames: Iterator[VideoFrame] = iter(())
        self._number, self._shown = -1, None
        stream = self._start()
        self.fps = Fraction(stream.average_rate or 0)
        self.count = stream.frames
        if self.count < 1 or self.fps <= 0:
            self.close()
            raise OSError(f"{path} holds no frames; draw its panel again")

    def number_at(self, seconds: Fraction) -> int:
        """Which frame is shown so long after the beginning, 0 or more seconds, where the clip goes round for ever."""
        return int(seconds * self.fps) % self.count

    def picture(self, number: int) -> Image.Image:
        """One frame in RGB. Raises OSError where the file is damaged."""
        import av.error

        try:
            if number < self._number:
                self._start()
            while self._number < number:
                self._shown = next(self._frames)
                self._number += 1
        except (StopIteration, av.error.FFmpegError) as error:
            raise OSError(f"frame {number} of {self._path} cannot be read ({error}); draw its panel again") from error
        assert self._shown is not None, "a frame number is 0 or more"
        return self._shown.to_image()

    def _start(self) -> VideoStream:
        """Open the file, or open it again, before its first frame."""
        import av
        import av.error

        self.close()
        try:
            container = self._container = av.open(str(self._path))
            stream = container.streams.video[0]
        except (IndexError, av.error.FFmpegError) as error:
            self.close()
            raise OSError(f"{self._path} is no clip that can be read ({error}); draw its panel again") from error
        self._frames, self._number, self._shown = container.decode(stream), -1, None
        return stream

    def close(self) -> None:
        """Let go of the file; a second call does nothing."""
        if self._container is not None:
            self._container.close()
            self._container = None

    def __enter__(self) -> ClipReader:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
