"""`seqgan data prepare clips`: one's own videos, those of a fetched list, Kinetics or UCF101."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from seqgan.cli import options
from seqgan.cli.prepare_pictures import SHOWN, Seed, Strict

RULE = "auto: written lines, else titles; text: lines alone; titles: of more than four meaningful words, as GTT2V's."


def prepare_clips(
    source: Annotated[Path, typer.Argument(metavar="SOURCE", help="A folder with videos and their texts.")],
    out: options.Out,
    size: Annotated[int, typer.Option("--size", min=8, max=1024, help="Side of the frames, in pixels.")] = 64,
    frames: Annotated[int, typer.Option("--frames", min=2, max=1024, help="Frames of a clip.")] = 32,
    fps: Annotated[int, typer.Option("--fps", min=1, max=60, help="Frames of a clip a second.")] = 25,
    layout: Annotated[
        Literal["auto", "own", "kinetics", "ucf"], typer.Option("--layout", help="How the files lie and are called.")
    ] = "auto",
    shots: Annotated[
        Literal["content", "adaptive", "transnet", "none"],
        typer.Option("--shots", help="PySceneDetect's detectors, TransNetV2, or none: videos have no cuts."),
    ] = "content",
    camera: Annotated[
        Literal["steady", "any"], typer.Option("--camera", help="steady: clips end where the camera moves or shakes.")
    ] = "steady",
    captions: Annotated[Literal["auto", "text", "titles"], typer.Option("--captions", help=RULE)] = "auto",
    most: Annotated[int, typer.Option("--most", min=1, help="Clips of a video at most.")] = 100,
    licence: Annotated[str, typer.Option("--licence", help="The videos' licence, kept with the set.")] = "not stated",
    seed: Seed = 0,
    workers: Annotated[int | None, typer.Option("--workers", min=1, help="Processes; default: one a core.")] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, help="Seconds after which a video is given up.")] = 1800,
    keep: Annotated[bool, typer.Option("--keep", help="Keep what was cut, for a later run with more videos.")] = False,
    strict: Strict = False,
    as_json: options.Json = False,
) -> int:
    """Prepare clips of videos: cut at shots, steady, with captions; interrupted, the same command goes on."""
    import os

    from seqgan.data.readers.action_videos import listed_videos
    from seqgan.data.readers.entries import Report
    from seqgan.data.videos.cutting import Cut
    from seqgan.data.videos.prepare import prepare_clips as prepare
    from seqgan.data.videos.report import told

    report = Report(strict)
    cut = Cut(frames, fps, size, shots, camera, most)
    about, found = prepare(out, listed_videos(source, layout, report), cut, report, captions, licence, seed,
                           workers or os.cpu_count() or 1, limit, keep, not as_json)  # fmt: skip
    record = {"folder": str(out), "clips": about["clips"],
              **{key: about[key] for key in ("counts", "size", "frames", "fps", "split_by", "hash")}}  # fmt: skip
    lines = [*options.table(record), "", *told(found["totals"], found["videos"], SHOWN)]
    if report.lines:
        lines += ["", f"{len(report.lines)} remarks:", *report.lines[:SHOWN]]
    lines += ["", f"all of it, shot by shot: {out / about['report']}"]
    options.show({**record, "report": found["totals"], "left_out": report.lines}, as_json, lines)
    return 0
