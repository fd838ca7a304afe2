"""The engine that composes panels from a cast pack, without torch: fallback, upper bound, and instant preview."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from seqgan.errors import SeqganError
from studio.errors import EngineError

if TYPE_CHECKING:
    import numpy as np

    from seqgan.sampling import Reading, StageSampler


class StageEngine:
    """Every picture of it is marked "composed, not generated". Nothing loads until it is first asked."""

    name = "stage"
    composed = True
    reads_story = True
    device = "cpu"
    settled: Mapping[str, Any] = MappingProxyType({})

    def __init__(self, size: tuple[int, int] | None = None, pack: str | None = None) -> None:
        """``size``: height and width of a panel, default 360x640; ``pack``: folder of a cast pack."""
        self._wanted = size
        self._pack = pack

    @cached_property
    def _sampler(self) -> StageSampler:
        from seqgan.sampling import StageSampler

        try:
            return StageSampler(self._wanted, self._pack) if self._wanted else StageSampler(pack=self._pack)
        except SeqganError as error:
            raise EngineError(str(error)) from error

    @property
    def info(self) -> Mapping[str, Any]:
        """Name and hash of the pack, its licence, ``composed``: True."""
        return self._sampler.info

    @property
    def size(self) -> tuple[int, int]:
        """Height and width of a panel in pixels."""
        return self._sampler.size

    def read(self, sentences: Sequence[str], cast: Mapping[str, str] | None = None) -> Reading:
        """Say how the story is understood."""
        try:
            return self._sampler.read(sentences, cast)
        except SeqganError as error:
            raise EngineError(str(error)) from error

    def draw(
        self,
        sentences: Sequence[str],
        seeds: Sequence[int],
        panels: Sequence[int] | None = None,
        cast: Mapping[str, str] | None = None,
        knobs: Mapping[str, Any] | None = None,
    ) -> Iterator[tuple[int, np.ndarray]]:
        """Compose panels one at a time."""
        try:
            yield from self._sampler.draw(sentences, seeds, panels, cast, knobs)
        except SeqganError as error:
            raise EngineError(str(error)) from error
