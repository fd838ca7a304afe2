"""`seqgan compare`: systems side by side, with paired intervals, in one HTML file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from seqgan.cli import options

Systems = Annotated[
    list[str], typer.Argument(metavar="A B ...", help="Checkpoints, or folders of boards: 000000.png, ... a story.")
]
Split = Annotated[str, typer.Option("--split", help="Whose stories are drawn.")]
Judge = Annotated[str, typer.Option("--judge", help="For labels: a judge of train story_judge, or theatre-judge.")]
Seed = Annotated[int, typer.Option("--seed", min=0, help="Board seed.")]


def compare(
    systems: Systems,
    data: options.Data,
    html: Annotated[Path, typer.Option("--html", metavar="OUT", help="Where the report goes.")],
    split: Split = "test",
    count: Annotated[int, typer.Option("--n", min=2, help="Stories, spread evenly over the split.")] = 500,
    shown: Annotated[int, typer.Option("--shown", min=1, help="Stories that the report shows.")] = 12,
    seed: Seed = 0,
    metrics: Annotated[
        str,
        typer.Option(
            "--metrics",
            metavar="A,B",
            help="ssim, labels, distribution, consistency, match, neighbours. Default: all.",
        ),
    ] = "",
    judge: Judge = "",
    device: options.Device = "auto",
) -> int:
    """Draw the same stories from the same seeds with every system, measure them, and lay them side by side."""
    from seqgan.data.folders import data_folder
    from seqgan.sampling.drawing import device_named
    from seqgan.training.sequence_compare import compare, write_comparison
    from seqgan.training.sequence_systems import system_of

    chosen = str(device_named(device))
    found = compare(
        systems, lambda name, stories: system_of(name, stories, chosen), data_folder(data), split, count, seed,
        tuple(metrics.split(",")) if metrics else (), judge, chosen,
    )  # fmt: skip
    write_comparison(found, html, shown)
    typer.echo(f"report: {html}")
    return 0
