"""The one training loop: phases of a task, EMA, log, sheets, exact resume."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from seqgan.checks import check_choice, check_range
from seqgan.errors import ConfigError, TrainingError
from seqgan.training.phases import Phase, set_rates, switch_to
from seqgan.training.run_dir import RunDir
from seqgan.training.runtime import Runtime
from seqgan.training.schedules import halving, house_line, linear_decay, warm_up
from seqgan.training.task import Task

SCHEDULES = ("line", "linear", "halving", "constant")
NEVER = 1 << 62
Export = Callable[[Path, int], None]


@dataclass(frozen=True)
class LoopOptions:
    """How long and how often; counts are images seen unless said otherwise."""

    images: int
    seed: int = 0
    seconds: float = 0.0
    """Stop (state saved) after this much time; 0 = no limit."""
    decay_from: float = 0.7
    """From this share of `images` on, learning rates fall in a straight line to a twentieth."""
    clip: float = 10.0
    """The largest norm of a phase's gradient; 0 = any."""
    log_every: int = 2_000
    sheet_every: int = 40_000
    save_every: int = 40_000
    keep_every: int = 0
    """Keep a checkpoint of its own this often; 0 = only the newest and the best."""
    accumulate: int = 1
    """Batches a step: their gradients are averaged, as if the batch were so many times as large; what samples of one
    batch have to do with each other (norms, wrong pairs) stays within each."""
    schedule: str = "line"
    """How learning rates go: line (see `decay_from`), linear (that to zero), halving (see `halve_every`), constant."""
    halve_every: float = 20.0
    """Epochs after which `halving` halves the rates."""
    warm_up: int = 0
    """Images over which the rates rise from 0 before that."""
    quiet: bool = False

    def __post_init__(self) -> None:
        check_choice("loop.schedule", self.schedule, SCHEDULES, ConfigError)
        for name in ("images", "accumulate", "log_every", "sheet_every", "save_every"):
            check_range(f"loop.{name}", getattr(self, name), 1, error=ConfigError)

    def rate(self, seen: int, epoch: int) -> float:
        """The factor on every learning rate after `seen` images, an epoch being `epoch` of them."""
        share, rise = seen / self.images, warm_up(seen, self.warm_up) if self.warm_up else 1.0
        match self.schedule:
            case "line":
                return rise * house_line(share, self.decay_from)
            case "linear":
                return rise * linear_decay(share, self.decay_from)
            case "halving":
                return rise * halving(seen / epoch, self.halve_every)
        return rise


@dataclass
class Asked:
    """What signals asked for: SIGINT and SIGTERM to save and leave at the next step, SIGUSR1 to save and go on."""

    stop: bool = False
    save: bool = False


@contextmanager
def _signals(asked: Asked) -> Iterator[None]:
    def handler(number: int, *_: Any) -> None:
        asked.save = True
        asked.stop = asked.stop or number in (signal.SIGINT, signal.SIGTERM)

    known = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGUSR1") if hasattr(signal, name)]
    try:
        kept = {number: signal.signal(number, handler) for number in known}
    except ValueError:  # not the main thread: nothing to catch there
        yield
        return
    try:
        yield
    finally:
        for number, previous in kept.items():
            signal.signal(number, previous)


def train(
    task: Task, run: RunDir, runtime: Runtime, options: LoopOptions, export: Export = lambda *_: None
) -> dict[str, float]:
    """Train until `options.images`, a signal, or the time limit; returns the last mean of every term.

    The state in `run` is loaded first where there is one: running the same command again goes on where it stopped.
    `export` writes a checkpoint of the averaged networks into a folder, and how many images they have seen: the newest,
    the best, those that are kept.

    Raises:
        TrainingError: if a loss or gradient is not finite, or the run folder cannot be written; the state saved last
            is kept.
    """
    step, seen = _restore(task, run)
    runtime.prepare(*task.networks.values(), task.ema.model)
    rates = {phase.name: phase.optimizer.param_groups[0]["lr"] for phase in task.phases}
    asked, started, sums, marks = Asked(), time.monotonic(), _Means(), _Marks(options, seen)
    with _signals(asked), _progress(options.quiet or not runtime.main) as bar:
        line = bar.add_task("train", total=options.images, completed=seen, note="")
        while seen < options.images:
            batches = [task.batch(step * options.accumulate + part) for part in range(options.accumulate)]
            set_rates(task.phases, options.rate(seen, task.epoch), rates)
            for phase in task.phases:
                if phase.due(step):
                    sums.add(run_phase(task, phase, batches, step, runtime, options))
            images = sum(map(task.images, batches))
            seen, step = seen + images, step + 1
            task.ema.update(task.networks["g"], images, seen)
            if marks.due("log", seen):
                means = sums.take(runtime)
                spent = round(time.monotonic() - started, 1)
                _log(run, runtime, {"images": seen, "step": step, "seconds": spent, "terms": means})
                note = " ".join(f"{name} {value:.3g}" for name, value in means.items())
                bar.update(line, completed=seen, note=f"{(seen - marks.first) / max(spent, 0.1):.0f}/s {note}")
            if marks.due("sheet", seen) and runtime.main:
                _look(task, run, seen, step, export)
            if marks.due("keep", seen) and runtime.main:
                _write(run, export, f"kept/{seen:09d}", seen)
            over = bool(options.seconds) and time.monotonic() - started > options.seconds
            leave, save = runtime.any(asked.stop or over or run.stop_asked, asked.save)
            if marks.due("save", seen) or (save and not leave):
                asked.save = False
                _save(task, run, runtime, step, seen, rates)
            if leave:
                break
    _save(task, run, runtime, step, seen, rates)
    if runtime.main:
        _write(run, export, "checkpoint", seen)
        run.close()
    return sums.last


def _look(task: Task, run: RunDir, seen: int, step: int, export: Export) -> None:
    """A sheet, figures and curves; and the checkpoint that is the best by them so far."""
    run.sheet(task.sheet(), seen)
    figures, best = task.validate(), run.best()
    run.log({"images": seen, "step": step, "val": figures})
    run.curves()
    if best is None or figures["score"] > best:
        _write(run, export, "best", seen)


def _write(run: RunDir, export: Export, name: str, seen: int) -> None:
    with run.writing(name):
        export(run.path / name, seen)


def run_phase(
    task: Task, phase: Phase, batches: Sequence[Any], step: int, runtime: Runtime, options: LoopOptions
) -> dict[str, torch.Tensor]:
    """One phase of a step: its losses on all batches of the step, their gradients, its optimiser; returns its terms.

    Raises TrainingError where a loss or gradient is not finite.
    """
    switch_to(phase, task.phases)
    phase.optimizer.zero_grad(set_to_none=True)
    parts = []
    for part, batch in enumerate(batches):
        number = options.seed * 1_000_003 + step * len(batches) + part
        noise = torch.Generator().manual_seed(number * 31 + task.phases.index(phase))
        with runtime.autocast():
            terms = runtime.shares(task.losses(phase.name, batch, noise))
        (torch.stack(list(terms.values())).sum() / len(batches)).backward()
        parts.append({name: term.detach() / len(batches) for name, term in terms.items()})
    terms = {name: torch.stack([part[name] for part in parts]).sum() for name in parts[0]}
    finite = phase.step(options.clip, runtime.average)
    if not finite or not torch.stack(list(terms.values())).isfinite().all():
        bad = ", ".join(f"{name} {term.item():.3g}" for name, term in terms.items())
        raise TrainingError(
            f"step {step}, phase {phase.name}: a loss or gradient is not finite ({bad}); the state saved last is kept: "
            "start the same command again with a lower learning rate, or with --precision float32"
        )
    return {f"{phase.name}.{name}": term for name, term in terms.items()}


def _log(run: RunDir, runtime: Runtime, record: dict[str, Any]) -> None:
    if runtime.main:
        run.log(record)


class _Means:
    """Running means of named terms between two log lines."""

    def __init__(self) -> None:
        self.sums: dict[str, list[torch.Tensor]] = {}
        self.last: dict[str, float] = {}

    def add(self, terms: dict[str, torch.Tensor]) -> None:
        for name, value in terms.items():
            self.sums.setdefault(name, []).append(value)

    def take(self, runtime: Runtime) -> dict[str, float]:
        """The means over steps and processes since the last time."""
        means = runtime.total(torch.stack([torch.stack(values).mean() for values in self.sums.values()]))
        self.last = {name: round(float(value) / runtime.world, 5) for name, value in zip(self.sums, means, strict=True)}
        self.sums = {}
        return self.last


class _Marks:
    """What is due when a count of images passes a multiple of its interval."""

    def __init__(self, options: LoopOptions, seen: int) -> None:
        every = {name: getattr(options, f"{name}_every") for name in ("log", "sheet", "save", "keep")}
        self.every = {name: images or NEVER for name, images in every.items()}
        self.first = seen
        self.passed = {name: seen // images for name, images in self.every.items()}

    def due(self, name: str, seen: int) -> bool:
        now = seen // self.every[name]
        was, self.passed[name] = self.passed[name], now
        return now > was


def _progress(quiet: bool) -> Progress:
    columns = (
        TextColumn("{task.completed:,.0f} images"),
        BarColumn(),
        TimeRemainingColumn(),
        TextColumn("{task.fields[note]}"),
    )
    return Progress(*columns, disable=quiet)


def _save(task: Task, run: RunDir, runtime: Runtime, step: int, seen: int, rates: dict[str, float]) -> None:
    """The state, by the process that writes: it is the same in all."""
    if not runtime.main:
        return
    state = {"step": step, "images": seen, "ema": task.ema.model.state_dict(), "rates": rates}
    state["networks"] = {name: network.state_dict() for name, network in task.networks.items()}
    state["optimizers"] = {name: optimizer.state_dict() for name, optimizer in _optimizers(task).items()}
    run.save(state)


def _restore(task: Task, run: RunDir) -> tuple[int, int]:
    state = run.load()
    if state is None:
        return 0, 0
    for name, network in task.networks.items():
        network.load_state_dict(state["networks"][name])
    task.ema.model.load_state_dict(state["ema"])
    for name, optimizer in _optimizers(task).items():
        optimizer.load_state_dict(state["optimizers"][name])
        for group in optimizer.param_groups:
            group["lr"] = state["rates"][name]
    return state["step"], state["images"]


def _optimizers(task: Task) -> dict[str, torch.optim.Optimizer]:
    """Each once, by the first phase that steps with it: later ones may come and go from run to run."""
    found: dict[str, torch.optim.Optimizer] = {}
    for phase in task.phases:
        if not any(phase.optimizer is optimizer for optimizer in found.values()):
            found[phase.name] = phase.optimizer
    return found
