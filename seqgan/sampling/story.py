"""StorySampler: sentences and seeds in, uint8 panels out. Hides tokens, noise, device and value ranges.

sampler = StorySampler.load("theatre-64")
for number, panel in sampler.draw(["Mia walks in the snow.", "She waves."], seeds=[1, 2]):
    ...  # panel: uint8 (H, W, 3)
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import torch

from seqgan.checkpoints.format import load_into, need, read_config, read_weights, weights_hash
from seqgan.errors import InputError
from seqgan.models.storygan import StoryContext, StoryGenerator, StoryState
from seqgan.registry import build, find_model
from seqgan.sampling.drawing import Sampler, device_named, picture, ready
from seqgan.sampling.noise import panel_noise
from seqgan.text.encoders import FROZEN_SIZE
from seqgan.text.frozen import SentenceEncoder
from seqgan.text.lexicon import Lexicon
from seqgan.text.reading import Reading, read_story
from seqgan.text.vocab import Vocabulary, tokenize

KEPT = 1024
"""Beginnings of stories whose states are kept, a few kilobytes each: several long boards, and what is typed on them."""
READINGS = 16
TRUNCATION = 2.0
"""Noise beyond this is drawn back to it: the stage that made the training panels does the same."""


Row = tuple[int, ...]
"""Token ids of a sentence."""


class StorySampler(Sampler):
    """A trained story generator with its vocabulary and lexicon.

    Sentences are read one after the other, each in a pass of its own, and what is carried on is kept: where the
    beginning of a story was read before, nothing of it is computed again, and its pictures have the same bytes.
    """

    def __init__(
        self, generator: StoryGenerator, config: dict[str, Any], info: dict[str, Any], device: str = "auto"
    ) -> None:
        self.device = device_named(device)
        self.generator = generator.eval().requires_grad_(False).to(self.device)
        self.vocabulary = Vocabulary(tuple(config["vocabulary"]))
        self.lexicon = Lexicon.from_dict(config["lexicon"])
        self.encoder = SentenceEncoder()
        self.info = info
        self._kept: OrderedDict[tuple[object, ...], StoryState] = OrderedDict()
        self._reading = lru_cache(READINGS)(self._read)

    @classmethod
    def load(cls, name: str | Path = "theatre-64", device: str = "auto", threads: int | None = None) -> StorySampler:
        """Load a checkpoint by installed name or folder, its generator folded and channels-last (`ready`).

        threads: CPU threads of the whole process, torch's default if None. Raises CheckpointError when the checkpoint
        is missing or damaged.
        """
        if threads:
            torch.set_num_threads(threads)
        folder = find_model(str(name))
        config = read_config(folder)
        need(config, folder, "family", "sizes", "vocabulary", "lexicon", "preset", "origin", "licence")
        generator = build(config["family"], config["sizes"])
        assert isinstance(generator, StoryGenerator), "the only family of stories so far"
        load_into(generator, read_weights(folder), folder)
        info = {
            "name": folder.name, "preset": config["preset"], "weights_sha256": weights_hash(folder), "composed": False,
            "licence": config["licence"], "origin": config["origin"], "images_seen": config.get("images_seen"),
        }  # fmt: skip
        return cls(ready(generator), config, info, device)

    @property
    def size(self) -> tuple[int, int]:
        """Height and width of a panel in pixels."""
        base = self.generator.sizes.base
        return 16 * base[0], 16 * base[1]

    def read(self, sentences: Sequence[str], cast: Mapping[str, str] | None = None) -> Reading:
        """What the model will be told: names given to cast members, unknown words mapped or reported."""
        return self._reading(tuple(sentences), tuple((cast or {}).items()))

    def _read(self, sentences: tuple[str, ...], cast: tuple[tuple[str, str], ...]) -> Reading:
        return read_story(sentences, self.lexicon, dict(cast), self.encoder)

    def draw(
        self, sentences: Sequence[str], seeds: Sequence[int], panels: Sequence[int] | None = None,
        cast: Mapping[str, str] | None = None, knobs: Mapping[str, Any] | None = None,
    ) -> Iterator[tuple[int, np.ndarray]]:  # fmt: skip
        """Draw panels of a story one at a time, (number, uint8 (H, W, 3)).

        seeds: one take seed a sentence; only those of asked panels matter. panels: numbers from 0, default all.
        knobs: {"truncation": largest noise, default 2; 0 draws the mean panel; "precision": in place of the sampler's
        own}. A panel depends on the sentences up to its own and its own seed, never on what else is drawn. Raises
        InputError for unequal lengths, numbers that do not exist, or a precision that does not.
        """
        asked = range(len(sentences)) if panels is None else panels
        if len(seeds) != len(sentences):
            raise InputError(f"{len(seeds)} seeds came for {len(sentences)} sentences; give one seed a sentence")
        if not sentences or any(not 0 <= number < len(sentences) for number in asked):
            raise InputError(
                f"panels {list(asked)} of {len(sentences)} sentences; count from 0 to {len(sentences) - 1}"
            )
        wanted = {"truncation": TRUNCATION, "precision": self.precision, **(knobs or {})}
        told = self.read(sentences, cast).sentences
        rows, drawer = list(map(tuple, self.vocabulary.encode_story(told))), self.at(str(wanted["precision"]))
        truncation = float(wanted["truncation"])
        for number in asked:
            yield number, drawer._panel(told[: number + 1], rows[: number + 1], seeds[number], truncation)

    def inputs(
        self, sentences: Sequence[str], seeds: Sequence[int], truncation: float = TRUNCATION
    ) -> dict[str, torch.Tensor]:
        """What the generator takes for a story that was read, one seed a sentence.

        Returns:
            tokens (1, T, L) int64, frozen (1, T, 512), z (1, T, Dz), code_noise (1, T, Dcode), on the device.
        """
        return self._inputs(sentences, self.vocabulary.encode_story(sentences), seeds, truncation)

    def _inputs(
        self, sentences: Sequence[str], rows: Sequence[Sequence[int]], seeds: Sequence[int], truncation: float
    ) -> dict[str, torch.Tensor]:
        tokens = torch.zeros(1, len(rows), max(map(len, rows)), dtype=torch.int64)
        for number, row in enumerate(rows):
            tokens[0, number, : len(row)] = torch.tensor(row)
        return {
            "tokens": tokens.to(self.device), "frozen": self._frozen(sentences),
            "z": self._noise(seeds, truncation), "code_noise": self._code_noise(seeds),
        }  # fmt: skip

    def frames(self, inputs: Mapping[str, torch.Tensor]) -> torch.Tensor:
        """All frames of B stories in one pass, (B * T, 3, H, W) in [-1, 1], from what :meth:`inputs` gives."""
        rows = torch.arange(inputs["z"].shape[0] * inputs["z"].shape[1], device=self.device)
        with self.drawing():
            return self.generator.draw(self._context(inputs), inputs["z"], rows)

    def _context(self, inputs: Mapping[str, torch.Tensor], before: StoryState | None = None) -> StoryContext:
        with self.drawing():
            return self.generator.context(inputs["tokens"], inputs["frozen"], inputs["z"], inputs["code_noise"], before)

    # One panel -------------------------------------------------------------------------------------------------------

    def _panel(self, told: Sequence[str], rows: Sequence[Row], seed: int, truncation: float) -> np.ndarray:
        """The picture of the last of some sentences."""
        context, z = self._told(told, rows, self._before(told, rows), seed, truncation)
        with self.drawing():
            return picture(self.generator.draw(context, z, torch.tensor([0], device=self.device))[0])

    def _before(self, told: Sequence[str], rows: Sequence[Row]) -> StoryState | None:
        """What the sentences before the last one left; None before the first."""
        known, state = len(told) - 1, None
        while known and (state := self._kept.get(self._key(told[:known], rows[:known]))) is None:
            known -= 1
        for end in range(known + 1, len(told)):
            state = self._told(told[:end], rows[:end], state)[0].after
        return state

    def _told(
        self,
        told: Sequence[str],
        rows: Sequence[Row],
        before: StoryState | None,
        seed: int = 0,
        truncation: float = 0.0,
    ) -> tuple[StoryContext, torch.Tensor]:
        """The last sentence's context and noise, (1, 1, ...); what is carried on from it is of no noise, and kept."""
        inputs = self._inputs(told[-1:], rows[-1:], [seed], truncation)
        context = self._context(inputs, before)
        assert context.after is not None, "every context of sentences has it"
        self._kept[self._key(told, rows)] = context.after
        while len(self._kept) > KEPT:
            self._kept.popitem(last=False)
        return context, inputs["z"]

    def _key(self, told: Sequence[str], rows: Sequence[Row]) -> tuple[object, ...]:
        return self.precision, tuple(told), tuple(rows)

    def _noise(self, seeds: Sequence[int], truncation: float) -> torch.Tensor:
        rows = [panel_noise(seed, "z", self.generator.sizes.z) for seed in seeds]
        noise = np.clip(np.stack(rows), -truncation, truncation).astype(np.float32)
        return torch.from_numpy(noise)[None].to(self.device)  # (1, T, Dz)

    def _code_noise(self, seeds: Sequence[int]) -> torch.Tensor:
        rows = [panel_noise(seed, "story code", self.generator.sizes.code) for seed in seeds]
        return torch.from_numpy(np.stack(rows).astype(np.float32))[None].to(self.device)  # (1, T, Dc)

    def _frozen(self, sentences: Sequence[str]) -> torch.Tensor:
        """The frozen sentence vectors where some word is unknown, zero elsewhere: known words say it better alone."""
        vectors = np.zeros((len(sentences), FROZEN_SIZE), np.float32)
        strange = [number for number, text in enumerate(sentences) if self._strange(text)]
        if strange:
            vectors[strange] = self.encoder.encode([sentences[number] for number in strange])
        return torch.from_numpy(vectors)[None].to(self.device)

    def _strange(self, sentence: str) -> bool:
        return any(token.isalpha() and token.lower() not in self.vocabulary for token in tokenize(sentence))
