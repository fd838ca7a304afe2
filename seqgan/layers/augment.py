"""Differentiable augmentation of what a discriminator sees (DiffAugment, Zhao et al. 2020), real and generated alike.

The random numbers are an argument, uniform in [0, 1), one row a sample: whoever draws them for the whole batch, on the
CPU, may then split it at will. A story or clip has one row, so that all its frames change alike.

    policy = parse_policy("color,translation,cutout")
    seen = augment(frames, torch.rand(len(frames), uniforms_of(policy), generator=noise), policy)
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import torch
from torch import Tensor

from seqgan.checks import check_choice, check_shape
from seqgan.errors import ConfigError


def parse_policy(text: str) -> tuple[str, ...]:
    """Names of "color,translation,cutout" or a part of it, in order. Raises ConfigError naming the nearest one."""
    names = tuple(name.strip() for name in text.split(",")) if text.strip() else ()
    return tuple(check_choice("augmentation", name, AUGMENTATIONS, ConfigError) for name in names)


def uniforms_of(policy: Sequence[str]) -> int:
    """How many uniforms a sample needs."""
    return sum(AUGMENTATIONS[name][0] for name in policy)


def augment(frames: Tensor, uniforms: Tensor, policy: Sequence[str], strength: float = 1.0) -> Tensor:
    """Augment frames (N, 3, H, W) or stories (B, 3, T, H, W) in [-1, 1] by uniforms (N or B, `uniforms_of(policy)`).

    Same shape; colours may leave [-1, 1], what is uncovered or cut out is 0 (mid grey). `strength` scales all ranges;
    at 0, and with an empty policy, the frames come back as they are. Raises InputError for other shapes.
    """
    check_shape("uniforms of an augmentation", uniforms, (len(frames), uniforms_of(policy)))
    if frames.dim() == 5:
        count = frames.shape[2]
        panels = frames.transpose(1, 2).flatten(0, 1)  # (B*T, 3, H, W)
        seen = augment(panels, uniforms.repeat_interleave(count, 0), policy, strength)
        return seen.unflatten(0, (-1, count)).transpose(1, 2)  # (B, 3, T, H, W)
    check_shape("frames to augment", frames, ("N", 3, "H", "W"))
    uniforms, used = uniforms.to(frames.device), 0
    for name in policy:
        count, apply = AUGMENTATIONS[name]
        frames = apply(frames, uniforms[:, used : used + count], strength)
        used += count
    return frames


def _color(frames: Tensor, uniforms: Tensor, strength: float) -> Tensor:
    """Brightness +- 1/2, saturation x [0, 2] about a pixel's grey, contrast x [1/2, 3/2] about a frame's mean."""
    shift = strength * (uniforms - 0.5).to(frames.dtype)[:, :, None, None, None]  # (N, 3, 1, 1, 1)
    frames = frames + shift[:, 0]
    frames = frames + 2 * shift[:, 1] * (frames - frames.mean(1, keepdim=True))
    return frames + shift[:, 2] * (frames - frames.mean((1, 2, 3), keepdim=True))


def _translation(frames: Tensor, uniforms: Tensor, strength: float) -> Tensor:
    """By up to an eighth of the height and of the width, in whole pixels."""
    for axis in (2, 3):
        most = int(frames.shape[axis] * strength / 8 + 0.5)
        frames = _shift(frames, _whole(uniforms[:, axis - 2], 2 * most + 1) - most, axis)
    return frames


def _cutout(frames: Tensor, uniforms: Tensor, strength: float) -> Tensor:
    """A window of half the height and half the width, its centre anywhere in the frame."""
    covered = torch.ones(len(frames), 1, 1, 1, dtype=torch.bool, device=frames.device)
    for axis in (2, 3):
        size = frames.shape[axis]
        window = int(size * strength / 2 + 0.5)
        first = _whole(uniforms[:, axis - 2], size + 1 - window % 2) - window // 2  # (N,)
        places = torch.arange(size, device=frames.device) - first[:, None]  # (N, size)
        covered = covered & _along((places >= 0) & (places < window), axis)
    return frames.masked_fill(covered, 0)


def _shift(frames: Tensor, offsets: Tensor, axis: int) -> Tensor:
    size = frames.shape[axis]
    places = torch.arange(size, device=frames.device) - offsets[:, None]  # (N, size), where each pixel comes from
    moved = frames.gather(axis, _along(places.clamp(0, size - 1), axis).expand_as(frames))
    return moved.masked_fill(_along((places < 0) | (places >= size), axis), 0)


def _along(rows: Tensor, axis: int) -> Tensor:
    """(N, size) as (N, 1, size, 1) for axis 2, (N, 1, 1, size) for axis 3."""
    return rows[:, None, :, None] if axis == 2 else rows[:, None, None, :]


def _whole(uniforms: Tensor, count: int) -> Tensor:
    """Uniforms in [0, 1) as whole numbers 0 to count - 1."""
    return (uniforms * count).long().clamp(max=count - 1)


AUGMENTATIONS: dict[str, tuple[int, Callable[[Tensor, Tensor, float], Tensor]]] = {
    "color": (3, _color),
    "translation": (2, _translation),
    "cutout": (2, _cutout),
}
"""Every augmentation by name: how many uniforms it needs, and what it does with frames, uniforms and strength."""
