"""The engine that draws with a trained StoryGAN: the only file of studio that loads one, and torch with it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

from seqgan.errors import SeqganError
from studio.rendering.engine_errors import engine_errors
from studio.rendering.knobs import FLOAT32, settled

if TYPE_CHECKING:
    import numpy as np

    from seqgan.sampling import Reading, StorySampler


class GanEngine:
    """One forward pass a panel. The model loads when the engine is first asked (:meth:`load` does it ahead)."""

    name = "gan"
    composed = False
    reads_story = True

    def __init__(
        self, model: str = "theatre-64", device: str = "auto", threads: int | None = None, precision: str = FLOAT32
    ) -> None:
        """``model``: an installed name or a checkpoint folder; ``device``: "auto", "cpu", "cuda"; ``precision``:
        "float32", "bfloat16"."""
        self.model = model
        self.settled = settled(precision)
        self._wanted = device
        self._threads = threads

    @staticmethod
    def installed(model: str = "theatre-64") -> bool:
        """Whether a model of that name (or folder) is there, and what it needs to draw."""
        try:
            from seqgan.registry import find_model

            find_model(model)
        except (SeqganError, ImportError):
            return False
        return True

    def load(self) -> None:
        """Load the model now.

        Raises:
            EngineError: if it is missing, truncated, or needs a device that is not there.
        """
        self._sampler  # noqa: B018 - the property loads

    @cached_property
    def _sampler(self) -> StorySampler:
        from seqgan.sampling import StorySampler

        with engine_errors():
            return StorySampler.load(self.model, self._wanted, self._threads)

    @property
    def info(self) -> Mapping[str, Any]:
        """Name, weights hash, licence and origin of the model."""
        return self._sampler.info

    @property
    def size(self) -> tuple[int, int]:
        """Height and width of a panel in pixels."""
        return self._sampler.size

    @property
    def device(self) -> str:
        """Where it runs: "cpu", "cuda:0"."""
        return str(self._sampler.device)

    def read(self, sentences: Sequence[str], cast: Mapping[str, str] | None = None) -> Reading:
        """Say how the story is understood."""
        with engine_errors():
            return self._sampler.read(sentences, cast)

    def draw(
        self,
        sentences: Sequence[str],
        seeds: Sequence[int],
        panels: Sequence[int] | None = None,
        cast: Mapping[str, str] | None = None,
        knobs: Mapping[str, Any] | None = None,
    ) -> Iterator[tuple[int, np.ndarray]]:
        """Draw panels one at a time.

        Raises:
            EngineError: if the model refuses the story, or the machine runs out of memory; panels drawn so far count.
        """
        with engine_errors(self.device):
            yield from self._sampler.draw(sentences, seeds, panels, cast, {**self.settled, **(knobs or {})})
