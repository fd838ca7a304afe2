"""The engine that draws each panel from its sentence alone, with a model of captions.

A square picture is never cut: without a size the panel is the picture as it was drawn, which films and sheets show
whole with bars beside it; with a size it stands whole in the middle, on a ground of the colour of its own edge.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from studio.errors import EngineError
from studio.rendering.engine_errors import engine_errors
from studio.rendering.knobs import FLOAT32, precision_of, settled

if TYPE_CHECKING:
    import numpy as np

    from seqgan.sampling import FrameSampler
    from seqgan.sampling.frame import Drawn
    from seqgan.text.captions import CaptionReading

SHOWN_WORDS = 8
"""Words of a model that are named where it knows none of a sentence's."""


@dataclass(frozen=True)
class FrameNote:
    """What became of words of a panel's sentence."""

    kind: str
    panel: int
    word: str
    meaning: str
    message: str


@dataclass(frozen=True)
class FrameReading:
    """Sentences as the model reads them: their known words. It has no cast."""

    sentences: tuple[str, ...]
    notes: tuple[FrameNote, ...]
    cast: dict[str, str] = field(default_factory=dict)


class FrameEngine:
    """One forward pass a panel, no memory of earlier sentences. The model loads when the engine is first asked."""

    name = "frame"
    composed = False
    reads_story = False

    def __init__(
        self, model: str | None = None, device: str = "auto", threads: int | None = None,
        size: tuple[int, int] | None = None, precision: str = FLOAT32,
    ) -> None:  # fmt: skip
        """``model``: an installed name or a folder, the best installed one if None; ``size``: height and width of a
        panel, the model's own if None; ``precision``: "float32", "bfloat16"."""
        self.model, self.settled = model, settled(precision)
        self._wanted, self._threads, self._size = device, threads, size

    @cached_property
    def _sampler(self) -> FrameSampler:
        from seqgan.sampling import FrameSampler, frame_model

        with engine_errors():
            return FrameSampler.load(frame_model(self.model), self._wanted, self._threads)

    @property
    def info(self) -> Mapping[str, Any]:
        """Name, family, weights hash, licence and origin of the model."""
        return self._sampler.info

    @property
    def size(self) -> tuple[int, int]:
        """Height and width of a panel in pixels."""
        return self._size or self._sampler.size

    @property
    def device(self) -> str:
        """Where it runs: "cpu", "cuda:0"."""
        return str(self._sampler.device)

    def read(self, sentences: Sequence[str], cast: Mapping[str, str] | None = None) -> FrameReading:
        """Say which words of each sentence the model knows; names mean nothing to it, so that a cast is not used."""
        readings = [self._sampler.read(sentence, strict=False) for sentence in sentences]
        notes = [note for panel, reading in enumerate(readings) for note in self._notes(panel, reading)]
        return FrameReading(tuple(" ".join(reading.words) for reading in readings), tuple(notes))

    def _notes(self, panel: int, reading: CaptionReading) -> list[FrameNote]:
        """What became of the words of one sentence; a last note where none of them is known."""
        words = reading.ignored
        notes = [FrameNote("ignored", panel, word, "", f"{word}: the model does not know it") for word in words]
        if not reading.words:
            known = ", ".join(some_of(getattr(self._sampler.vocabulary, "words", ())))
            said = f"{self.info['name']} knows no word of this sentence, so that the picture shows nothing of it"
            return [*notes, FrameNote("nothing", panel, "", "", f"{said}{'; try: ' * bool(known)}{known}")]
        if reading.cut:
            cut = " ".join(reading.cut)
            said = f"the sentence is too long for the model; left out: {cut}"
            notes.append(FrameNote("ignored", panel, cut, "", said))
        return notes

    def draw(
        self,
        sentences: Sequence[str],
        seeds: Sequence[int],
        panels: Sequence[int] | None = None,
        cast: Mapping[str, str] | None = None,
        knobs: Mapping[str, Any] | None = None,
    ) -> Iterator[tuple[int, np.ndarray]]:
        """Draw panels one at a time. A sentence of which no word is known is drawn as one that says nothing (a note of
        the reading tells), so that one panel never keeps a story from being drawn. ``knobs``: {"truncation": largest
        noise; 0 draws the mean; "precision": in place of the engine's own}.

        Raises:
            EngineError: for unequal lengths or numbers that do not exist, or if the machine runs out of memory.
        """
        asked = range(len(sentences)) if panels is None else panels
        _check(sentences, seeds, asked)
        with engine_errors(self.device):
            for number in asked:
                yield number, self._panel(sentences[number], seeds[number], {**self.settled, **(knobs or {})})

    def explain(self, sentence: str, seed: int, knobs: Mapping[str, Any] | None = None) -> Drawn:
        """Draw one panel, before it is laid on a ground, and keep its stages and what its places read. ``knobs``: all
        that it was drawn with, as its take has them; the engine's own have no part in it.

        Raises:
            EngineError: as :meth:`draw`.
        """
        known = knobs or {}
        with engine_errors(self.device):
            sampler = self._sampler.at(precision_of(known))
            return sampler.explain(sentence, seed, self._noise(seed, known), strict=False)

    def _panel(self, sentence: str, seed: int, knobs: Mapping[str, Any]) -> np.ndarray:
        z = self._noise(seed, knobs)
        sampler = self._sampler.at(precision_of(knobs))
        picture = next(sampler.draw([sentence], [seed], None if z is None else z[None], strict=False))[1]
        return picture if self._size is None else on_ground(picture, self._size)

    def _noise(self, seed: int, knobs: Mapping[str, Any]) -> np.ndarray | None:
        """The noise that the knobs leave of a seed's; None where they change nothing."""
        if "truncation" not in knobs:
            return None
        return self._sampler.noise(seed).clip(-float(knobs["truncation"]), float(knobs["truncation"]))


def on_ground(picture: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    """A picture (H, W, 3) uint8, whole and as large as fits, in the middle of ``size`` (height, width), on a ground of
    the colour that its edge has most (the median of each channel)."""
    import numpy as np
    from PIL import Image

    edge = np.concatenate([picture[0], picture[-1], picture[:, 0], picture[:, -1]])
    height, width = size
    scale = min(height / picture.shape[0], width / picture.shape[1])
    tall, wide = (max(1, round(side * scale)) for side in picture.shape[:2])
    panel = np.empty((height, width, 3), np.uint8)
    panel[:] = np.median(edge, axis=0).round()
    top, left = (height - tall) // 2, (width - wide) // 2
    fitted = Image.fromarray(picture).resize((wide, tall), Image.Resampling.LANCZOS)
    panel[top : top + tall, left : left + wide] = np.asarray(fitted)
    return panel


def some_of(words: Sequence[str]) -> list[str]:
    """A few words of a vocabulary, from all over it, to begin with."""
    longer = sorted(word for word in words if word.isalpha() and len(word) > 2)
    return longer[:: max(1, len(longer) // SHOWN_WORDS)][:SHOWN_WORDS]


def _check(sentences: Sequence[str], seeds: Sequence[int], asked: Sequence[int]) -> None:
    if len(seeds) != len(sentences):
        raise EngineError(f"{len(seeds)} seeds came for {len(sentences)} sentences; give one seed a sentence")
    if not sentences or any(not 0 <= number < len(sentences) for number in asked):
        raise EngineError(f"panels {list(asked)} of {len(sentences)} sentences; count from 0 to {len(sentences) - 1}")
