"""Figures of choices of stories: the same as those of all labels at once, with intervals, alone and in pairs."""

from __future__ import annotations

import numpy as np
import pytest

from seqgan.metrics.bootstrap import difference_interval, mean_interval
from seqgan.metrics.frechet import frechet_distance
from seqgan.metrics.labels import exact_match, f1_macro, f1_micro
from seqgan.metrics.story_figures import (
    StoryFigure,
    exact_figure,
    f1_figure,
    f1_macro_figure,
    figure_interval,
    mean_figure,
    paired_interval,
    ratio_figure,
)

RNG = np.random.RandomState(0)
TRUE = RNG.rand(200, 9) < 0.25
SEEN = TRUE ^ (RNG.rand(200, 9) < 0.1)
BY_STORY = [each.astype(np.uint8).reshape(40, 5, 9) for each in (TRUE, SEEN)]
ALL = np.arange(40)


def test_labels_of_stories_give_the_golden_figures() -> None:
    assert f1_figure(*BY_STORY).of(ALL) == pytest.approx(0.8238929239, abs=1e-6) == f1_micro(TRUE, SEEN)
    assert f1_macro_figure(*BY_STORY).of(ALL) == pytest.approx(0.8231094568, abs=1e-6) == f1_macro(TRUE, SEEN)
    assert exact_figure(*BY_STORY).of(ALL) == pytest.approx(0.40) == exact_match(TRUE, SEEN)
    some = np.array([3, 3, 7])
    rows = np.concatenate([np.arange(5 * k, 5 * k + 5) for k in some])
    assert f1_figure(*BY_STORY).of(some) == pytest.approx(f1_micro(TRUE[rows], SEEN[rows]))


def test_means_leave_out_what_is_unknown() -> None:
    figure = mean_figure(np.array([1.0, np.nan, 3.0]))
    assert figure.of(np.arange(3)) == 2 and np.isnan(figure.of(np.array([1])))
    assert np.isnan(ratio_figure(np.zeros(2), np.zeros(2)).of(np.arange(2)))


def test_intervals_are_those_of_the_bootstrap() -> None:
    first, second = np.random.default_rng(0).normal(size=(2, 60))
    assert figure_interval(mean_figure(first), 60) == pytest.approx(mean_interval(first))
    found = paired_interval(mean_figure(first), mean_figure(second), 60)
    assert found == pytest.approx(difference_interval(first, second))
    assert paired_interval(mean_figure(first), mean_figure(first), 60) == (0, 0, 0)


def test_distances_are_not_bootstrapped() -> None:
    a, b = np.random.default_rng(0).normal(size=(2, 300, 4))
    figure = StoryFigure(lambda rows: frechet_distance(a[rows], b[rows]), up=False, smooth=False)
    found = figure_interval(figure, 300)
    assert found.low < found.value < found.high and found.value == pytest.approx(frechet_distance(a, b))
