"""What draws the stories of a sequence data set: checkpoints, and folders of boards that something else has drawn.

A folder of boards holds one strip a story, its panels one below another: `000000.png` for the first story of the split,
and so on. That is how any system, published or not, can stand in a comparison or a preference study.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from seqgan.checkpoints.format import read_config
from seqgan.data.manifest import read_strip
from seqgan.data.sequences import SequenceData
from seqgan.errors import CheckpointError, DataError
from seqgan.registry import find_model
from seqgan.sampling.noise import board_seeds
from seqgan.sampling.story_vectors import FAMILIES
from seqgan.training.storygan_drawing import StoryGANSystem

CHUNK = 16
"""Stories that are drawn at a time."""


class DrawsStories(Protocol):
    """What is asked of a system."""

    @property
    def info(self) -> dict[str, Any]:
        """What it is: "name", "weights_sha256"."""
        ...

    def draw(self, stories: Sequence[int], seeds: Sequence[int]) -> np.ndarray:
        """Stories of these numbers in its split, each from a seed of its own, uint8 (S, T, H, W, 3)."""
        ...


class DrawnBoards:
    """A folder of boards that were drawn before; seeds change nothing."""

    def __init__(self, folder: Path, data: SequenceData) -> None:
        self.folder, self.size = folder, tuple(data.about["size"])
        self.length = int(data.about["length"])
        self.info = {"name": folder.name, "weights_sha256": ""}

    def draw(self, stories: Sequence[int], seeds: Sequence[int]) -> np.ndarray:
        """Strips of these stories. Raises DataError for one that is missing or of another size."""
        records = ({"media": f"{number:06d}.png"} for number in stories)
        return np.stack([read_strip(self.folder, record, self.size, self.length) for record in records])


LOADERS: dict[str, Callable[[Path, SequenceData, str, float], DrawsStories]] = dict.fromkeys(
    FAMILIES, StoryGANSystem.load
)
"""Family of a checkpoint -> what loads it for the stories of some data, on a device, with guidance."""


def system_of(name: str, data: SequenceData, device: str = "cpu", guidance: float = 0.0) -> DrawsStories:
    """A system by name: an installed checkpoint, the folder of one, or a folder of boards, which no guidance changes.
    Raises CheckpointError."""
    if boards := boards_of(name, data):
        return boards
    folder = find_model(name)
    family = str(read_config(folder).get("family"))
    if family not in LOADERS:
        known = ", ".join(LOADERS) or "none"
        raise CheckpointError(f"{folder} holds a {family!r}, which draws no stories of clips; known are: {known}")
    return LOADERS[family](folder, data, device, guidance)


def boards_of(name: str, data: SequenceData) -> DrawnBoards | None:
    """The folder of boards of that name, None where it is something else."""
    return DrawnBoards(Path(name), data) if (Path(name) / "000000.png").is_file() else None


def story_seeds(seed: int, stories: Sequence[int]) -> list[int]:
    """The seed of every story of these numbers: a function of the board seed and the number, whoever else is drawn."""
    every = board_seeds(seed, max(stories) + 1)
    return [every[number] for number in stories]


def draw_stories(
    system: DrawsStories, data: SequenceData, stories: Sequence[int], seed: int,
    done: Callable[[int], Any] = lambda count: None,
) -> np.ndarray:  # fmt: skip
    """Stories of a split, uint8 (S, T, H, W, 3); `done` hears of every few. Raises DataError for another shape."""
    seeds, parts = story_seeds(seed, stories), []
    for start in range(0, len(stories), CHUNK):
        part = system.draw(stories[start : start + CHUNK], seeds[start : start + CHUNK])
        wanted = (len(stories[start : start + CHUNK]), data.about["length"], *data.about["size"], 3)
        if part.shape != wanted or part.dtype != np.uint8:
            raise DataError(f"{system.info['name']} drew {part.dtype} {part.shape}; expected uint8 {wanted}, as the "
                            "data has them")  # fmt: skip
        parts.append(part)
        done(len(part))
    return np.concatenate(parts)
