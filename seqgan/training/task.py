"""What the loop asks of a task: one `Task` per kind of model."""

from __future__ import annotations

from typing import Any, Protocol

import numpy as np
import torch
from torch import nn

from seqgan.losses.means import Mean
from seqgan.training.ema import Ema
from seqgan.training.phases import Phase


class Task(Protocol):
    """Networks, their phases, batches by step number, named loss terms, and a sheet to look at."""

    networks: dict[str, nn.Module]
    phases: list[Phase]
    ema: Ema
    epoch: int
    """Images in one pass over the data."""

    @property
    def heavy(self) -> list[nn.Module]:
        """The networks whose calls take the time: what is worth compiling."""
        ...

    def batch(self, step: int) -> Any:
        """This process's part of the batch of a step, a function of the step number alone (so that resume is exact)."""
        ...

    def images(self, batch: Any) -> int:
        """How many images the batch holds in all processes: progress is counted in images."""
        ...

    def losses(self, phase: str, batch: Any, noise: torch.Generator) -> dict[str, Mean]:
        """Named terms of a phase over this process's samples, weights applied; the loss is their sum."""
        ...

    def sheet(self) -> np.ndarray:
        """Samples of fixed seeds from the averaged generator beside the real ones, uint8 (H, W, 3)."""
        ...

    def validate(self) -> dict[str, float]:
        """Figures on the validation split, higher is better under the name "score"."""
        ...
