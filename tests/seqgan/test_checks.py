"""Checks at the doors say what came and what was expected."""

from __future__ import annotations

import numpy as np
import pytest

from seqgan.checks import check_choice, check_range, check_shape, nearest
from seqgan.errors import ConfigError, InputError


def test_nearest_names_one_or_all() -> None:
    assert nearest("frest", ["forest", "beach"]) == 'did you mean "forest"?'
    assert nearest("zzz", ["b", "a"]) == "known are: a, b"
    assert nearest("zzz", []) == "known are: none"


def test_choice() -> None:
    assert check_choice("split", "val", ("train", "val")) == "val"
    with pytest.raises(ConfigError, match=r"split 'vall' does not exist; did you mean \"val\"\?"):
        check_choice("split", "vall", ("train", "val"), ConfigError)


@pytest.mark.parametrize(
    ("value", "low", "high", "expected"),
    [
        (0, 1, None, "at least 1"),
        (3, None, 2, "at most 2"),
        (9, 1, 2, "at least 1 and at most 2"),
        (float("nan"), None, None, "a number"),
    ],
)
def test_range(value: float, low: float | None, high: float | None, expected: str) -> None:
    with pytest.raises(InputError, match=f"expected {expected}"):
        check_range("n", value, low, high)


def test_range_returns_the_value() -> None:
    assert check_range("n", 2, 1, 3) == 2


def test_shape_returns_named_sizes() -> None:
    assert check_shape("x", np.zeros((2, 3, 4, 4)), ("B", 3, "S", "S")) == {"B": 2, "S": 4}
    assert check_shape("x", np.zeros((2, 3)), (None, 3)) == {}


@pytest.mark.parametrize("expected", [("B", 3), ("B", 3, "S"), ("B", 4, 4, 5), ("S", "S", 4, 5)])
def test_shape_prints_both(expected: tuple[int | str, ...]) -> None:
    with pytest.raises(InputError, match=r"x has shape \(2, 3, 4, 5\), expected \("):
        check_shape("x", np.zeros((2, 3, 4, 5)), expected)
