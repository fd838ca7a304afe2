"""The one training loop: phases of a task, EMA, log, sheets, exact resume."""

from __future__ import annotations

import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import torch
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from seqgan.training.phases import set_rates
from seqgan.training.run_dir import RunDir
from seqgan.training.runtime import Runtime
from seqgan.training.schedules import house_line
from seqgan.training.task import Task


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
    log_every: int = 2_000
    sheet_every: int = 40_000
    save_every: int = 40_000
    quiet: bool = False


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


def train(task: Task, run: RunDir, runtime: Runtime, options: LoopOptions) -> dict[str, float]:
    """Train until `options.images`, a signal, or the time limit; returns the last mean of every term.

    The state in `run` is loaded first where there is one: running the same command again goes on where it stopped.
    """
    step, seen = _restore(task, run)
    runtime.prepare(*task.networks.values(), task.ema.model)
    rates = {phase.name: phase.optimizer.param_groups[0]["lr"] for phase in task.phases}
    asked, started, sums, marks = Asked(), time.monotonic(), _Means(), _Marks(options, seen)
    with _signals(asked), _progress(options.quiet or not runtime.main) as bar:
        line = bar.add_task("train", total=options.images, completed=seen, note="")
        while seen < options.images:
            batch = task.batch(step)
            set_rates(task.phases, house_line(seen / options.images, options.decay_from), rates)
            for phase in task.phases:
                if step % phase.interval == 0:
                    sums.add(_run_phase(task, phase, batch, step, runtime, options))
            seen += task.images(batch)
            step += 1
            task.ema.update(task.networks["g"], task.images(batch), seen)
            if marks.due("log", seen):
                means = sums.take(runtime)
                spent = round(time.monotonic() - started, 1)
                _log(run, runtime, {"images": seen, "step": step, "seconds": spent, "terms": means})
                note = " ".join(f"{name} {value:.3g}" for name, value in means.items())
                bar.update(line, completed=seen, note=f"{(seen - marks.first) / max(spent, 0.1):.0f}/s {note}")
            if marks.due("sheet", seen) and runtime.main:
                run.sheet(task.sheet(), seen)
                _log(run, runtime, {"images": seen, "step": step, "val": task.validate()})
                run.curves()
            over = bool(options.seconds) and time.monotonic() - started > options.seconds
            leave, save = runtime.any(asked.stop or over), runtime.any(asked.save)
            if marks.due("save", seen) or (save and not leave):
                asked.save = False
                _save(task, run, runtime, step, seen, rates)
            if leave:
                break
    _save(task, run, runtime, step, seen, rates)
    return sums.last


def _run_phase(
    task: Task, phase: Any, batch: Any, step: int, runtime: Runtime, options: LoopOptions
) -> dict[str, torch.Tensor]:
    for other in task.phases:
        other.switch(other is phase)
    for module in phase.modules:
        module.requires_grad_(True)
    noise = torch.Generator().manual_seed((options.seed * 1_000_003 + step) * 31 + task.phases.index(phase))
    with runtime.autocast():
        terms = runtime.shares(task.losses(phase.name, batch, noise))
    loss = torch.stack(list(terms.values())).sum()
    if not torch.isfinite(loss.detach()) or not phase.step(loss, options.clip, runtime.average):
        bad = ", ".join(f"{name} {term.item():.3g}" for name, term in terms.items())
        raise FloatingPointError(f"step {step}, phase {phase.name}: a loss or gradient is not finite ({bad})")
    return {f"{phase.name}.{name}": term.detach() for name, term in terms.items()}


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
        self.every = {"log": options.log_every, "sheet": options.sheet_every, "save": options.save_every}
        self.first = seen
        self.passed = {name: seen // every for name, every in self.every.items()}

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
    state["optimizers"] = {phase.name: phase.optimizer.state_dict() for phase in task.phases}
    run.save(state)


def _restore(task: Task, run: RunDir) -> tuple[int, int]:
    state = run.load()
    if state is None:
        return 0, 0
    for name, network in task.networks.items():
        network.load_state_dict(state["networks"][name])
    task.ema.model.load_state_dict(state["ema"])
    for phase in task.phases:
        phase.optimizer.load_state_dict(state["optimizers"][phase.name])
        for group in phase.optimizer.param_groups:
            group["lr"] = state["rates"][phase.name]
    return state["step"], state["images"]
