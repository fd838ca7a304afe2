"""`studio morph`: from one caption to another as a moving picture (GAN-INT)."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from studio.cli import options
from studio.cli.console import Console, Interruptible


def morph(
    one: Annotated[str, typer.Argument(metavar="A", help="What it shows first.")],
    two: Annotated[str, typer.Argument(metavar="B", help="What it shows last.")],
    out: Annotated[Path, typer.Option("-o", "--out", metavar="FILE", help="A .gif, .webp or .mp4.")],
    frames: Annotated[int, typer.Option("--frames", min=2, max=1000, help="Pictures, both ends included.")] = 24,
    fps: Annotated[int, typer.Option("--fps", help="Pictures a second.")] = 12,
    model: options.FrameModel = None,
    seed: options.FrameSeed = 0,
    device: options.Device = "auto",
    precision: options.Precision = options.PrecisionName.float32,
    as_json: options.Json = False,
) -> int:
    """Draw what lies between two texts.

    The noise stays, the text moves from A to B; models that read single words read those of both, by their shares.
    """
    from PIL import Image

    from seqgan.sampling import told
    from studio.errors import CancelledError
    from studio.export.moving import check_moving, write_moving
    from studio.rendering.frames import made_of, open_frames

    check_moving(out, fps)
    console, sampler = Console(as_json), open_frames(model, device, precision=precision)
    readings = [sampler.read(text) for text in (one, two)]
    for reading in readings:
        for note in told(reading)[1:]:
            console.note(note)
    pictures = []
    with console.progress(), Interruptible() as stop:
        for number, picture in sampler.between(one, two, frames, seed):
            if stop():
                raise CancelledError(f"stopped at picture {number + 1} of {frames}; nothing was written")
            pictures.append(Image.fromarray(picture))
            console.step("pictures", number + 1, frames)
    made = made_of(sampler, "morph", one, to=two, seed=seed, frames=frames, fps=fps)
    write_moving(out, pictures, fps, made, f"{one} - {two}")
    record = {"file": str(out), "model": made["model"]["name"], "frames": frames, "fps": fps}
    console.result(record, [f"{out}: {frames} pictures, {frames / fps:.1f} s, drawn by {record['model']}"])
    return 0
