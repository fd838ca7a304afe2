"""Nearest neighbours and consistency on tables small enough to see through."""

from __future__ import annotations

import math

import numpy as np
import pytest

from seqgan.errors import InputError
from seqgan.metrics.consistency import pair_agreement
from seqgan.metrics.neighbours import distance_ratio, nearest


def test_nearest_rows_and_distances() -> None:
    bank = np.array([[0, 0], [3, 4], [10, 0]], np.uint8)
    rows, distances = nearest(np.array([[3, 3], [9, 0], [0, 0]], np.uint8), bank)
    assert rows.tolist() == [1, 2, 0]
    np.testing.assert_allclose(distances, [1, 1, 0])


def test_the_bank_may_be_gone_through_in_parts() -> None:
    rng = np.random.default_rng(0)
    queries, bank = rng.standard_normal((20, 6)), rng.standard_normal((101, 6))
    whole, parts = nearest(queries, bank), nearest(queries, bank, rows=7)
    np.testing.assert_array_equal(whole[0], parts[0])
    np.testing.assert_allclose(whole[1], parts[1])


def test_copies_have_ratio_zero_and_new_pictures_one() -> None:
    train, held_out = np.array([[0.0], [10.0]]), np.array([[1.0], [9.0]])
    assert distance_ratio(train, held_out, train) == 0.0
    assert distance_ratio(held_out, held_out, train) == 1.0
    assert math.isnan(distance_ratio(held_out, train, train))


def test_unequal_widths_and_an_empty_bank_are_refused() -> None:
    with pytest.raises(InputError, match="at least one row"):
        nearest(np.zeros((2, 3)), np.zeros((0, 3)))
    with pytest.raises(InputError, match=r"\(2, 3\) and \(4, 2\)"):
        nearest(np.zeros((2, 3)), np.zeros((4, 2)))


def test_pairs_agree_within_groups_where_the_labels_do() -> None:
    groups = ["mia", "mia", "mia", "max", "max"]
    values = ["red", "red", "blue", "big", "small"]
    assert pair_agreement(groups, values, ["r"] * 5) == pytest.approx(1 / 4)
    assert pair_agreement(groups, values, ["r", "r", "b", "x", "y"]) == 1.0
    assert math.isnan(pair_agreement(["a", "b"], ["x", "x"], ["x", "x"]))
    with pytest.raises(InputError, match="5 groups, 4 values"):
        pair_agreement(groups, values[:4], values)
