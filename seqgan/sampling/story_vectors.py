"""VectorStorySampler: stories in sentence vectors (or sentences) and seeds in, uint8 panels out.

sampler = VectorStorySampler.load("runs/svc/checkpoint")
panels = sampler.draw(vectors, seeds=[1, 2])          # vectors (2, T, D): uint8 (2, T, H, W, 3)
panels = sampler.draw_sentences([["Ann runs.", "She falls."]], seeds=[1])

Every story is drawn for itself, from the noise of its own seed: what else is drawn changes nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from seqgan.checkpoints.format import load_into, need, read_config, read_weights, weights_hash
from seqgan.checks import check_shape
from seqgan.errors import CheckpointError, InputError
from seqgan.models.story_parts import VectorStoryGenerator, noise_named
from seqgan.models.story_words import tokens_of
from seqgan.registry import build, find_model
from seqgan.sampling.drawing import Sampler, device_named, picture, ready
from seqgan.sampling.noise import panel_noise
from seqgan.text.frozen import DIM, shared_encoder
from seqgan.text.vocab import Vocabulary

FAMILIES = ("storygan_paper", "storygan_pororo", "storygan_clevr")
"""Families whose checkpoints it draws from."""


class VectorStorySampler(Sampler):
    """A trained story generator of sentence vectors, folded."""

    def __init__(
        self, generator: VectorStoryGenerator, info: dict[str, Any], device: str = "auto",
        vocabulary: Vocabulary | None = None,
    ) -> None:  # fmt: skip
        self.device, self.info, self.vocabulary = device_named(device), info, vocabulary
        self.sizes: Any = generator.sizes
        self.generator = ready(generator.eval().requires_grad_(False)).to(self.device)

    @classmethod
    def load(cls, name: str | Path, device: str = "auto", threads: int | None = None) -> VectorStorySampler:
        """Load a checkpoint by installed name or folder; threads: of the whole process, torch's default if None.

        Raises CheckpointError when the checkpoint is missing, damaged, or of another kind.
        """
        if threads:
            torch.set_num_threads(threads)
        folder = find_model(str(name))
        config = read_config(folder)
        need(config, folder, "family", "sizes", "preset", "origin", "licence")
        if config["family"] not in FAMILIES:
            raise CheckpointError(f"{folder} holds a {config['family']!r}; expected one of {', '.join(FAMILIES)}")
        generator = build(config["family"], config["sizes"])
        assert isinstance(generator, VectorStoryGenerator), "all of FAMILIES are"
        load_into(generator, read_weights(folder), folder)
        info = {
            "name": folder.name, "preset": config["preset"], "weights_sha256": weights_hash(folder),
            "licence": config["licence"], "origin": config["origin"], "images_seen": config.get("images_seen"),
            "text": config.get("text", "vectors"), "labels": config.get("labels", []),
            "teachers": config.get("teachers", []),
        }  # fmt: skip
        return cls(generator, info, device, _vocabulary(folder, config))

    def draw(
        self, vectors: np.ndarray, seeds: Sequence[int], labels: np.ndarray | None = None, guidance: float = 0.0,
        lines: Sequence[Sequence[str]] | None = None,
    ) -> np.ndarray:  # fmt: skip
        """Draw stories: vectors (N, T, D), a seed a story, labels (N, T, K) of 0 and 1 for a system that reads them
        (none: nobody is named), lines: the sentences, for one that looks at their words; returns uint8
        (N, T, H, W, 3).

        guidance: frames move on by so much of the way from what is drawn when nobody is named to what is drawn of the
        labels (character guidance, VP-CSV, there of logits); for a system trained with `label_dropout`.

        Raises InputError for other shapes, another number of panels than the system was made for, guidance where no
        labels are read, and no lines where words are looked at.
        """
        if guidance and not self.generator.reads_labels:
            raise InputError(f"{self.info['name']} is told no labels to be guided by; leave guidance out")
        check_shape("vectors", vectors, ("N", "T", self.sizes.text))
        if len(seeds) != len(vectors):
            raise InputError(f"{len(seeds)} seeds came for {len(vectors)} stories; give one seed a story")
        if vectors.shape[1] != self.sizes.panels:
            raise InputError(
                f"stories of {vectors.shape[1]} panels came; {self.info['name']} tells stories of {self.sizes.panels}"
            )
        known: np.ndarray = np.zeros((*vectors.shape[:2], self.sizes.labels)) if labels is None else labels
        check_shape("labels", known, (*vectors.shape[:2], self.sizes.labels))
        told = zip(vectors, known, self._tokens(lines, vectors.shape[:2]), seeds, strict=True)
        return np.stack([self._story(*each, guidance) for each in told])

    def _tokens(self, lines: Sequence[Sequence[str]] | None, shape: tuple[int, ...]) -> Sequence[Tensor | None]:
        """The words of N stories of T lines, each (1, T, L); None each where nothing looks at them."""
        if self.vocabulary is None:
            return [None] * shape[0]
        if lines is None:
            raise InputError(f"{self.info['name']} looks at words and none came; give lines, each story's sentences")
        if [len(story) for story in lines] != [shape[1]] * shape[0]:
            raise InputError(f"lines came for panels {[len(story) for story in lines]}; give {shape[1]} to each of "
                             f"{shape[0]} stories")  # fmt: skip
        return [tokens_of([story], self.vocabulary).to(self.device) for story in lines]

    def draw_sentences(
        self, stories: Sequence[Sequence[str]], seeds: Sequence[int], labels: np.ndarray | None = None
    ) -> np.ndarray:
        """The same of stories of sentences, as many each, by the frozen sentence encoder.

        Raises InputError as `draw`, and for a system that was trained on other vectors.
        """
        if self.info["text"] != "sentences":
            raise InputError(
                f"{self.info['name']} was trained on a data set's own vectors of {self.sizes.text} numbers, which no "
                "sentence gives; draw from vectors, or train one with --set text=sentences"
            )
        if len({len(story) for story in stories}) > 1:
            raise InputError("the stories have unlike numbers of sentences; draw those of one length at a time")
        said = shared_encoder().encode([sentence for story in stories for sentence in story])
        return self.draw(said.reshape(len(stories), -1, DIM), seeds, labels, lines=stories)

    def noise(self, seed: int) -> dict[str, torch.Tensor]:
        """The noise of a story from a seed, as the generator takes it."""
        g, panels = self.generator, self.sizes.panels
        first = [panel_noise(seed, f"story {name}", size) for name, size in g.first_draws.items()]
        rows = [*first, *(panel_noise(seed, "z", self.sizes.z, step) for step in range(panels))]
        return noise_named([torch.from_numpy(row)[None].to(self.device) for row in rows])

    def _story(
        self, vectors: np.ndarray, labels: np.ndarray, tokens: Tensor | None, seed: int, guidance: float
    ) -> np.ndarray:  # fmt: skip
        told, known = (
            torch.from_numpy(np.array(each, np.float32))[None].to(self.device) for each in (vectors, labels)
        )  # fmt: skip
        noise = self.noise(seed)
        with self.drawing():
            frames = self.generator(told, known, noise, tokens=tokens).float()  # (T, 3, H, W)
            if guidance:
                unnamed = self.generator(told, torch.zeros_like(known), noise, tokens=tokens).float()
                frames = (frames + guidance * (frames - unnamed)).clamp(-1, 1)
        return np.stack([picture(frame) for frame in frames])


def _vocabulary(folder: Path, config: dict[str, Any]) -> Vocabulary | None:
    """The words that a checkpoint's network looks at, None where it looks at none."""
    count = config["sizes"].get("vocabulary", 0)
    if not count:
        return None
    need(config, folder, "vocabulary")
    if len(config["vocabulary"]) != count:
        raise CheckpointError(f"{folder / 'config.json'} lists {len(config['vocabulary'])} words for a network of "
                              f"{count}; copy the checkpoint anew")  # fmt: skip
    return Vocabulary(tuple(config["vocabulary"]))
