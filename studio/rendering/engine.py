"""What draws, behind one protocol, and one door that opens it by name.

    engine = open_engine("gan", model="theatre-64")      # "stage", or "frame": each panel from its sentence alone
    for number, picture in engine.draw(sentences, seeds): ...

An engine is done when ``tests/studio/rendering/test_contract.py`` passes over it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

from seqgan.errors import SeqganError
from studio.errors import EngineError

if TYPE_CHECKING:
    import numpy as np

ENGINES = ("gan", "stage", "frame")
DEFAULT_MODEL = "theatre-64"


class ReadingNote(Protocol):
    """One thing that reading found (:class:`studio.document.Note` with the panel's number, or None)."""

    kind: str
    panel: int | None
    word: str
    meaning: str
    message: str


class StoryReading(Protocol):
    """A story as the engine understands it: rewritten sentences, who plays whom, and what was mapped or ignored."""

    @property
    def sentences(self) -> Sequence[str]: ...
    @property
    def cast(self) -> Mapping[str, str]: ...
    @property
    def notes(self) -> Sequence[Any]: ...


@runtime_checkable
class RenderEngine(Protocol):
    """Anything that draws the panels of a story.

    ``name``: one of ``ENGINES``. ``composed``: pictures are put together from art, not generated. ``info``: name,
    weights_sha256 and more of what draws. ``size``: height and width of a panel in pixels. ``device``: where it runs.
    ``reads_story``: earlier sentences, and who plays whom, have part in a panel, or its own words alone. ``settled``:
    knobs that hold where a drawing names none (:mod:`studio.rendering.knobs`).
    """

    name: str
    composed: bool
    reads_story: bool

    @property
    def info(self) -> Mapping[str, Any]: ...
    @property
    def size(self) -> tuple[int, int]: ...
    @property
    def device(self) -> str: ...
    @property
    def settled(self) -> Mapping[str, Any]: ...

    def read(self, sentences: Sequence[str], cast: Mapping[str, str] | None = None) -> StoryReading:
        """Say how the story is understood, without drawing."""
        ...

    def draw(
        self,
        sentences: Sequence[str],
        seeds: Sequence[int],
        panels: Sequence[int] | None = None,
        cast: Mapping[str, str] | None = None,
        knobs: Mapping[str, Any] | None = None,
    ) -> Iterator[tuple[int, np.ndarray]]:
        """Draw panels one at a time: (number from 0, uint8 (H, W, 3)).

        ``seeds`` holds one take seed a sentence. A panel depends on its own seed and the sentences up to its own, and
        never on which others are drawn.
        """
        ...


def open_engine(
    name: str = "gan",
    model: str | None = None,
    *,
    size: tuple[int, int] | None = None,
    device: str = "auto",
    threads: int | None = None,
    pack: str | None = None,
    precision: str = "float32",
) -> RenderEngine:
    """Return an engine, ready to be asked; what it needs loads when it first draws.

    Args:
        name: "gan", "stage", "frame", or "auto" for the model where it is installed and the stage elsewhere. "gan" with
            a model of captions is "frame": what a model can do decides.
        model: name or folder of a checkpoint; None: the house's own for "gan", the best of captions for "frame".
        size: height and width of a panel; the GAN has one size only, the others any.
        device: "auto", "cpu", "cuda" (for a model).
        threads: CPU threads (for a model).
        pack: folder of a cast pack (for the stage).
        precision: "float32", in which the same seeds give the same pictures everywhere, or "bfloat16", faster where the
            device has instructions for it (for a model; takes say so).

    Raises:
        EngineError: if there is no such engine or precision, or the model cannot draw at that size.
    """
    from studio.rendering.frame_engine import FrameEngine
    from studio.rendering.gan_engine import GanEngine
    from studio.rendering.stage_engine import StageEngine

    if name == "auto":
        name = "gan" if GanEngine.installed(model or DEFAULT_MODEL) else "stage"
    if name == "stage":
        return StageEngine(size, pack)
    if name not in ENGINES:
        raise EngineError(f"engine {name!r} is unknown; expected one of {', '.join(ENGINES)}")
    if name == "frame" or (model is not None and _draws_captions(model)):
        return FrameEngine(model, device, threads, size, precision)
    engine = GanEngine(model or DEFAULT_MODEL, device, threads, precision)
    if size is not None and tuple(size) != engine.size:
        raise EngineError(
            f"model {engine.model} draws {engine.size[0]}x{engine.size[1]} pixels (height x width), not "
            f"{size[0]}x{size[1]}; leave the size out, or use the stage engine"
        )
    return engine


def _draws_captions(model: str) -> bool:
    """Whether a model is one of captions; one that is missing is not, and says so when it is loaded."""
    try:
        from seqgan.registry import find_model
        from seqgan.sampling import draws

        return draws(find_model(model)) == "frame"
    except (SeqganError, ImportError):
        return False
