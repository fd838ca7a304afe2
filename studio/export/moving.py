"""A row of pictures as a moving one, each shown equally long: GIF, WebP or MP4 by the file's ending."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, features

from studio.errors import ExportError
from studio.export.gif import in_palette, with_xmp
from studio.export.options import FRAME_RATES
from studio.export.writing import beside
from studio.media.metadata import as_json, xmp_packet
from studio.media.moving import even_size

FASTEST_GIF = 50
"""Pictures a second of a GIF: browsers slow down what is shorter than two hundredths."""


def check_moving(path: Path, fps: int, smooth: int = 1) -> str:
    """The kind of moving picture that a path asks for: "gif", "webp" or "mp4".

    `smooth`: by how many times the frames are multiplied before they are written, and so their number a second.

    Raises:
        ExportError: for another ending, or a speed that the kind does not have.
    """
    kind = path.suffix.lower().lstrip(".")
    if kind not in _WRITERS:
        raise ExportError(f"{path} ends in {path.suffix or 'nothing'}; expected .gif, .webp or .mp4")
    most = FASTEST_GIF if kind == "gif" else FRAME_RATES[1]
    if not FRAME_RATES[0] <= fps * smooth <= most:
        came = f"fps {fps}" if smooth == 1 else f"fps {fps} smoothed {smooth} times, {fps * smooth},"
        raise ExportError(f"{came} is not {FRAME_RATES[0]} to {most}, as a {kind} can be; 12 is usual")
    if kind == "webp" and not features.check("webp"):
        raise ExportError("this build of Pillow cannot write WebP; choose gif, or install Pillow from its own wheel")
    return kind


def write_moving(
    path: str | Path,
    pictures: Sequence[Image.Image | np.ndarray],
    fps: int,
    made: Mapping[str, Any],
    title: str | None = None,
) -> None:
    """Write pictures of one size, or arrays uint8 (H, W, 3), with the record of what made them.

    GIF and WebP loop for ever. The title is by default the text that the record tells of.

    Raises:
        ExportError: as `check_moving`, and if the file cannot be written; none is left half written.
    """
    path = Path(path)
    kind = check_moving(path, fps)
    shown = [Image.fromarray(each) if isinstance(each, np.ndarray) else each for each in pictures]
    with beside(path) as temporary:
        _WRITERS[kind](temporary, shown, fps, made, str(made.get("text", "")) if title is None else title)


def _gif(path: Path, pictures: Sequence[Image.Image], fps: int, made: Mapping[str, Any], title: str) -> None:
    first, *rest = (in_palette(picture) for picture in pictures)
    comment = as_json({"program": made["program"], "title": title}).encode("ascii")
    moments = _durations(len(pictures), fps, 100)
    first.save(path, save_all=True, append_images=rest, duration=[10 * each for each in moments], loop=0, disposal=1,
               comment=comment)  # fmt: skip
    path.write_bytes(with_xmp(path.read_bytes(), xmp_packet(made, title)))


def _webp(path: Path, pictures: Sequence[Image.Image], fps: int, made: Mapping[str, Any], title: str) -> None:
    first, *rest = pictures
    first.save(path, save_all=True, append_images=rest, duration=_durations(len(pictures), fps, 1000), loop=0,
               quality=88, method=4, xmp=xmp_packet(made, title))  # fmt: skip


def _mp4(path: Path, pictures: Sequence[Image.Image], fps: int, made: Mapping[str, Any], title: str) -> None:
    from studio.media.video_writer import VideoWriter, append_xmp

    size = even_size(pictures[0])
    with VideoWriter(path, size, fps, {"title": title, "comment": as_json(made)}) as video:
        for number, picture in enumerate(pictures):
            video.write(picture.crop((0, 0, *size)), key=number == 0)
    append_xmp(path, xmp_packet(made, title))


def _durations(count: int, fps: int, per_second: int) -> list[int]:
    """How long each picture is shown, in whole parts of a second that add up to count / fps."""
    moments = [round(number * per_second / fps) for number in range(count + 1)]
    return [after - before for before, after in itertools.pairwise(moments)]


_WRITERS: dict[str, Callable[[Path, Sequence[Image.Image], int, Mapping[str, Any], str], None]] = {
    "gif": _gif, "webp": _webp, "mp4": _mp4,
}  # fmt: skip
