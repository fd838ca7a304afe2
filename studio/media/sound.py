"""Sound for films: any file decoded to samples, music and speech mixed block by block.

sound = Soundtrack(48_000 * 12, music=decode(Path("song.mp3"), 48_000 * 12), speech=((7_200, decode(wav)),), volume=0.5)
sound.block(0, 1024)                    # (2, 1024) float32 in [-1, 1]
"""

from __future__ import annotations

import itertools
import wave
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import av
import av.error
import numpy as np

from studio.errors import ExportError

RATE = 48_000
"""Samples a second of everything here."""
DUCKED = 0.25
"""Share of its loudness that music keeps under speech."""
FALL, RISE = RATE // 4, RATE // 2
"""Samples in which music falls before speech, and rises after it."""
LONGEST_FADE = 2 * RATE


def decode(path: Path, most: int | None = None) -> np.ndarray:
    """The sound of a file as (samples, 2) int16 at 48 kHz, at most its first `most` samples.

    Raises:
        ExportError: if the file is not there or holds no sound that can be read.
    """
    try:
        with av.open(str(path)) as container:
            sound = _samples(container, most)
    except (av.error.FFmpegError, OSError, IndexError, ValueError) as error:
        raise ExportError(
            f"{path} holds no sound that can be read ({_reason(error)}); give a WAV, MP3, FLAC, OGG or M4A file"
        ) from error
    if not len(sound):
        raise ExportError(f"{path} holds no sound, not a single sample; give another file")
    return sound


def _samples(container: Any, most: int | None) -> np.ndarray:
    stream = container.streams.audio[0]
    # Resampled to stereo, one channel would lose 3 dB; it is given to both ears as it is.
    channels = min(2, stream.channels)
    resampler = av.AudioResampler("s16", "mono" if channels == 1 else "stereo", RATE)
    blocks: list[np.ndarray] = [np.zeros((0, channels), np.int16)]
    got = 0
    for frame in itertools.chain(container.decode(stream), [None]):
        for block in resampler.resample(frame):
            blocks.append(block.to_ndarray().reshape(-1, channels))
            got += len(blocks[-1])
        if most is not None and got >= most:
            break
    return np.concatenate(blocks)[:most].repeat(3 - channels, 1)


def _reason(error: Exception) -> str:
    return "no sound in it" if isinstance(error, IndexError) else getattr(error, "strerror", None) or str(error)


def copy_sound(film: Path, target: IO[bytes]) -> None:
    """Write the sound of a film as an M4A file, as it is.

    Raises:
        OSError: if the film cannot be read, or has no sound.
    """
    try:
        with av.open(str(film)) as source, av.open(target, "w", format="ipod") as copy:
            stream = source.streams.audio[0]
            written = copy.add_stream_from_template(stream)
            for packet in source.demux(stream):
                if packet.dts is not None:
                    packet.stream = written
                    copy.mux(packet)
    except (av.error.FFmpegError, IndexError) as error:
        raise OSError(f"{film} has no sound that can be read ({_reason(error)})") from error


def write_wav(path: Path, blocks: Iterable[np.ndarray]) -> None:
    """Write blocks of (samples, 2) int16 at 48 kHz, one after the other.

    Raises:
        OSError: if the file cannot be written.
    """
    with wave.open(str(path), "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(RATE)
        for block in blocks:
            file.writeframes(block.astype("<i2").tobytes())


@dataclass(frozen=True)
class Soundtrack:
    """What is heard with a film.

    Args:
        samples: length of the whole.
        music: (samples, 2) int16, repeated to the length or cut; None for none. It fades out at the end.
        speech: where each spoken piece begins, in samples, and the piece, (samples, 2) int16.
        volume: loudness of the music, 0 to 1.
    """

    samples: int
    music: np.ndarray | None = None
    speech: tuple[tuple[int, np.ndarray], ...] = ()
    volume: float = 0.5

    def block(self, start: int, count: int) -> np.ndarray:
        """The mix from sample `start` on, (2, count) float32 in [-1, 1]."""
        mixed = self.music_alone(start, count)
        for begins, piece in self._near(start, start + count):
            first, last = max(start, begins), min(start + count, begins + len(piece))
            if first < last:
                mixed[first - start : last - start] += piece[first - begins : last - begins]
        return np.ascontiguousarray(np.clip(mixed.T / 32768, -1, 1), np.float32)

    def music_alone(self, start: int, count: int) -> np.ndarray:
        """The music as loud as it is in the mix, without the speech, (count, 2) float32 in levels of int16."""
        if self.music is None:
            return np.zeros((count, 2), np.float32)
        times = np.arange(start, start + count)
        return (self.music[times % len(self.music)] * self.loudness(times)[:, None]).astype(np.float32)

    def loudness(self, times: np.ndarray) -> np.ndarray:
        """Loudness of the music at samples `times`: a quarter under speech, and falling to nothing at the end."""
        under = np.zeros(len(times))
        for begins, piece in self._near(times[0], times[-1]):
            near = np.minimum((times - begins + FALL) / FALL, (begins + len(piece) + RISE - times) / RISE)
            under = np.maximum(under, near.clip(0, 1))
        fade = max(1, min(LONGEST_FADE, self.samples // 4))
        return self.volume * (1 - (1 - DUCKED) * under) * ((self.samples - times) / fade).clip(0, 1)

    def _near(self, start: int, end: int) -> list[tuple[int, np.ndarray]]:
        """The speech by which these samples are touched, if only in the music under it."""
        return [(at, piece) for at, piece in self.speech if at - FALL < end and start < at + len(piece) + RISE]
