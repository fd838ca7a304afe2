"""`seqgan data prepare cub|oxford102|coco|emoji-styles|folder`: pictures with captions, as others publish them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from seqgan.cli import options

if TYPE_CHECKING:
    from seqgan.data.readers.entries import Entry, Frame, Report

Source = Annotated[Path, typer.Argument(metavar="SOURCE", help="The folder with the published files.")]
Pictures = Annotated[Path, typer.Argument(metavar="SOURCE", help="A folder with pictures and their texts.")]
Size = Annotated[int, typer.Option("--size", min=8, max=1024, help="Side of what training sees, in pixels.")]
Captions = Annotated[int, typer.Option("--captions", min=1, help="How many captions of a picture are taken.")]
Text = Annotated[
    Path | None,
    typer.Option("--text", metavar="DIR", help="Folder of the captions and pickles, if they are not in SOURCE."),
]
Classes = Annotated[
    int, typer.Option("--val", min=0, help="Classes of train to set aside as val, by hash; 0: as published.")
]
Held = Annotated[int, typer.Option("--val", min=0, help="Pictures of train to set aside as val; 0: as published.")]
Strict = Annotated[bool, typer.Option("--strict", help="Stop at the first picture or text that cannot be used.")]
Seed = Annotated[int, typer.Option("--seed", min=0, help="Another seed makes another split, where one is made.")]
SHOWN = 20
"""Lines of the report that are printed; dataset.json holds all."""


def prepare_cub(
    source: Source, out: options.Out, size: Size = 64, captions: Captions = 10, text: Text = None, val: Classes = 0,
    seed: Seed = 0, strict: Strict = False, as_json: options.Json = False,
) -> int:  # fmt: skip
    """Prepare CUB-200-2011 birds, cropped to their boxes, with the captions of Reed et al."""
    from seqgan.data.readers import cub
    from seqgan.data.readers.entries import Frame, Report, about, set_aside

    report, frame = Report(strict), Frame(size)
    entries, split_by = cub.cub_entries(source, captions, report, text, seed)
    told = about("cub", frame, report, mismatch="class", split_by=split_by, licence=cub.LICENCE, seed=seed)
    return _write(out, set_aside(entries, val, seed), frame, report, told, as_json, cub.PUBLISHED)


def prepare_oxford102(
    source: Source, out: options.Out, size: Size = 64, captions: Captions = 10, text: Text = None, val: Classes = 0,
    seed: Seed = 0, strict: Strict = False, as_json: options.Json = False,
) -> int:  # fmt: skip
    """Prepare Oxford-102 flowers with the captions of Reed et al.; --captions 5 takes half of them, as TAC-GAN does."""
    from seqgan.data.readers import oxford102
    from seqgan.data.readers.entries import Frame, Report, about, set_aside

    report, frame = Report(strict), Frame(size)
    entries, split_by = oxford102.oxford102_entries(source, captions, report, text, seed)
    told = about("oxford102", frame, report, mismatch="class", split_by=split_by, licence=oxford102.LICENCE, seed=seed)
    return _write(out, set_aside(entries, val, seed), frame, report, told, as_json, oxford102.PUBLISHED)


def prepare_emoji_styles(
    out: options.Out,
    size: Annotated[int, typer.Option("--size", help="Height and width in pixels: 32, 64, 128 or 256.")] = 64,
    seed: Seed = 0,
    sources: Annotated[
        Path | None,
        typer.Option("--from", metavar="DIR", help="Folder of the fetched sources; default: $SEQGAN_HOME/sources."),
    ] = None,
    as_json: options.Json = False,
) -> int:
    """Prepare emoji of three styles with their names and tags; fetch noto-emoji, twemoji, fluent-emoji-3d and emojibase
    first."""
    from seqgan.data.emoji_styles import STYLES
    from seqgan.data.emoji_styles import prepare_emoji_styles as prepare

    names = (*STYLES.values(), "emojibase")
    about = prepare(out, size, seed, {name: sources / name for name in names} if sources else None, not as_json)
    record = {"folder": str(out), **{key: about[key] for key in ("counts", "size", "seed", "hash")}}
    options.show(record, as_json, options.table(record))
    return 0


def prepare_coco(
    source: Source, out: options.Out, size: Size = 64, captions: Captions = 5, val: Held = 0, seed: Seed = 0,
    strict: Strict = False, as_json: options.Json = False,
) -> int:  # fmt: skip
    """Prepare COCO 2014 with its captions; the publishers' val2014 is the test split."""
    from seqgan.data.readers import coco
    from seqgan.data.readers.entries import Frame, Report, about, set_aside

    report, frame = Report(strict), Frame(size)
    entries, split_by = coco.coco_entries(source, captions, report)
    told = about("coco", frame, report, mismatch="caption", split_by=split_by, licence=coco.LICENCE, seed=seed)
    return _write(out, set_aside(entries, val, seed), frame, report, told, as_json, coco.PUBLISHED)


def prepare_folder(
    source: Pictures, out: options.Out, size: Size = 64, captions: Captions = 10,
    fit: Annotated[
        Literal["crop", "pad"], typer.Option("--fit", help="crop: photographs, the middle; pad: whole, on white.")
    ] = "crop",
    flip: Annotated[bool, typer.Option(help="Whether captions stay true when pictures are mirrored.")] = True,
    noun: Annotated[str, typer.Option("--noun", help="What captions made of attributes call a picture.")] = "picture",
    licence: Annotated[str, typer.Option("--licence", help="The pictures' licence, kept with the set.")] = "not stated",
    seed: Seed = 0, strict: Strict = False, as_json: options.Json = False,
) -> int:  # fmt: skip
    """Prepare one's own pictures: captions in .txt files beside them, or a CSV with captions or attributes."""
    from seqgan.data.readers.entries import Frame, Report, about
    from seqgan.data.readers.folder import folder_entries

    report, frame = Report(strict), Frame(size, fit)
    entries, split_by = folder_entries(source, captions, report, noun, seed)
    told = about(source.resolve().name, frame, report, mismatch="caption", split_by=split_by, licence=licence,
                 seed=seed, flip=flip)  # fmt: skip
    return _write(out, entries, frame, report, told, as_json)


def _write(
    out: Path, entries: Sequence[Entry], frame: Frame, report: Report, told: dict[str, object], as_json: bool,
    published: int = 0,
) -> int:  # fmt: skip
    """Write the set and say what was written and what was left out."""
    from seqgan.data.pictures import write_pictures
    from seqgan.data.readers.entries import pictures
    from seqgan.errors import DataError

    if not entries:
        raise DataError(f"no picture can be used; the first of {len(report.lines)} reasons: {report.lines[0]}")
    about = write_pictures(out, pictures(entries, frame, report), told, progress=not as_json)
    record = {"folder": str(out), **{key: about[key] for key in ("counts", "size", "crop", "split_by", "hash")}}
    lines = options.table(record)
    if 0 < (found := sum(about["counts"].values())) < published:
        lines.append(f"{found:,} of {published:,} published pictures")
    if report.lines:
        more = len(report.lines) - SHOWN
        lines += ["", f"{len(report.lines)} remarks, all in dataset.json:", *report.lines[:SHOWN]]
        lines += [f"... and {more} more"] if more > 0 else []
    options.show({**record, "left_out": report.lines}, as_json, lines)
    return 0
