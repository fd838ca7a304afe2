"""`seqgan evaluate` for what draws the stories of a sequence data set: figures with intervals, baselines beside them.

    report = evaluate_sequences(system, Path("data/clevr-sv"), ("test",), judge="runs/judge/checkpoint")

In the report `SPLIT` is the system, `real_SPLIT` what the same judge and matching model say of the true stories (the
ceiling), and `background_SPLIT` the figures of an empty stage, the median of the training frames, drawn for every
sentence. `NAME_low` and `NAME_high` are the ends of the 95 % interval over stories.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from seqgan.data.sequences import SequenceData
from seqgan.errors import DataError
from seqgan.metrics.bootstrap import Interval
from seqgan.metrics.kernel import kid
from seqgan.metrics.story_figures import figure_interval, paired_interval
from seqgan.training.loaded_judge import check_untaught
from seqgan.training.reports import Report, rounded
from seqgan.training.sequence_figures import METRICS, Figures, Reference
from seqgan.training.sequence_systems import DrawsStories, draw_stories
from seqgan.training.story_judges import SeesLabels, load_story_judge

STORIES = 500
ITSELF = ("ssim", "object_ssim", "kid_enlite0", "fid_enlite0", "fsd_enlite0", "fsd_enlite0_as_published",
          "change_ratio", "neighbour_distance_ratio")  # fmt: skip
"""Figures that are 0 or 1 for the true stories by definition, and so are not said of them."""
PROTOCOL = (
    "{n} stories spread evenly over the split, drawn once, seeds of board seed {seed} by story number; against the "
    "middle frame of each clip; ssim: Gaussian 11x11, sigma 1.5, valid region, range 1, mean of channels; object_ssim: "
    "mean of that map where the true panel differs from the median training frame by more than 20/255 in a channel, "
    "grown by 3 px; background_*: that median drawn for every panel; labels by {judge}, trained on real frames of "
    "other stories, at probability 0.5, character_f1 pooled over panels and names; carried_GROUP: labels of two "
    "neighbouring panels that are seen in both; pronoun_character_f1: over the panels whose caption tells characters "
    "by pronouns alone; carried_attribute_accuracy: of characters with a look or size that an earlier panel told and "
    "the caption does not repeat, the share that is seen with look and size both right; *_enlite0: EfficientNet-Lite0, "
    "pooled, 224 px, not comparable with figures of other networks; fsd_*: panels in order, projected to 256 numbers "
    "(seed 0); *_as_published: fid against a random frame of each clip, fsd on raw pictures without the last batch "
    "below 50; story_r_precision: 1 of up to 100 texts, 10 trials, by ridge regression from pictures to words of "
    "training stories; change_ratio: mean change between neighbouring panels over that of the true ones; "
    "neighbour_distance_ratio: 4 px block means, one panel a story; _low and _high: 95 % intervals over stories, 2000 "
    "bootstrap resamples, of distances a jackknife of 20 groups"
)


def evaluate_sequences(
    load: Callable[[SequenceData], DrawsStories], folder: Path, splits: Sequence[str] = ("test",), n: int = STORIES,
    seed: int = 0, metrics: Sequence[str] = METRICS, judge: str = "", device: str = "cpu",
) -> Report:  # fmt: skip
    """Measure what `load` makes for the stories of each split; without a judge no labels are measured.

    Raises ConfigError for an unknown metric, DataError and CheckpointError for what cannot be read.
    """
    seer, found, name = find_judge(judge, folder, splits, device), {}, ""
    for split in splits:
        reference = Reference.open(folder, split, n, metrics or METRICS, seer, seed, device)
        system, name = load(reference.data), reference.data.about["name"]
        ours = reference.figures(drawn_by(system, reference))
        empty = reference.figures(reference.empty)
        known = origin(reference, system)
        found[split] = {**told(ours, reference), **over_background(ours, empty, reference), **known}
        found[f"real_{split}"] = {**of_truth(reference), **origin(reference)}
        found[f"background_{split}"] = {**told(empty, reference), **origin(reference)}
    return {name: rounded(found)}


def drawn_by(system: DrawsStories, reference: Reference) -> np.ndarray:
    """The stories that a system draws to be measured, uint8 (S, T, H, W, 3). Raises ConfigError where the judge taught
    it."""
    if reference.judge:
        check_untaught(reference.judge.info, system.info.get("teachers", ()))
    return draw_stories(system, reference.data, reference.stories.tolist(), reference.seed)


def find_judge(name: str, folder: Path, splits: Sequence[str], device: str) -> SeesLabels | None:
    """The judge of that name, None for "". Raises DataError where it was trained on stories that it is to judge."""
    if not name:
        return None
    judge = load_story_judge(name, device)
    known = judge.info["trained_on"]
    about = SequenceData.open(folder, splits[0]).about
    if _same_stories(known, about) and set(known["splits"]) & set(splits):
        raise DataError(f"the judge was trained on {', '.join(known['splits'])} of this data set; judge other splits")
    if list(judge.size) != list(about["size"]):
        raise DataError(f"the judge knows panels of {judge.size}, the data has {about['size']}; train one on this data")
    if strange := [group for group, names in judge.names.items() if list(names) != about["groups"].get(group)]:
        raise DataError(f"the judge's {', '.join(strange)} are not those of the data; train one on this data")
    return judge


def _same_stories(known: dict[str, Any], about: dict[str, Any]) -> bool:
    """Whether a judge's data set has the stories of this one; those of one pack and seed are the same in any layout."""
    drawn = [(each.get("pack", {}).get("digest"), each.get("seed")) for each in (known, about)]
    return known["hash"] == about["hash"] or (drawn[0][0] is not None and drawn[0] == drawn[1])


def told(figures: Figures, reference: Reference) -> dict[str, float]:
    """Every figure with its interval."""
    spread = {name: figure_interval(each, len(reference.stories)) for name, each in figures.items()}
    return {key: value for name, each in spread.items() for key, value in ends(name, each).items()}


def ends(name: str, each: Interval) -> dict[str, float]:
    """A figure and its interval as entries of a report."""
    return {name: each.value, f"{name}_low": each.low, f"{name}_high": each.high}


def over_background(ours: Figures, empty: Figures, reference: Reference) -> dict[str, float]:
    """How far the SSIM figures lie above those of the empty stage, with paired intervals, and these themselves."""
    every, found = np.arange(len(reference.stories)), dict[str, float]()
    for name in [each for each in ("ssim", "object_ssim") if each in ours]:
        found[f"{name}_background"] = empty[name].of(every)
        found |= ends(f"{name}_over_background", paired_interval(ours[name], empty[name], len(every)))
    return found


def of_truth(reference: Reference) -> dict[str, float]:
    """What the same networks say of the true stories, and how far real is from real, half against half."""
    figures = reference.figures(reference.truth)
    found = told({name: each for name, each in figures.items() if name not in ITSELF}, reference)
    if "kid_enlite0" in figures:
        halves = [each.reshape(-1, each.shape[-1]) for each in (reference.true_features[::2],
                                                               reference.true_features[1::2])]  # fmt: skip
        found["kid_enlite0_real_halves"] = kid(*halves)
    return found


def origin(reference: Reference, system: DrawsStories | None = None) -> dict[str, Any]:
    """What was measured, and how."""
    judge = reference.judge.info if reference.judge else {"name": "no judge", "weights_sha256": ""}
    info = {"model": system.info["name"], "weights_sha256": system.info["weights_sha256"]} if system else {}
    return {
        **info, "judge_sha256": judge["weights_sha256"], "n": len(reference.stories),
        "panels": int(reference.clips.size), "seed": reference.seed, "data_hash": reference.data.about["hash"],
        "protocol": PROTOCOL.format(n=len(reference.stories), seed=reference.seed, judge=judge["name"]),
    }  # fmt: skip


def evaluate_sequence_judge(
    name: str, folder: Path, splits: Sequence[str], n: int | None, device: str = "cpu"
) -> Report:
    """How well a judge sees the true panels of `n` stories of each split: what its figures of others are worth."""
    judge, found, title = find_judge(name, folder, splits, device), {}, ""
    for split in splits:
        reference = Reference.open(folder, split, n, ("labels",), judge, 0, device)
        title = reference.data.about["name"]
        found[f"real_{split}"] = {**of_truth(reference), **origin(reference)}
    return {title: rounded(found)}
