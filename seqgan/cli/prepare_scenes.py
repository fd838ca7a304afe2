"""`seqgan data prepare fluent-scenes|fluent-motion|digits`: clips, a sentence each."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from seqgan.cli import options

if TYPE_CHECKING:
    from seqgan.data.manifest import Record

Sources = Annotated[
    Path | None,
    typer.Option("--from", metavar="DIR", help="Folder of the fetched sources; default: $SEQGAN_HOME/sources."),
]
Frames = Annotated[int, typer.Option("--frames", help="Frames of a clip, 2 to 128.")]
Size = Annotated[int, typer.Option("--size", help="Height in pixels, and width.")]
Seed = Annotated[int, typer.Option("--seed", min=0, help="Another seed makes other splits and scenes.")]
Workers = Annotated[int | None, typer.Option("--workers", min=1, help="Processes; default: one a core.")]


def prepare_fluent_scenes(
    out: options.Out,
    scenes: Annotated[int, typer.Option("--scenes", help="Places and times that each animation is put in.")] = 4,
    frames: Frames = 32,
    size: Size = 64,
    seed: Seed = 0,
    wide: Annotated[
        bool, typer.Option("--wide", help="Frames of boards' panels, 64 x 112; people stand anywhere on the ground.")
    ] = False,
    sources: Sources = None,
    workers: Workers = None,
    as_json: options.Json = False,
) -> int:
    """Put people of the animated Fluent Emoji in the theatre's places; fetch fluent-motion and emojibase first."""
    import os

    from seqgan.data.fluent.scenes import prepare_fluent_scenes as prepare

    processes = workers or os.cpu_count() or 1
    about = prepare(out, scenes, frames, size, seed, wide, _folders(sources), processes, not as_json)
    return _told(out, about, as_json)


def prepare_fluent_motion(
    out: options.Out, frames: Frames = 32, size: Size = 64, seed: Seed = 0, sources: Sources = None,
    workers: Workers = None, as_json: options.Json = False,
) -> int:  # fmt: skip
    """Prepare the animated Fluent Emoji on white, told by their names; fetch fluent-motion and emojibase first."""
    import os

    from seqgan.data.fluent.motion import prepare_fluent_motion as prepare

    about = prepare(out, frames, size, seed, _folders(sources), workers or os.cpu_count() or 1, not as_json)
    return _told(out, about, as_json)


def prepare_digits(
    out: options.Out,
    clips: Annotated[
        str, typer.Option("--clips", metavar="N", help="How many: 10000, or a split: train=7000,val=1000,test=1000.")
    ] = "10000",
    digits: Annotated[int, typer.Option("--digits", min=1, max=2, help="Digits of a clip, 1 or 2.")] = 1,
    motions: Annotated[
        Literal["lr,ud", "six"], typer.Option("--motions", help="To and fro; six: also once, in an order.")
    ] = "lr,ud",
    frames: Frames = 16,
    size: Size = 64,
    seed: Seed = 0,
    sources: Sources = None,
    as_json: options.Json = False,
) -> int:  # fmt: skip
    """Prepare bouncing digits with exact words of motion; fetch mnist-5k first."""
    from seqgan.data.digits.prepare import prepare_digits as prepare

    counts = options.read_counts(clips, "--clips", "10000, or train=7000,val=1000,test=1000")
    folder = sources / "mnist-5k" if sources else None
    return _told(out, prepare(out, counts, digits, motions, frames, size, seed, folder, not as_json), as_json)


def _folders(sources: Path | None) -> dict[str, Path] | None:
    from seqgan.data.fluent.scenes import SOURCES

    return {name: sources / name for name in SOURCES} if sources else None


def _told(out: Path, about: Record, as_json: bool) -> int:
    """Say what was written."""
    told = ("counts", "size", "frames", "fps", "seed", "split_by", "hash")
    record = {"folder": str(out), **{key: about[key] for key in told}}
    options.show(record, as_json, options.table(record))
    return 0
