"""Figures that can be asked of any choice of stories, so that each gets an interval, and two systems a paired one.

ours = {"ssim": mean_figure(values), "character_f1": f1_figure(true, seen)}
figure_interval(ours["ssim"], stories=500)
paired_interval(ours["ssim"], theirs["ssim"], stories=500)     # without 0 in it: told apart
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from seqgan.checks import check_shape
from seqgan.metrics.bootstrap import RESAMPLES, Interval, jackknife_interval, resampled_interval
from seqgan.metrics.labels import f1_macro


@dataclass(frozen=True)
class StoryFigure:
    """A figure of the stories of given rows (N,); `up`: more is better. `smooth`: stories may be drawn twice, so that
    it is bootstrapped; else (distances of distributions) stories are left out in groups."""

    of: Callable[[np.ndarray], float]
    up: bool = True
    smooth: bool = True


def mean_figure(values: np.ndarray, up: bool = True) -> StoryFigure:
    """The mean of one value a story (S,); nan does not count, and nan alone gives nan."""
    known = ~np.isnan(values)
    filled = np.where(known, values, 0)
    return StoryFigure(lambda rows: quotient(filled[rows].sum(), known[rows].sum()), up)


def ratio_figure(above: np.ndarray, below: np.ndarray, up: bool = True) -> StoryFigure:
    """The sum of one value a story over that of another, (S,) each; nan where the latter is 0."""
    return StoryFigure(lambda rows: quotient(above[rows].sum(), below[rows].sum()), up)


def f1_figure(true: np.ndarray, seen: np.ndarray) -> StoryFigure:
    """Micro F1 of labels (S, T, C), counts pooled over panels and columns; nan where none is there and none seen."""
    hits, whole = ((true & seen).sum((1, 2)), (true.astype(int) + seen).sum((1, 2)))
    return ratio_figure(2 * hits, whole)


def f1_macro_figure(true: np.ndarray, seen: np.ndarray) -> StoryFigure:
    """Macro F1 of labels (S, T, C): see `seqgan.metrics.labels.f1_macro`."""
    columns = true.shape[2]
    return StoryFigure(lambda rows: f1_macro(true[rows].reshape(-1, columns), seen[rows].reshape(-1, columns)))


def exact_figure(true: np.ndarray, seen: np.ndarray) -> StoryFigure:
    """Frame accuracy: the share of panels of labels (S, T, C) whose whole set is right."""
    check_shape("seen", seen, true.shape)
    return mean_figure((true == seen).all(2).mean(1))


def difference(first: StoryFigure, second: StoryFigure) -> StoryFigure:
    """first - second on the same stories."""
    return StoryFigure(lambda rows: first.of(rows) - second.of(rows), first.up, first.smooth)


def figure_interval(figure: StoryFigure, stories: int, seed: int = 0, resamples: int = RESAMPLES) -> Interval:
    """A figure of all stories with its 95 % interval over them."""
    if figure.smooth:
        return resampled_interval(figure.of, stories, seed, resamples)
    return jackknife_interval(figure.of, stories, seed)


def paired_interval(
    first: StoryFigure, second: StoryFigure, stories: int, seed: int = 0, resamples: int = RESAMPLES
) -> Interval:
    """first - second with its 95 % interval over the same stories, drawn in pairs; without 0 in it they are apart."""
    return figure_interval(difference(first, second), stories, seed, resamples)


def quotient(above: float | np.floating, below: float | np.floating) -> float:
    """above / below, nan where that is 0."""
    return float(above / below) if below else float("nan")
