"""H.264 in MP4 that plays in a browser: yuv420p, BT.709, index before the data, one frame in memory at a time.

Sound and captions are written beside the pictures as these come, so that a player never has to seek.

with VideoWriter(path, (1280, 720), fps=24, tags={"title": "Snow day"}) as video:
    video.write(picture, key=True)
"""

from __future__ import annotations

import struct
import uuid
from collections.abc import Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from types import TracebackType
from typing import Any

import av
from av.video.frame import PictureType
from av.video.reformatter import ColorPrimaries, ColorRange, Colorspace, ColorTrc
from PIL import Image

from studio.media.sound import Soundtrack
from studio.media.tracks import CaptionStream, Cue, SoundStream

# A uuid box with this type holds an XMP packet (XMP specification part 3, section 1.1.6, MPEG-4).
XMP_BOX = uuid.UUID("be7acfcb-97a9-42e8-9c71-999491e3afac").bytes
# Panels stand still, so a low quantiser costs little, and slower presets gain 0.4 dB for more than twice the time.
# Without mbtree=0 moving pictures come out in other bytes now and then, the same pictures though they are.
ENCODER = {"crf": "16", "preset": "veryfast", "tune": "stillimage", "x264-params": "mbtree=0"}


class VideoWriter:
    """Writes RGB pictures as the frames of an MP4.

    Args:
        path: file to write; it must not be the final name (see `studio.export.writing.beside`).
        size: width and height in pixels, both even.
        fps: frames per second.
        tags: text written into the file's metadata under these names.
        sound: what is heard with the pictures; None for a film without sound.
        captions: words in a track of their own, in order of time.
    """

    def __init__(
        self,
        path: Path,
        size: tuple[int, int],
        fps: int,
        tags: Mapping[str, str],
        sound: Soundtrack | None = None,
        captions: Sequence[Cue] = (),
    ) -> None:
        assert size[0] % 2 == 0 and size[1] % 2 == 0, f"H.264 4:2:0 needs even sides, got {size}"
        flags = {"movflags": "+faststart+use_metadata_tags"}
        self._container = av.open(str(path), "w", format="mp4", options=flags)
        self._container.metadata.update(tags)
        self._stream = self._add_stream(size, fps)
        self._beside = [SoundStream(self._container, sound)] if sound is not None else []
        self._beside += [CaptionStream(self._container, captions)] if captions else []
        self._time_base = Fraction(1, fps)
        self._count = 0
        self._last: tuple[Image.Image, av.VideoFrame] | None = None

    def _add_stream(self, size: tuple[int, int], fps: int) -> Any:
        stream = self._container.add_stream("libx264", rate=fps, options=dict(ENCODER))
        stream.width, stream.height = size
        stream.pix_fmt = "yuv420p"
        stream.time_base = Fraction(1, fps)
        context = stream.codec_context
        context.color_range, context.colorspace = ColorRange.MPEG, Colorspace.ITU709
        context.color_primaries, context.color_trc = ColorPrimaries.BT709, ColorTrc.BT709
        return stream

    def write(self, picture: Image.Image, key: bool = False) -> None:
        """Add one frame; handing in the very same picture again saves its conversion. `key` asks for a key frame."""
        if self._last is None or self._last[0] is not picture:
            self._last = picture, self._converted(picture)
        frame = self._last[1]
        frame.pts, frame.time_base = self._count, self._time_base
        frame.pict_type = PictureType.I if key else PictureType.NONE
        self._container.mux(self._stream.encode(frame))
        self._count += 1
        for stream in self._beside:
            stream.write_until(self._count * self._time_base)

    def _converted(self, picture: Image.Image) -> av.VideoFrame:
        frame = av.VideoFrame.from_image(picture)
        yuv = frame.reformat(
            format="yuv420p",
            src_colorspace=Colorspace.ITU709,
            dst_colorspace=Colorspace.ITU709,
            src_color_range=ColorRange.JPEG,
            dst_color_range=ColorRange.MPEG,
        )
        yuv.color_primaries, yuv.color_trc = ColorPrimaries.BT709, ColorTrc.BT709
        return yuv

    def __enter__(self) -> VideoWriter:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if kind is None:
                self._container.mux(self._stream.encode(None))
                for stream in self._beside:
                    stream.finish()
        finally:
            self._container.close()


def append_xmp(path: Path, packet: bytes) -> None:
    """Add an XMP packet to a finished MP4 as its last box; nothing before it moves."""
    with path.open("ab") as file:
        file.write(struct.pack(">I4s", 24 + len(packet), b"uuid") + XMP_BOX + packet)
