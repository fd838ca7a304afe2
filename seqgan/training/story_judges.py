"""What sees the labels of drawn panels: a judge that was trained on the data set's own panels, or the theatre's judge.

judge = load_story_judge("theatre-judge")
judge.seen(panels)["looks"]       # uint8 (N, 96), as `judge.names["looks"]` lists them
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from seqgan.checkpoints.format import find_model, read_config
from seqgan.checks import check_shape
from seqgan.training.judge_training import Judge, load_judge
from seqgan.training.loaded_judge import load_sequence_judge
from seqgan.training.story_report import seen_labels

THEATRE = "judge"
"""The family of judges of the theatre's panels."""


class SeesLabels(Protocol):
    """What is asked of a judge of a data set's panels."""

    @property
    def names(self) -> dict[str, tuple[str, ...]]:
        """Label group -> the names that it tells apart."""
        ...

    @property
    def size(self) -> tuple[int, int]:
        """Height and width of the panels that it knows."""
        ...

    @property
    def info(self) -> dict[str, Any]:
        """What it is: "name", "weights_sha256", and "trained_on", a "hash" and "splits"."""
        ...

    def seen(self, pictures: np.ndarray) -> dict[str, np.ndarray]:
        """What is in panels uint8 (N, H, W, 3), by label group, uint8 (N, names) of 0 and 1."""
        ...


@dataclass(frozen=True)
class TheatreJudge:
    """A judge of the theatre's panels, that answers in the label groups of the theatre's clips."""

    judge: Judge
    size: tuple[int, int]

    @property
    def names(self) -> dict[str, tuple[str, ...]]:
        """As `LabelSpace.names`."""
        return self.judge.space.names

    @property
    def info(self) -> dict[str, Any]:
        """Of the judge itself."""
        return self.judge.info

    def seen(self, pictures: np.ndarray) -> dict[str, np.ndarray]:
        """Characters and props at more than even odds, the likeliest setting, time and weather, and the likeliest look
        and size of each character that is seen. Raises InputError for panels of another size."""
        check_shape("pictures", pictures, ("N", *self.size, 3))
        logits = self.judge.logits(np.array(pictures))  # a copy: a memory map may be read alone
        seen, there = seen_labels(logits), logits["characters"] > 0

        def one(group: str) -> np.ndarray:
            return seen[group][..., None] == np.arange(logits[group].shape[-1])  # (N, rows, classes)

        def worn(group: str) -> np.ndarray:
            return (one(group) & there[..., None])[..., 1:].reshape(len(pictures), -1)  # class 0 is as the pack drew it

        found = {
            "characters": there,
            "props": seen["props"],
            "settings": one("setting")[:, 0],
            "times": one("time")[:, 0],
            "weathers": one("weather")[:, 0],
            "looks": worn("actor_look"),
            "sizes": worn("actor_size"),
        }
        return {group: each.astype(np.uint8) for group, each in found.items()}


def load_story_judge(name: str, device: str = "cpu") -> SeesLabels:
    """A judge of panels by installed name or folder. Raises CheckpointError for anything else."""
    config = read_config(find_model(name))
    if config.get("family") != THEATRE:
        return load_sequence_judge(name, device)
    height, width = config["size"]
    return TheatreJudge(load_judge(name, device), (height, width))
