"""`seqgan data prepare theatre`: stories composed from a cast pack, in a layout of our own, as clips or in Pororo's."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from seqgan.cli import options

OWN = ("stories", "size", "aspect", "jitter")
"""Options of our own layout and of clips; those of Pororo's are clips and episodes."""


def theatre(
    ctx: typer.Context,
    out: options.Out,
    cast: Annotated[
        str, typer.Option("--cast", metavar="DIR", help="A cast pack: a folder, or one that ships.")
    ] = "fluent",
    layout: Annotated[
        Literal["theatre", "clips", "pororo"],
        typer.Option("--layout", help="theatre: our own; clips: five a story; pororo: every file of Pororo-SV."),
    ] = "theatre",
    stories: Annotated[
        str, typer.Option("--stories", metavar="N", help="How many: 10000, or per split: train=9000,val=400,test=600.")
    ] = "1000",
    size: Annotated[int, typer.Option("--size", min=16, max=2048, help="Height of a panel in pixels.")] = 64,
    aspect: Annotated[str, typer.Option("--aspect", metavar="W:H", help="Shape of a panel.")] = "16:9",
    jitter: Annotated[
        float, typer.Option("--jitter", min=0, help="Of what no sentence tells; 0 puts everything on its mark.")
    ] = 1.0,
    clips: Annotated[int, typer.Option("--clips", min=15, help="Clips in all, with --layout pororo.")] = 16_066,
    episodes: Annotated[int, typer.Option("--episodes", min=3, help="Episodes, with --layout pororo.")] = 183,
    seed: Annotated[int, typer.Option("--seed", min=0, help="The same seed makes the same data.")] = 0,
    workers: Annotated[int | None, typer.Option("--workers", min=1, help="Processes; default: one a core.")] = None,
    as_json: options.Json = False,
) -> int:
    """Compose stories with pictures and exact labels from a cast pack."""
    import os

    from seqgan.data.folders import cast_folder

    options.refuse(ctx, OWN if layout == "pororo" else ("clips", "episodes"), f"--layout {layout}")
    if layout == "pororo":
        return _pororo(out, cast_folder(cast), clips, episodes, seed, workers or os.cpu_count() or 1, as_json)
    from seqgan.data.theatre.clips import prepare_clips
    from seqgan.data.theatre.prepare import prepare

    about = (prepare_clips if layout == "clips" else prepare)(
        cast_folder(cast),
        out,
        options.read_counts(stories, "--stories", "10000, or train=9000,val=400,test=600"),
        read_size(size, aspect),
        seed,
        workers or os.cpu_count() or 1,
        not as_json,
        jitter,
    )
    record = {"folder": str(out), **{key: about[key] for key in ("counts", "size", "seed", "hash")}}
    options.show(record, as_json, options.table(record))
    return 0


def _pororo(out: Path, pack: Path, clips: int, episodes: int, seed: int, workers: int, as_json: bool) -> int:
    from seqgan.data.theatre.pororo_layout import prepare_pororo_layout

    about = prepare_pororo_layout(pack, out, clips, episodes, seed, workers, not as_json)
    record = {"folder": str(out), **about}
    shown = {**record, "characters": ", ".join(about["characters"]), "stories": None}
    lines = options.table(shown)
    lines += [f"{name}: {options.table({'': sizes})[0].strip()}" for name, sizes in about["stories"].items()]
    lines += ["", f"next: seqgan data prepare pororo {out} -o SET"]
    options.show(record, as_json, lines)
    return 0


def read_size(height: int, aspect: str) -> tuple[int, int]:
    """Return (height, width) for an aspect like "16:9", the width as a multiple of 16: 64 at 16:9 is (64, 112).

    Raises:
        typer.BadParameter: if the aspect is not two numbers, or the height no multiple of 16.
    """
    try:
        across, down = (float(part) for part in aspect.split(":"))
        ratio = across / down
    except (ValueError, ZeroDivisionError):
        raise typer.BadParameter(f'--aspect "{aspect}" is no shape; write it like 16:9') from None
    if not 0.1 <= ratio <= 10:
        raise typer.BadParameter(f'--aspect "{aspect}" is too long; expected between 1:10 and 10:1')
    if height % 16:
        raise typer.BadParameter(f"--size {height} is no multiple of 16; take {round(height / 16) * 16 or 16}")
    return height, max(16, round(height * ratio / 16) * 16)
