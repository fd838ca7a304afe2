"""`seqgan evaluate` for what draws clips: the accuracy protocol of Li et al. 2018, section 4, and what it leaves out.

    report = evaluate_clips("runs/t2v/checkpoint", Path("data/scenes"), ("test",), judge="runs/judge/checkpoint")

In the report `SPLIT` is the system; `real_SPLIT` is what the same judge and measures say of the real clips of the same
captions: its balanced accuracy is the "In-set" of the paper, the ceiling. Published figures belong to their own clips,
classes and classifier, and compare with none of these.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from seqgan.metrics.clips import (
    balanced_interval,
    cell_accuracy,
    diversity,
    flickering_share,
    frozen_share,
    log_ratio,
)
from seqgan.metrics.frechet import frechet_distance
from seqgan.metrics.labels import balanced_accuracy, class_confusion, majority_rate
from seqgan.metrics.neighbours import distance_ratio
from seqgan.metrics.spread import Spread
from seqgan.sampling.clip import ClipSampler
from seqgan.training.clip_reference import ClipReference, Look, find_clip_judges
from seqgan.training.reports import Report, drawing_bar, rounded
from seqgan.training.sequence_evaluate import ends

TAKES = 3
"""Seeds that each caption is drawn from."""
PROTOCOL = (
    "{n} clips spread evenly over the split, {frames} frames of {size} px; the first caption of each drawn {takes} "
    "times, seeds of board seed {seed} by clip number and take; names by {judge}, five 3-D convolutions trained on "
    "real training clips alone, each counted alike, the likeliest of the names that count; balanced accuracy: mean "
    "over the names that occur, _std: over takes and judges; _in_set: of the real clips; _chance: 1 of the names; "
    "_majority: plain accuracy of always saying the most frequent; _low and _high: 95 % bootstrap intervals over "
    "cells (persona, action); gist_*: of a clip that stands still on the gist (real: the first frame); change, "
    "second_change: mean |differences| of frames, of full brightness; _log_ratio: |log| of that over the real one; "
    "warp_error: OpenCV DIS, hidden pixels left out; frozen: change below a tenth of the real median; flickering: "
    "second change over change above the real"
    " 95 % quantile; still_difference: to the real clip where that differs from its mean by 20/255 at the most; "
    "detail: mean |difference| of neighbouring pixels, small where frames are blurred; start_ssim: SSIM of the first "
    "frame and the gist, which is the given picture where one is moved; "
    "fvd_clip_judge: Frechet distance of the judge's features, each take against as many real clips (real: training "
    "clips against these), no FVD of others; diversity: mean feature distance of clips of different captions, and "
    "within one; neighbour_*_ratio: median distance to the nearest training clip over that of real clips, far below "
    "1 are copies"
)
Figures = dict[str, Any]


def evaluate_clips(
    checkpoint: str | Path, folder: Path, splits: Sequence[str] = ("test",), n: int | None = None, seed: int = 0,
    judge: str = "", device: str = "cpu", threads: int | None = None, takes: int = TAKES, quiet: bool = False,
) -> Report:  # fmt: skip
    """Draw each caption of `n` clips of each split `takes` times, let the judge look, and measure.

    Raises DataError without a judge, or with one that does not fit, and CheckpointError for what cannot be read.
    """
    judges, found, name = find_clip_judges([judge], folder, splits, device), dict[str, Figures](), ""
    sampler = ClipSampler.load(checkpoint, device, threads)
    sizes = sampler.sizes
    for split in splits:
        reference = ClipReference.open(folder, split, n, judges, sizes.frames, sizes.size, seed)
        name = reference.data.about["name"]
        with drawing_bar(split, quiet, takes * len(reference.clips)) as done:
            drawn = list(reference.takes(sampler, takes, done))
        info = {"model": sampler.info["name"], "weights_sha256": sampler.info["weights_sha256"]}
        found[split] = {**system_figures(reference, drawn), **info, **origin(reference, takes)}
        found[f"real_{split}"] = {**real_figures(reference), **origin(reference, takes)}
    return {name: rounded(found)}


def evaluate_clip_judge(name: str, folder: Path, splits: Sequence[str], n: int | None, device: str = "cpu") -> Report:
    """What a judge says of `n` real clips of each split: what its figures of others are worth. Raises as the other."""
    judges, found, title = find_clip_judges([name], folder, splits, device), dict[str, Figures](), ""
    for split in splits:
        reference = ClipReference.open(folder, split, n, judges, judges[0].frames, judges[0].size)
        title = reference.data.about["name"]
        found[f"real_{split}"] = {**real_figures(reference), **origin(reference, 0)}
    return {title: rounded(found)}


def system_figures(reference: ClipReference, takes: Sequence[Look]) -> Figures:
    """All figures of a system."""
    return {
        **_beside_in_set(reference, takes), **_still_figures(reference, takes), **_motion(reference, takes),
        **_distribution(reference, takes),
    }  # fmt: skip


def real_figures(reference: ClipReference) -> Figures:
    """The same of the real clips, where it is not 0 or 1 by definition."""
    truth = reference.truth
    spaced = np.linspace(0, len(reference.bank[0]) - 1, len(truth.features)).astype(int)
    across, within = diversity(truth.features, _kinds(reference, 1))
    return {
        **_accuracies(reference, [truth]), **_still_figures(reference, [truth]),
        **{name: _mean(truth.rows[name]) for name in ("change", "second_change", "warp_error", "detail")},
        "frozen_share": frozen_share(truth.rows["change"], truth.rows["change"]),
        "fvd_clip_judge": frechet_distance(reference.bank[0][spaced], truth.features),
        "diversity_across": across, "diversity_within": within,
    }  # fmt: skip


# Names ---------------------------------------------------------------------------------------------------------------


def pooled(reference: ClipReference, group: str, said: Sequence[np.ndarray]) -> tuple[np.ndarray, ...]:
    """True names, names said by every judge (J, N) of each take, and cells, all in a row, of clips that have a name of
    the group."""
    every = np.concatenate(said)
    true, cells = (np.tile(each, len(every)) for each in (reference.labels[group], reference.cells))
    known = true >= 0
    return true[known], every.flatten()[known], cells[known]


def _accuracies(reference: ClipReference, takes: Sequence[Look]) -> Figures:
    found: Figures = {}
    for group, names in reference.judge.names.items():
        true, said, cells = pooled(reference, group, [take.names[group] for take in takes])
        if len(true):
            found |= ends(f"{group}_balanced_accuracy", balanced_interval(true, said, cells))
            found |= ends(f"{group}_cell_accuracy", cell_accuracy(true == said, cells))
            found |= {f"{group}_accuracy": float((true == said).mean()), f"{group}_majority": majority_rate(true),
                      f"{group}_chance": 1 / len(names), f"{group}_confusion": _table(true, said, names)}  # fmt: skip
    return found


def _table(true: np.ndarray, said: np.ndarray, names: Sequence[str]) -> dict[str, dict[str, int]]:
    """What was taken for what: name -> said name -> how often."""
    counts = class_confusion(true, said, len(names))
    return {
        names[row]: {names[column]: int(counts[row, column]) for column in np.flatnonzero(counts[row]).tolist()}
        for row in np.flatnonzero(counts.sum(1)).tolist()
    }


def _beside_in_set(reference: ClipReference, takes: Sequence[Look]) -> Figures:
    """Accuracies beside those of the real clips, and how much they differ from take to take and judge to judge."""
    found = _accuracies(reference, takes)
    for group in reference.judge.names:
        if (whole := f"{group}_balanced_accuracy") in found:
            real = float(np.mean([_balanced(reference, group, said) for said in reference.truth.names[group]]))
            each = [_balanced(reference, group, said) for take in takes for said in take.names[group]]
            found |= {f"{whole}_std": Spread.of(each).std, f"{group}_in_set": real,
                      f"{group}_of_in_set": found[whole] / real if real else float("nan")}  # fmt: skip
    return found


def _balanced(reference: ClipReference, group: str, said: np.ndarray) -> float:
    return balanced_accuracy(class_confusion(reference.labels[group], said, len(reference.judge.names[group])))


def _still_figures(reference: ClipReference, takes: Sequence[Look]) -> Figures:
    """How well names are told by gists that stand still: what the motion adds nothing to."""
    groups = [group for group in takes[0].still if (reference.labels[group] >= 0).any()]
    return {
        f"gist_{group}_balanced_accuracy": float(
            np.mean([_balanced(reference, group, said) for take in takes for said in take.still[group]])
        )
        for group in groups
    }


# Motion, and distances between sets ----------------------------------------------------------------------------------


def _motion(reference: ClipReference, takes: Sequence[Look]) -> Figures:
    real = reference.truth.rows
    rows = {name: np.concatenate([take.rows[name] for take in takes]) for name in takes[0].rows}
    ours, theirs = ((each["change"], each["second_change"]) for each in (rows, real))
    return {
        **{name: _mean(values) for name, values in rows.items()},
        **{f"{name}_log_ratio": log_ratio(rows[name], real[name]) for name in ("change", "second_change")},
        "frozen_share": frozen_share(rows["change"], real["change"]),
        "flickering_share": flickering_share(ours, theirs),
    }  # fmt: skip


def _distribution(reference: ClipReference, takes: Sequence[Look]) -> Figures:
    truth, (bank, pictures) = reference.truth, reference.bank
    distances = Spread.of([frechet_distance(truth.features, take.features) for take in takes])
    features, pixels = (np.concatenate(each) for each in zip(*((t.features, t.pixels) for t in takes), strict=True))
    across, within = diversity(features, _kinds(reference, len(takes)))
    real = diversity(truth.features, _kinds(reference, 1))[0]
    return {
        "fvd_clip_judge": distances.mean, "fvd_clip_judge_std": distances.std,
        "diversity_across": across, "diversity_within": within,
        "diversity_across_of_real": across / real if real else float("nan"),
        "diversity_within_of_across": within / across if across else float("nan"),
        "neighbour_feature_ratio": distance_ratio(features, truth.features, bank),
        "neighbour_pixel_ratio": distance_ratio(pixels, truth.pixels, pictures),
    }  # fmt: skip


def _kinds(reference: ClipReference, takes: int) -> np.ndarray:
    """A number a clip of all takes, equal where the captions are."""
    return np.tile(np.unique(reference.captions, return_inverse=True)[1], takes)


def _mean(values: np.ndarray) -> float:
    known = values[~np.isnan(values)]
    return float(known.mean()) if len(known) else float("nan")


def origin(reference: ClipReference, takes: int) -> Figures:
    """What was measured, and how."""
    judges, (height, width) = [judge.info for judge in reference.judges], reference.size
    names = ", ".join(judge["name"] for judge in judges)
    return {
        "judge_sha256": judges[0]["weights_sha256"], "n": len(reference.clips), "takes": takes, "seed": reference.seed,
        "data_hash": reference.data.about["hash"],
        "protocol": PROTOCOL.format(n=len(reference.clips), frames=reference.frames, size=f"{height}x{width}",
                                    takes=takes, seed=reference.seed, judge=names),
    }  # fmt: skip
