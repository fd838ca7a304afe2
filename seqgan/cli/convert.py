"""`seqgan convert`: published weights as one of our checkpoint folders."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from seqgan.cli import options


class System(StrEnum):
    """What can be converted."""

    attngan = "attngan"
    stackgan_v2 = "stackgan_v2"
    hdgan = "hdgan"
    gan_cls = "gan_cls"
    storygan = "storygan"


def convert(
    system: Annotated[System, typer.Argument(help="The system that the files are of.")],
    files: Annotated[list[Path], typer.Argument(metavar="FILES", help="State dicts, and captions.pickle for AttnGAN.")],
    out: options.Out,
    as_json: options.Json = False,
) -> int:
    """Write a checkpoint folder from published files, in any order; each is known by what it holds."""
    from seqgan.checkpoints.convert import convert as run

    found = run(system.value, files, out)
    options.show({"folder": str(out), **found}, as_json, _lines(found, out))
    return 0


def _lines(found: dict[str, object], out: Path) -> list[str]:
    parts = found["parts"]
    assert isinstance(parts, dict)
    lines = [f"{part:18} {file}" for part, file in parts.items()]
    if not found["text_encoder"]:
        lines.append("no text encoder came with it: it draws from sentence vectors, not from captions")
    return [*lines, str(out)]
