"""What drawings left undone that were stopped, or that failed, is drawn after all."""

from __future__ import annotations

from collections.abc import Iterable

from studio.document import Document, new_id
from studio.rendering import JobSnapshot
from studio.ui import actions
from studio.ui.drawing import queue_drawing
from studio.ui.following import watch
from studio.ui.orders import Drawing
from studio.ui.state import attempt, choice, desk
from studio.ui.tickets import BLOCK_SECONDS


def draw_rest(doc: Document, over: Iterable[JobSnapshot]) -> None:
    """Draw what drawings that are over have not drawn of what was asked for, by what draws the board now; where
    nothing is left of that, what has no picture."""
    rest = [each for job in over if isinstance(job.again, Drawing) for each in job.again.rest(doc)]
    if not rest:
        actions.draw(doc, "missing")
        return
    for order in rest:
        attempt(lambda order=order: _draw(doc, order))


def _draw(doc: Document, order: Drawing) -> None:
    now = {"id": new_id(), "starts": 0, "choice": choice(), "own": actions.own_choices(doc, order.panels)}
    watch(queue_drawing(desk(), doc, order.model_copy(update=now))).wait(BLOCK_SECONDS)
