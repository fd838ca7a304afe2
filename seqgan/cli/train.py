"""`seqgan train`: a preset and a data set become a checkpoint."""

from __future__ import annotations

import json
import os
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from seqgan.cli import options


class Resume(StrEnum):
    """What happens when the run folder holds a state."""

    auto = "auto"
    never = "never"


def train(
    preset: Annotated[str, typer.Argument(metavar="PRESET", help="A recipe of `seqgan presets`.")],
    data: options.Data,
    run_dir: Annotated[
        Path | None,
        typer.Option("--run-dir", metavar="DIR", help="Run folder; default: a new one in $SEQGAN_HOME/runs."),
    ] = None,
    resume: Annotated[
        Resume, typer.Option("--resume", help="auto: go on where the run folder stopped; never: refuse to.")
    ] = Resume.auto,
    init: Annotated[
        str | None, typer.Option("--init", metavar="CKPT", help="Start from the weights of this checkpoint.")
    ] = None,
    changes: Annotated[
        list[str] | None, typer.Option("--set", metavar="A.B=C", help="Change a setting of the preset. Repeatable.")
    ] = None,
    distil: Annotated[
        Path | None,
        typer.Option("--distil", metavar="FILE", help="text-encoder: published embeddings of the captions to be fit."),
    ] = None,
    max_images: Annotated[int | None, typer.Option("--max-images", min=1, help="Stop after so many images.")] = None,
    seconds: Annotated[
        float, typer.Option("--seconds", min=0, help="Stop, state saved, after this time; 0: never.")
    ] = 0,
    device: options.Device = "auto",
    precision: options.Precision = "auto",
    threads: options.Threads = None,
    devices: Annotated[
        int, typer.Option("--devices", min=1, help="Processes on this machine that share every batch, one a GPU.")
    ] = 1,
    compiled: Annotated[
        bool, typer.Option("--compile", help="Compile the convolutions first: minutes once, then faster steps.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Print the resolved settings, sizes and memory, and stop.")
    ] = False,
) -> int:
    """Train a preset; Ctrl-C saves the state, and the same command goes on from there."""
    from seqgan.data.folders import data_folder
    from seqgan.errors import ConfigError
    from seqgan.presets import preset as find_preset
    from seqgan.registry import find_model

    kind, changes = find_preset(preset).kind, changes or []
    if distil is not None:
        if kind != "text":
            raise ConfigError(f"--distil fits a text encoder, not {preset}; use seqgan train text-encoder")
        changes = [*changes, f"distil={json.dumps(str(distil))}"]
    if resume is Resume.never and run_dir is not None and (run_dir / "state.pt").is_file():
        raise ConfigError(f"{run_dir} holds a run already; choose another --run-dir, or --resume auto to go on with it")
    numbers = {"max_images": max_images, "seconds": seconds, "device": device, "precision": precision,
               "threads": threads}  # fmt: skip
    if devices > 1:
        flags = [*(["--compile"] if compiled else []), *(["--dry-run"] if dry_run else [])]
        return _launch(devices, preset, data, run_dir, init, changes, numbers, flags)
    from seqgan.training.train import run_training

    start = find_model(init) if init is not None else None
    folder = run_training(
        preset, data_folder(data, kind), run_dir, init=start, changes=changes, compiled=compiled, dry_run=dry_run,
        **numbers,
    )  # fmt: skip
    if not dry_run and os.environ.get("RANK", "0") == "0":  # of several processes the first one speaks
        typer.echo(f"checkpoint: {folder}")
    return 0


def _launch(
    devices: int, preset: str, data: str, run_dir: Path | None, init: str | None, changes: list[str],
    numbers: dict[str, Any], flags: list[str],
) -> int:  # fmt: skip
    """The same command in several processes, which must all be told the same run folder."""
    from seqgan.training.launch import launch
    from seqgan.training.run_dir import new_run

    words = [preset, "--data", data, "--run-dir", str(run_dir or new_run(preset))]
    words += [word for change in changes for word in ("--set", change)]
    given = {name: value for name, value in numbers.items() if value is not None}
    words += [word for name, value in given.items() for word in (f"--{name.replace('_', '-')}", str(value))]
    return launch([*words, *(["--init", init] if init else []), *flags], devices)
