"""Checks at the doors: what came, what was expected, how to fix it. Anything with a shape will do as an array.

check_shape("images", x, ("B", 3, 64, 112))
check_choice("split", split, ("train", "val"))
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from typing import Any

from seqgan.errors import InputError, SeqganError


def nearest(name: str, known: Iterable[str]) -> str:
    """Return a hint for an unknown name: the nearest known one, else the whole list.

    >>> nearest("lr.gg", ["lr.g", "size"])
    'did you mean "lr.g"?'
    """
    names = sorted(known)
    close = get_close_matches(name, names, n=1, cutoff=0.6)
    if close:
        return f'did you mean "{close[0]}"?'
    return f"known are: {', '.join(names) or 'none'}"


def check_choice(name: str, value: str, choices: Iterable[str], error: type[SeqganError] = InputError) -> str:
    """Return ``value`` if it is one of ``choices``; raise ``error`` naming the nearest choice otherwise."""
    known = list(choices)
    if value not in known:
        raise error(f"{name} {value!r} does not exist; {nearest(str(value), known)}")
    return value


def check_range(
    name: str,
    value: float,
    low: float | None = None,
    high: float | None = None,
    error: type[SeqganError] = InputError,
) -> float:
    """Return ``value`` if low <= value <= high (an absent bound is open); raise ``error`` otherwise, and for NaN."""
    above = low is None or value >= low
    below = high is None or value <= high
    if value == value and above and below:  # NaN differs from itself
        return value
    bounds = [f"at least {low}" if low is not None else "", f"at most {high}" if high is not None else ""]
    expected = " and ".join(part for part in bounds if part) or "a number"
    raise error(f"{name} is {value}, expected {expected}")


def check_shape(name: str, array: Any, expected: Sequence[int | str | None]) -> dict[str, int]:
    """Check ``array.shape`` against sizes, and return the sizes of the named axes.

    An int must match, a string names an axis (the same name means the same size), None takes any size.

    Raises:
        InputError: if the number of axes or a size differs; the message prints both shapes.
    """
    shape = tuple(int(n) for n in array.shape)
    sizes: dict[str, int] = {}
    fits = len(shape) == len(expected)
    for got, want in zip(shape, expected, strict=False):
        size = sizes.setdefault(want, got) if isinstance(want, str) else want
        fits = fits and (size is None or size == got)
    if fits:
        return sizes
    wanted = ", ".join("any" if want is None else str(want) for want in expected)
    raise InputError(f"{name} has shape ({', '.join(map(str, shape))}), expected ({wanted})")
