"""Clips from captions, with the record that their files carry.

sampler = open_clips()                                   # the first installed model of clips
for single in draw_clips(sampler, "a woman is juggling", seeds=[0, 1], motion_seeds=[0, 1]): ...
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from studio.rendering.frames import made_of
from studio.rendering.knobs import FLOAT32
from studio.rendering.pictures import picture_file

if TYPE_CHECKING:
    import numpy as np
    from PIL import Image

    from seqgan.sampling import ClipSampler
    from seqgan.sampling.clip import DrawnClip


@dataclass(frozen=True)
class SingleClip:
    """A clip of a caption: as it was drawn, stream by stream, and what made it."""

    drawn: DrawnClip
    made: dict[str, Any]


@dataclass(frozen=True)
class First:
    """The picture that a clip begins with, uint8 (H, W, 3), and what is recorded of its file."""

    pixels: np.ndarray
    made: dict[str, str]


def open_clips(
    model: str | None = None, device: str = "auto", moving: bool = False, precision: str = FLOAT32
) -> ClipSampler:
    """Load the model of clips of a name or folder; without one, the first that is installed (and moves pictures).

    Raises CheckpointError where there is none, or it is damaged or draws no clips; the message says what to do.
    Raises InputError for an unknown precision.
    """
    from seqgan.sampling import ClipSampler, clip_model

    return ClipSampler.load(clip_model(model, moving), device).at(precision)


def read_first(path: Path) -> First:
    """Read a picture file that a clip is to begin with. Raises InputError for a file that is no picture."""
    return First(*picture_file(path))


def draw_clips(
    sampler: ClipSampler,
    text: str,
    seeds: Sequence[int],
    motion_seeds: Sequence[int] | None = None,
    first: First | None = None,
) -> Iterator[SingleClip]:
    """Draw a caption once for each pair of seeds, of the scene and of the motion (the same ones by default).

    Raises InputError for a caption that says nothing, a negative seed, or a first picture that does not fit the model.
    """
    for seed, motion in zip(seeds, seeds if motion_seeds is None else motion_seeds, strict=True):
        drawn = sampler.explain(text, seed, motion, None if first is None else first.pixels)
        more = _read(drawn) | ({"first": first.made} if first else {})
        yield SingleClip(drawn, made_of(sampler, "clip", text, seed=seed, motion_seed=motion, **more))


def _read(drawn: DrawnClip) -> dict[str, Any]:
    """What of a caption was read, as records have it."""
    reading = drawn.reading
    missed = [*reading.ignored, *reading.cut]
    return {"prompt": " ".join(reading.words)} | ({"unread": missed, "whole": reading.whole} if missed else {})


def watchable(frames: np.ndarray, shown: Mapping[str, Any]) -> list[Image.Image]:
    """Frames (T, H, W, 3) uint8 as pictures to watch.

    `shown` says how many times as many they become ("interpolated") and how many times as large ("enlarged").
    """
    from seqgan.sampling import smoothed
    from studio.media.moving import enlarged

    return enlarged(smoothed(frames, shown["interpolated"]), shown["enlarged"])


def encode_clip(pictures: Sequence[Image.Image], fps: int, made: Mapping[str, Any], title: str = "") -> bytes:
    """Return pictures of one size as the bytes of an MP4 with its record and mark; same input, same bytes."""
    from studio.export.moving import write_moving

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "clip.mp4"
        write_moving(path, pictures, fps, made, title)
        return path.read_bytes()
