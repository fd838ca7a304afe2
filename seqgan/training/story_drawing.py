"""Panels drawn for an evaluation, all through a sampler's public `draw`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from PIL import Image

from seqgan.data.theatre.names import names_for
from seqgan.sampling.noise import board_seeds


class Draws(Protocol):
    """What is asked of a sampler."""

    def draw(
        self, sentences: Sequence[str], seeds: Sequence[int], panels: Sequence[int] | None = None
    ) -> Iterator[tuple[int, np.ndarray]]:
        """(number, uint8 (H, W, 3)) one by one."""
        ...


@dataclass(frozen=True)
class Wish:
    """A story to draw, its take seeds, and which of its panels are wanted (None = all)."""

    sentences: tuple[str, ...]
    seeds: tuple[int, ...]
    panels: tuple[int, ...] | None = None


def draw_all(
    sampler: Draws, wishes: Sequence[Wish], size: tuple[int, int], done: Callable[[int], Any] = lambda count: None
) -> np.ndarray:
    """The wanted panels of all stories in order, uint8 (N, H, W, 3), brought to `size`; `done` hears of every story."""
    drawn: list[np.ndarray] = []
    for wish in wishes:
        panels = dict(sampler.draw(wish.sentences, wish.seeds, wish.panels))
        wanted = range(len(wish.sentences)) if wish.panels is None else wish.panels
        drawn += [fit(panels[number], size) for number in wanted]
        done(1)
    return np.stack(drawn) if drawn else np.zeros((0, *size, 3), np.uint8)


def fit(panel: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    """A panel at the judge's size (box filter downwards, bicubic upwards); the same array where it fits already."""
    if panel.shape[:2] == size:
        return panel
    method = Image.Resampling.BOX if panel.shape[0] > size[0] else Image.Resampling.BICUBIC
    return np.asarray(Image.fromarray(panel).resize((size[1], size[0]), method))


def whole_stories(records: Sequence[dict[str, Any]], seed: int) -> list[Wish]:
    """Every panel of every story, with the seeds of a new board of `seed`."""
    return [Wish(tuple(r["text"]), tuple(board_seeds(seed, len(r["text"])))) for r in records]


def lone_sentences(records: Sequence[dict[str, Any]], seed: int) -> list[Wish]:
    """Every pronoun panel's sentence as a story of its own, with the seed that it has in its story."""
    wishes = []
    for record in records:
        seeds = board_seeds(seed, len(record["text"]))
        for number, told in enumerate(record["told"]):
            if told["pronoun"]:
                wishes.append(Wish((record["text"][number],), (seeds[number],)))
    return wishes


def renamed_panels(record: dict[str, Any]) -> tuple[int, ...]:
    """The panels whose sentence calls somebody by a name that the story gave."""
    return tuple(number for number, told in enumerate(record["told"]) if told["renamed"])


def with_training_names(records: Sequence[dict[str, Any]], pronouns: Mapping[str, str], seed: int) -> list[Wish]:
    """Stories with story-given names, those names replaced by ones of the training split; their renamed panels."""
    wishes = []
    for number, record in enumerate(records):
        panels = renamed_panels(record)
        if panels:
            swap = training_names(record, pronouns, np.random.default_rng([seed, number]))
            seeds = tuple(board_seeds(seed, len(record["text"])))
            wishes.append(Wish(tuple(rename(text, swap) for text in record["text"]), seeds, panels))
    return wishes


def training_names(record: dict[str, Any], pronouns: Mapping[str, str], rng: np.random.Generator) -> dict[str, str]:
    """A training name for each story-given name: of the same pronoun, new to the story, no two alike."""
    words = set(re.findall(r"\w+", " ".join(record["text"])))
    swap: dict[str, str] = {}
    for name, who in sorted(record["names"].items()):
        free = [each for each in names_for(pronouns[who], "train") if each not in words | set(swap.values())]
        swap[name] = free[int(rng.integers(len(free)))]
    return swap


def rename(text: str, swap: Mapping[str, str]) -> str:
    """Replace whole words."""
    if not swap:
        return text
    pattern = r"\b(" + "|".join(map(re.escape, swap)) + r")\b"
    return re.sub(pattern, lambda match: swap[match.group()], text)
