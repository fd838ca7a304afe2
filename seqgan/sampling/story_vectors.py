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

from seqgan.checkpoints.format import load_into, need, read_config, read_weights, weights_hash
from seqgan.checks import check_shape
from seqgan.errors import CheckpointError, InputError
from seqgan.models.story_parts import VectorStoryGenerator, noise_named
from seqgan.registry import build, find_model
from seqgan.sampling.drawing import Sampler, device_named, picture, ready
from seqgan.sampling.noise import panel_noise
from seqgan.text.frozen import DIM, shared_encoder

FAMILIES = ("storygan_paper", "storygan_pororo", "storygan_clevr")
"""Families whose checkpoints it draws from."""


class VectorStorySampler(Sampler):
    """A trained story generator of sentence vectors, folded."""

    def __init__(self, generator: VectorStoryGenerator, info: dict[str, Any], device: str = "auto") -> None:
        self.device, self.info = device_named(device), info
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
        return cls(generator, info, device)

    def draw(
        self, vectors: np.ndarray, seeds: Sequence[int], labels: np.ndarray | None = None, guidance: float = 0.0
    ) -> np.ndarray:  # fmt: skip
        """Draw stories: vectors (N, T, D), a seed a story, labels (N, T, K) of 0 and 1 for a system that reads them
        (none: nobody is named); returns uint8 (N, T, H, W, 3).

        guidance: frames move on by so much of the way from what is drawn when nobody is named to what is drawn of the
        labels (character guidance, VP-CSV, there of logits); for a system trained with `label_dropout`.

        Raises InputError for other shapes, another number of panels than the system was made for, and guidance where
        no labels are read.
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
        told = zip(vectors, known, seeds, strict=True)
        return np.stack([self._story(vector, names, seed, guidance) for vector, names, seed in told])

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
        return self.draw(said.reshape(len(stories), -1, DIM), seeds, labels)

    def noise(self, seed: int) -> dict[str, torch.Tensor]:
        """The noise of a story from a seed, as the generator takes it."""
        g, panels = self.generator, self.sizes.panels
        first = [panel_noise(seed, f"story {name}", size) for name, size in g.first_draws.items()]
        rows = [*first, *(panel_noise(seed, "z", self.sizes.z, step) for step in range(panels))]
        return noise_named([torch.from_numpy(row)[None].to(self.device) for row in rows])

    def _story(self, vectors: np.ndarray, labels: np.ndarray, seed: int, guidance: float) -> np.ndarray:
        told, known = (
            torch.from_numpy(np.array(each, np.float32))[None].to(self.device) for each in (vectors, labels)
        )  # fmt: skip
        noise = self.noise(seed)
        with self.drawing():
            frames = self.generator(told, known, noise).float()  # (T, 3, H, W)
            if guidance:
                unnamed = self.generator(told, torch.zeros_like(known), noise).float()
                frames = (frames + guidance * (frames - unnamed)).clamp(-1, 1)
        return np.stack([picture(frame) for frame in frames])
