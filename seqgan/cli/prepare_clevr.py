"""`seqgan data prepare clevr-sv`: stories of objects on a floor, drawn by our own code or read as released."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from seqgan.cli import options
from seqgan.cli.prepare_pictures import SHOWN, Seed, Strict

RELEASED_SHARE = "500 of drawn stories, none of released ones"


def prepare_clevr_sv(
    ctx: typer.Context,
    out: options.Out,
    stories: Annotated[int, typer.Option("--stories", min=1, help="Stories to train on.")] = 10_000,
    test: Annotated[int, typer.Option("--test", min=0, help="Stories to test on.")] = 3_000,
    val: Annotated[int | None, typer.Option("--val", min=0, help=f"Stories of val; default: {RELEASED_SHARE}.")] = None,
    size: Annotated[int, typer.Option("--size", min=16, max=256, help="Height and width in pixels.")] = 64,
    seed: Seed = 0,
    workers: Annotated[int | None, typer.Option("--workers", min=1, help="Processes; default: one a core.")] = None,
    source: Annotated[
        Path | None,
        typer.Option("--from", metavar="SOURCE", help="Read the released set: its folder, or an .npz file of it."),
    ] = None,
    strict: Strict = False,
    as_json: options.Json = False,
) -> int:
    """Draw CLEVR-SV anew, with the published sentences and vectors of 75 numbers; --from reads the released one."""
    import os

    from seqgan.data.clevr.prepare import COUNTS, prepare_clevr
    from seqgan.data.clevr.released import prepare_released

    if source:
        options.refuse(ctx, ("stories", "test", "workers"), "--from")
        about = prepare_released(out, source, size, val or 0, seed, strict, not as_json)
    else:
        counts = {"train": stories, "val": COUNTS["val"] if val is None else val, "test": test}
        about = prepare_clevr(out, counts, size, seed, workers or os.cpu_count() or 1, not as_json)
    record = {"folder": str(out), **{key: about[key] for key in ("counts", "size", "seed", "hash")}}
    lost = about.get("left_out", [])
    options.show(record | {"left_out": lost}, as_json, [*options.table(record), *lost[:SHOWN]])
    return 0
