"""What `seqgan train` needs to know of a judge: its settings and how they become a task; and how one is loaded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch

from seqgan.checkpoints.format import find_checkpoint, load_into, read_weights, weights_hash
from seqgan.config import from_dict, to_dict
from seqgan.data.manifest import read_about
from seqgan.data.panels import PanelData, space_of
from seqgan.data.theatre.labels import LabelSpace
from seqgan.errors import DataError
from seqgan.layers.channels_last import channels_last
from seqgan.models.judges import JudgeSizes, PanelJudge
from seqgan.training.runtime import Runtime
from seqgan.training.tasks.judge import JudgeTraining, PanelJudgeTask, judge_logits

DEFAULT_JUDGE = "theatre-judge"


@dataclass(frozen=True)
class JudgeOptions:
    """Everything a judge's run is started with, resolved."""

    images: int = 200_000
    seed: int = 0
    width: int = 32
    splits: tuple[str, ...] = ("train", "test_unseen")
    """What it learns from. A judge must know every pair of character and action, also those that a generator is never
    shown: one that has learnt that a pair does not occur would not see it. Its data set is not a generator's."""
    training: JudgeTraining = field(default_factory=JudgeTraining)
    loop: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Judge:
    """A trained judge with its label space."""

    network: PanelJudge
    space: LabelSpace
    info: dict[str, Any]
    device: torch.device

    def logits(self, panels: np.ndarray) -> dict[str, np.ndarray]:
        """Logits by label group of uint8 panels (N, H, W, 3): (N, rows) or (N, rows, classes) float32."""
        images = torch.from_numpy(np.ascontiguousarray(panels)).permute(0, 3, 1, 2)
        return self.space.split(judge_logits(self.network, images, self.device).numpy())


def judge_task(
    options: JudgeOptions, folder: Path, init: Path | None, runtime: Runtime
) -> tuple[PanelJudgeTask, dict[str, Any]]:
    """The task and what its checkpoint's config must hold. `init` is a checkpoint whose weights it starts from.

    Raises ConfigError, DataError, CheckpointError.
    """
    described = read_about(folder)
    space = space_of(folder)
    data, val = (PanelData.open(folder, split, space) for split in (options.splits, "val"))
    sizes = JudgeSizes(*space.shape, width=options.width)
    torch.manual_seed(options.seed)
    network = PanelJudge(sizes)
    if init:
        load_into(network, read_weights(init), init)
    task = PanelJudgeTask(network, data, val, replace(options.training, seed=options.seed), runtime)
    config = {
        "family": "judge", "sizes": to_dict(sizes), "labels": space.to_dict(), "size": list(data.images.shape[1:3]),
        "trained_on": {**trained_on(described), "splits": list(options.splits)},
        "licence": "MIT (weights and the art they were trained on)",
    }  # fmt: skip
    return task, config


def trained_on(about: dict[str, Any]) -> dict[str, Any]:
    """What a checkpoint's config records of a data set: name and digest of the pack, hash, seed, counts."""
    pack = {key: about["pack"][key] for key in ("name", "digest")}
    return {"pack": pack, **{key: about[key] for key in ("hash", "seed", "counts")}}


def check_strange(judge: Judge, about: dict[str, Any], splits: Sequence[str]) -> None:
    """Refuse panels that a judge was trained on. Raises DataError naming the split."""
    known = judge.info["trained_on"]
    seen = [split for split in splits if split in known.get("splits", ("train",))]
    if seen and known["hash"] == about["hash"]:
        raise DataError(f"the judge was trained on split {seen[0]!r} of this data set; prepare one with another seed")


def load_judge(name: str = DEFAULT_JUDGE, device: str = "auto") -> Judge:
    """A judge by installed name or folder, float32, eval mode. Raises CheckpointError for anything else."""
    folder, config = find_checkpoint(name, "judge", f", e.g. {DEFAULT_JUDGE}")
    network = PanelJudge(from_dict(JudgeSizes, config["sizes"]))
    load_into(network, read_weights(folder), folder)
    runtime = Runtime.choose(device, "float32")
    network = channels_last(network.eval().requires_grad_(False).to(runtime.device))
    info = {"name": folder.name, "weights_sha256": weights_hash(folder), "trained_on": config["trained_on"]}
    return Judge(network, LabelSpace.from_dict(config["labels"]), info, runtime.device)
