"""A phase is one optimiser's part of a step: which networks move, and how (after StyleGAN3)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import torch
from torch import nn

from seqgan.checks import check_range
from seqgan.errors import ConfigError


@dataclass
class Phase:
    """Name, the modules whose gradients are on, their optimiser, every how many steps it is due, from which on and up
    to which (None: to the end)."""

    name: str
    modules: tuple[nn.Module, ...]
    optimizer: torch.optim.Optimizer
    interval: int = 1
    start: int = 0
    end: int | None = None

    @classmethod
    def adam(
        cls, name: str, modules: Iterable[tuple[nn.Module, float]], lr: float, betas: tuple[float, float],
        start: int = 0, end: int | None = None,
    ) -> Phase:  # fmt: skip
        """A phase under Adam; each module comes with the scale of its learning rate."""
        chosen = list(modules)
        groups = [{"params": list(module.parameters()), "scale": scale} for module, scale in chosen]
        fused = all(parameter.is_cuda for group in groups for parameter in group["params"])  # on a GPU: one kernel
        return cls(name, tuple(module for module, _ in chosen), torch.optim.Adam(groups, lr, betas, fused=fused),
                   start=start, end=end)  # fmt: skip

    def due(self, step: int) -> bool:
        """Whether this step has it."""
        return self.start <= step and (self.end is None or step < self.end) and step % self.interval == 0

    def switch(self, on: bool) -> None:
        """Turn the gradients of the modules on or off."""
        for module in self.modules:
            module.requires_grad_(on)

    def step(self, clip: float, average: Callable[[list[torch.Tensor]], None]) -> bool:
        """One step along the gradients that have come together; `average` makes them those of all processes. False (and
        no step) where one is not finite."""
        parameters = [parameter for group in self.optimizer.param_groups for parameter in group["params"]]
        average(parameters)
        norm = torch.nn.utils.clip_grad_norm_(parameters, clip or float("inf"))
        if not torch.isfinite(norm):
            return False
        self.optimizer.step()
        return True


def switch_to(phase: Phase, phases: Iterable[Phase]) -> None:
    """Turn the gradients of this phase's modules on and those of all other phases off."""
    for other in phases:
        other.switch(False)
    phase.switch(True)


def set_rates(phases: Iterable[Phase], factor: float, rates: dict[str, float]) -> None:
    """Every phase's learning rate: its own of `rates` times `factor`."""
    for phase in phases:
        for group in phase.optimizer.param_groups:
            group["lr"] = rates[phase.name] * factor * group.get("scale", 1.0)


def check_alone(alone: int, taught: bool, weight: str) -> None:
    """Raise ConfigError for a setting training.alone, images before the discriminators' phase is due, below 0, or where
    nothing else teaches the generator; `weight`: what to set then."""
    check_range("training.alone", alone, 0, error=ConfigError)
    if alone and not taught:
        raise ConfigError("training.alone asks the generator to learn without discriminators, and nothing else "
                          f"teaches it; set training.weights.{weight}, or alone=0")  # fmt: skip
