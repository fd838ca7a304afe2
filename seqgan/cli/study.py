"""`seqgan study`: which of two systems draws better stories, by people who do not know which is which, or by judges."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from seqgan.cli import options
from seqgan.cli.compare import Seed, Split

app = typer.Typer(
    name="study", help="Preference studies of two systems, blind.", no_args_is_help=True, rich_markup_mode=None
)
System = Annotated[str, typer.Argument(help="A checkpoint, or a folder of boards: 000000.png, ... a story.")]
Folder = Annotated[Path, typer.Argument(metavar="DIR", help="A folder of seqgan study make.")]


@app.command()
def make(
    first: System,
    second: System,
    data: options.Data,
    out: options.Out,
    split: Split = "test",
    count: Annotated[int, typer.Option("--n", min=1, help="Stories, spread evenly over the split.")] = 100,
    seed: Seed = 0,
    device: options.Device = "auto",
) -> int:
    """Draw the same stories with two systems and lay them out for raters, blind; the key lies beside the folder."""
    from seqgan.data.folders import data_folder
    from seqgan.metrics.study import key_path
    from seqgan.sampling.drawing import device_named
    from seqgan.training.sequence_systems import system_of
    from seqgan.training.study import make_study

    chosen = str(device_named(device))
    study = make_study(
        (first, second), lambda name, stories: system_of(name, stories, chosen), data_folder(data), split, count,
        seed, out,
    )  # fmt: skip
    typer.echo(f"{len(study['pairs'])} pairs in {out}; which side is whose: {key_path(out)}")
    typer.echo(f"next: seqgan study serve {out}")
    return 0


@app.command()
def serve(
    folder: Folder,
    port: Annotated[int, typer.Option("--port", min=0, max=65535, help="0: any that is free.")] = 8765,
) -> int:
    """Show the page of a study on this machine alone, until Ctrl-C; answers are on the disk as soon as given."""
    from seqgan.training.study_serve import StudyServer

    with StudyServer(folder, port) as server:
        typer.echo(f"{server.address}  (Ctrl-C ends it; answers are in {folder / 'answers.jsonl'})")
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            typer.echo("")
    return 0


@app.command()
def report(folder: Folder, as_json: options.Json = False) -> int:
    """Print the shares of both systems and of "undecided", with 95 % Wilson intervals, of all answers so far."""
    from seqgan.metrics.study import report_lines, report_study

    found = report_study(folder)
    plain = {**found, "questions": {name: each.record() for name, each in found["questions"].items()}}
    options.show(plain, as_json, report_lines(found))
    return 0


@app.command()
def machine(
    first: System,
    second: System,
    data: options.Data,
    judge: Annotated[str, typer.Option("--judge", help="A judge of seqgan train story_judge.")],
    split: Split = "test",
    count: Annotated[int, typer.Option("--n", min=20, help="Stories, spread evenly over the split.")] = 500,
    seed: Seed = 0,
    device: options.Device = "auto",
    as_json: options.Json = False,
) -> int:
    """The same questions answered by networks: KID against real panels, carried labels, F1 of labels."""
    from seqgan.data.folders import data_folder
    from seqgan.metrics.study import report_lines
    from seqgan.sampling.drawing import device_named
    from seqgan.training.sequence_compare import compare
    from seqgan.training.sequence_systems import system_of
    from seqgan.training.study_machine import machine_study

    chosen = str(device_named(device))
    drawn = compare(
        (first, second), lambda name, stories: system_of(name, stories, chosen), data_folder(data), split, count,
        seed, ("labels",), judge, chosen,
    )  # fmt: skip
    questions = machine_study(drawn.reference, (drawn.drawn[0], drawn.drawn[1]))
    found = {"systems": list(drawn.names), "raters": 0, "broken": 0, "questions": questions}
    plain = {**found, "questions": {name: each.record() for name, each in questions.items()}}
    options.show(plain, as_json, [line.replace("; 0 raters", "; judged by networks") for line in report_lines(found)])
    return 0
