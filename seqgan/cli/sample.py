"""`seqgan sample`: a story drawn by a checkpoint, several times, on one sheet."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from seqgan.cli import options


def sample(
    checkpoint: options.Checkpoint,
    out: options.Out = Path("sample.png"),
    text: Annotated[
        list[str] | None, typer.Option("--text", metavar="SENTENCE", help="A sentence of the story. Repeatable.")
    ] = None,
    seeds: Annotated[int, typer.Option("--n", min=1, max=64, help="How many times: seeds 0 to N-1, a row each.")] = 8,
    device: options.Device = "auto",
    threads: options.Threads = None,
) -> int:
    """Draw a story with seeds 0 to N-1 as one PNG, a row a seed (for cards and for looking)."""
    from PIL import Image

    from seqgan.sampling.bench import STORY
    from seqgan.sampling.sheet import story_sheet
    from seqgan.sampling.story import StorySampler

    sampler = StorySampler.load(checkpoint, device=device, threads=threads)
    sheet = story_sheet(sampler, text or STORY, range(seeds))
    beside = out.with_name(f".{out.name}.part")
    Image.fromarray(sheet).save(beside, format="PNG")
    beside.replace(out)
    typer.echo(str(out))
    return 0
