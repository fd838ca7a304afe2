"""The preference study without people: who is nearer to the real pictures, carries on what was there, shows what the
sentences ask for (house).

visual quality: stories are dealt into parts of ten; in each the KID of either system's panels against real ones; less
is better, and a difference below the spread of real parts' own KID is undecided. consistence: labels of neighbouring
panels that are seen in both. relevance: F1 of the judged labels of a story. Equal is undecided.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from seqgan.errors import ConfigError
from seqgan.metrics.kernel import kid
from seqgan.metrics.preference import Preference, preference
from seqgan.metrics.stories import carried_hits
from seqgan.training.sequence_figures import Reference

PART = 10
REAL = 1000
"""Real panels, spread evenly, that parts are compared with."""


def machine_study(reference: Reference, drawn: tuple[np.ndarray, np.ndarray]) -> dict[str, Preference]:
    """Preferences between two systems' stories (S, T, H, W, 3) by question.

    Raises ConfigError without a judge, and for less than two parts of stories.
    """
    if reference.judge is None:
        raise ConfigError("consistence and relevance need a judge; train one with seqgan train story_judge, --judge it")
    if len(reference.stories) < 2 * PART:
        raise ConfigError(f"{len(reference.stories)} stories came; visual quality needs {2 * PART} or more")
    seen = [reference.judge.seen(each.reshape(-1, *each.shape[2:])) for each in drawn]
    carried, relevant = ([of(reference, each) for each in seen] for of in (carried_shares, story_f1))
    return {
        "visual_quality": preference(quality_votes(reference, drawn)),
        "consistence": preference(votes(carried[0], carried[1])),
        "relevance": preference(votes(relevant[0], relevant[1])),
    }


def quality_votes(reference: Reference, drawn: Sequence[np.ndarray]) -> list[tuple[str, str]]:
    """One vote a part of stories."""
    real = reference.true_features
    panels = real.reshape(-1, real.shape[-1])
    held = panels[np.linspace(0, len(panels) - 1, min(REAL, len(panels))).astype(int)]
    order = np.random.default_rng(reference.seed).permutation(len(real))
    parts = [order[start : start + PART] for start in range(0, len(order) - PART + 1, PART)]
    first, second, spread = (
        np.array([kid(held, features[part].reshape(-1, features.shape[-1])) for part in parts])
        for features in (reference.features(drawn[0]), reference.features(drawn[1]), real)
    )
    return votes(-first, -second, float(spread.std()))


def carried_shares(reference: Reference, seen: dict[str, np.ndarray]) -> np.ndarray:
    """Share of carried labels, over all groups, that are seen in both panels, (S,); nan where a story has none."""
    found = [carried_hits(reference.labels(group), _stories(reference, each)) for group, each in seen.items()]
    hits, there = np.sum(found, axis=0)
    return np.where(there > 0, hits / np.maximum(there, 1), np.nan)


def story_f1(reference: Reference, seen: dict[str, np.ndarray]) -> np.ndarray:
    """F1 of every story's labels, over all groups, (S,); 1 where nothing was asked for and nothing is seen."""
    pairs = [(reference.labels(group).astype(int), _stories(reference, each)) for group, each in seen.items()]
    hits = sum((true & said).sum((1, 2)) for true, said in pairs)
    whole = sum((true + said).sum((1, 2)) for true, said in pairs)
    return np.where(whole > 0, 2 * hits / np.maximum(whole, 1), 1.0)


def votes(first: np.ndarray, second: np.ndarray, margin: float = 0.0) -> list[tuple[str, str]]:
    """(unit, choice) for each unit that both have a figure of; within `margin` of each other is undecided."""
    kinds = {1: "first", -1: "second", 0: "undecided"}
    known = np.flatnonzero(~np.isnan(first) & ~np.isnan(second))
    gaps = first - second
    return [(str(unit), kinds[int(np.sign(gaps[unit])) if abs(gaps[unit]) > margin else 0]) for unit in known]


def _stories(reference: Reference, seen: np.ndarray) -> np.ndarray:
    return seen.reshape(*reference.clips.shape, -1)
