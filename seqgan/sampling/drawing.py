"""What every sampler does alike: the device, the form of a network that draws, and a frame as a picture."""

from __future__ import annotations

from typing import TypeVar

import numpy as np
import torch
from torch import Tensor, nn

from seqgan.layers.channels_last import channels_last
from seqgan.layers.folding import fold

M = TypeVar("M", bound=nn.Module)


def ready(generator: M) -> M:
    """A copy made for drawing: eval mode, batch norms folded, convolutions channels-last. The same pictures within a
    level of 255."""
    return channels_last(fold(generator.eval()))


def device_named(name: str) -> torch.device:
    """A CUDA device where there is one, else the CPU; sampling is float32 on both."""
    return torch.device(("cuda" if torch.cuda.is_available() else "cpu") if name == "auto" else name)


def picture(frame: Tensor) -> np.ndarray:
    """A frame (3, H, W) in [-1, 1] as uint8 (H, W, 3)."""
    return ((frame + 1) * 127.5).round().to(torch.uint8).permute(1, 2, 0).cpu().numpy()
