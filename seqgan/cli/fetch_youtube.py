"""`seqgan data fetch youtube LIST`: videos of a published list, through yt-dlp."""

from __future__ import annotations

from pathlib import Path

import typer

from seqgan import edge


def fetch_youtube(listing: Path | None, out: Path | None, most: int, yes: bool) -> int:
    """Fetch a list; exits 3 where videos failed that may come another time."""
    from seqgan.data.fetch import fetched_folder
    from seqgan.data.youtube import fetch_list

    if listing is None:
        raise typer.BadParameter("fetch youtube needs a list: a file with lines such as playing golf/AbCdEfGhIjK")
    folder = out or fetched_folder("youtube")
    done = fetch_list(listing, folder, lambda question: yes or typer.confirm(question), typer.echo, most)
    typer.echo(f"{done.fetched:,} fetched, {done.before:,} were there, {done.gone:,} are gone, {done.failed:,} failed "
               f"and may come another time.")  # fmt: skip
    if done.fetched or done.before:
        typer.echo(f"Next: seqgan data prepare clips {folder} -o SET")
    return edge.PARTLY if done.failed else 0
