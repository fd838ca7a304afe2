"""Which evaluation a checkpoint asks for: that of stories or of clips' stories, of single clips, of frames, or of
judges."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from seqgan.checkpoints.format import read_config
from seqgan.errors import ConfigError
from seqgan.models.frames import SYSTEMS
from seqgan.registry import find_model
from seqgan.sampling.drawing import device_named
from seqgan.sampling.installed import CLIP_FAMILY
from seqgan.training import evaluate as stories
from seqgan.training import frame_evaluate as frames
from seqgan.training.clip_evaluate import evaluate_clip_judge, evaluate_clips
from seqgan.training.judge_training import DEFAULT_JUDGE
from seqgan.training.loaded_judge import CLIPS, PICTURES, STORIES
from seqgan.training.reports import Report
from seqgan.training.seer_evaluate import evaluate_damsm, evaluate_picture_judge
from seqgan.training.sequence_evaluate import evaluate_sequence_judge, evaluate_sequences
from seqgan.training.sequence_systems import LOADERS, system_of
from seqgan.training.story_judges import THEATRE

SEERS = {
    "damsm": evaluate_damsm, PICTURES: evaluate_picture_judge, STORIES: evaluate_sequence_judge,
    THEATRE: evaluate_sequence_judge, CLIPS: evaluate_clip_judge,
}  # fmt: skip


def measure(
    checkpoint: str | Path, data: Path, splits: Sequence[str] = (), n: int = 1000, seed: int = 0,
    metrics: Sequence[str] = (), judge: str = "", damsm: str = "", device: str = "auto", threads: int | None = None,
    sheet: Path | None = None, quiet: bool = False, guidance: float = 0.0,
) -> Report:  # fmt: skip
    """The figures of a checkpoint on a data set; empty choices take what is usual for its kind. guidance: of StoryGANs
    that read labels, see `VectorStorySampler.draw`.

    Raises ConfigError for an unknown split or metric, and guidance for any other kind, DataError and CheckpointError
    for what cannot be read.
    """
    family = read_config(find_model(str(checkpoint))).get("family")
    if guidance and family not in LOADERS:
        raise ConfigError(f"a {family!r} is not guided by labels; leave --guidance out")
    if family in SEERS:
        return SEERS[family](str(checkpoint), data, splits or ("test",), n, str(device_named(device)))
    if family in SYSTEMS:
        return frames.evaluate_frames(
            checkpoint, data, splits or ("test",), n, seed, metrics or frames.METRICS, damsm, judge, device, threads
        )
    if family == CLIP_FAMILY:
        if metrics:
            raise ConfigError(f"{metrics[0]!r} came as metric; clips have one set of figures: leave --metrics out")
        return evaluate_clips(
            checkpoint, data, splits or ("test",), n, seed, judge, str(device_named(device)), threads, quiet=quiet
        )
    if family in LOADERS:
        chosen = str(device_named(device))
        return evaluate_sequences(
            lambda told: system_of(str(checkpoint), told, chosen, guidance), data, splits or ("test",), n, seed,
            metrics, judge, chosen,
        )  # fmt: skip
    return stories.evaluate(
        checkpoint, data, splits or ("test", "test_unseen"), n, seed, metrics or stories.METRICS,
        judge or DEFAULT_JUDGE, device, threads, sheet, quiet,
    )  # fmt: skip
