"""`seqgan evaluate` for what measures generators: a DAMSM and a judge of pictures, on real pictures."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch

from seqgan.data.pictures import PictureData
from seqgan.metrics.bootstrap import mean_interval
from seqgan.metrics.retrieval import Gallery, distractors, own_first
from seqgan.training.captions import RIVALS, fewest_rivals
from seqgan.training.damsm_setup import load_damsm
from seqgan.training.frames import cropped, first, picture_codes, sentence_codes, varied
from seqgan.training.loaded_judge import load_picture_judge
from seqgan.training.reports import Report, rounded

DAMSM_PROTOCOL = (
    "real pictures under each of their captions, R-precision 1 of {rivals}, ties shared, no caption of the picture "
    "among the others, seed 0; _low and _high: 95 % bootstrap intervals over pictures"
)
JUDGE_PROTOCOL = "real pictures as they are; _low and _high: 95 % bootstrap intervals over pictures"


def evaluate_damsm(name: str, data: Path, splits: Sequence[str], n: int | None, device: str = "cpu") -> Report:
    """Do the first `n` real pictures of each split find their own captions? Raises CheckpointError, DataError."""
    damsm, found, title = load_damsm(name, torch.device(device)), {}, ""
    for split in splits:
        pictures = first(PictureData.open(data, split), n)
        title, gallery = pictures.about["name"], Gallery.of(pictures.captions)
        rows, rivals = np.arange(len(gallery.captions)), min(RIVALS, fewest_rivals(pictures.captions))
        frames = varied(pictures, np.arange(len(pictures)), None)
        codes = picture_codes(damsm.regions, frames, torch.device(device))[gallery.owners]
        sentences = sentence_codes(damsm.damsm, damsm.vocabulary, gallery.captions, torch.device(device))
        wins = own_first(codes, sentences, rows, distractors(gallery, rows, rivals))
        figures = _interval("r_precision", [wins[gallery.owners == row].mean() for row in range(len(pictures))])
        found[f"real_{split}"] = figures | _origin(pictures, damsm.info, DAMSM_PROTOCOL.format(rivals=rivals + 1))
    return {title: rounded(found)}


def evaluate_picture_judge(name: str, data: Path, splits: Sequence[str], n: int | None, device: str = "cpu") -> Report:
    """How often does a judge name the labels of the first `n` real pictures of each split? Raises as the other."""
    judge, found, title = load_picture_judge(name, device), {}, ""
    for split in splits:
        pictures = first(PictureData.open(data, split), n)
        title, figures = pictures.about["name"], {}
        for group, logits in judge.logits(cropped(pictures, np.arange(len(pictures)), None)).items():
            truth = pictures.labels[group]
            right = (logits.argmax(1) == truth)[truth >= 0].astype(float)
            figures |= _interval(f"{group}_accuracy", right) if len(right) else {}
        found[f"real_{split}"] = figures | _origin(pictures, judge.info, JUDGE_PROTOCOL)
    return {title: rounded(found)}


def _interval(name: str, values: Sequence[float] | np.ndarray) -> dict[str, float]:
    found = mean_interval(np.asarray(values, float))
    return {name: found.value, f"{name}_low": found.low, f"{name}_high": found.high}


def _origin(pictures: PictureData, info: dict[str, Any], protocol: str) -> dict[str, Any]:
    return {"n": len(pictures), "model": info["name"], "weights_sha256": info["weights_sha256"], "seed": 0,
            "data_hash": pictures.about["hash"], "protocol": protocol}  # fmt: skip
