"""`studio film`: a story becomes a board and a film in one go."""

from __future__ import annotations

from pathlib import Path

from studio.cli import options
from studio.cli import render as rendering
from studio.cli.board import draw, exit_code, open_engine, told
from studio.cli.console import Console


@options.takes_export
def film(
    story: options.StoryFile,
    out: options.OutFolder,
    export: options.Export,
    model: options.Model = None,
    engine: options.EngineName = options.Engine.gan,
    seed: options.Seed = 0,
    takes: options.Takes = 1,
    split: options.SplitMode = options.Split.sentence,
    cast: options.Cast = None,
    device: options.Device = "auto",
    precision: options.Precision = options.PrecisionName.float32,
    force: options.Force = False,
    to: options.To = rendering.ALL_FORMATS,
    as_json: options.Json = False,
) -> int:
    """Draw a story and make a film of it.

    Leaves DIR/STEM.board, DIR/STEM.mp4, DIR/STEM.gif, DIR/STEM.pdf and DIR/STEM-panels/001.png.
    """
    from studio.export import parse_formats, require

    console = Console(as_json)
    chosen = export.read()
    require(parse_formats(to), chosen)
    asked = {"seed": seed, "cast": options.read_cast(cast), "split_mode": split.value, "force": force}
    board = out / f"{stem(story)}.board"
    with console.progress():
        painter = open_engine(engine, model, None, device, precision)
        report, record = draw(console, story, board, painter, takes, asked)
        if report.cancelled:
            paths, code = [], exit_code(report, record)
        else:
            paths, code = rendering.export_board(console, board, to, out, chosen)
    files = {"files": [str(path) for path in paths]}
    console.result({**record, **files}, [*told(record), *rendering.summary(paths)])
    return code or exit_code(report, record)


def stem(story: str) -> str:
    """Name of the files that a story gives: its own without the ending; "story" for the input."""
    return "story" if story == "-" else Path(story).stem or "story"
