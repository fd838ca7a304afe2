"""What a trained model can do: `seqgan evaluate` of a run's checkpoint, in a process of its own.

    measure(run, "theatre-fluent", 200)
    measuring(run).state                        # "running", then "measured"

The figures go where they belong to the weights, into `checkpoint/eval.json`; what the process says is in `evaluation/`.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

from studio.errors import StudioError
from studio.rendering.models import FIGURES
from studio.ui.processes import end, is_alive, read_started, start
from studio.ui.runs import CHECKPOINT, Run, reason

FOLDER = "evaluation"


@dataclass(frozen=True)
class Measuring:
    """How the last measuring that was started here went: "" (there was none), "running", "measured", "stopped" or
    "failed"; ``error`` says why it failed, ``since`` when it began, in seconds since the epoch."""

    state: str = ""
    error: str = ""
    since: float = 0.0


def can_be_measured(run: Run) -> bool:
    """Whether there is a checkpoint that stays as it is."""
    return not run.is_alive and (run.path / CHECKPOINT / "config.json").is_file()


def measure(run: Run, data: str, count: int, judge: str = "") -> None:
    """Begin to measure a run's checkpoint on a data set: ``count`` stories, pictures or clips of each split.

    Raises:
        StudioError: if it is being trained or measured, no data is named, or the folder cannot be written.
    """
    if not can_be_measured(run):
        raise StudioError(f"{run.name} has no checkpoint that stays as it is; wait for the training, or stop it first")
    if measuring(run).state == "running":
        raise StudioError(f"{run.name} is being measured; wait for that, or stop it first")
    if not data.strip():
        raise StudioError("no data is named; choose the data set that it was trained on, or another")
    words = [sys.executable, "-m", "seqgan", "evaluate", str(run.path / CHECKPOINT), "--data", data.strip()]
    words += ["--n", str(count), "--json", str(run.path / CHECKPOINT / FIGURES)]
    words += ["--judge", judge.strip()] if judge.strip() else []
    try:
        start(run.path / FOLDER, words, run.preset, count)
    except OSError as error:
        raise StudioError(f"{run.path / FOLDER} was not written: {error.strerror or error}; make room first") from error


def measuring(run: Run) -> Measuring:
    """Return how measuring a run is, or went."""
    started = read_started(run.path / FOLDER)
    if started is None:
        return Measuring()
    if is_alive(started):
        return Measuring("running", since=started.moment)
    if _written(run.path / CHECKPOINT / FIGURES) >= started.moment:
        return Measuring("measured", since=started.moment)
    if started.stop_asked:
        return Measuring("stopped", since=started.moment)
    return Measuring("failed", reason(run.path / FOLDER), started.moment)


def stop_measuring(run: Run) -> None:
    """End it: nothing is measured.

    Raises:
        DocumentError: if its folder cannot be written.
    """
    end(run.path / FOLDER)


def _written(file: Path) -> float:
    try:
        return file.stat().st_mtime
    except OSError:
        return 0.0
