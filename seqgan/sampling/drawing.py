"""What every sampler does alike: the device, the precision, the form of a network that draws, a frame as a picture."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Self, TypeVar

import numpy as np
import torch
from torch import Tensor, nn

from seqgan.checks import check_choice
from seqgan.layers.channels_last import channels_last
from seqgan.layers.folding import fold

M = TypeVar("M", bound=nn.Module)
PRECISIONS = ("float32", "bfloat16")
"""In which networks draw. In float32 the same seeds give the same pictures, to a level of 255, on any machine; bfloat16
is faster where a device has instructions for it, and its pictures are those of such devices."""


class Sampler:
    """What holds a network in eval mode, on a device, and draws in float32 unless it is asked otherwise."""

    device: torch.device
    precision = "float32"

    def at(self, precision: str) -> Self:
        """The same sampler, on the same network, that draws in one of `PRECISIONS`. Raises InputError for another."""
        other = copy.copy(self)
        other.precision = check_choice("precision", precision, PRECISIONS)
        return other

    @contextmanager
    def drawing(self) -> Iterator[None]:
        """A network is asked in here: no gradients, the convolutions and products in the precision."""
        lower = self.precision == "bfloat16"
        with torch.inference_mode(), torch.autocast(self.device.type, torch.bfloat16, enabled=lower):
            yield


def ready(generator: M) -> M:
    """A copy made for drawing: eval mode, batch norms folded, convolutions channels-last. The same pictures within a
    level of 255."""
    return channels_last(fold(generator.eval()))


def device_named(name: str) -> torch.device:
    """A CUDA device where there is one, else the CPU."""
    return torch.device(("cuda" if torch.cuda.is_available() else "cpu") if name == "auto" else name)


def picture(frame: Tensor) -> np.ndarray:
    """A frame (3, H, W) in [-1, 1] as uint8 (H, W, 3)."""
    return ((frame.float() + 1) * 127.5).round().to(torch.uint8).permute(1, 2, 0).cpu().numpy()
