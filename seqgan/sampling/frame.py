"""FrameSampler: captions and seeds in, uint8 pictures out, by any generator of the single-frame core.

sampler = FrameSampler.load("birds")
for number, picture in sampler.draw(["a small red bird with a black crown"], seeds=[1]):
    ...  # picture: uint8 (H, W, 3)
drawn = sampler.explain("a small red bird", seed=1)      # every stage's picture, and which words its places read
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from seqgan.checks import check_range, check_shape
from seqgan.errors import CheckpointError, InputError
from seqgan.models.char_cnn_rnn import CharTextEncoder
from seqgan.models.damsm import DamsmTextEncoder
from seqgan.models.frames import SYSTEMS, Frames, draw, eps_shape
from seqgan.models.style_encoder import StyleEncoder
from seqgan.registry import find_model
from seqgan.sampling.drawing import Sampler, device_named, picture, ready
from seqgan.sampling.frame_parts import load_parts
from seqgan.sampling.memory import keep_memory
from seqgan.sampling.mixing import mixed
from seqgan.sampling.noise import panel_noise
from seqgan.text.captions import CaptionReading, CaptionVocabulary
from seqgan.text.characters import LENGTH, CharReading
from seqgan.text.encoders import TextFeatures, one_word

END = 0
"""The word that ends a caption; alone it is a caption that says nothing."""


@dataclass(frozen=True)
class Drawn:
    """One caption as it was drawn.

    pictures: of every stage by pixels a side, small ones first, uint8 (S, S, 3). attention: of every map that read
    words, by its pixels a side: what share of each place a word has, (L, S, S), for the L words of `reading`.
    """

    caption: str
    seed: int
    reading: CaptionReading
    pictures: dict[int, np.ndarray]
    attention: dict[int, np.ndarray]

    @property
    def picture(self) -> np.ndarray:
        """The largest picture."""
        return self.pictures[max(self.pictures)]


class FrameSampler(Sampler):
    """A trained single-frame generator with its text and style encoders where it has them."""

    def __init__(
        self, generator: torch.nn.Module, family: str,
        encoder: DamsmTextEncoder | CharTextEncoder | None = None,
        vocabulary: CaptionVocabulary | CharReading | None = None, info: dict[str, Any] | None = None,
        device: str = "auto", style_encoder: StyleEncoder | None = None,
    ) -> None:  # fmt: skip
        self.device, self.family = device_named(device), family
        self.sizes: Any = generator.sizes
        self.generator = ready(generator.requires_grad_(False)).to(self.device)
        self.encoder = encoder.eval().requires_grad_(False).to(self.device) if encoder else None
        self.style_encoder = style_encoder.eval().requires_grad_(False).to(self.device) if style_encoder else None
        self.vocabulary, self.info = vocabulary, info or {"name": family}

    @classmethod
    def load(cls, name: str | Path, device: str = "auto", threads: int | None = None) -> FrameSampler:
        """Load a checkpoint by installed name or folder; threads: of the whole process, torch's default if None.

        Raises CheckpointError when the checkpoint is missing, damaged, draws no frames, or is put together wrongly.
        """
        if threads:
            torch.set_num_threads(threads)
        keep_memory()
        parts = load_parts(find_model(str(name)))
        return cls(parts.generator, parts.family, parts.encoder, parts.vocabulary, parts.info, device, parts.style)

    @cached_property
    def size(self) -> tuple[int, int]:
        """Height and width of a picture in pixels."""
        text = one_word(torch.zeros(1, self.sizes.text, device=self.device))
        height, width = self._frames(text, 0, None).largest.shape[2:]
        return height, width

    # Captions --------------------------------------------------------------------------------------------------------

    def read(self, caption: str, strict: bool = True) -> CaptionReading:
        """Which words of a caption the model knows.

        Raises:
            CheckpointError: if the checkpoint came without a text encoder.
            InputError: if `strict`, and the caption is empty or no word of it is known.
        """
        if self.vocabulary is None:
            raise CheckpointError(
                f"{self.info['name']} came without a text encoder, so that it reads no captions; give it the sentence "
                f"vectors that it was trained on ({self.sizes.text} numbers each): FrameSampler.draw_vectors"
            )
        reading = self.vocabulary.read(caption)
        if strict and not reading.numbers:
            told = f"knows none of {', '.join(reading.ignored)}" if reading.ignored else "found no word in it"
            raise InputError(f"the caption {caption[:60]!r} cannot be drawn: the model {told}; write it in other words")
        return reading

    @torch.inference_mode()
    def _features(self, reading: CaptionReading) -> TextFeatures:
        assert self.encoder is not None, "read() was asked before"
        if isinstance(self.encoder, CharTextEncoder):
            chars = reading.numbers or (0,) * LENGTH
            return one_word(self.encoder(torch.tensor([chars], device=self.device)))
        numbers = reading.numbers or (END,)
        return self.encoder(torch.tensor([numbers], device=self.device), torch.tensor([len(numbers)]))

    # Drawing ---------------------------------------------------------------------------------------------------------

    def draw(
        self, captions: Sequence[str], seeds: Sequence[int], z: np.ndarray | None = None, strict: bool = True
    ) -> Iterator[tuple[int, np.ndarray]]:
        """Draw captions one at a time, (number, uint8 (H, W, 3)); one seed a caption. What a caption and its seed give
        depends on nothing else.

        Args:
            captions: what to draw; one several times with different seeds gives several samples of it.
            seeds: of the noise.
            z: chosen noise (N, Dz), such as styles of pictures, in place of that of the seeds.
            strict: refuse a caption of which no word is known; otherwise it is drawn as one that says nothing.

        Raises as :meth:`read`, and InputError for unequal lengths, a negative seed, or noise of another shape.
        """
        _check_lengths(captions, seeds)
        rows = self._rows(z, len(captions))
        readings = [self.read(caption, strict) for caption in captions]
        for number, (reading, seed) in enumerate(zip(readings, seeds, strict=True)):
            yield number, self._picture(self._features(reading), seed, rows[number])

    def draw_vectors(self, vectors: np.ndarray, seeds: Sequence[int]) -> Iterator[tuple[int, np.ndarray]]:
        """The same from sentence vectors (N, Dt) for generators that read no single words.

        Raises InputError for vectors of another shape, CheckpointError for a generator that needs words.
        """
        if SYSTEMS[self.family].words:
            raise CheckpointError(
                f"{self.info['name']} looks at words, which vectors do not tell; give captions to draw"
            )
        check_shape("vectors", vectors, ("N", self.sizes.text))
        _check_lengths(vectors, seeds)
        for number, (vector, seed) in enumerate(zip(vectors, seeds, strict=True)):
            sent = torch.from_numpy(np.asarray(vector, np.float32))[None].to(self.device)
            yield number, self._picture(one_word(sent), seed, None)

    def explain(self, caption: str, seed: int, z: np.ndarray | None = None, strict: bool = True) -> Drawn:
        """Draw one caption and keep all that was made on the way. z: chosen noise (Dz,). Raises as :meth:`draw`."""
        reading = self.read(caption, strict)
        row = self._rows(None if z is None else z[None], 1)[0]
        frames = self._frames(self._features(reading), seed, row)
        pictures = {side: picture(frames.images[side][0]) for side in sorted(frames.images)}
        maps = frames.attention or {}
        shares = {side: maps[side][0].float().cpu().numpy() for side in sorted(maps)} if reading.words else {}
        return Drawn(caption, seed, reading, pictures, shares)

    def between(
        self, one: str, two: str, count: int, seed: int = 0, z: np.ndarray | None = None
    ) -> Iterator[tuple[int, np.ndarray]]:
        """Draw `count` pictures from one caption to another with the same noise; the first and the last are those of
        the captions. How sentences and words are mixed: :func:`seqgan.sampling.mixing.mixed`.

        Raises as :meth:`draw`, and InputError for less than 2 pictures.
        """
        check_range("count of pictures", count, 2)
        ends = [self._features(self.read(caption)) for caption in (one, two)]
        row = self._rows(None if z is None else z[None], 1)[0]
        for number in range(count):
            with torch.inference_mode():
                text = mixed(ends[0], ends[1], number / (count - 1))
            yield number, self._picture(text, seed, row)

    # Style -----------------------------------------------------------------------------------------------------------

    @torch.inference_mode()
    def style(self, pixels: np.ndarray) -> np.ndarray:
        """The noise (Dz,) from which the model would draw a picture, uint8 (H, W, 3) of any size: what of it a caption
        does not say. Its middle square is brought to the size that the style encoder reads.

        Raises CheckpointError for a model without a style encoder, InputError for an array that is no picture.
        """
        if self.style_encoder is None:
            raise CheckpointError(
                f"{self.info['name']} has no style encoder beside it, so that it takes no style from a picture; train "
                "one for it, or choose a --model that has one"
            )
        check_shape("the picture", pixels, ("H", "W", 3))
        squared = _square(pixels, self.style_encoder.sizes.size)
        frame = torch.from_numpy(squared).to(self.device).permute(2, 0, 1)[None].float() / 127.5 - 1
        return self.style_encoder(frame)[0].cpu().numpy()

    def noise(self, seed: int) -> np.ndarray:
        """The noise z (Dz,) of a seed."""
        return panel_noise(seed, "z", self.sizes.z)

    # One picture -----------------------------------------------------------------------------------------------------

    def _picture(self, text: TextFeatures, seed: int, z: np.ndarray | None) -> np.ndarray:
        return picture(self._frames(text, seed, z).largest[0])

    def _frames(self, text: TextFeatures, seed: int, z: np.ndarray | None) -> Frames:
        shape = eps_shape(self.family, self.sizes)
        code = self._tensor(self.noise(seed) if z is None else z)
        eps = None
        if shape is not None:
            eps = self._tensor(panel_noise(seed, "condition", int(np.prod(shape))).reshape(shape))
        with self.drawing():
            return draw(self.generator, self.family, code, text, eps)

    def _tensor(self, values: np.ndarray) -> Tensor:
        return torch.from_numpy(np.array(values, np.float32))[None].to(self.device)

    def _rows(self, z: np.ndarray | None, count: int) -> list[np.ndarray | None]:
        if z is None:
            return [None] * count
        check_shape("z", z, (count, self.sizes.z))
        return list(z)


def _square(pixels: np.ndarray, side: int) -> np.ndarray:
    """The middle square of a picture at `side` pixels."""
    height, width = pixels.shape[:2]
    edge = min(height, width)
    box = ((width - edge) // 2, (height - edge) // 2, (width + edge) // 2, (height + edge) // 2)
    resized = Image.fromarray(pixels).resize((side, side), Image.Resampling.LANCZOS, box=box)
    return np.array(resized)


def _check_lengths(given: Sequence[Any] | np.ndarray, seeds: Sequence[int]) -> None:
    if len(given) != len(seeds):
        raise InputError(f"{len(seeds)} seeds came for {len(given)} captions; give one seed a caption")
