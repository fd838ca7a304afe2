"""The figures of a story model: what the labels ask for against what a judge saw. Arrays in, plain numbers out.

`targets` and `seen` are one array a label group, (N, rows), as `LabelSpace.encode` lays them out: 0/1 for characters
and props, class numbers else, -1 in `targets` where an actor is absent. `told` has one record a panel
(`seqgan.data.theatre.world.Told` as plain values).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from seqgan.data.theatre.labels import LabelSpace
from seqgan.metrics.consistency import pair_agreement
from seqgan.metrics.labels import class_accuracy, exact_match, f1_macro, f1_micro

Labels = dict[str, np.ndarray]

PROTOCOL = (
    "one take a panel; board seed {seed}, take 0; the sentences of the data set through the public StorySampler.draw; "
    "judge {judge}, yes/no at probability 0.5; action, look, size and place over the actors that the labels show, an "
    "actor that the judge does not see counted as wrong (*_detected: over the seen ones alone); carried_attribute: "
    "actors whose look or size was told in an earlier panel and is not repeated, right when item with colour and size "
    "both equal the labels; look_consistency: pairs of panels of a story in which the labels give a character one look "
    "and the judge sees it, share that the judge gives one look and size"
)


def seen_labels(logits: Labels) -> Labels:
    """A judge's logits as labels: logits above 0 for yes/no groups (probability above 0.5), the best class else."""
    return {name: part.argmax(-1) if part.ndim == 3 else (part > 0).astype(np.int64) for name, part in logits.items()}


def panel_figures(targets: Labels, seen: Labels) -> dict[str, float]:
    """What every panel shows by itself: characters, setting, actions and the rest."""
    who, there = targets["characters"], seen["characters"].astype(bool)
    figures = {
        "character_f1": f1_micro(who, seen["characters"]), "character_f1_macro": f1_macro(who, seen["characters"]),
        "frame_accuracy": exact_match(who, seen["characters"]), "prop_f1": f1_micro(targets["props"], seen["props"]),
    }  # fmt: skip
    for name in ("setting", "time", "weather", "shot"):
        figures[f"{name}_accuracy"] = class_accuracy(targets[name], seen[name])
    for name in ("action", "look", "size", "place"):
        group = f"actor_{name}"
        said = np.where(there, seen[group], -2)  # an actor that is not seen is right in nothing
        figures[f"{name}_accuracy"] = class_accuracy(targets[group], said)
        figures[f"{name}_accuracy_detected"] = class_accuracy(targets[group], seen[group], there)
    return figures


def pronoun_rows(told: Sequence[dict[str, Any]]) -> np.ndarray:
    """Numbers of the panels whose sentence names nobody but by pronoun."""
    return np.flatnonzero([each["pronoun"] for each in told])


def pronoun_shares(told: Sequence[dict[str, Any]]) -> dict[str, float]:
    """How many pronoun panels there are, and how hard they are."""
    chosen = [each for each in told if each["pronoun"]]
    wide, far = ([each["antecedents"] >= 2 for each in chosen], [each["distance"] >= 2 for each in chosen])
    return {
        "pronoun_panels": len(chosen), "pronoun_share": len(chosen) / max(len(told), 1),
        "pronoun_share_two_or_more_antecedents": _mean(wide), "pronoun_share_two_or_more_panels_back": _mean(far),
    }  # fmt: skip


def previous_cast(targets: Labels, starts: np.ndarray) -> np.ndarray:
    """The characters of the panel before, (N, C); nobody before a story's first panel."""
    before = np.zeros_like(targets["characters"])
    before[1:] = targets["characters"][:-1]
    before[starts[:-1]] = 0
    return before


def pronoun_figures(
    targets: Labels, seen: Labels, told: Sequence[dict[str, Any]], starts: np.ndarray
) -> dict[str, float]:
    """Character F1 on pronoun panels and the harder ones among them, each beside a copy of the previous cast."""
    rows, copied = pronoun_rows(told), previous_cast(targets, starts)
    subsets = {
        "pronoun_character_f1": rows,
        "pronoun_character_f1_two_or_more_antecedents": [row for row in rows if told[row]["antecedents"] >= 2],
        "pronoun_character_f1_two_or_more_panels_back": [row for row in rows if told[row]["distance"] >= 2],
    }
    figures: dict[str, float] = {}
    for name, chosen in subsets.items():
        figures[name] = subset_f1(targets["characters"], seen["characters"], chosen)
        figures[f"{name}_copy_of_previous"] = subset_f1(targets["characters"], copied, chosen)
    return {**figures, **pronoun_shares(told)}


def carried_figures(
    targets: Labels, seen: Labels, told: Sequence[dict[str, Any]], space: LabelSpace
) -> dict[str, float]:
    """Looks told once and carried through: right when seen, with item, colour and size all as the labels say."""
    pairs = [(row, space.characters.index(who)) for row, each in enumerate(told) for who in each["carried"]]
    if not pairs:
        return {"carried_attribute_accuracy": float("nan"), "carried_attributes": 0}
    rows, columns = np.array(pairs).T
    there = seen["characters"][rows, columns].astype(bool)
    right = np.ones(len(rows), bool)
    for group in ("actor_look", "actor_size"):
        right &= targets[group][rows, columns] == seen[group][rows, columns]
    return {
        "carried_attribute_accuracy": float((right & there).mean()),
        "carried_attribute_accuracy_detected": _mean(right[there]), "carried_attributes": len(pairs),
    }  # fmt: skip


def consistency_figures(targets: Labels, seen: Labels, starts: np.ndarray) -> dict[str, float]:
    """Whether a character keeps its look through a story, among the panels where the judge sees it."""
    story = np.repeat(np.arange(len(starts) - 1), np.diff(starts))
    rows, columns = np.nonzero(targets["characters"] & seen["characters"])
    groups = list(zip(story[rows], columns, strict=True))
    values, wanted = (
        list(zip(labels["actor_look"][rows, columns], labels["actor_size"][rows, columns], strict=True))
        for labels in (seen, targets)
    )
    return {"look_consistency": pair_agreement(groups, values, wanted)}


def story_figures(
    targets: Labels, seen: Labels, told: Sequence[dict[str, Any]], starts: np.ndarray, space: LabelSpace
) -> dict[str, float]:
    """All figures that labels and a judge give for one set of drawn panels."""
    return {
        **panel_figures(targets, seen), **pronoun_figures(targets, seen, told, starts),
        **carried_figures(targets, seen, told, space), **consistency_figures(targets, seen, starts),
    }  # fmt: skip


def subset_f1(true: np.ndarray, said: np.ndarray, rows: Sequence[int] | np.ndarray) -> float:
    """Micro F1 on some panels, nan where there are none."""
    chosen = np.asarray(rows, np.int64)
    return f1_micro(true[chosen], said[chosen]) if len(chosen) else float("nan")


def _mean(values: Any) -> float:
    return float(np.mean(values)) if len(values) else float("nan")
