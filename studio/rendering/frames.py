"""Single pictures from captions, with the record that their files carry.

sampler = open_frames()                                  # the best installed model of captions
for single in draw_frames(sampler, "a small red bird", seeds=[0, 1]): ...
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from studio.document.made import PROGRAM, model_ref
from studio.rendering.knobs import FLOAT32, settled
from studio.rendering.pictures import picture_file, versions_in_use

if TYPE_CHECKING:
    import numpy as np

    from seqgan.sampling import ClipSampler, FrameSampler
    from seqgan.sampling.frame import Drawn


@dataclass(frozen=True)
class Single:
    """A picture of a caption: as it was drawn, stage by stage, and what made it."""

    drawn: Drawn
    made: dict[str, Any]


@dataclass(frozen=True)
class Style:
    """The style of a picture file: the noise that it would be drawn from, and what is recorded of it."""

    z: np.ndarray
    made: dict[str, str]


def open_frames(
    model: str | None = None, device: str = "auto", styled: bool = False, precision: str = FLOAT32
) -> FrameSampler:
    """Load the model of captions of a name or folder; without one, the best that is installed (and takes styles).

    Raises CheckpointError where there is none, or it is damaged or draws no captions; the message says what to do.
    Raises InputError for an unknown precision.
    """
    from seqgan.sampling import FrameSampler, frame_model

    return FrameSampler.load(frame_model(model, styled), device).at(precision)


def read_style(sampler: FrameSampler, path: Path) -> Style:
    """Read the style of a picture file.

    Raises InputError for a file that is no picture, CheckpointError for a model without a style encoder.
    """
    pixels, made = picture_file(path)
    return Style(sampler.style(pixels), made)


def draw_frames(sampler: FrameSampler, text: str, seeds: Sequence[int], style: Style | None = None) -> Iterator[Single]:
    """Draw a caption once for each seed.

    Raises InputError for a caption that is empty or of unknown words alone, and for a negative seed.
    """
    for seed in seeds:
        drawn = sampler.explain(text, seed, None if style is None else style.z)
        more = {"prompt": " ".join(drawn.reading.words)} | ({"style": style.made} if style else {})
        yield Single(drawn, made_of(sampler, "frame", text, seed=seed, **more))


def made_of(sampler: FrameSampler | ClipSampler, kind: str, text: str, **more: Any) -> dict[str, Any]:
    """The record of what a model drew. It holds no moment, so that the same input gives a file of the same bytes."""
    model = model_ref(sampler.info).model_dump(mode="json")
    return {
        "program": PROGRAM, "kind": kind, "text": text, "model": model, "composed": False,
        "device": str(sampler.device), **settled(sampler.precision), "versions": dict(versions_in_use(False)), **more,
    }  # fmt: skip
