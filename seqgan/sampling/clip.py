"""ClipSampler: captions and two seeds in, uint8 clips out, by a trained clip generator.

sampler = ClipSampler.load("scenes")
for number, clip in sampler.draw(["a woman is juggling on the beach"], seeds=[1], motion_seeds=[2]):
    ...  # clip: uint8 (T, H, W, 3), sampler.fps of them a second
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from seqgan.checkpoints.format import build_empty, find_checkpoint, load_into, need, read_weights, weights_hash
from seqgan.checks import check_shape
from seqgan.errors import InputError
from seqgan.models.gtt2v import Clip, GTT2VGenerator
from seqgan.registry import build
from seqgan.sampling.animate import bounded, fitted, moved
from seqgan.sampling.drawing import Sampler, device_named, picture, ready
from seqgan.sampling.frame import FrameSampler
from seqgan.sampling.installed import CLIP_FAMILY, moves
from seqgan.sampling.memory import keep_memory
from seqgan.sampling.noise import panel_noise
from seqgan.text.captions import HIDDEN, CaptionReading, CaptionVocabulary
from seqgan.text.encoders import FROZEN_SIZE
from seqgan.text.frozen import MissingPackage, shared_encoder


@dataclass(frozen=True)
class DrawnClip:
    """One caption as it was drawn, uint8: frames (T, H, W, 3) and what they are made of, None where there is no such
    part: the gist and the background (h, w, 3), the foreground (T, h, w, 3), the mask (T, h, w), of 255 where the
    foreground covers all, and the text's filters (F, k, k, 3), grey where they weigh nothing. H and W are those of the
    picture that moves (:mod:`seqgan.sampling.animate`), or h and w, the network's, where none was given."""

    caption: str
    seed: int
    motion_seed: int
    reading: CaptionReading
    frames: np.ndarray
    gist: np.ndarray | None = None
    filters: np.ndarray | None = None
    foreground: np.ndarray | None = None
    mask: np.ndarray | None = None
    background: np.ndarray | None = None


class ClipSampler(Sampler):
    """A trained clip generator, folded."""

    def __init__(
        self, generator: GTT2VGenerator, vocabulary: CaptionVocabulary, info: dict[str, Any], device: str = "auto"
    ) -> None:  # fmt: skip
        self.device, self.info, self.vocabulary = device_named(device), info, vocabulary
        self.sizes = generator.sizes
        self.generator = ready(generator.eval().requires_grad_(False)).to(self.device)

    @classmethod
    def load(cls, name: str | Path, device: str = "auto", threads: int | None = None) -> ClipSampler:
        """Load a checkpoint by installed name or folder; threads: of the whole process, torch's default if None.

        Raises CheckpointError when the checkpoint is missing, damaged, or draws no clips.
        """
        if threads:
            torch.set_num_threads(threads)
        keep_memory()
        folder, config = find_checkpoint(str(name), CLIP_FAMILY, ", which draws clips")
        need(config, folder, "sizes", "vocabulary", "seconds", "origin", "licence")
        network: Any = build_empty(lambda: build(CLIP_FAMILY, config["sizes"]))
        load_into(network, read_weights(folder), folder)
        told = {key: config.get(key) for key in ("licence", "origin", "seconds", "frame_model", "reads_vectors")}
        made = {"name": folder.name, "family": CLIP_FAMILY, "weights_sha256": weights_hash(folder), "composed": False}
        return cls(network, CaptionVocabulary(config["vocabulary"]), made | told, device)

    @property
    def fps(self) -> int:
        """Frames a second at which a clip lasts as long as those it was trained on, rounded."""
        return max(1, round(self.sizes.frames / self.info["seconds"]))

    @property
    def moves_pictures(self) -> bool:
        """Whether a picture that is given moves at its own size: it stands behind what the network draws."""
        return moves(self.sizes.gist, self.sizes.background)

    @property
    def needs_picture(self) -> bool:
        """Whether it draws nothing without a picture to move."""
        return self.sizes.gist == "picture"

    @cached_property
    def _frames(self) -> FrameSampler:
        return FrameSampler.load(self.info["frame_model"], str(self.device))

    # Captions --------------------------------------------------------------------------------------------------------

    def read(self, caption: str) -> CaptionReading:
        """Which words of a caption the model knows. Raises InputError where it says nothing."""
        reading = self.vocabulary.read(caption)
        if not caption.strip():
            raise InputError("the text is empty; write what the clip shows")
        return reading

    def _psi(self, caption: str) -> tuple[CaptionReading, Tensor]:
        """What a caption says, by its known words and, where there are others, by its frozen vector, which other words
        and languages reach."""
        reading = self.read(caption)
        vector = self._vector(caption, reading)
        tokens = torch.tensor([reading.numbers or (HIDDEN,)], device=self.device)
        with self.drawing():
            psi = self.generator.psi(tokens, torch.from_numpy(vector).to(self.device))
        return replace(reading, whole=bool(vector.any())), psi

    def _vector(self, caption: str, reading: CaptionReading) -> np.ndarray:
        """The frozen vector where words do not tell all, zeros elsewhere: known words say it better alone."""
        told = bool(reading.numbers) and not reading.ignored and not reading.cut and caption.isascii()
        try:
            if self.info["reads_vectors"] and not told:
                return shared_encoder().encode([caption])
        except MissingPackage:
            pass  # words alone, then
        if not reading.numbers:
            raise InputError(f"no word of {caption[:60]!r} is known to {self.info['name']}; write it in other words")
        return np.zeros((1, FROZEN_SIZE), np.float32)

    # Drawing ---------------------------------------------------------------------------------------------------------

    def draw(
        self, captions: Sequence[str], seeds: Sequence[int], motion_seeds: Sequence[int] | None = None,
        first: np.ndarray | None = None,
    ) -> Iterator[tuple[int, np.ndarray]]:  # fmt: skip
        """Draw captions one at a time, (number, uint8 (T, H, W, 3)). What a caption and its seeds give depends on
        nothing else.

        Args:
            captions: what to draw; one several times with different seeds gives several clips of it.
            seeds: one a caption; decides the scene.
            motion_seeds: one a caption, as `seeds` by default; decides the motion.
            first: a picture (H, W, 3) uint8 of any size that the clips begin with; a model that moves pictures gives
                (T, H, W, 3), of a side of at most 1920 pixels.

        Raises InputError for unequal lengths, a negative seed, a caption that says nothing, and for no picture where
        the model moves only given ones, or one where it reads none.
        """
        motions = seeds if motion_seeds is None else motion_seeds
        if not len(captions) == len(seeds) == len(motions):
            raise InputError(f"{len(seeds)} seeds and {len(motions)} motion seeds came for {len(captions)} texts; give "
                             "one of each a text")  # fmt: skip
        for number, (caption, seed, motion) in enumerate(zip(captions, seeds, motions, strict=True)):
            clip, _, _ = self._clip(caption, seed, motion, first)
            yield number, self._frames_of(clip, first)

    def explain(
        self, caption: str, seed: int, motion_seed: int | None = None, first: np.ndarray | None = None
    ) -> DrawnClip:  # fmt: skip
        """Draw one caption and keep all that was made on the way. Raises as :meth:`draw`."""
        motion = seed if motion_seed is None else motion_seed
        clip, reading, psi = self._clip(caption, seed, motion, first)
        streams = {} if clip.foreground is None or clip.mask is None or clip.background is None else {
            "foreground": _pictures(clip.foreground[0]), "background": picture(clip.background[0]),
            "mask": _mask(clip.mask),
        }  # fmt: skip
        gist = None if clip.gist is None else picture(clip.gist.picture[0])
        frames = self._frames_of(clip, first)
        return DrawnClip(caption, seed, motion, reading, frames, gist, self._filters(psi), **streams)

    def _frames_of(self, clip: Clip, first: np.ndarray | None) -> np.ndarray:
        """The frames of a clip, uint8 (T, H, W, 3): of the picture that moves in it, or as the network mixed them."""
        if first is None or not self.moves_pictures or clip.foreground is None or clip.mask is None:
            return _pictures(clip.frames[0])
        return moved(bounded(first), _pictures(clip.foreground[0]), _mask(clip.mask))

    def _clip(
        self, caption: str, seed: int, motion_seed: int, first: np.ndarray | None
    ) -> tuple[Clip, CaptionReading, Tensor]:  # fmt: skip
        reading, psi = self._psi(caption)
        eps, noise = (
            torch.from_numpy(panel_noise(each, stream, count))[None].to(self.device)
            for each, stream, count in ((seed, "gist", self.sizes.latent), (motion_seed, "motion", self.sizes.noise))
        )
        begun = self._first(caption, seed, first)
        with self.drawing():
            return self.generator(psi, eps, noise, begun), reading, psi

    def _first(self, caption: str, seed: int, first: np.ndarray | None) -> Tensor | None:
        """The picture a clip begins with as the generator takes it, (1, 3, H, W), or None where it draws its own."""
        gist = self.sizes.gist
        if first is None and gist == "frame":
            first = next(self._frames.at(self.precision).draw([caption], [seed], strict=False))[1]
        if first is None and self.needs_picture:
            raise InputError(f"{self.info['name']} moves a picture that it is given; name one with --first")
        if first is None:
            return None
        if gist == "none":
            raise InputError(f"{self.info['name']} reads no first picture; leave --first out, or choose another model")
        check_shape("the first picture", first, ("H", "W", 3))
        seen = fitted(bounded(first), self.sizes.size)
        return torch.from_numpy(seen).to(self.device).permute(2, 0, 1)[None].float() / 127.5 - 1

    def _filters(self, psi: Tensor) -> np.ndarray | None:
        """The kernels of a text as pictures, each scaled by the largest weight of all."""
        if self.generator.text2filter is None:
            return None
        with self.drawing():
            cond, _ = self.generator.told(psi)
            kernels = self.generator.text2filter.filters(cond)[0].float()  # (F, 3, k, k)
        shown = 127.5 + 127.5 * kernels / kernels.abs().max().clamp(min=1e-8)
        return shown.round().to(torch.uint8).permute(0, 2, 3, 1).cpu().numpy()


def _pictures(clip: Tensor) -> np.ndarray:
    """A clip (3, T, H, W) in [-1, 1] as uint8 (T, H, W, 3)."""
    return np.stack([picture(frame) for frame in clip.unbind(1)])


def _mask(mask: Tensor) -> np.ndarray:
    """The mask of one clip, (1, 1, T, H, W) in [0, 1], as uint8 (T, H, W)."""
    return (mask[0, 0].float() * 255).round().to(torch.uint8).cpu().numpy()
