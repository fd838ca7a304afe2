"""Weights of convolutions with their channels last in memory, which CPUs and GPUs convolve fastest."""

from __future__ import annotations

from typing import TypeVar

import torch
from torch import nn

M = TypeVar("M", bound=nn.Module)
FORMATS = {4: torch.channels_last, 5: torch.channels_last_3d}
"""By dimensions of the weight, 2-D and 3-D convolutions; `Module.to` knows one of them at a time."""


def channels_last(network: M) -> M:
    """The same network; its weights of four and five dimensions have their channels last. Numbers stay as they are."""
    for parameter in network.parameters():
        if parameter.dim() in FORMATS:
            parameter.data = parameter.data.contiguous(memory_format=FORMATS[parameter.dim()])
    return network
