"""StageSampler: the same door as the StorySampler, but panels are composed from a cast pack. Torch-free.

    sampler = StageSampler(size=(360, 640))
    for number, panel in sampler.draw(["Mia walks in the snow.", "She waves."], seeds=[1, 2]):
        ...  # panel: uint8 (H, W, 3)

Its pictures are put together from drawn art by rules, so they are always marked "composed, not generated": they are the
fallback without weights, the upper bound of what a trained model can draw, and what the editor shows meanwhile.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from seqgan.data.theatre.lexicon import build_lexicon, shipped_lexicon
from seqgan.data.theatre.pack import CastPack
from seqgan.data.theatre.parse import parse_story
from seqgan.data.theatre.stage import Stage
from seqgan.data.theatre.world import NOISE_SIZE
from seqgan.errors import InputError
from seqgan.sampling.noise import panel_noise
from seqgan.text.reading import Reading, read_story

NAME = "stage"
SIZE = (360, 640)
LARGEST = 4096
"""Pixels of the longer side; a panel beyond this is a mistake, not a picture."""


class StageSampler:
    """Reads a story by rules and composes its panels at any size, about a millisecond each at 64x112."""

    def __init__(self, size: tuple[int, int] = SIZE, pack: CastPack | str | Path | None = None) -> None:
        """Open a cast pack (default: the one that ships).

        Args:
            size: height and width of a panel in pixels, 16 to 4096 each.
            pack: a pack, or its folder.

        Raises:
            InputError: for a size that cannot be drawn.
            DataError: if the pack is missing or broken.
        """
        if any(not 16 <= side <= LARGEST for side in size):
            raise InputError(f"panel size {size[0]}x{size[1]}; expected 16 to {LARGEST} pixels a side: choose another")
        self.size = (int(size[0]), int(size[1]))
        self.pack = pack if isinstance(pack, CastPack) else CastPack.load(pack) if pack else CastPack.shipped()
        self.lexicon = build_lexicon(self.pack) if pack else shipped_lexicon()
        self._stage = Stage(self.pack, self.size)
        self.info: dict[str, Any] = {
            "name": NAME if self.pack.name == "fluent" else f"{NAME}:{self.pack.name}",
            "weights_sha256": self.pack.digest(),
            "licence": self.pack.licence,
            "composed": True,
        }

    def read(self, sentences: Sequence[str], cast: Mapping[str, str] | None = None) -> Reading:
        """What the stage will be told: names given to cast members, unknown words mapped or reported."""
        return read_story(sentences, self.lexicon, cast)

    def draw(
        self,
        sentences: Sequence[str],
        seeds: Sequence[int],
        panels: Sequence[int] | None = None,
        cast: Mapping[str, str] | None = None,
        knobs: Mapping[str, Any] | None = None,
    ) -> Iterator[tuple[int, np.ndarray]]:
        """Compose panels of a story one at a time: (number, uint8 (H, W, 3)).

        Args:
            sentences: the whole story; it is the context of every panel.
            seeds: one take seed a sentence; only those of asked panels matter.
            panels: numbers from 0, default all.
            cast: who plays which name.
            knobs: {"truncation": largest staging noise, default 2; 0 puts everyone in the middle of their place}.

        Raises:
            InputError: for unequal lengths or panels that do not exist.
        """
        asked = range(len(sentences)) if panels is None else panels
        if len(seeds) != len(sentences):
            raise InputError(f"{len(seeds)} seeds came for {len(sentences)} sentences; give one seed a sentence")
        if wrong := [number for number in asked if not 0 <= number < len(sentences)]:
            raise InputError(f"panel {wrong[0]} of {len(sentences)} sentences was asked for; count from 0")
        limit = float((knobs or {}).get("truncation", 2.0))
        staged, _ = parse_story(self.read(sentences, cast).sentences, self.pack)
        for number in asked:
            noise = np.clip(panel_noise(seeds[number], NAME, NOISE_SIZE), -limit, limit)
            yield number, self._stage.draw(staged[number], noise)
