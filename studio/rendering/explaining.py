"""What the words of a sentence did to a take's picture: where a model with attention to words looked at which.

    found = explain_take(engine, take)
    found.sheet                             # the picture's stages, and heat over it for the words read most; or None
    found.said                              # what became of the words, and why there is no sheet

The take is drawn once more, from its own text, seed and knobs; nothing of the board changes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from studio.document import Take
from studio.errors import EngineError
from studio.rendering.engine import RenderEngine
from studio.rendering.frame_engine import FrameEngine

if TYPE_CHECKING:
    import numpy as np


@dataclass(frozen=True)
class Explained:
    """``sheet``: uint8 (H, W, 3), None where nothing can be shown; ``said``: lines for people."""

    said: tuple[str, ...]
    sheet: np.ndarray | None = None


def why_not(take: Take) -> str:
    """Return why nothing can be said of a take whoever is asked (it was given, composed), or ""."""
    if take.given is not None:
        return "this is a picture of your own: no words made it"
    return "the stage composed this picture by rules: it looks at no words" if take.composed else ""


def explain_take(engine: RenderEngine, take: Take) -> Explained:
    """Draw a take's picture once more and show which of its words the model looked at, and where.

    Args:
        engine: of the model that drew it.
        take: of a picture.

    Raises:
        EngineError: if the model has other weights by now, or fails.
    """
    if reason := why_not(take):
        return Explained((reason,))
    name = take.model.name
    if not isinstance(engine, FrameEngine):
        return Explained((f"{name} reads the story as a whole: it has no attention to single words",))
    if engine.info["weights_sha256"] != take.model.weights_sha256:
        raise EngineError(f"{name} has other weights than when this was drawn; draw the panel again to look into it")
    return _explained(engine, take)


def _explained(engine: FrameEngine, take: Take) -> Explained:
    from seqgan.sampling import explain_sheet, told

    drawn = engine.explain(take.text, take.seed, take.knobs)
    lines = told(drawn.reading)
    if drawn.attention:
        return Explained(tuple(lines), explain_sheet([drawn]))
    why = "has no attention to single words" if drawn.reading.words else "knows no word of this sentence"
    return Explained((f"{take.model.name} {why}", *lines))
