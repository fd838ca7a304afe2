"""`seqgan train`: a preset, a data folder and a run folder become a trained checkpoint."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

from seqgan.checkpoints.format import save_checkpoint, save_discriminators
from seqgan.config import from_dict, override, to_dict
from seqgan.presets import Preset, preset
from seqgan.training.clip_judge_setup import ClipJudgeOptions, clip_judge_task
from seqgan.training.damsm_setup import DamsmOptions, damsm_task
from seqgan.training.footprint import footprint
from seqgan.training.frame_setup import FrameOptions, frame_task
from seqgan.training.gtt2v_setup import GTT2VOptions, gtt2v_task
from seqgan.training.judge_training import JudgeOptions, judge_task
from seqgan.training.loop import LoopOptions, train
from seqgan.training.picture_judge_setup import PictureJudgeOptions, picture_judge_task
from seqgan.training.run_dir import RunDir, check_run
from seqgan.training.runtime import Runtime
from seqgan.training.sequence_judge_setup import SequenceJudgeOptions, sequence_judge_task
from seqgan.training.story_setup import StoryOptions, story_task
from seqgan.training.storygan_setup import StoryGANOptions, storygan_task
from seqgan.training.style_setup import StyleOptions, style_task
from seqgan.training.task import Task
from seqgan.training.text_setup import TextOptions, text_task


class Kind(NamedTuple):
    """A kind of task: its settings, and what makes a task and the config of its checkpoint of them, a data folder, a
    checkpoint to start from (or None) and a runtime."""

    options: type
    build: Callable[[Any, Path, Path | None, Runtime], tuple[Task, dict[str, Any]]]


KINDS = {
    "story": Kind(StoryOptions, story_task), "storygan": Kind(StoryGANOptions, storygan_task),
    "clip": Kind(GTT2VOptions, gtt2v_task), "clip_judge": Kind(ClipJudgeOptions, clip_judge_task),
    "judge": Kind(JudgeOptions, judge_task), "damsm": Kind(DamsmOptions, damsm_task),
    "frame": Kind(FrameOptions, frame_task), "picture_judge": Kind(PictureJudgeOptions, picture_judge_task),
    "story_judge": Kind(SequenceJudgeOptions, sequence_judge_task),
    "style": Kind(StyleOptions, style_task), "text": Kind(TextOptions, text_task),
}  # fmt: skip


def resolve(recipe: Preset, changes: Sequence[str] = (), max_images: int | None = None) -> Any:
    """The preset's settings with `a.b=c` changes applied. Raises ConfigError for an unknown key."""
    options = override(from_dict(KINDS[recipe.kind].options, recipe.settings), list(changes))
    return options if max_images is None else replace(options, images=max_images)


def run_training(
    name: str, data: Path, run_dir: Path | None = None, *, init: Path | None = None, changes: Sequence[str] = (),
    max_images: int | None = None, seconds: float = 0.0, device: str = "auto", precision: str = "auto",
    threads: int | None = None, compiled: bool = False, dry_run: bool = False, quiet: bool = False,
) -> Path:  # fmt: skip
    """Train preset `name` on a prepared folder; returns the checkpoint folder `RUN/checkpoint`.

    A run folder with a state is resumed; `init` starts from the weights of a checkpoint. `compiled`: see
    `Runtime.compile`.
    Raises ConfigError, DataError, CheckpointError, TrainingError.
    """
    recipe = preset(name)
    options = resolve(recipe, changes, max_images)
    loop = {"images": options.images, "seed": options.seed, "seconds": seconds, "quiet": quiet, **options.loop}
    loop = from_dict(LoopOptions, loop, "loop")
    runtime = Runtime.choose(device, precision, threads)
    try:
        run_dir = runtime.run_dir(run_dir, name)
        check_run(run_dir, name)
        with runtime.main_first():  # who comes first decodes the panels, the others find them
            task, config = KINDS[recipe.kind].build(options, data, init, runtime)
        record = {"preset": name, "data": str(data), **describe(options, task, runtime)}
        if dry_run:
            if runtime.main:
                print(json.dumps(record | {"memory_mib": footprint(task, runtime)}, indent=2))
            return run_dir
        run = RunDir(run_dir)
        config |= {"preset": name, "origin": recipe.origin}
        with run.held() if runtime.main else nullcontext():
            if runtime.main:
                run.options(record)
            if compiled:
                runtime.compile(*task.heavy)
            train(task, run, runtime, loop, lambda folder, seen: export(task, config | {"images_seen": seen}, folder))
    finally:
        runtime.leave()
    return run.path / "checkpoint"


def describe(options: Any, task: Task, runtime: Runtime) -> dict[str, Any]:
    """Resolved options, sizes of the networks, images in an epoch, machine."""
    parameters = {name: sum(p.numel() for p in net.parameters()) for name, net in task.networks.items()}
    return {
        "options": to_dict(options), "parameters": parameters, "epoch": task.epoch, "machine": runtime.describe(),
    }  # fmt: skip


def export(task: Task, config: dict[str, Any], folder: Path) -> None:
    """Write the averaged network as a checkpoint; below it each discriminator for a later `--init`, and what else the
    network needs to draw."""
    save_checkpoint(folder, config, dict(task.ema.model.state_dict()))
    about = {key: config[key] for key in ("family", "preset", "origin", "licence", "images_seen")}
    if "d" in task.networks:
        save_discriminators(task.networks["d"], about, folder)
    for name, (settings, weights) in getattr(task, "beside", {}).items():
        save_checkpoint(folder / name, about | settings, weights())
