"""The memory that a training step needs, by what it is for: what `--dry-run` prints."""

from __future__ import annotations

from collections.abc import Iterable

import torch
from torch import Tensor

from seqgan.sampling.memory import PeakMemory
from seqgan.training.phases import Phase, switch_to
from seqgan.training.runtime import Runtime
from seqgan.training.task import Task

ADAM = 2
"""Numbers that Adam keeps of every parameter."""


def footprint(task: Task, runtime: Runtime) -> dict[str, float]:
    """Return MiB for weights, optimizer, average, a step (activations and gradients), and their total.

    A step is tried when all phases have begun: the losses and gradients of each, without moving anything. The most that
    its tensors take at once counts; what a kernel borrows for itself comes on top.
    """
    moved = {id(p): p for phase in task.phases for group in phase.optimizer.param_groups for p in group["params"]}
    parts = {
        "weights": _bytes(p for network in task.networks.values() for p in network.state_dict().values()),
        "optimizer": ADAM * _bytes(moved.values()),
        "average": _bytes(task.ema.model.state_dict().values()),
        "step": max(_step(task, phase, runtime) for phase in task.phases),
    }
    return {name: round(size / 2**20, 1) for name, size in (parts | {"total": sum(parts.values())}).items()}


def _bytes(tensors: Iterable[Tensor]) -> int:
    return sum(tensor.numel() * tensor.element_size() for tensor in tensors)


def _step(task: Task, phase: Phase, runtime: Runtime) -> int:
    """The most bytes alive at once in the losses and the backward pass of a phase, its batch left out."""
    switch_to(phase, task.phases)
    whole = max(each.start for each in task.phases)
    batch, noise = task.batch(whole if phase.end is None else phase.start), torch.Generator().manual_seed(0)
    with PeakMemory() as memory:
        with runtime.autocast():
            terms = runtime.shares(task.losses(phase.name, batch, noise))
        torch.stack(list(terms.values())).sum().backward()
    for network in task.networks.values():
        network.zero_grad(set_to_none=True)
    return memory.peak
