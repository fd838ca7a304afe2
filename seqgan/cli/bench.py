"""`seqgan bench`: how fast this machine draws and trains."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from seqgan.cli import options

app = typer.Typer(help="Speed on this machine: sample, frame, scale, train.", no_args_is_help=True)


@app.command("sample")
def bench_sample(
    checkpoint: options.Checkpoint = "theatre-64",
    threads: options.Threads = 2,
    repeats: Annotated[int, typer.Option("--n", min=3, help="Repeats; the median counts.")] = 20,
    device: options.Device = "auto",
    onnx: Annotated[
        Path | None, typer.Option("--onnx", metavar="FILE", help="Time this export of the checkpoint beside it.")
    ] = None,
    save: Annotated[Path | None, typer.Option("--csv", metavar="FILE", help="Add the result to this table.")] = None,
    as_json: options.Json = False,
) -> int:
    """Panels a second at batch 1 (text to uint8), time of one edited panel, memory, load time."""
    from seqgan.sampling.bench import bench_sampler, save_row

    record = bench_sampler(checkpoint, threads, repeats, device, onnx)
    if save is not None:
        save_row(record, save)
    options.show(record, as_json, options.table(record))
    return 0


@app.command("scale")
def bench_scale(
    name: Annotated[
        str, typer.Argument(metavar="CKPT|PRESET", help="Whose sizes: a checkpoint, or a preset of stories.")
    ] = "theatre-64",
    threads: options.Threads = None,
    repeats: Annotated[int, typer.Option("--n", min=1, help="Repeats; the median counts.")] = 5,
    device: options.Device = "auto",
    quick: Annotated[bool, typer.Option("--quick", help="Two points an axis, once each.")] = False,
    out: Annotated[
        Path | None, typer.Option("-o", "--out", metavar="DIR", help="Folder for the plot, scale.png.")
    ] = None,
    save: Annotated[Path | None, typer.Option("--csv", metavar="FILE", help="Add a row a point to this table.")] = None,
    as_json: options.Json = False,
) -> int:
    """Time and memory of drawing against panels, frame height, batch and width, with fitted exponents."""
    from seqgan.sampling.bench import save_row
    from seqgan.sampling.scale import bench_scale as measure
    from seqgan.sampling.scale import scale_lines, scale_rows
    from seqgan.sampling.scale_plot import plot_scale

    record = measure(name, threads, repeats, device, quick)
    if out is not None:
        out.mkdir(parents=True, exist_ok=True)
        plot_scale(record).save(out / "scale.png")
    if save is not None:
        for row in scale_rows(record):
            save_row(row, save)
    options.show(record, as_json, scale_lines(record))
    return 0


@app.command("frame")
def bench_frame(
    name: Annotated[
        str,
        typer.Argument(metavar="SYSTEM|CKPT", help="A published system, or a checkpoint of frames, clips or stories."),
    ],
    threads: options.Threads = 2,
    repeats: Annotated[int, typer.Option("--n", min=1, help="Repeats; the median counts.")] = 20,
    frames: Annotated[
        int | None, typer.Option("--frames", min=1, help="Frames of a clip; default: the checkpoint's.")
    ] = None,
    save: Annotated[Path | None, typer.Option("--csv", metavar="FILE", help="Add the result to this table.")] = None,
    as_json: options.Json = False,
) -> int:
    """One picture, one clip, or the panels of a story: ours and bfloat16 beside the plain form, on the CPU."""
    from seqgan.sampling.bench import save_row
    from seqgan.sampling.frame_bench import bench_frame as measure

    record = measure(name, threads, repeats, frames)
    if save is not None:
        save_row(record, save)
    options.show(record, as_json, options.table(record))
    return 0


@app.command("train")
def bench_train(
    preset: Annotated[str, typer.Argument(metavar="PRESET", help="A recipe of `seqgan presets`.")] = "storygan_theatre",
    data: options.Data = "synthetic",
    repeats: Annotated[int, typer.Option("--n", min=1, help="Steps; the median counts.")] = 20,
    device: options.Device = "auto",
    precision: options.Precision = "auto",
    threads: options.Threads = None,
    changes: Annotated[
        list[str] | None, typer.Option("--set", metavar="A.B=C", help="Change a setting of the preset. Repeatable.")
    ] = None,
    compiled: Annotated[bool, typer.Option("--compile", help="Compile the convolutions of our form.")] = False,
    save: Annotated[Path | None, typer.Option("--csv", metavar="FILE", help="Add the result to this table.")] = None,
    as_json: options.Json = False,
) -> int:
    """Time of a training step: ours, the plain form's, and the data's; images a second and share of the peak."""
    from seqgan.data.folders import data_folder
    from seqgan.presets import preset as find_preset
    from seqgan.sampling.bench import save_row
    from seqgan.training.bench import bench_training

    record = bench_training(
        preset, data_folder(data, find_preset(preset).kind), repeats, changes=tuple(changes or ()), device=device,
        precision=precision, threads=threads, compiled=compiled,
    )  # fmt: skip
    if save is not None:
        save_row(record, save)
    options.show(record, as_json, options.table(record))
    return 0
