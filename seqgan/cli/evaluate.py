"""`seqgan evaluate`: draw the stories, clips or captions of a data set, judge them, and measure."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from seqgan.cli import options


def evaluate(
    checkpoint: options.Checkpoint,
    data: options.Data,
    split: Annotated[
        list[str] | None,
        typer.Option(
            "--split", help="Repeatable; default: test and test_unseen of stories, test of pictures and clips."
        ),
    ] = None,
    metrics: Annotated[
        str,
        typer.Option(
            "--metrics",
            metavar="A,B",
            help="Of stories: labels, alone, names, neighbours, kid; of pictures: "
            "match, labels, distribution, diversity, scales, neighbours, ranking, styles; of stories of clips: "
            "ssim, labels, distribution, consistency, match, neighbours. Default: all.",
        ),
    ] = "",
    count: Annotated[int, typer.Option("--n", min=1, help="Stories, pictures or clips of each split.")] = 1000,
    seed: Annotated[int, typer.Option("--seed", min=0, help="Board seed.")] = 0,
    judge: Annotated[
        str,
        typer.Option(
            "--judge", help="The judge: an installed one, or a folder. Of stories: theatre-judge; clips need one."
        ),
    ] = "",
    damsm: Annotated[
        str, typer.Option("--damsm", help="For pictures: a DAMSM that no generator was trained with.")
    ] = "",
    out: Annotated[
        Path | None, typer.Option("--json", metavar="OUT", help="Write (or add to) this JSON file; - prints JSON.")
    ] = None,
    sheet: Annotated[
        Path | None, typer.Option("--sheet", metavar="PNG", help="Samples beside their nearest training panels.")
    ] = None,
    guidance: Annotated[
        float,
        typer.Option(
            "--guidance",
            min=0,
            help="For StoryGANs that read labels: how much further frames go from nobody named to who is.",
        ),
    ] = 0.0,
    device: options.Device = "auto",
    threads: options.Threads = None,
) -> int:
    """Draw every story or caption once through the sampler, let the judges look, and print what they saw."""
    from seqgan.data.folders import data_folder
    from seqgan.training.measure import measure
    from seqgan.training.reports import print_report, write_report

    to_stdout = str(out) == "-"
    report = measure(
        checkpoint, data_folder(data), tuple(split or ()), count, seed, tuple(metrics.split(",")) if metrics else (),
        judge, damsm, device, threads, sheet, to_stdout, guidance,
    )  # fmt: skip
    if to_stdout:
        typer.echo(json.dumps(report, ensure_ascii=False, indent=1))
        return 0
    print_report(report)
    if out is not None:
        write_report(report, out)
    return 0
