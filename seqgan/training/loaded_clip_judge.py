"""A trained judge of clips, loaded: what `clip_judge` leaves behind, by name or folder."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

from seqgan.checkpoints.format import find_checkpoint, load_into, read_weights, weights_hash
from seqgan.checks import check_shape
from seqgan.config import from_dict
from seqgan.errors import InputError
from seqgan.layers.channels_last import FORMATS, channels_last
from seqgan.models.judges import ClipJudge, ClipJudgeSizes
from seqgan.training.loaded_judge import ADVICE, CLIPS
from seqgan.training.story_pictures import resized
from seqgan.training.tasks.picture_judge import by_group

BATCH = 32


@dataclass(frozen=True)
class LoadedClipJudge:
    """A trained judge: the names of its label groups, and the frames, height and width of the clips that it knows."""

    network: ClipJudge
    names: dict[str, tuple[str, ...]]
    frames: int
    size: tuple[int, int]
    info: dict[str, Any]
    device: torch.device

    def read(self, clips: np.ndarray) -> tuple[dict[str, np.ndarray], np.ndarray]:
        """The likeliest name of each group, int64 (N,), and features (N, d) float32, of uint8 clips (N, T, H, W, 3).

        Of longer clips it sees as many frames as it knows, evenly spread; those of another size are resized. Raises
        InputError for shorter ones.
        """
        count = check_shape("clips", clips, ("N", "T", "H", "W", 3))["T"]
        if count < self.frames:
            raise InputError(f"clips of {count} frames came; this judge knows those of {self.frames}: train one with "
                             f"--set frames={count}")  # fmt: skip
        seen = clips[:, np.arange(self.frames) * count // self.frames]
        parts = [self._read(seen[start : start + BATCH]) for start in range(0, len(seen), BATCH)]
        logits, features = (torch.cat(each) for each in zip(*parts, strict=True))
        groups = by_group(logits, {group: len(names) for group, names in self.names.items()})
        return {group: part.argmax(1).numpy() for group, part in groups.items()}, features.numpy()

    @torch.inference_mode()
    def _read(self, clips: np.ndarray) -> tuple[torch.Tensor, torch.Tensor]:
        """Logits (B, columns) and features (B, d) of clips of the right length."""
        pictures = resized(torch.from_numpy(clips).flatten(0, 1).permute(0, 3, 1, 2), self.size)
        frames = pictures.unflatten(0, (-1, self.frames)).transpose(1, 2)
        features = self.network.features(frames.to(self.device, memory_format=FORMATS[5]).float() / 127.5 - 1)
        return self.network.answers(features).cpu(), features.cpu()


def load_clip_judge(name: str, device: torch.device | str = "cpu") -> LoadedClipJudge:
    """A judge of clips, float32, eval mode. Raises CheckpointError for anything else."""
    folder, config = find_checkpoint(name, CLIPS, ADVICE[CLIPS])
    network = ClipJudge(from_dict(ClipJudgeSizes, config["sizes"]))
    load_into(network, read_weights(folder), folder)
    network = channels_last(network.eval().requires_grad_(False).to(device))
    names = {group: tuple(each) for group, each in config["labels"].items()}
    info = {"name": folder.name, "weights_sha256": weights_hash(folder), "trained_on": config["trained_on"]}
    height, width = config["size"]
    return LoadedClipJudge(network, names, config["frames"], (height, width), info, torch.device(device))
