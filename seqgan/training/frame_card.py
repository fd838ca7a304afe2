"""The card of a single-frame model: README.md with data, recipe, figures, samples, neighbours, limits and licence.

    python -m seqgan.training.frame_card assets/models/emoji-attngan --data data/emoji-styles --run runs/attngan

Figures come from the checkpoint's `eval.json`, the recipe from the run folders; nothing is typed in by hand but the
limits. Samples are of the first captions of a held-out split and of seeds 0 to 7, not chosen.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np

from seqgan.checkpoints.format import read_config
from seqgan.data.pictures import PictureData
from seqgan.metrics.neighbours import nearest
from seqgan.sampling.frame import FrameSampler
from seqgan.training.card import card_head, figures_part, limits_part, read_run, run_line, settings_line, write_parts
from seqgan.training.frames import cropped
from seqgan.training.pictures import save_picture, thumbnails

SAMPLE_SEEDS, SAMPLE_CAPTIONS = range(8), 8
LIMITS = (
    "Draws what its data set shows, small and in its manner; it is a benchmark and a teaching piece, not a general "
    "text-to-image model.",
    "Reads the words of its training captions and no others: `studio frame` says which words it left out.",
    "R-precision is measured by a DAMSM of another seed whose frozen network is that of the DAMSM it was trained with: "
    "some of the agreement is textures that such a network likes and a person does not.",
)
SEERS = {
    "damsm": (
        "Says how well a picture and a caption fit: words and regions in one space, pictures looked at by "
        "EfficientNet-Lite0 (frozen, from its package).",
        ("Knows the words and pictures of one data set; anything else is answered just as surely and means nothing.",
         "One that a generator was trained with is no judge of it: measure with one of another seed."),
    ),
    "picture_judge": (
        "Says what labels a picture has.",
        ("Knows the pictures of one data set at one size; anything else is answered just as surely and means nothing.",
         "Measures whether labels can be recognised. It has no part in training or choosing a generator."),
    ),
}  # fmt: skip
"""Family -> what it is, and its limits."""


def write_frame_card(
    folder: Path, data: Path, runs: Sequence[Path], split: str = "test_pairs", remark: str = ""
) -> Path:
    """Write README.md, samples.png and neighbours.png of a checkpoint; a sample's captions are spread over `split`.
    `remark` stands under the recipe: what the runs' own records do not tell.

    Raises CheckpointError for a folder that draws no frames, DataError for data or run folders that are none.
    """
    sampler, held = FrameSampler.load(folder, "cpu"), PictureData.open(data, split)
    rows = np.linspace(0, len(held) - 1, min(SAMPLE_CAPTIONS, len(held))).astype(int)
    captions = [held.captions[row][min(1, len(held.captions[row]) - 1)] for row in rows]
    drawn = [_drawn(sampler, caption) for caption in captions]
    save_picture(sheet_of(drawn), folder / "samples.png")
    save_picture(_neighbours(data, np.stack([row[0] for row in drawn])), folder / "neighbours.png")
    told = "".join(f"{number}. {caption}\n" for number, caption in enumerate(captions, start=1))
    seeds = f"{SAMPLE_SEEDS[0]} to {SAMPLE_SEEDS[-1]}"
    return write_parts(folder, [
        card_head(folder, "Draws pictures of captions."), recipe_part(folder, runs, remark), figures_part(folder),
        f"## Samples\n\nCaptions spread evenly over `{split}`, one row each, seeds {seeds}, not chosen:\n\n{told}\n"
        "![samples](samples.png)",
        "## Nearest training pictures\n\nThe first sample of each row (left of each pair) beside the nearest training "
        "picture (right), by block means of 4x4 pixels.\n\n![nearest training pictures](neighbours.png)",
        limits_part(folder, LIMITS if _ranked(folder) else LIMITS[:-1]),
    ])  # fmt: skip


def write_seer_card(folder: Path, run: Path, remark: str = "") -> Path:
    """Write README.md of a DAMSM or a judge of pictures. Raises as `write_frame_card`."""
    about, limits = SEERS[read_config(folder)["family"]]
    parts = [
        card_head(folder, about),
        recipe_part(folder, [run], remark),
        figures_part(folder),
        limits_part(folder, limits),
    ]
    return write_parts(folder, parts)


def _ranked(folder: Path) -> bool:
    """Whether R-precision is among the checkpoint's figures."""
    path = folder / "eval.json"
    return path.is_file() and '"r_precision"' in path.read_text(encoding="utf-8")


def _drawn(sampler: FrameSampler, caption: str) -> np.ndarray:
    """One caption from every sample seed, uint8 (S, H, W, 3)."""
    seeds = list(SAMPLE_SEEDS)
    return np.stack([picture for _, picture in sampler.draw([caption] * len(seeds), seeds, strict=False)])


def _neighbours(data: Path, samples: np.ndarray) -> np.ndarray:
    """Samples beside their nearest training pictures, four pairs a row."""
    train = PictureData.open(data, "train")
    real = cropped(train, np.arange(len(train)), None)
    found, _ = nearest(thumbnails(samples), thumbnails(real))
    pairs = [np.concatenate(pair, 1) for pair in zip(samples, real[found], strict=True)]
    return in_rows(pairs)


def sheet_of(rows: Iterable[np.ndarray]) -> np.ndarray:
    """Rows of pictures, each (N, H, W, 3), as one picture."""
    return np.concatenate([np.concatenate(list(row), 1) for row in rows])


def in_rows(pairs: list[np.ndarray]) -> np.ndarray:
    """Pictures (H, W, 3) of one size, four a row, on white."""
    padded = [*pairs, *[np.full_like(pairs[0], 255)] * (-len(pairs) % 4)]
    return np.concatenate([np.concatenate(padded[start : start + 4], 1) for start in range(0, len(padded), 4)])


def recipe_part(folder: Path, runs: Sequence[Path], remark: str) -> str:
    """What a checkpoint was trained on, and the run folders that made it, in order."""
    config = read_config(folder)
    trained = config["trained_on"]
    read_by = "" if "damsm" not in config else (
        " Captions are read by, and the loss of words and regions comes from, a DAMSM with weights "
        f"`{config['damsm']['weights_sha256'][:16]}`."
    )  # fmt: skip
    counts = ", ".join(f"{count:,} {split}" for split, count in trained["counts"].items())
    lines = [
        "## Data and recipe", "",
        f"Trained on the training split of {trained['name']} ({counts}), data seed {trained['seed']}, data hash "
        f"`{trained['hash']}`.{read_by}", "",
        "| step | preset | images seen | seed | time | machine |", "| --- | --- | --- | --- | --- | --- |",
    ]  # fmt: skip
    lines += [run_line(number, read_run(run)) for number, run in enumerate(runs, start=1)]
    told = [remark, ""] if remark else []
    return "\n".join([*lines, "", *told, "Resolved settings of each step:", "", *map(settings_line, runs)])


def main(words: Sequence[str] | None = None) -> None:
    """The command."""
    parser = argparse.ArgumentParser(prog="frame_card", description="Write the card of a single-frame model.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--data", type=Path, help="where a generator's captions come from")
    parser.add_argument("--run", type=Path, action="append", required=True, help="a run folder; repeatable, in order")
    parser.add_argument("--split", default="test_pairs")
    parser.add_argument("--remark", default="", help="what the runs' own records do not tell")
    given = parser.parse_args(words)
    if read_config(given.folder).get("family") in SEERS:
        print(write_seer_card(given.folder, given.run[-1], given.remark))
    elif given.data is None:
        parser.error("--data is missing: a generator's card shows captions of it")
    else:
        print(write_frame_card(given.folder, given.data, given.run, given.split, given.remark))


if __name__ == "__main__":
    main()
