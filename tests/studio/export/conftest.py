"""Small films to export."""

from collections.abc import Callable

import numpy as np
import pytest

from studio.export.film_plan import Film, Shot

_LONG = (
    "Mia walks in the snow with her red umbrella while Otto the owl watches her from the tallest tree beside the "
    "frozen mountain lake, and neither of them says a single word until the evening comes."
)


def _picture(k: int, size: tuple[int, int] = (112, 64)) -> np.ndarray:
    """A bright picture (H, W, 3) uint8, another one for every k, with nothing dark in it."""
    y, x = np.mgrid[0 : size[1], 0 : size[0]]
    return np.stack([120 + (x + 37 * k) % 120, 120 + (2 * y + 11 * k) % 120, 130 + (x + y) % 100], -1).astype(np.uint8)


def _shot(k: int, caption: str = "", duration_ms: int = 500, drawn: bool = True) -> Shot:
    """Shot number k + 1."""
    made = {"drawn": drawn, "composed": False, "take_seed": 7 + k}
    return Shot(k + 1, _picture(k) if drawn else None, caption or f"Panel {k + 1} is here.", duration_ms, made)


@pytest.fixture
def long_caption() -> str:
    """More than fits in the band at its usual size."""
    return _LONG


@pytest.fixture
def shot() -> Callable[..., Shot]:
    """Makes shot k + 1."""
    return _shot


@pytest.fixture
def film_of() -> Callable[..., Film]:
    """Makes a film of n shots of odd lengths."""

    def make(count: int, **keywords: object) -> Film:
        shots = tuple(_shot(k, duration_ms=333 + 41 * k) for k in range(count))
        return Film(**{"shots": shots, "title": "Snow & <day>", "stem": "snow-day", **keywords})  # type: ignore[arg-type]

    return make
