"""Label figures against written-down values and hand-counted tables."""

from __future__ import annotations

import math

import numpy as np
import pytest

from seqgan.errors import InputError
from seqgan.metrics.labels import (
    balanced_accuracy,
    class_accuracy,
    class_confusion,
    confusion,
    exact_match,
    f1_macro,
    f1_micro,
    majority_rate,
    per_label_accuracy,
    story_accuracy,
)


def golden() -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.RandomState(0)
    true = rng.rand(200, 9) < 0.25
    return true, true ^ (rng.rand(200, 9) < 0.1)


def test_golden_figures() -> None:
    true, said = golden()
    assert f1_macro(true, said) == pytest.approx(0.8231094568, abs=1e-9)
    assert f1_micro(true, said) == pytest.approx(0.8238929239, abs=1e-6)
    assert exact_match(true, said) == pytest.approx(0.40)
    assert per_label_accuracy(true, said) == pytest.approx(0.905)
    assert story_accuracy(true, said, [5] * 40) == 0.0


def test_saying_nothing_scores_well_by_the_misleading_figure_alone() -> None:
    true, _ = golden()
    nothing = np.zeros_like(true)
    assert per_label_accuracy(true, nothing) == pytest.approx(0.7511, abs=1e-4)
    assert exact_match(true, nothing) == pytest.approx(0.10)
    assert f1_micro(true, nothing) == 0.0


def test_f1_counted_by_hand() -> None:
    true = np.array([[1, 1, 0], [1, 0, 0]])
    said = np.array([[1, 0, 0], [1, 1, 0]])
    assert f1_micro(true, said) == pytest.approx(2 * 2 / (2 * 2 + 1 + 1))
    assert f1_macro(true, said) == pytest.approx((1.0 + 0.0) / 2)  # the third column is left out


def test_nothing_there_and_nothing_said_is_right() -> None:
    nothing = np.zeros((3, 2), int)
    assert f1_micro(nothing, nothing) == f1_macro(nothing, nothing) == exact_match(nothing, nothing) == 1.0


def test_story_accuracy_needs_every_frame() -> None:
    true, said = np.ones((5, 1), int), np.array([[1], [1], [1], [0], [1]])
    assert story_accuracy(true, said, [2, 3]) == 0.5
    with pytest.raises(InputError, match="4 frames and 5 rows"):
        story_accuracy(true, said, [2, 2])


def test_class_accuracy_leaves_out_what_is_not_there() -> None:
    true, said = np.array([[0, -1], [2, 1]]), np.array([[0, 5], [2, 0]])
    assert class_accuracy(true, said) == pytest.approx(2 / 3)
    assert class_accuracy(true, said, np.array([[1, 1], [0, 1]], bool)) == pytest.approx(1 / 2)
    assert math.isnan(class_accuracy(np.full((2, 2), -1), said))


def test_confusion_counts_what_was_said_instead() -> None:
    true = np.array([[1, 0, 0], [1, 0, 0], [0, 1, 0], [1, 1, 0]])
    said = np.array([[1, 0, 0], [0, 1, 1], [0, 0, 0], [1, 1, 0]])
    expected = [[2, 0.5, 0.5, 0], [0, 1, 0, 1], [0, 0, 0, 0]]
    np.testing.assert_allclose(confusion(true, said), expected)


def test_unequal_or_empty_tables_are_refused() -> None:
    with pytest.raises(InputError, match=r"\(2, 3\) and predictions \(2, 2\)"):
        f1_micro(np.zeros((2, 3)), np.zeros((2, 2)))
    with pytest.raises(InputError, match="not empty"):
        exact_match(np.zeros((0, 3)), np.zeros((0, 3)))


def test_one_answer_for_all_is_worth_chance_when_classes_count_alike() -> None:
    true = np.array([0, 0, 0, 1, 2, -1])
    table = class_confusion(true, np.array([0, 0, 1, 1, 0, 2]), 3)
    assert table.tolist() == [[2, 1, 0], [0, 1, 0], [1, 0, 0]]
    assert balanced_accuracy(table) == pytest.approx((2 / 3 + 1 + 0) / 3)
    always = class_confusion(true, np.zeros(6, int), 3)
    assert balanced_accuracy(always) == pytest.approx(1 / 3) and majority_rate(true) == 0.6
    nobody = np.array([-1, -1])
    assert math.isnan(balanced_accuracy(class_confusion(nobody, nobody, 3))) and math.isnan(majority_rate(nobody))
