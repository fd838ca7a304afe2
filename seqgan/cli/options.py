"""Options that several commands share, and how results are printed."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

Data = Annotated[
    str,
    typer.Option("--data", metavar="DATA", help="A data set: a folder, a name under $SEQGAN_HOME/data, or synthetic."),
]
Checkpoint = Annotated[
    str, typer.Argument(metavar="CKPT", help="A checkpoint: the name of an installed one, or a folder.")
]
Device = Annotated[str, typer.Option("--device", help="auto, cpu or cuda.")]
Precision = Annotated[str, typer.Option("--precision", help="auto, float32 or bfloat16.")]
Threads = Annotated[int | None, typer.Option("--threads", min=1, help="CPU threads; default: the machine's choice.")]
Out = Annotated[Path, typer.Option("-o", "--out", metavar="OUT", help="Where the result goes.")]
Json = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]


def show(record: Any, as_json: bool, lines: Sequence[str]) -> None:
    """Print a result: as JSON if asked for, else as lines."""
    if as_json:
        typer.echo(json.dumps(record, ensure_ascii=False, indent=1, default=str))
        return
    for line in lines:
        typer.echo(line)


def table(record: dict[str, Any]) -> list[str]:
    """Lay out a flat record as aligned lines; absent values are left out."""
    width = max((len(key) for key in record), default=0)
    return [f"{key:{width}}  {_text(value)}" for key, value in record.items() if value is not None]


def _text(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{key} {number}" for key, number in value.items()) or "none"
    return " x ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)


def refuse(ctx: typer.Context, names: Sequence[str], beside: str) -> None:
    """Raises typer.BadParameter for the first of these options that was given: it has no meaning beside another."""
    sources = {name: ctx.get_parameter_source(name) for name in names}
    given = [name for name, source in sources.items() if source and source.name == "COMMANDLINE"]
    if given:
        raise typer.BadParameter(f"--{given[0]} has no meaning with {beside}; leave it away")


def read_counts(text: str, option: str, example: str) -> int | dict[str, int]:
    """Read "1000" as 1000, and "train=900,test=100" as a count a split.

    Raises:
        typer.BadParameter: for anything else; it shows the option and an example.
    """
    try:
        if "=" not in text:
            return int(text)
        pairs = [part.split("=") for part in text.split(",")]
        return {split.strip(): int(count) for split, count in pairs}
    except ValueError:
        raise typer.BadParameter(f'{option} "{text}" is no count; write {example}') from None
