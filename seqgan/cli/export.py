"""`seqgan export`: a checkpoint as a file for other runtimes."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from seqgan.cli import options


class Format(StrEnum):
    """What can be written."""

    onnx = "onnx"


def export(
    checkpoint: options.Checkpoint,
    to: Annotated[Format, typer.Option("--to", help="The format.")],
    out: options.Out,
    as_json: options.Json = False,
) -> int:
    """Write the generator of a checkpoint as ONNX, checked in ONNX Runtime, with a JSON of its inputs beside it."""
    from seqgan.sampling.export import export_onnx
    from seqgan.sampling.onnx_story import about_file

    about = export_onnx(checkpoint, out)
    record = {"file": str(out), "about": str(about_file(out)), "format": to.value, "bytes": out.stat().st_size,
              "max_difference": about["max_difference"]}  # fmt: skip
    options.show(record, as_json, options.table(record))
    return 0
