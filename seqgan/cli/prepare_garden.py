"""`seqgan data prepare garden`: flowers drawn by our own code, with captions."""

from __future__ import annotations

from typing import Annotated

import typer

from seqgan.cli import options


def garden(
    out: options.Out,
    pictures: Annotated[
        str, typer.Option("--pictures", metavar="N", help="How many: 6000, or a split: train=5000,val=300,test=700.")
    ] = "6000",
    size: Annotated[int, typer.Option("--size", min=16, max=1024, help="Height and width in pixels.")] = 64,
    seed: Annotated[int, typer.Option("--seed", min=0, help="The same seed makes the same data.")] = 0,
    workers: Annotated[int | None, typer.Option("--workers", min=1, help="Processes; default: one a core.")] = None,
    as_json: options.Json = False,
) -> int:
    """Draw flowers with ten captions and exact labels each."""
    import os

    from seqgan.data.garden.prepare import prepare_garden

    about = prepare_garden(
        out,
        options.read_counts(pictures, "--pictures", "6000, or train=5000,val=300,test=700"),
        size,
        seed,
        workers or os.cpu_count() or 1,
        not as_json,
    )
    record = {"folder": str(out), **{key: about[key] for key in ("counts", "size", "seed", "hash")}}
    options.show(record, as_json, options.table(record))
    return 0
