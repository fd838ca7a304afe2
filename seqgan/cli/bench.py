"""`seqgan bench`: how fast this machine draws and trains."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from seqgan.cli import options

app = typer.Typer(help="Speed on this machine: sample, train.", no_args_is_help=True)


@app.command("sample")
def bench_sample(
    checkpoint: options.Checkpoint = "theatre-64",
    threads: options.Threads = 2,
    repeats: Annotated[int, typer.Option("--n", min=3, help="Repeats; the median counts.")] = 20,
    device: options.Device = "auto",
    save: Annotated[Path | None, typer.Option("--save", metavar="CSV", help="Add the result to this table.")] = None,
    as_json: options.Json = False,
) -> int:
    """Panels a second at batch 1 (text to uint8), time of one edited panel, memory, load time."""
    from seqgan.sampling.bench import bench_sampler, save_row

    record = bench_sampler(checkpoint, threads, repeats, device)
    if save is not None:
        save_row(record, save)
    options.show(record, as_json, options.table(record))
    return 0


@app.command("train")
def bench_train(
    preset: Annotated[str, typer.Argument(metavar="PRESET", help="A recipe of `seqgan presets`.")] = "storygan_theatre",
    data: options.Data = "synthetic",
    images: Annotated[int, typer.Option("--images", min=64, help="Images to train on; nothing is kept.")] = 640,
    device: options.Device = "auto",
    precision: options.Precision = "auto",
    threads: options.Threads = None,
    as_json: options.Json = False,
) -> int:
    """Images a second of the real training loop."""
    from seqgan.data.folders import data_folder
    from seqgan.training.bench import bench_training

    record = bench_training(preset, data_folder(data), images, device=device, precision=precision, threads=threads)
    options.show(record, as_json, options.table(record))
    return 0
