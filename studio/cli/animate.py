"""`studio animate`: the pictures of a board begin to move."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from studio.cli import options
from studio.cli.console import Console, Interruptible

if TYPE_CHECKING:
    from studio.document import Document, Take


def animate(
    board: options.BoardPath,
    panels: Annotated[
        str | None,
        typer.Option("--panels", metavar="RANGE", help="These panels, like 2-5,9; default: all that stand still."),
    ] = None,
    text: Annotated[str, typer.Option("--text", help="What happens; default: the panel's sentence.")] = "",
    model: Annotated[
        str | None, typer.Option("--model", help="Name or folder of a model that moves pictures; default: installed.")
    ] = None,
    motion_seed: Annotated[
        int | None, typer.Option("--motion-seed", min=0, help="Seed of the motion; default: it follows from the panel.")
    ] = None,
    smooth: Annotated[
        int, typer.Option("--smooth", min=1, max=8, help="So many times the frames, by optical flow between them.")
    ] = 2,
    device: options.Device = "auto",
    precision: options.Precision = options.PrecisionName.float32,
    as_json: options.Json = False,
) -> int:
    """Animate panels of a board.

    Each panel's picture gets a clip as its newest take, which films of the board play. The picture stays among its
    takes. Panels that move already are left alone unless they are named.
    """
    from seqgan import edge
    from studio.cli.render import require_board
    from studio.document import open_board
    from studio.rendering.clips import open_clips

    require_board(board)
    console = Console(as_json)
    with open_board(board) as document, Interruptible() as stop:
        document.must_write()
        ids, without = _chosen(document, panels)
        for number in without:
            console.note(f"panel {number} has no picture to animate; draw it first")
        sampler = open_clips(model, device, moving=True, precision=precision) if ids else None
        with console.progress():
            made, stopped = _animate(console, document, sampler, ids, stop, {
                "text": text, "motion_seed": motion_seed, "smooth": smooth,
            })  # fmt: skip
        console.result(_record(document, made, stopped), _told(document, made, stopped))
    return edge.INTERRUPTED if stopped else edge.PARTLY if without else 0


def _chosen(document: Document, panels: str | None) -> tuple[list[str], list[int]]:
    """Ids of the panels to animate, and numbers of those that have no picture."""
    from studio.export.film_plan import pick

    asked = [(number, document.board.panels[number - 1]) for number in pick(panels, len(document.board.panels))]
    without = [number for number, panel in asked if document.picture(panel) is None]
    still = [panel for number, panel in asked if number not in without]
    if panels is None:
        still = [panel for panel in still if panel.take is not None and panel.take.kind == "image"]
    return [panel.id for panel in still], without


def _animate(
    console: Console, document: Document, sampler: Any, ids: list[str], stop: Interruptible, asked: dict[str, Any]
) -> tuple[dict[str, Take], bool]:
    """Takes by panel, and whether someone stopped it."""
    from studio.errors import CancelledError
    from studio.rendering.animate import animate_panel

    made: dict[str, Take] = {}
    try:
        for name in ids:
            made[name] = animate_panel(document, sampler, name, cancelled=stop, **asked)
            console.step("panels", len(made), len(ids), panel=(document.board.index(name) or 0) + 1)
    except CancelledError:
        return made, True
    return made, False


def _record(document: Document, made: dict[str, Take], stopped: bool) -> dict[str, Any]:
    takes = [
        {"panel": (document.board.index(name) or 0) + 1, "take": take.number + 1, "text": take.text, **take.knobs}
        for name, take in made.items()
    ]
    model = next((take.model.name for take in made.values()), None)
    return {"board": str(document.path), "model": model, "animated": takes, "cancelled": stopped}


def _told(document: Document, made: dict[str, Take], stopped: bool) -> list[str]:
    end = "; stopped: the same command animates the rest" if stopped else ""
    if not made:
        return [f"{document.path}: no panel was animated{end or '; all that have a picture move already'}"]
    take = next(iter(made.values()))
    how = f"{take.knobs['fps']} frames a second, interpolated {take.knobs['interpolated']} times"
    return [f"{document.path}: {len(made)} animated by {take.model.name} ({how}){end}"]
