"""`seqgan sample`: a story, or captions, drawn by a checkpoint several times on one sheet."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from seqgan.cli import options
from seqgan.errors import InputError

if TYPE_CHECKING:
    import numpy as np


def sample(
    checkpoint: options.Checkpoint,
    out: options.Out = Path("sample.png"),
    text: Annotated[
        list[str] | None, typer.Option("--text", metavar="SENTENCE", help="A sentence of the story, or a caption.")
    ] = None,
    seeds: Annotated[int, typer.Option("--n", min=1, max=64, help="How many times: seeds 0 to N-1.")] = 8,
    device: options.Device = "auto",
    threads: options.Threads = None,
) -> int:
    """Draw as one PNG, for cards and for looking: a story, a row a seed; captions, a row each, by a model of frames; or
    eight moments of a caption's clip, a row a seed.

    --text may be repeated: the sentences of the story, or the captions.
    """
    from PIL import Image

    sheet = _sheet(checkpoint, text, range(seeds), device, threads)
    beside = out.with_name(f".{out.name}.part")
    Image.fromarray(sheet).save(beside, format="PNG")
    beside.replace(out)
    typer.echo(str(out))
    return 0


def _sheet(checkpoint: str, text: list[str] | None, seeds: range, device: str, threads: int | None) -> np.ndarray:
    from seqgan.checkpoints.format import read_config
    from seqgan.registry import find_model
    from seqgan.sampling.bench import STORY
    from seqgan.sampling.clip import ClipSampler
    from seqgan.sampling.frame import FrameSampler
    from seqgan.sampling.installed import CLIP_FAMILY, FRAME_FAMILIES
    from seqgan.sampling.sheet import clip_rows, frame_sheet, story_sheet, vector_story_sheet
    from seqgan.sampling.story import StorySampler
    from seqgan.sampling.story_vectors import FAMILIES, VectorStorySampler

    family = read_config(find_model(checkpoint)).get("family")
    if family in FAMILIES:
        vectors = VectorStorySampler.load(checkpoint, device=device, threads=threads)
        return vector_story_sheet(vectors, text or STORY[: vectors.sizes.panels], seeds)
    if family not in (*FRAME_FAMILIES, CLIP_FAMILY):
        return story_sheet(StorySampler.load(checkpoint, device=device, threads=threads), text or STORY, seeds)
    if not text:
        raise InputError(f"{checkpoint} draws captions and none came; give --text CAPTION, once or more")
    if family == CLIP_FAMILY:
        return clip_rows(ClipSampler.load(checkpoint, device=device, threads=threads), text, seeds)
    return frame_sheet(FrameSampler.load(checkpoint, device=device, threads=threads), text, seeds)
