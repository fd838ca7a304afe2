"""Knobs that hold for all that an engine draws, and what takes say of them.

What a panel or a board asks for goes before what the engine was opened with, and only that decides whether a picture is
of the present board: another precision is another machine's rounding, no change of the story.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from studio.document import Board, Panel, knobs_of
from studio.errors import EngineError

FLOAT32 = "float32"
PRECISIONS = (FLOAT32, "bfloat16")
"""As `seqgan.sampling.drawing.PRECISIONS`, so that they are known without torch."""


class Settled(Protocol):
    """What was opened with knobs."""

    @property
    def settled(self) -> Mapping[str, Any]: ...


def settled(precision: str = FLOAT32) -> dict[str, Any]:
    """Return the knobs that a precision is: none for the usual one.

    Raises:
        EngineError: if there is no such precision.
    """
    if precision not in PRECISIONS:
        raise EngineError(f"precision {precision!r} does not exist; choose one of {', '.join(PRECISIONS)}")
    return {} if precision == FLOAT32 else {"precision": str(precision)}


def precision_of(knobs: Mapping[str, Any]) -> str:
    """Return the precision that knobs ask for."""
    return str(knobs.get("precision", FLOAT32))


def drawn_with(engine: Settled, board: Board, panel: Panel) -> dict[str, Any]:
    """Return the knobs that a panel is drawn with, as its take says."""
    return {**engine.settled, **knobs_of(board, panel)}
