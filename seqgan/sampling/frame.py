"""FrameSampler: captions and seeds in, uint8 pictures out, by any generator of the single-frame core.

sampler = FrameSampler.load("birds")
for number, picture in sampler.draw(["a small red bird with a black crown"], seeds=[1]):
    ...  # picture: uint8 (H, W, 3)
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from seqgan.checkpoints.format import build_empty, load_into, need, read_config, read_weights, weights_hash
from seqgan.checks import check_shape
from seqgan.errors import CheckpointError, InputError
from seqgan.models.damsm import DamsmTextEncoder
from seqgan.registry import build, find_model
from seqgan.sampling.drawing import device_named, picture, ready
from seqgan.sampling.memory import keep_memory
from seqgan.sampling.noise import panel_noise
from seqgan.text.captions import CaptionReading, CaptionVocabulary
from seqgan.text.encoders import TextFeatures

FRAMES = ("attngan", "stackgan_v2", "hdgan", "gan_cls")
"""Families that draw a picture from a caption."""
GIVES_NO_CONDITION_NOISE = ("gan_cls",)


class FrameSampler:
    """A trained single-frame generator in eval mode, float32, with its text encoder where it has one."""

    def __init__(
        self, generator: torch.nn.Module, family: str, encoder: DamsmTextEncoder | None = None,
        vocabulary: CaptionVocabulary | None = None, info: dict[str, Any] | None = None, device: str = "auto",
    ) -> None:  # fmt: skip
        self.device, self.family = device_named(device), family
        self.sizes: Any = generator.sizes
        self.generator = ready(generator.requires_grad_(False)).to(self.device)
        self.encoder = encoder.eval().requires_grad_(False).to(self.device) if encoder else None
        self.vocabulary, self.info = vocabulary, info or {"name": family}

    @classmethod
    def load(cls, name: str | Path, device: str = "auto", threads: int | None = None) -> FrameSampler:
        """Load a checkpoint by installed name or folder; threads: of the whole process, torch's default if None.

        Raises CheckpointError when the checkpoint is missing, damaged, or draws no frames.
        """
        if threads:
            torch.set_num_threads(threads)
        keep_memory()
        folder = find_model(str(name))
        config = _config(folder, "family", "sizes", "origin", "licence")
        if config["family"] not in FRAMES:
            raise CheckpointError(f"{folder} is of family {config['family']}; frames are drawn by {', '.join(FRAMES)}")
        encoder = vocabulary = None
        if config.get("text_encoder"):
            below = folder / config["text_encoder"]
            about = _config(below, "family", "sizes", "vocabulary")
            encoder, vocabulary = _network(below, about), CaptionVocabulary(about["vocabulary"])
            assert isinstance(encoder, DamsmTextEncoder), "the only encoder of captions so far"
        info = {"name": folder.name, "weights_sha256": weights_hash(folder), "composed": False,
                **{key: config[key] for key in ("licence", "origin")}}  # fmt: skip
        return cls(_network(folder, config), config["family"], encoder, vocabulary, info, device)

    def read(self, caption: str) -> CaptionReading:
        """Which words of a caption the model knows.

        Raises:
            CheckpointError: if the checkpoint came without a text encoder.
            InputError: if the caption is empty, or no word of it is known.
        """
        if self.vocabulary is None:
            raise CheckpointError(
                f"{self.info['name']} came without a text encoder, so that it reads no captions; give it the sentence "
                f"vectors that it was trained on ({self.sizes.text} numbers each): FrameSampler.draw_vectors"
            )
        reading = self.vocabulary.read(caption)
        if not reading.numbers:
            told = f"knows none of {', '.join(reading.ignored)}" if reading.ignored else "found no word in it"
            raise InputError(f"the caption {caption[:60]!r} cannot be drawn: the model {told}; write it in other words")
        return reading

    def draw(self, captions: Sequence[str], seeds: Sequence[int]) -> Iterator[tuple[int, np.ndarray]]:
        """Draw captions one at a time, (number, uint8 (H, W, 3)); one seed a caption. What a caption and its seed give
        depends on nothing else. Raises as :meth:`read`, and InputError for unequal lengths."""
        _same_length(captions, seeds)
        readings = [self.read(caption) for caption in captions]
        for number, (reading, seed) in enumerate(zip(readings, seeds, strict=True)):
            yield number, self._picture(self._features(reading), seed)

    def draw_vectors(self, vectors: np.ndarray, seeds: Sequence[int]) -> Iterator[tuple[int, np.ndarray]]:
        """The same from sentence vectors (N, Dt) for generators that read no single words.

        Raises InputError for vectors of another shape, CheckpointError for a generator that needs words.
        """
        if self.family == "attngan":
            raise CheckpointError(
                f"{self.info['name']} looks at words, which vectors do not tell; give captions to draw"
            )
        check_shape("vectors", vectors, ("N", self.sizes.text))
        _same_length(vectors, seeds)
        for number, (vector, seed) in enumerate(zip(vectors, seeds, strict=True)):
            sent = torch.from_numpy(np.asarray(vector, np.float32))[None].to(self.device)
            yield number, self._picture(sent, seed)

    @torch.inference_mode()
    def _features(self, reading: CaptionReading) -> TextFeatures:
        assert self.encoder is not None, "read() was asked before"
        captions = torch.tensor([reading.numbers], device=self.device)
        return self.encoder(captions, torch.tensor([len(reading.numbers)]))

    @torch.inference_mode()
    def _picture(self, text: TextFeatures | Tensor, seed: int) -> np.ndarray:
        inputs: dict[str, Tensor | None] = {"z": self._noise(seed, "z", self.sizes.z)}
        plain = self.family in GIVES_NO_CONDITION_NOISE
        inputs["eps"] = None if plain else self._noise(seed, "condition", self.sizes.cond)
        inputs["sent"] = text.sent_emb if isinstance(text, TextFeatures) else text
        if self.family == "attngan":
            assert isinstance(text, TextFeatures), "draw_vectors refused it"
            inputs |= {"words": text.word_embs, "pad_mask": text.pad_mask}
        found = self.generator(**inputs)
        frame = found if isinstance(found, Tensor) else found.images[max(found.images)]
        return picture(frame[0].float())

    def _noise(self, seed: int, stream: str, size: int) -> Tensor:
        return torch.from_numpy(panel_noise(seed, stream, size))[None].to(self.device)


def _config(folder: Path, *names: str) -> dict[str, Any]:
    config = read_config(folder)
    need(config, folder, *names)
    return config


def _network(folder: Path, config: dict[str, Any]) -> torch.nn.Module:
    network = build_empty(lambda: build(config["family"], config["sizes"]))
    load_into(network, read_weights(folder), folder)
    return network


def _same_length(given: Sequence[Any] | np.ndarray, seeds: Sequence[int]) -> None:
    if len(given) != len(seeds):
        raise InputError(f"{len(seeds)} seeds came for {len(given)} captions; give one seed a caption")
