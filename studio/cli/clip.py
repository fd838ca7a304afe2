"""`studio clip`: a caption becomes a short clip, or several."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from studio.cli import options
from studio.cli.console import Console

if TYPE_CHECKING:
    import numpy as np

    from studio.rendering.clips import SingleClip

COLUMNS = 4


def clip(
    text: Annotated[str, typer.Argument(metavar="TEXT", help="What the clip shows.")],
    out: Annotated[Path, typer.Option("-o", "--out", metavar="FILE", help="A .mp4, .gif or .webp.")],
    count: Annotated[int, typer.Option("--n", min=1, max=64, help="Clips: seeds S, S+1, ...")] = 1,
    model: Annotated[
        str | None, typer.Option("--model", help="Name or folder of a model of clips; default: the installed one.")
    ] = None,
    seed: Annotated[int, typer.Option("--seed", min=0, help="Seed of the scene.")] = 0,
    motion_seed: Annotated[
        int | None, typer.Option("--motion-seed", min=0, help="Seed of the motion; default: that of the scene.")
    ] = None,
    fps: Annotated[int | None, typer.Option("--fps", help="Frames a second; default: the model's own.")] = None,
    loops: Annotated[int, typer.Option("--loops", min=1, max=100, help="How often an .mp4 plays it.")] = 1,
    scale: Annotated[
        int | None,
        typer.Option(
            "--scale",
            min=1,
            max=16,
            help="Enlarge so many times (Lanczos); default: up to 4, until the shorter side has 256 pixels.",
        ),
    ] = None,
    smooth: Annotated[
        int, typer.Option("--smooth", min=1, max=8, help="So many times the frames, by optical flow between them.")
    ] = 1,
    first: Annotated[
        Path | None,
        typer.Option(
            "--first", metavar="PICTURE", help="A picture that the clip begins with; it moves at its own size."
        ),
    ] = None,
    explain: Annotated[
        bool, typer.Option("--explain", help="Write NAME-explain.png too: gist, filters and streams.")
    ] = False,
    device: options.Device = "auto",
    precision: options.Precision = options.PrecisionName.float32,
    as_json: options.Json = False,
) -> int:
    """Draw a clip of a text.

    Writes -o NAME.mp4; with --n also NAME-1.mp4, NAME-2.mp4, ..., and NAME.mp4 shows them side by side. GIF and WebP
    repeat for ever.
    """
    from studio.export.moving import check_moving
    from studio.media.moving import enlargement
    from studio.rendering.clips import draw_clips, open_clips, read_first

    check_moving(out, 1 if fps is None else fps, 1 if fps is None else smooth)
    console, seeds = Console(as_json), list(range(seed, seed + count))
    begins = None if first is None else read_first(first)
    sampler = open_clips(model, device, first is not None, precision)
    fps = sampler.fps if fps is None else fps
    check_moving(out, fps, smooth)  # where the speed is the model's own, it is known only now
    motions = [motion_seed + each - seed if motion_seed is not None else each for each in seeds]
    singles: list[SingleClip] = []
    with console.progress():
        for single in draw_clips(sampler, text, seeds, motions, begins):
            singles.append(single)
            console.step("clips", len(singles), count)
    speed, times = smooth * fps, scale or enlargement(singles[0].drawn.frames)
    shown = {"fps": speed, "loops": loops, "enlarged": times, "interpolated": smooth}
    files = _write(out, singles, shown)
    if explain:
        files.append(_explain(out, singles))
    _tell(console, singles[0], files, shown)
    return 0


def _write(out: Path, singles: list[SingleClip], shown: dict[str, Any]) -> list[Path]:
    files = [_save(out, _together(singles), _made(singles), shown)]
    if len(singles) == 1:
        return files
    paths = [out.with_name(f"{out.stem}-{number}{out.suffix}") for number in range(1, len(singles) + 1)]
    pairs = zip(paths, singles, strict=True)
    return files + [_save(path, single.drawn.frames, single.made, shown) for path, single in pairs]


def _together(singles: list[SingleClip]) -> np.ndarray:
    """The frames of one, or of several side by side."""
    import numpy as np

    from seqgan.sampling import picture_grid

    if len(singles) == 1:
        return singles[0].drawn.frames
    moments = zip(*(single.drawn.frames for single in singles), strict=True)
    return np.stack([picture_grid(list(moment), min(COLUMNS, len(singles))) for moment in moments])


def _made(singles: list[SingleClip]) -> dict[str, Any]:
    """The record of what all of them show."""
    made = singles[0].made
    if len(singles) == 1:
        return made
    return made | {"kind": "clips", "seed": [each.made["seed"] for each in singles],
                   "motion_seed": [each.made["motion_seed"] for each in singles]}  # fmt: skip


def _save(path: Path, frames: np.ndarray, made: dict[str, Any], shown: dict[str, Any]) -> Path:
    from studio.export.moving import write_moving
    from studio.rendering.clips import watchable

    pictures = watchable(frames, shown)
    times = shown["loops"] if path.suffix.lower() == ".mp4" else 1
    write_moving(path, pictures * times, shown["fps"], made | shown, made["text"])
    return path


def _explain(out: Path, singles: list[SingleClip]) -> Path:
    from seqgan.sampling import clip_sheet
    from studio.export.still import write_still

    path, made = out.with_name(f"{out.stem}-explain.png"), {**_made(singles), "kind": "explanation"}
    write_still(path, clip_sheet([each.drawn for each in singles]), made)
    return path


def _tell(console: Console, single: SingleClip, files: list[Path], shown: dict[str, Any]) -> None:
    from seqgan.sampling import told

    reading, made = single.drawn.reading, single.made
    for note in told(reading)[1:]:
        console.note(note)
    words = {"read": reading.words, "ignored": reading.ignored, "cut": reading.cut, "whole": reading.whole}
    record = {"files": list(map(str, files)), "model": made["model"]["name"], "text": made["text"], **shown, **words}
    console.result(record, [str(each) for each in files])
