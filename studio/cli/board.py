"""`studio board`: a story becomes a board, drawn."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from studio.cli import options
from studio.cli.console import Console, Interruptible

if TYPE_CHECKING:
    from studio.document import Document
    from studio.rendering import DrawReport
    from studio.rendering.engine import RenderEngine


def board(
    story: options.StoryFile,
    out: Annotated[Path, typer.Option("-o", "--out", metavar="BOARD", help="The board's folder, like snow-day.board.")],
    model: options.Model = None,
    engine: options.EngineName = options.Engine.gan,
    seed: options.Seed = 0,
    takes: options.Takes = 1,
    split: options.SplitMode = options.Split.sentence,
    size: options.PanelSize = None,
    cast: options.Cast = None,
    device: options.Device = "auto",
    precision: options.Precision = options.PrecisionName.float32,
    force: options.Force = False,
    as_json: options.Json = False,
) -> int:
    """Make a board of a story and draw it.

    FILE is text, Markdown (.md), a screenplay (.fountain), a table of shots (.csv), a board of Storyboarder
    (.storyboarder), a shared board (.boardz), a folder or zip of pictures, or a picture or film from here (.png, .mp4,
    .gif, .webp, .zip). On a board of the same story, model and seed it draws only what is missing; a panel that was
    given a model of its own in the editor is drawn by that.
    """
    console = Console(as_json)
    painter = open_engine(engine, model, size, device, precision)
    asked = {"seed": seed, "cast": options.read_cast(cast), "split_mode": split.value, "force": force}
    with console.progress():
        report, record = draw(console, story, out, painter, takes, asked)
    console.result(record, told(record))
    return exit_code(report, record)


def open_engine(
    engine: options.Engine, model: str | None, size: str | None, device: str, precision: str
) -> RenderEngine:
    """Open an engine and load what it draws with.

    Raises:
        StudioError: if the model is missing or broken (the message names the stage), or the size cannot be drawn.
    """
    from studio.errors import EngineError
    from studio.rendering.engine import open_engine as open_it

    try:
        painter = open_it(engine.value, model, size=_height_width(size), device=device, precision=precision)
        _ = painter.info  # loads the model
    except EngineError as error:
        if engine is options.Engine.stage:
            raise
        raise EngineError(f"{error}; --engine stage composes the panels from art, without a model") from error
    return painter


def _height_width(size: str | None) -> tuple[int, int] | None:
    from studio.export.options import parse_size

    if size is None:
        return None
    width, height = parse_size(size)
    return height, width


def draw(
    console: Console, story: str, path: Path, engine: RenderEngine, takes: int, asked: Mapping[str, Any]
) -> tuple[DrawReport, dict[str, Any]]:
    """Make or reopen the board, draw what is missing, and say what happened."""
    from studio.rendering import draw_board

    with _opened(story, path, engine, asked) as document, Interruptible() as stop:
        tell_notes(console, document)
        report = draw_board(
            document,
            engine,
            takes=takes,
            cancelled=stop,
            on_panel=lambda drawn: console.step(
                "panels", drawn.done, drawn.total, panel=drawn.index + 1, seconds=round(drawn.seconds, 3)
            ),
        )
        tell_notes(console, document)
        for line in report.problems:
            console.note(line)
        return report, _record(document, engine, report)


def _opened(story: str, path: Path, engine: RenderEngine, asked: Mapping[str, Any]) -> Document:
    """The board of a story file, or a shared board unpacked."""
    from studio.rendering import make_board, receive_board
    from studio.stories.importing import read_draft
    from studio.stories.packed import holds_board, read_pack

    source = Path(story)
    if source.suffix.lower() not in (".boardz", ".zip"):
        return make_board(read_draft(story, asked["split_mode"]), path, engine, **asked)
    if not source.is_file() or holds_board(source):
        return receive_board(story, path, force=asked["force"])
    with tempfile.TemporaryDirectory(prefix="studio-") as scratch:
        return make_board(read_pack(source, Path(scratch) / "story", str(source)), path, engine, **asked)


def tell_notes(console: Console, document: Document) -> None:
    """Print what reading the story found: who plays whom, words mapped or ignored."""
    from studio.rendering import said_notes

    for line in said_notes(document.board):
        console.note(line)


def _record(document: Document, engine: RenderEngine, report: DrawReport) -> dict[str, Any]:
    panels = document.board.panels
    ready = sum(document.picture(panel) is not None for panel in panels)
    return {
        "board": str(document.path),
        "engine": engine.name,
        "model": engine.info.get("name"),
        "composed": engine.composed,
        "panels": len(panels),
        "ready": ready,
        "drawn": len(report.drawn),
        "cancelled": report.cancelled,
        "problems": list(report.problems),
        "seconds": round(report.seconds, 3),
        "cast": document.board.cast,
    }


def told(record: Mapping[str, Any]) -> list[str]:
    """The result in lines for people."""
    how = "composed from art, not generated" if record["composed"] else f"drawn by {record['model']}"
    new = f"{record['drawn']} drawn in {record['seconds']:.2f} s" if record["drawn"] else "nothing was missing"
    drawn = f"{new}, {how}"
    stopped = "; stopped: the same command draws the rest" if record["cancelled"] else ""
    return [f"{record['board']}: {record['ready']} of {record['panels']} panels ready ({drawn}){stopped}"]


def exit_code(report: DrawReport, record: Mapping[str, Any]) -> int:
    """130 if it was stopped, 3 if a panel is without a picture, else 0."""
    from seqgan import edge

    if report.cancelled:
        return edge.INTERRUPTED
    return edge.PARTLY if record["ready"] < record["panels"] else 0
