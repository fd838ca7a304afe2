"""How `assets/models/theatre-64` and `theatre-judge` are made, from nothing to the shipped folders.

    python -m seqgan.training.theatre_recipe --work runs/theatre --out assets/models        (scripts/train_theatre)

Every step leaves a mark in WORK/done and is passed over when the recipe runs again; a training step that was stopped
goes on where it was. Nothing is chosen on the test split: the steps and their lengths are written down here.
"""

from __future__ import annotations

import argparse
import json
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from seqgan.data.embeddings import embed_stories
from seqgan.data.theatre.prepare import prepare
from seqgan.errors import InterruptedRun
from seqgan.resources import asset
from seqgan.text.frozen import SentenceEncoder
from seqgan.training.card import write_card, write_judge_card
from seqgan.training.evaluate import METRICS, evaluate
from seqgan.training.judge_report import confusion_lines, print_confusion, report_judge
from seqgan.training.judge_training import DEFAULT_JUDGE
from seqgan.training.reports import print_report, write_report
from seqgan.training.run_dir import RunDir
from seqgan.training.train import run_training

SIZE = (64, 112)
MODEL = "theatre-64"
FROZEN_SHARE = 0.25
"""Share of the training stories whose frozen sentence vectors are given."""

LEAST = {"train": 64}
"""Stories that a trial composes at least: enough that the whole cast and every prop is seen."""


@dataclass(frozen=True)
class DataStep:
    """A data set to compose: stories a split, and the seed."""

    name: str
    stories: dict[str, int]
    seed: int


@dataclass(frozen=True)
class TrainStep:
    """A training run: preset, data set, the run whose weights it starts from, panels to see, changed settings."""

    name: str
    preset: str
    data: str
    init: str | None
    images: int
    changes: tuple[str, ...] = ()


DATA = (
    DataStep("texts", {"train": 40_000, "val": 300}, 5),
    DataStep("stories", {"train": 16_000, "val": 300, "test": 1_200, "test_unseen": 500}, 0),
    DataStep("judge", {"train": 14_000, "val": 300, "test_unseen": 2_000}, 11),
)
"""Stories to read, stories to draw, and the judge's own."""

_SUPERVISED = ("training.batch=8", "training.lr_g=8e-4", "training.weights.boxes=20", "training.weights.adversarial=0",
               "training.weights.features=0")  # fmt: skip
_READERS = "text, story, lower, start, memory"
STEPS = (
    TrainStep("read-1", "storygan_theatre_reading", "texts", None, 600_000, ("loop.decay_from=1.0",)),
    TrainStep("read-2", "storygan_theatre_reading", "stories", "read-1", 240_000, (
        "training.text_rate=0.1", "training.weights.boxes=20", "loop.decay_from=0.5")),
    TrainStep("draw-all", "storygan_theatre", "stories", "read-2", 160_000, (
        *_SUPERVISED, f"training.freeze=[{_READERS}]", "loop.decay_from=1.0")),
    TrainStep("draw-figures", "storygan_theatre", "stories", "draw-all", 500_000, (
        *_SUPERVISED, f"training.freeze=[{_READERS}, text2gist, frame]", "training.weights.figures=6",
        "loop.decay_from=0.5")),
    TrainStep("finish", "storygan_theatre", "stories", "draw-figures", 60_000, (
        f"training.freeze=[{_READERS}]", "training.lr_g=2e-4", "loop.decay_from=0")),
)  # fmt: skip
"""Read first; then draw under supervision, the ground until it stands, the figures for longer; at last with both
discriminators and falling rates."""


@dataclass(frozen=True)
class Recipe:
    """Where the recipe works and where it puts what it made; `scale` below 1 is for a trial of the whole in minutes."""

    work: Path
    out: Path
    scale: float = 1.0
    device: str = "auto"
    threads: int | None = None
    workers: int = 1
    changes: tuple[str, ...] = ()
    judge_changes: tuple[str, ...] = ()
    stories: int = 1_000
    metrics: tuple[str, ...] = METRICS
    say: Callable[[str], object] = field(default=print)

    def run(self) -> Path:
        """All steps that have not been done; returns the model's folder. Raises InterruptedRun when stopped."""
        for data in DATA:
            self._once(f"data-{data.name}", lambda data=data: self._compose(data))
        self._once("embed", self._embed)
        for step in STEPS:
            self._once(step.name, lambda step=step: self._train(step))
        self._once("judge", self._judge)
        self._once("ship", self._ship)
        return self.out / MODEL

    def data(self, name: str) -> Path:
        """The folder of a data set."""
        return self.work / "data" / name

    def run_dir(self, name: str) -> Path:
        """The folder of a training run."""
        return self.work / "runs" / name

    def _once(self, name: str, work: Callable[[], None]) -> None:
        mark = self.work / "done" / name
        if mark.is_file():
            self.say(f"{name}: done before")
            return
        self.say(f"{name}: begins")
        work()
        mark.parent.mkdir(parents=True, exist_ok=True)
        mark.write_text("done\n", encoding="utf-8")

    def _scaled(self, count: int, least: int) -> int:
        return max(round(count * self.scale), min(least, count))

    def _compose(self, step: DataStep) -> None:
        counts = {split: self._scaled(count, LEAST.get(split, 4)) for split, count in step.stories.items()}
        folder = self.data(step.name)
        prepare(asset("cast", "fluent"), folder, counts, SIZE, step.seed, self.workers)

    def _embed(self) -> None:
        """Sentence vectors where the drawing runs learn to use them."""
        for name in ("texts", "stories"):
            embed_stories(self.data(name), "train", SentenceEncoder().encode, FROZEN_SHARE)

    def _train(self, step: TrainStep) -> None:
        run, images = self.run_dir(step.name), self._scaled(step.images, 16)
        init = self.run_dir(step.init) / "checkpoint" if step.init else None
        run_training(
            step.preset, self.data(step.data), run, init=init, changes=[*step.changes, *self.changes],
            max_images=images, device=self.device, threads=self.threads,
        )  # fmt: skip
        _whole(run, images)

    def _judge(self) -> None:
        run = self.run_dir("judge")
        limit = None if self.scale >= 1 else self._scaled(440_000, 16)
        run_training(
            "theatre_judge", self.data("judge"), run, changes=self.judge_changes, max_images=limit,
            device=self.device, threads=self.threads,
        )  # fmt: skip
        _whole(run, json.loads((run / "options.json").read_text(encoding="utf-8"))["options"]["images"])

    def _ship(self) -> None:
        """Copy the weights, measure them, and write both cards."""
        last, judge, model = self.run_dir(STEPS[-1].name), self.out / DEFAULT_JUDGE, self.out / MODEL
        _copy(self.run_dir("judge") / "checkpoint", judge)
        seen = report_judge(self.data("stories"), judge=str(judge), device=self.device)
        write_report(seen.figures, judge / "eval.json")
        print_confusion(seen)
        write_judge_card(judge, self.run_dir("judge"), confusion_lines(seen))
        _copy(last / "checkpoint", model)
        report = evaluate(
            model, self.data("stories"), ("test", "test_unseen"), self.stories, metrics=self.metrics, judge=str(judge),
            device=self.device, threads=self.threads, sheet=model / "neighbours.png",
        )  # fmt: skip
        write_report(report, model / "eval.json")
        print_report(report)
        write_card(model, [self.run_dir(step.name) for step in STEPS], device=self.device)


def _whole(run: Path, images: int) -> None:
    """Raise InterruptedRun where a run stopped short of its panels."""
    state = RunDir(run).load()
    seen = state["images"] if state else 0
    if seen < images:
        raise InterruptedRun(f"{run.name} stopped at {seen:,} of {images:,} panels; start the recipe again to go on")


def _copy(checkpoint: Path, folder: Path) -> None:
    """A checkpoint with what belongs to it, in place of what was there."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(checkpoint, folder)


def main(words: Sequence[str] | None = None) -> int:
    """The command line."""
    parser = argparse.ArgumentParser(description="Train, measure and describe theatre-64 and its judge.")
    parser.add_argument(
        "--work", type=Path, default=Path("runs/theatre"), help="data sets, runs, marks of what is done"
    )
    parser.add_argument("--out", type=Path, default=Path("runs/theatre/models"), help="where the two models go")
    parser.add_argument("--scale", type=float, default=1.0, help="share of the stories and panels, for a trial")
    parser.add_argument("--device", default="auto")
    parser.add_argument("--threads", type=int)
    parser.add_argument("--workers", type=int, default=1, help="processes that compose stories")
    given = parser.parse_args(words)
    recipe = Recipe(given.work, given.out, given.scale, given.device, given.threads, given.workers)
    try:
        print(recipe.run())
    except InterruptedRun as stopped:
        print(stopped)
        return 130
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
