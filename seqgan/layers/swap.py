"""Other layers in the place of some: how a network that no longer learns gets the forms that draw fastest."""

from __future__ import annotations

from collections.abc import Callable

from torch import nn


def swap(module: nn.Module, other: Callable[[nn.Module], nn.Module | None]) -> None:
    """Put `other(layer)` in the place of every layer inside, in place, where it is not None."""
    for parent in list(module.modules()):
        for name, layer in parent.named_children():
            if (found := other(layer)) is not None:
                setattr(parent, name, found)


def is_simple(layer: nn.Conv2d) -> bool:
    """Whether it takes every pixel, each with its neighbours, all channels together, and zeros around them."""
    once = (1, 1)
    return (layer.stride, layer.dilation, layer.groups, layer.padding_mode) == (once, once, 1, "zeros")
