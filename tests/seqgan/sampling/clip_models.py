"""Untrained clip models as checkpoints, for tests of what draws from them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch

from seqgan.checkpoints.format import save_checkpoint
from seqgan.config import to_dict
from seqgan.models.gtt2v import GTT2VGenerator
from seqgan.models.gtt2v_sizes import GTT2VSizes

WORDS = (
    "<end>", "<hidden>", "a", "beach", "bird", "is", "juggling", "man", "on", "red", "runs", "small", "the", "woman",
)  # fmt: skip


def network(**changes: Any) -> GTT2VGenerator:
    """Always the same weights; batch norms as after some training."""
    sizes: dict[str, Any] = {
        "frames": 16, "base": (2, 3), "embed": 8, "text": 12, "cond": 10, "latent": 4, "noise": 3, "filters": 5,
        "rank": 6, "code": 8, "start": 16, "width": 4, "still": 4,
    }  # fmt: skip
    torch.manual_seed(0)
    g = GTT2VGenerator(GTT2VSizes(len(WORDS), **{**sizes, **changes}))
    for name, value in g.named_buffers():
        if name.endswith("running_var"):
            value.uniform_(0.01, 0.1)  # so that noise and text show
    return g


def save_clip_model(folder: Path, reads_vectors: bool = True, frame_model: str = "", **changes: Any) -> Path:
    """Write one whose clips last two seconds; `changes` are sizes."""
    g = network(**changes)
    config = {
        "family": "gtt2v", "sizes": to_dict(g.sizes), "size": list(g.sizes.size), "frames": 16, "seconds": 2.0,
        "vocabulary": list(WORDS), "reads_vectors": reads_vectors, "frame_model": frame_model, "preset": "t2v",
        "origin": "house", "licence": "MIT", "images_seen": 0,
    }  # fmt: skip
    save_checkpoint(folder, config, dict(g.state_dict()))
    return folder
