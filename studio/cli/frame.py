"""`studio frame`: a caption becomes a picture, or several."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from studio.cli import options
from studio.cli.console import Console
from studio.errors import ExportError

if TYPE_CHECKING:
    import numpy as np

    from studio.rendering.frames import Single

COLUMNS = 4


def frame(
    text: Annotated[str, typer.Argument(metavar="TEXT", help="What the picture shows.")],
    out: options.Png,
    count: Annotated[int, typer.Option("--n", min=1, max=64, help="Pictures: seeds S, S+1, ...")] = 1,
    model: options.FrameModel = None,
    seed: options.FrameSeed = 0,
    style: Annotated[
        Path | None, typer.Option("--style", metavar="PICTURE", help="Take what the text does not say from a picture.")
    ] = None,
    explain: Annotated[
        bool, typer.Option("--explain", help="Write NAME-explain.png too: every stage, and what each word did.")
    ] = False,
    device: options.Device = "auto",
    precision: options.Precision = options.PrecisionName.float32,
    as_json: options.Json = False,
) -> int:
    """Draw a picture of a text.

    Writes -o NAME.png; with --n also NAME-1.png, NAME-2.png, ..., and NAME.png is the sheet of them.
    """
    from studio.rendering.frames import draw_frames, made_of, open_frames, read_style

    if out.suffix.lower() != ".png":
        raise ExportError(f"{out} ends in {out.suffix or 'nothing'}; a picture is written as .png")
    console, seeds = Console(as_json), list(range(seed, seed + count))
    sampler = open_frames(model, device, style is not None, precision)
    chosen = read_style(sampler, style) if style is not None else None
    singles: list[Single] = []
    with console.progress():
        for single in draw_frames(sampler, text, seeds, chosen):
            singles.append(single)
            console.step("pictures", len(singles), count)
    several = made_of(sampler, "sheet", text, seeds=seeds, **({"style": chosen.made} if chosen else {}))
    files = _write(out, singles, several)
    if explain:
        files.append(_explain(out, singles, {**several, "kind": "explanation"}))
    _tell(console, singles[0], files, explain)
    return 0


def _write(out: Path, singles: list[Single], several: dict[str, Any]) -> list[Path]:
    from seqgan.sampling import picture_grid

    if len(singles) == 1:
        return [_save(out, singles[0].drawn.picture, singles[0].made)]
    columns = min(COLUMNS, len(singles))
    sheet = _save(out, picture_grid([single.drawn.picture for single in singles], columns), several)
    paths = [out.with_name(f"{out.stem}-{number}{out.suffix}") for number in range(1, len(singles) + 1)]
    pairs = zip(paths, singles, strict=True)
    return [sheet, *(_save(path, single.drawn.picture, single.made) for path, single in pairs)]


def _explain(out: Path, singles: list[Single], made: dict[str, Any]) -> Path:
    from seqgan.sampling import explain_sheet

    return _save(out.with_name(f"{out.stem}-explain.png"), explain_sheet([each.drawn for each in singles]), made)


def _save(path: Path, picture: np.ndarray, made: dict[str, Any]) -> Path:
    from studio.export.still import write_still

    write_still(path, picture, made)
    return path


def _tell(console: Console, single: Single, files: list[Path], explain: bool) -> None:
    from seqgan.sampling import told

    reading, made = single.drawn.reading, single.made
    lines = told(reading)
    for note in lines[1:]:
        console.note(note)
    words = {"read": reading.words, "ignored": reading.ignored, "cut": reading.cut}
    record = {"files": list(map(str, files)), "model": made["model"]["name"], "text": made["text"], **words}
    console.result(record, [*map(str, files), *(lines if explain else [])])
