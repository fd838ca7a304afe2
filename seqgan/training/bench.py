"""How fast a preset trains on this machine: its step beside the plain form of the same step, and beside its own data.

    record = bench_training("storygan_theatre", folder)
    save_row(record, Path("assets/bench/train.csv"))

Both forms alternate in one run, so that whatever else the machine does meets both. The plain form is eager float32 with
contiguous tensors, no layer folded, no freed memory kept; ours is the form a run would have (channels-last, bfloat16
where it is used, compiled if asked for). Both get the same batches and noise, and their losses are compared first.
"""

from __future__ import annotations

import platform
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
from torch.utils.flop_counter import FlopCounterMode

from seqgan import __version__
from seqgan.checks import check_range
from seqgan.layers.upsample import make_plain
from seqgan.presets import preset
from seqgan.sampling.bench import cores, machine
from seqgan.sampling.memory import keep_memory
from seqgan.sampling.peak import convolution_peak, settle
from seqgan.training.footprint import footprint
from seqgan.training.loop import LoopOptions, run_phase
from seqgan.training.runtime import Runtime
from seqgan.training.task import Task
from seqgan.training.train import KINDS, resolve

WARM = 1
"""Rounds before those that count; the steps that compare losses have warmed up everything else."""
COMPARED = 5
"""Steps whose losses are compared."""


def bench_training(
    name: str, data: Path, repeats: int = 20, *, changes: tuple[str, ...] = (), device: str = "auto",
    precision: str = "auto", threads: int | None = None, compiled: bool = False,
) -> dict[str, Any]:  # fmt: skip
    """Time training steps of preset ``name`` on a prepared folder; medians of ``repeats`` after some that warm up.

    Returns:
        ``step_seconds`` of our form and ``plain_seconds`` of the plain one, each on a batch that is there;
        ``data_seconds`` (a batch made), ``images_per_second`` (of our form, data included), ``of_plain`` (the first
        over the second), ``loss_difference`` (the largest between the terms of both over five steps, as a share of the
        plain one's, every phase begun with the same weights), ``share_of_peak`` (FLOPs of the plain step by torch's
        counter, over our time, over the rate of the best 3x3 convolution in the same run), ``memory_mib`` (see
        `footprint`), and what was measured on what.

    Raises:
        ConfigError, DataError: as training does.
        InputError: for fewer than one repeat.
    """
    check_range("repeats", repeats, 1)
    recipe, runtime = preset(name), Runtime.choose(device, precision, threads)
    options = resolve(recipe, changes)
    ours, _ = KINDS[recipe.kind].build(options, data, None, runtime)
    plain_runtime = Runtime(runtime.device, bf16=False)
    plain, _ = KINDS[recipe.kind].build(options, data, None, plain_runtime)
    for network in plain.networks.values():
        make_plain(network)
    if compiled:
        runtime.compile(*ours.heavy)
    difference = _difference(ours, plain, runtime, plain_runtime)
    times = _times(_steps(ours, runtime), _steps(plain, plain_runtime), ours.batch, repeats)
    memory, flops = footprint(ours, runtime)["total"], _flops(plain, plain_runtime)
    dtype = torch.bfloat16 if runtime.bf16 else torch.float32
    peak = convolution_peak(runtime.device, dtype, max(repeats // 4, 1))
    images = ours.images(ours.batch(0))
    return {
        "date": time.strftime("%Y-%m-%d"), "preset": name, "origin": recipe.origin, "images_a_step": images,
        "images_per_second": round(images / (times["step"] + times["data"]), 1),
        "step_seconds": round(times["step"], 4), "plain_seconds": round(times["plain"], 4),
        "data_seconds": round(times["data"], 4), "of_plain": round(times["step"] / times["plain"], 3),
        "loss_difference": difference,
        "share_of_peak": round(flops / times["step"] / peak, 3), "peak_gflops": round(peak / 1e9, 1),
        "memory_mib": memory, "form": "compiled" if compiled else "eager, channels-last", **runtime.describe(),
        "machine": machine(), "cores": cores(), "python": platform.python_version(), "seqgan": __version__,
        "protocol": f"medians of {repeats}, both forms in turn, the same batches",
    }  # fmt: skip


def _steps(task: Task, runtime: Runtime) -> Callable[[int, Any], None]:
    """One whole step of a task: all phases that are due, and the average."""
    loop = LoopOptions(images=1 << 30)

    def step(number: int, batch: Any) -> None:
        for phase in task.phases:
            if phase.due(number):
                run_phase(task, phase, [batch], number, runtime, loop)
        task.ema.update(task.networks["g"], task.images(batch), 1 << 20)
        settle(runtime.device)

    return step


def _difference(ours: Task, plain: Task, runtime: Runtime, plain_runtime: Runtime) -> float:
    """The largest difference of a term, as a share of the plain form's, over the first steps.

    Both begin every phase with the weights of ours, for Adam, whose first steps know only signs, makes rounding large.
    """
    loop, largest = LoopOptions(images=1 << 30), 0.0
    for number in range(COMPARED):
        batch = ours.batch(number)
        for mine, other in zip(ours.phases, plain.phases, strict=True):
            if not mine.due(number):
                continue
            for name, network in plain.networks.items():
                network.load_state_dict(ours.networks[name].state_dict())
            terms = run_phase(plain, other, [batch], number, plain_runtime, loop)
            for name, value in run_phase(ours, mine, [batch], number, runtime, loop).items():
                largest = max(largest, abs(float(value) - float(terms[name])) / max(abs(float(terms[name])), 1e-3))
    return float(f"{largest:.2g}")


def _times(
    ours: Callable[[int, Any], None], plain: Callable[[int, Any], None], batch: Callable[[int], Any], repeats: int
) -> dict[str, float]:
    """Median seconds of a batch made, and of a step of either form with it."""
    spent: dict[str, list[float]] = {"data": [], "step": [], "plain": []}
    for number in range(WARM + repeats):
        made = _timed(spent["data"], lambda n=number: batch(n))
        _timed(spent["step"], lambda n=number, b=made: ours(n, b))
        keep_memory(False)
        _timed(spent["plain"], lambda n=number, b=made: plain(n, b))
        keep_memory()
    return {name: statistics.median(seconds[WARM:]) for name, seconds in spent.items()}


def _timed(spent: list[float], work: Callable[[], Any]) -> Any:
    started = time.perf_counter()
    made = work()
    spent.append(time.perf_counter() - started)
    return made


def _flops(task: Task, runtime: Runtime) -> int:
    """FLOPs of the first step, by torch's counter: products and convolutions, forward and backward."""
    counter, batch = FlopCounterMode(display=False), task.batch(0)
    with counter:
        for phase in (each for each in task.phases if each.due(0)):
            run_phase(task, phase, [batch], 0, runtime, LoopOptions(images=1 << 30))
    return counter.get_total_flops()
