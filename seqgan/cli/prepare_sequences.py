"""`seqgan data prepare pororo|flintstones|didemo|vist|story-h5`: stories of clips, as others publish them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from seqgan.cli import options
from seqgan.cli.prepare_pictures import SHOWN, Seed, Strict

if TYPE_CHECKING:
    from seqgan.data.readers.clips import Found
    from seqgan.data.readers.entries import Report

Source = Annotated[Path, typer.Argument(metavar="SOURCE", help="The folder with the published files.")]
File = Annotated[Path, typer.Argument(metavar="FILE", help="The .h5 file.")]
Size = Annotated[int, typer.Option("--size", min=8, max=1024, help="Side of the frames, in pixels.")]
Most = Annotated[int, typer.Option("--frames", min=0, help="Frames of a clip that are kept, evenly spread; 0: all.")]
Vectors = Annotated[
    Literal["auto", "released", "sentence", "none"],
    typer.Option("--vectors", help="Sentence vectors: auto takes the released ones, or the frozen encoder's."),
]
EPISODES = "episodes: whole episodes are set aside, by hash; published: the lists of the folder."
Split = Annotated[Literal["episodes", "published"], typer.Option("--split", help=EPISODES)]


def prepare_pororo(
    source: Source, out: options.Out, size: Size = 64, frames: Most = 0, split: Split = "episodes",
    vectors: Vectors = "auto", seed: Seed = 0, strict: Strict = False, as_json: options.Json = False,
) -> int:  # fmt: skip
    """Prepare Pororo-SV: raw films and descriptions.csv, or any released layout."""
    from seqgan.data.readers.entries import Report
    from seqgan.data.readers.pororo import pororo_stories

    report = Report(strict)
    return _write(out, pororo_stories(source, split, seed, report), size, frames, vectors, report, as_json)


def prepare_flintstones(
    source: Source, out: options.Out, size: Size = 64, frames: Most = 0, split: Split = "published",
    vectors: Vectors = "auto", seed: Seed = 0, strict: Strict = False, as_json: options.Json = False,
) -> int:  # fmt: skip
    """Prepare FlintstonesSV."""
    from seqgan.data.readers.entries import Report
    from seqgan.data.readers.flintstones import flintstones_stories

    report = Report(strict)
    return _write(out, flintstones_stories(source, split, seed, report), size, frames, vectors, report, as_json)


def prepare_didemo(
    source: Source, out: options.Out, size: Size = 64, vectors: Vectors = "auto", strict: Strict = False,
    as_json: options.Json = False,
) -> int:  # fmt: skip
    """Prepare DiDeMoSV."""
    from seqgan.data.readers.entries import Report
    from seqgan.data.readers.photo_stories import didemo_stories

    report = Report(strict)
    return _write(out, didemo_stories(source, report), size, 0, vectors, report, as_json)


def prepare_vist(
    source: Source, out: options.Out, size: Size = 64,
    text: Annotated[
        Literal["sis", "dii"], typer.Option("--text", help="sis: sentences of stories; dii: of single pictures.")
    ] = "sis",
    vectors: Vectors = "auto", strict: Strict = False, as_json: options.Json = False,
) -> int:  # fmt: skip
    """Prepare VIST."""
    from seqgan.data.readers.entries import Report
    from seqgan.data.readers.photo_stories import vist_stories

    report = Report(strict)
    return _write(out, vist_stories(source, text, report), size, 0, vectors, report, as_json)


def prepare_story_h5(
    source: File, out: options.Out, size: Size = 64, frames: Most = 0,
    text: Annotated[
        Literal["text", "sis", "dii"], typer.Option("--text", help="The list of captions; files of VIST have two.")
    ] = "text",
    vectors: Vectors = "auto", strict: Strict = False, as_json: options.Json = False,
) -> int:  # fmt: skip
    """Prepare an HDF5 file of StoryDALL-E or AR-LDM; needs the package h5py."""
    from seqgan.data.readers.entries import Report
    from seqgan.data.readers.story_h5 import h5_stories

    report = Report(strict)
    return _write(out, h5_stories(source, text, report), size, frames, vectors, report, as_json)


def _write(out: Path, found: Found, size: int, most: int, vectors: str, report: Report, as_json: bool) -> int:
    """Write the set and say what was written and what was left out."""
    from seqgan.data.readers.clips import with_vectors, write_found

    about = write_found(out, with_vectors(found, vectors), size, most, report, progress=not as_json)
    told = ("counts", "size", "split_by", "vector", "vectors_from", "hash")
    record = {"folder": str(out), "clips": about["clips"], **{key: about[key] for key in told}}
    lines = options.table(record)
    lines += [f"{split}: {about['counts'].get(split, 0):,} of {count:,} published stories"
              for split, count in found.published.items()]  # fmt: skip
    lines += [f"{split}: {count:,} stories show a clip that train shows too" for split, count in
              about["train_clips_in"].items() if count]  # fmt: skip
    if report.lines:
        more = len(report.lines) - SHOWN
        lines += ["", f"{len(report.lines)} remarks, all in dataset.json:", *report.lines[:SHOWN]]
        lines += [f"... and {more} more"] if more > 0 else []
    options.show({**record, "train_clips_in": about["train_clips_in"], "left_out": report.lines}, as_json, lines)
    return 0
