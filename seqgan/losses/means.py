"""A loss as a mean over samples that may lie in several processes.

Every term of a task is a `Mean`: totals with what they are to be divided by. The loop divides by the counts of all
processes, so that a step is the same step however the batch is split.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import torch
from torch import Tensor

LEAST = 1e-12
"""What a count of nothing is taken for; its total is 0."""


@dataclass(frozen=True)
class Mean:
    """A sum of ratios: parts (total, count), each a scalar tensor; gradients flow through totals."""

    parts: tuple[tuple[Tensor, Tensor], ...]

    @classmethod
    def ratio(cls, total: Tensor, count: Tensor | float) -> Mean:
        """One total over one count."""
        return cls(((total, torch.as_tensor(count, dtype=torch.float32, device=total.device).detach()),))

    @property
    def value(self) -> Tensor:
        """The number itself, where one process holds all samples; a scalar."""
        return self.over([count for _, count in self.parts])

    def over(self, counts: list[Tensor] | tuple[Tensor, ...]) -> Tensor:
        """The totals divided by other counts, one a part; a scalar."""
        ratios = [total / count.clamp(min=LEAST) for (total, _), count in zip(self.parts, counts, strict=True)]
        return torch.stack(ratios).sum()

    def __add__(self, other: Mean) -> Mean:
        return Mean(self.parts + other.parts)

    def __mul__(self, factor: float) -> Mean:
        return Mean(tuple((factor * total, count) for total, count in self.parts))

    __rmul__ = __mul__


def mean(values: Tensor) -> Mean:
    """The mean of all numbers of a tensor."""
    return Mean.ratio(values.float().sum(), values.numel())


def total(parts: Iterable[Mean]) -> Mean:
    """The sum of means."""
    first, *rest = parts
    for part in rest:
        first = first + part
    return first
