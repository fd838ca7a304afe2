"""The seqgan command: each verb a thin reading of a public function, in a file of its name.

Nothing heavy is imported here, so that `seqgan --help` answers at once.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Annotated

import typer

from seqgan import __version__, edge
from seqgan.cli import bench, compare, convert, data, evaluate, export, figures, presets, sample, study, train

app = typer.Typer(
    name="seqgan",
    help="Generative adversarial networks for sequences of images: data, training, measuring.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.add_typer(data.app, name="data")
app.command("presets")(presets.presets)
app.command("train")(train.train)
app.command("evaluate")(evaluate.evaluate)
app.command("compare")(compare.compare)
app.command("sample")(sample.sample)
app.command("figures")(figures.figures)
app.command("export")(export.export)
app.command("convert")(convert.convert)
app.add_typer(study.app, name="study")
app.add_typer(bench.app, name="bench")


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"seqgan {__version__}")
        raise typer.Exit


@app.callback()
def default(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and stop.")
    ] = False,
) -> None:
    """Generative adversarial networks for sequences of images: data, training, measuring."""


def run(words: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code (`words` without the program's name)."""
    return edge.run(app, words)


def main() -> None:
    """Entry of the console script."""
    sys.exit(run())
