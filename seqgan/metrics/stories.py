"""Distances, retrieval and consistency of whole stories (S, T): FSD, story R-precision, neighbouring panels.

FSD is the Frechet distance of story features (CP-CSV, Song et al. 2020; the network there is R(2+1)D-18 of
Kinetics-400, 512 numbers). It has two forms that are never mixed. `as_published` does what the released code does, not
what it means to: the network gets the stories at their own size in [-1, 1], and the last batch of less than 50 stories
is left out. `corrected` enlarges them, normalises them as the network was trained, and keeps every story.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from seqgan.checks import check_choice, check_shape
from seqgan.errors import InputError
from seqgan.metrics.arrays import Array
from seqgan.metrics.frechet import frechet_distance
from seqgan.metrics.retrieval import Gallery, distractors, own_first

Form = Literal["as_published", "corrected"]
BATCH = 50
"""Stories of a batch in the released code, which drops one that is not full."""
WIDTH = 256


@dataclass(frozen=True)
class Normal:
    """What a network of stories was trained on: the longer side in pixels, and mean and std of channels from 0 to 1."""

    side: int
    mean: tuple[float, float, float]
    std: tuple[float, float, float]


KINETICS = Normal(112, (0.43216, 0.394666, 0.37645), (0.22803, 0.22145, 0.216989))
"""Of torchvision's R(2+1)D-18."""


def story_batches(stories: np.ndarray, form: Form = "corrected", normal: Normal = KINETICS) -> Iterator[Tensor]:
    """Batches (B, 3, T, H, W) float32 of uint8 stories (S, T, H, W, 3), as a network takes them in either form.

    Raises InputError for an unknown form, another shape, and where `as_published` leaves no story.
    """
    check_choice("form", form, get_args(Form))
    check_shape("stories", stories, ("S", "T", "H", "W", 3))
    published = form == "as_published"
    whole = len(stories) // BATCH * BATCH if published else len(stories)
    if not whole:
        raise InputError(f"{len(stories)} stories came; FSD as published drops batches of less than {BATCH}")
    for start in range(0, whole, BATCH):
        batch = torch.from_numpy(np.array(stories[start : start + BATCH])).permute(0, 4, 1, 2, 3).float()
        yield batch / 127.5 - 1 if published else _normalised(batch / 255, normal)


def _normalised(batch: Tensor, normal: Normal) -> Tensor:
    size = [round(length * normal.side / max(batch.shape[3:])) for length in batch.shape[3:]]
    frames = batch.transpose(1, 2).flatten(0, 1)  # (B * T, 3, H, W)
    frames = F.interpolate(frames, size, mode="bilinear", align_corners=False, antialias=True)
    mean, std = (torch.tensor(each)[:, None, None] for each in (normal.mean, normal.std))
    return ((frames - mean) / std).unflatten(0, (len(batch), -1)).transpose(1, 2)


def fsd(
    real: np.ndarray, drawn: np.ndarray, network: Callable[[Tensor], Array], form: Form = "corrected",
    normal: Normal = KINETICS,
) -> float:  # fmt: skip
    """FSD of uint8 stories (S, T, H, W, 3) by a network from (B, 3, T, H, W) to features (B, d): name it beside."""
    features = [
        np.concatenate([np.asarray(network(batch)) for batch in story_batches(each, form, normal)])
        for each in (real, drawn)
    ]
    return frechet_distance(*features)


def story_codes(features: np.ndarray, width: int = WIDTH) -> np.ndarray:
    """One feature (S, width) a story out of those of its panels (S, T, d), in their order: all of them times a fixed
    Gaussian matrix of seed 0, which keeps distances and makes a covariance possible (house; for FSD without a network
    of clips)."""
    check_shape("features", features, ("S", "T", "d"))
    flat = features.reshape(len(features), -1).astype(np.float64)
    return flat @ np.random.default_rng(0).standard_normal((flat.shape[1], width)) / np.sqrt(width)


def story_r_precision(
    pictures: np.ndarray, texts: np.ndarray, strings: Sequence[str], trials: int = 10, count: int = 99, seed: int = 0
) -> np.ndarray:
    """Share of trials (S,) in which the code of a drawn story is nearest to its own text (StoryViz, Maharana 2021).

    Cosine, one right among `count` wrong texts drawn anew in each trial without repetition, ties shared; codes (S, d)
    of one matching model. Raises InputError where fewer other texts than `count` are left.
    """
    gallery, own = Gallery(strings, np.arange(len(strings))), np.arange(len(strings))
    draws = (distractors(gallery, own, count, seed * trials + trial) for trial in range(trials))
    return np.mean([own_first(pictures, texts, own, rivals) for rivals in draws], 0)


def neighbour_consistency(features: np.ndarray, seed: int = 0) -> np.ndarray:
    """How much more alike neighbouring panels of a story are than panels of other stories, (S,); features (S, T, d).

    Mean cosine of neighbouring panels less that of the same panels with those that follow in another story. A frozen
    story has the highest value there is: only that of the real stories beside it tells what is good. Raises InputError
    for fewer than two stories or panels.
    """
    sizes = check_shape("features", features, ("S", "T", "d"))
    if sizes["S"] < 2 or sizes["T"] < 2:
        raise InputError(f"features are {features.shape}; consistency needs two stories of two panels or more")
    unit = features / np.maximum(np.linalg.norm(features, axis=2, keepdims=True), 1e-12)
    order = np.random.default_rng(seed).permutation(len(unit))
    other = np.empty(len(unit), np.int64)
    other[order] = np.roll(order, 1)  # everyone's other story is another one
    return (unit[:, :-1] * (unit[:, 1:] - unit[other, 1:])).sum(2).mean(1)


def carried_hits(true: np.ndarray, seen: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Of the labels that a story shows in two neighbouring panels: how many are seen in both, and how many there are,
    (S,) each. `true` and `seen` are (S, T, C) of 0 and 1. (House; recall of what is carried on.)"""
    check_shape("seen", seen, true.shape)
    there = (true[:, :-1] & true[:, 1:]).astype(bool)
    found = there & (seen[:, :-1] & seen[:, 1:]).astype(bool)
    return found.sum((1, 2)), there.sum((1, 2))
