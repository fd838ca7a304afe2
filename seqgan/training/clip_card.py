"""The card of a model of clips: README.md with data, recipe, figures, samples, neighbours, limits and licence.

    python -m seqgan.training.clip_card assets/models/scenes-t2v --data data/scenes --run runs/gist --run runs/t2v

Figures come from the checkpoint's `eval.json`, the recipe from the run folders; nothing is typed in by hand but the
limits. Samples are of the first captions of a held-out split and of seeds 0 to 7, not chosen.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from seqgan.metrics.neighbours import nearest
from seqgan.sampling.clip import ClipSampler
from seqgan.training.card import card_head, figures_part, limits_part, write_parts
from seqgan.training.clip_pictures import clip_data, real_frames
from seqgan.training.clip_reference import pixels
from seqgan.training.frame_card import SAMPLE_CAPTIONS, SAMPLE_SEEDS, in_rows, recipe_part, sheet_of
from seqgan.training.pictures import save_picture

MOMENTS = 8
PART = 256
"""Training clips that are held at once."""
LIMITS = (
    "Draws what its data set shows, small and in its manner; it is a benchmark and a teaching piece, not a general "
    "text-to-video model.",
    "Other words than those of its captions reach it only through the sentence's frozen vector: `studio clip` says "
    "which words it read.",
    "People it knows doing things it has not seen them do are drawn less surely than what it has seen.",
)


def write_clip_card(folder: Path, data: Path, runs: Sequence[Path], split: str = "test", remark: str = "") -> Path:
    """Write README.md, samples.png, moments.png and neighbours.png of a checkpoint; a sample's captions are spread over
    `split`. `remark` stands under the recipe: what the runs' own records do not tell.

    Raises CheckpointError for a folder that draws no clips, DataError for data or run folders that are none.
    """
    sampler, held = ClipSampler.load(folder, "cpu"), clip_data(data, split)
    rows = np.unique(np.linspace(0, len(held.clips) - 1, SAMPLE_CAPTIONS).astype(int))
    captions = [held.captions[row][0] for row in rows]
    real = real_frames(held, rows, sampler.sizes.frames, sampler.sizes.size)
    drawn = np.stack([_drawn(sampler, caption, clip[0]) for caption, clip in zip(captions, real, strict=True)])
    middle, spread = sampler.sizes.frames // 2, np.arange(MOMENTS) * sampler.sizes.frames // MOMENTS
    save_picture(sheet_of(drawn[:, :, middle]), folder / "samples.png")
    save_picture(sheet_of(drawn[:, 0, spread]), folder / "moments.png")
    save_picture(_neighbours(data, drawn[:, 0], sampler), folder / "neighbours.png")
    told = "".join(f"{number}. {caption}\n" for number, caption in enumerate(captions, start=1))
    seeds = f"{SAMPLE_SEEDS[0]} to {SAMPLE_SEEDS[-1]}"
    what = "Moves a given picture as a caption tells." if sampler.needs_picture else "Draws clips of captions."
    return write_parts(folder, [
        card_head(folder, what), recipe_part(folder, runs, remark), figures_part(folder),
        f"## Samples\n\nCaptions spread evenly over `{split}`, one row each, seeds {seeds}, not chosen; the middle "
        f"frame of each clip:\n\n{told}\n![samples](samples.png)\n\nEight moments of seed {SAMPLE_SEEDS[0]}:\n\n"
        "![moments](moments.png)",
        "## Nearest training clips\n\nThe first sample of each row (left of each pair) beside the nearest training "
        "clip (right), by block means of four frames; the middle frame of both.\n\n![nearest](neighbours.png)",
        limits_part(folder, LIMITS),
    ])  # fmt: skip


def _drawn(sampler: ClipSampler, caption: str, first: np.ndarray) -> np.ndarray:
    """One caption from every sample seed, uint8 (S, T, H, W, 3); what moves a given picture is given the real one."""
    seeds = list(SAMPLE_SEEDS)
    given = first if sampler.needs_picture else None
    return np.stack([clip for _, clip in sampler.draw([caption] * len(seeds), seeds, first=given)])


def _neighbours(data: Path, samples: np.ndarray, sampler: ClipSampler) -> np.ndarray:
    """Middle frames of samples (N, T, H, W, 3) beside those of their nearest training clips."""
    train, sizes = clip_data(data, "train"), sampler.sizes
    numbers, middle = np.arange(len(train.clips)), sizes.frames // 2
    parts = np.split(numbers, range(PART, len(numbers), PART))
    bank = np.concatenate([pixels(real_frames(train, part, sizes.frames, sizes.size)) for part in parts])
    found, _ = nearest(pixels(samples), bank)
    theirs = real_frames(train, found, sizes.frames, sizes.size)
    return in_rows([np.concatenate(pair, 1) for pair in zip(samples[:, middle], theirs[:, middle], strict=True)])


def main(words: Sequence[str] | None = None) -> None:
    """The command."""
    parser = argparse.ArgumentParser(prog="clip_card", description="Write the card of a model of clips.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--data", type=Path, required=True, help="where its captions come from")
    parser.add_argument("--run", type=Path, action="append", required=True, help="a run folder; repeatable, in order")
    parser.add_argument("--split", default="test")
    parser.add_argument("--remark", default="", help="what the runs' own records do not tell")
    given = parser.parse_args(words)
    print(write_clip_card(given.folder, given.data, given.run, given.split, given.remark))


if __name__ == "__main__":
    main()
