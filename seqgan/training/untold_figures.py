"""Figures of what captions leave to earlier panels: who "she" is, and the hat that was told before.

Labels are group -> (S, T, names) of 0 and 1. A name of another group that begins with a character's, as "mia hat red"
does, is an attribute of that character.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from seqgan.metrics.story_figures import StoryFigure, f1_figure, ratio_figure

WHO = "characters"
Labels = Mapping[str, np.ndarray]


def untold_figures(
    true: Labels, seen: Labels, untold: Labels, names: Mapping[str, Sequence[str]]
) -> dict[str, StoryFigure]:
    """Figures of labels against those that a judge saw, where captions leave some untold; none where none can be had.

    pronoun_character_f1: micro F1 of characters over the panels with untold ones. carried_attribute_accuracy: of all
    characters of a panel with an attribute untold, the share that is seen and has all its attributes right, told or
    not (for the theatre as in `seqgan.training.story_report`).
    """
    if not untold or WHO not in seen:
        return {}
    panels = untold[WHO].any(2, keepdims=True)
    figures = {"pronoun_character_f1": f1_figure(true[WHO] * panels, seen[WHO] * panels)}
    owners = {group: owned(names[group], names[WHO]) for group in seen if group != WHO}
    attributes = {group: each for group, each in owners.items() if each.any()}
    if attributes:
        carried = np.sum([untold[group] @ each for group, each in attributes.items()], 0) > 0  # (S, T, characters)
        wrong = np.sum([(true[group] != seen[group]) @ each for group, each in attributes.items()], 0) > 0
        right = carried & ~wrong & (seen[WHO] > 0)
        figures["carried_attribute_accuracy"] = ratio_figure(right.sum((1, 2)), carried.sum((1, 2)))
    return figures


def owned(names: Sequence[str], characters: Sequence[str]) -> np.ndarray:
    """Which of a group's names are whose attributes, (names, characters) of 0 and 1."""
    return np.array([[name.startswith(f"{who} ") for who in characters] for name in names], np.int64).reshape(
        len(names), len(characters)
    )
