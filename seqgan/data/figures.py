"""What the figures of all kinds of data share."""

from __future__ import annotations

from typing import Any

Figures = dict[str, Any]
"""A figure's name and what it is: a number, or a number each."""


def share(part: float, whole: int) -> float:
    """A part of a whole to four digits, 0 of nothing."""
    return round(part / whole, 4) if whole else 0.0
