"""`seqgan figures`: the papers' figures of a model of captions, as PNG."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from seqgan.cli import options
from seqgan.errors import InputError

if TYPE_CHECKING:
    import numpy as np

FROM_DATA = 4
"""Captions, and pictures for their style, that are taken of a data set."""


def figures(
    checkpoint: options.Checkpoint,
    out: Annotated[Path, typer.Option("-o", "--out", metavar="DIR", help="Folder for the figures.")],
    caption: Annotated[
        list[str] | None, typer.Option("--caption", metavar="TEXT", help="A caption to draw. Repeatable.")
    ] = None,
    data: Annotated[
        str | None, typer.Option("--data", metavar="DATA", help="A picture data set whose captions are drawn.")
    ] = None,
    split: Annotated[str, typer.Option("--split", help="Its split.")] = "test",
    style: Annotated[
        list[Path] | None, typer.Option("--style", metavar="PICTURE", help="A picture to take style from. Repeatable.")
    ] = None,
    seed: Annotated[int, typer.Option("--seed", min=0, help="Seed of the first sample.")] = 0,
    device: options.Device = "auto",
    threads: options.Threads = None,
) -> int:
    """Draw the papers' figures: samples.png, explain.png (stages and attention), sizes.png, interpolation.png, and
    styles.png where the model has a style encoder. Captions: --caption, else the first of --data."""
    from seqgan.sampling.figures import figures as draw
    from seqgan.sampling.frame import FrameSampler
    from seqgan.sampling.pictures import read_picture

    captions, drivers = list(caption or []), [read_picture(path) for path in style or []]
    if data is not None:
        found, pictures = _from_data(data, split)
        captions, drivers = captions or found, drivers or pictures
    if not captions:
        raise InputError("no caption came to draw figures of; give --caption TEXT, once or more, or --data DATA")
    sampler = FrameSampler.load(checkpoint, device, threads)
    out.mkdir(parents=True, exist_ok=True)
    for name, sheet in draw(sampler, captions, seed, drivers):
        made = {"kind": f"figure {name}", "captions": captions, "seed": seed, "model": sampler.info}
        typer.echo(str(_save(out / f"{name}.png", sheet, made)))
    return 0


def _from_data(data: str, split: str) -> tuple[list[str], list[np.ndarray]]:
    """The first captions of different pictures, and their pictures."""
    from seqgan.data.folders import data_folder
    from seqgan.data.pictures import PictureData

    pictures = PictureData.open(data_folder(data, "frame"), split)
    step = max(len(pictures) // FROM_DATA, 1)
    rows = range(0, min(len(pictures), step * FROM_DATA), step)
    return [pictures.captions[row][0] for row in rows], [pictures.images[row].copy() for row in rows]


def _save(path: Path, sheet: np.ndarray, made: dict[str, Any]) -> Path:
    """Write a figure whole, with the record of what made it where `studio info` reads it."""
    from PIL import Image, PngImagePlugin

    from seqgan import __version__

    about = PngImagePlugin.PngInfo()
    record = {"program": f"seqgan {__version__}", **made}
    about.add_itxt("seqgan", json.dumps(record, sort_keys=True, separators=(",", ":")))
    beside = path.with_name(f".{path.name}.part")
    Image.fromarray(sheet).save(beside, format="PNG", pnginfo=about)
    beside.replace(path)
    return path
