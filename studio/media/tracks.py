"""What an MP4 holds beside its pictures: sound as AAC, captions as text that the player shows or hides."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any, NamedTuple

import av
from av.stream import Disposition

from studio.media.sound import RATE, Soundtrack

BLOCK = 1024
"""Samples of a frame of AAC."""
# The encoder of mov_text opens only with a header of the format it converts from; our packets are ready as they are.
ASS_HEADER = b"""[Script Info]
ScriptType: v4.00+
[V4+ Styles]
Format: Name, Fontname, Fontsize, PrimaryColour, SecondaryColour, OutlineColour, BackColour, Bold, Italic, Underline, \
StrikeOut, ScaleX, ScaleY, Spacing, Angle, BorderStyle, Outline, Shadow, Alignment, MarginL, MarginR, MarginV, Encoding
Style: Default,Arial,16,&Hffffff,&Hffffff,&H0,&H0,0,0,0,0,100,100,0,0,1,1,0,2,10,10,10,1
[Events]
Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text
"""


class Cue(NamedTuple):
    """Words on the screen from one millisecond to another."""

    start: int
    end: int
    text: str


class SoundStream:
    """A soundtrack in a container, written as far as the pictures are."""

    def __init__(self, container: Any, sound: Soundtrack) -> None:
        self._container, self._sound, self._done = container, sound, 0
        self._stream = container.add_stream("aac", rate=RATE, layout="stereo", bit_rate=160_000)

    def write_until(self, seconds: Fraction) -> None:
        """Write every whole block that ends by then."""
        while self._done < self._sound.samples and self._done + BLOCK <= seconds * RATE:
            self._write_block()

    def finish(self) -> None:
        """Write what is left."""
        while self._done < self._sound.samples:
            self._write_block()
        self._container.mux(self._stream.encode(None))

    def _write_block(self) -> None:
        count = min(BLOCK, self._sound.samples - self._done)
        frame = av.AudioFrame.from_ndarray(self._sound.block(self._done, count), format="fltp", layout="stereo")
        frame.sample_rate, frame.pts, frame.time_base = RATE, self._done, Fraction(1, RATE)
        self._container.mux(self._stream.encode(frame))
        self._done += count


class CaptionStream:
    """Captions in a container (3GPP timed text), each written when the pictures get there."""

    def __init__(self, container: Any, cues: Sequence[Cue]) -> None:
        self._container, self._cues = container, list(cues)
        self._stream = container.add_stream("mov_text")
        self._stream.codec_context.subtitle_header = ASS_HEADER
        self._stream.time_base = Fraction(1, 1000)
        self._stream.disposition = Disposition.default

    def write_until(self, seconds: Fraction) -> None:
        """Write the captions that begin before then."""
        while self._cues and self._cues[0].start < 1000 * seconds:
            self._write(self._cues.pop(0))

    def finish(self) -> None:
        """Write what is left."""
        for cue in self._cues:
            self._write(cue)

    def _write(self, cue: Cue) -> None:
        words = cue.text.encode("utf-8")[:0xFFFF]
        packet = av.Packet(len(words).to_bytes(2, "big") + words)
        packet.stream, packet.time_base = self._stream, Fraction(1, 1000)
        packet.pts = packet.dts = cue.start
        packet.duration = cue.end - cue.start
        self._container.mux(packet)
