"""seqgan: generative adversarial networks for sequences of images (frames, clips and stories).

Nothing heavy is imported here: ``import seqgan`` costs a few milliseconds, and torch loads with the first network.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from torch import Tensor, nn

__version__ = "0.1.0"


def load_official(system: str, part: str, state_dict: Mapping[str, Tensor]) -> nn.Module:
    """A network of a published system, in eval mode, with an official state dict; see `seqgan.checkpoints.official`."""
    from seqgan.checkpoints.official import load_official as load

    return load(system, part, state_dict)
