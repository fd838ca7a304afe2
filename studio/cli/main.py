"""The studio command: each verb a thin reading of a public function, in a file of its name.

Nothing heavy is imported here, so that `studio --help` answers at once.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Annotated

import typer

from seqgan import __version__, edge
from studio.cli import animate, batch, board, checks, clip, film, frame, info, models, morph, render, serve
from studio.errors import CancelledError, StudioError

app = typer.Typer(
    name="studio",
    help="Stories drawn as storyboards and films. Alone, it opens the editor in a browser.",
    no_args_is_help=False,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.command("film")(film.film)
app.command("board")(board.board)
app.command("frame")(frame.frame)
app.command("clip")(clip.clip)
app.command("animate")(animate.animate)
app.command("morph")(morph.morph)
app.command("render")(render.render)
app.command("batch")(batch.batch)
app.command("serve")(serve.serve)
app.command("info")(info.info)
app.add_typer(models.app, name="models")
app.command("checks")(checks.checks)


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"studio {__version__}")
        raise typer.Exit


@app.callback(invoke_without_command=True)
def default(
    context: typer.Context,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and stop.")
    ] = False,
) -> None:
    """Stories drawn as storyboards and films. Alone, it opens the editor in a browser."""
    if context.invoked_subcommand is None:
        serve.serve()


def run(words: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code (`words` without the program's name)."""
    return edge.run(app, words, expected=(StudioError,), stopped=(CancelledError,))


def main() -> None:
    """Entry of the console script."""
    sys.exit(run())
