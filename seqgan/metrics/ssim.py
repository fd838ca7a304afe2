"""SSIM (Wang et al. 2004, equation 13), MS-SSIM (Wang, Simoncelli, Bovik 2003, equation 7), and that as diversity.

The window is Gaussian, 11x11 with sigma 1.5, over places where it fits whole ("valid"); the range is 1; the map is
averaged over channels and places. Pictures are uint8 (N, H, W, C) as stored, or floats from 0 to 1, (N, C, H, W).
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple, get_args
from zlib import crc32

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from seqgan.checks import check_choice
from seqgan.errors import InputError
from seqgan.metrics.arrays import Array

Border = Literal["valid", "reflect", "zero"]
WINDOW, SIGMA = 11, 1.5
C1, C2 = 0.01**2, 0.03**2
WEIGHTS = (0.0448, 0.2856, 0.3001, 0.2363, 0.1333)
"""Of the five scales, finest first; fewer are divided by their sum."""
PAIRS = 190
"""Of one class or caption: as many as 20 pictures give (HDGAN's count)."""
ELEMENTS = 1 << 18
"""Numbers in one map of the pairs that are worked on at a time: what a CPU's cache holds."""


def ssim(first: Array, second: Array, border: Border = "valid", dtype: torch.dtype = torch.float64) -> Tensor:
    """SSIM of N pairs of pictures, (N,) in -1..1, 1 for equal ones.

    `border` "reflect" and "zero" pad and average the full map, for comparison with other tools only. float32 is faster
    and agrees to about 1e-5 (not under TF32). Raises InputError for unequal shapes, wrong ranges, and sides below 11.
    """
    check_choice("border", border, get_args(Border))
    height, width = _check_pairs(first, second)
    if min(height, width) < WINDOW:
        raise InputError(f"pictures are {height}x{width}; the {WINDOW}x{WINDOW} window needs sides of {WINDOW} or more")
    values = []
    for images, left, right in _chunks(first, second, dtype):
        moments = _moments(images, border)
        values.append(_factors(moments.take(left), moments.take(right), border)[0])
    return torch.cat(values)


def ssim_map(first: Array, second: Array, dtype: torch.dtype = torch.float64) -> Tensor:
    """The map whose mean `ssim` is, averaged over channels: (N, H - 10, W - 10), entry (0, 0) of the window around
    pixel (5, 5). Raises InputError as `ssim` does."""
    height, width = _check_pairs(first, second)
    if min(height, width) < WINDOW:
        raise InputError(f"pictures are {height}x{width}; the {WINDOW}x{WINDOW} window needs sides of {WINDOW} or more")
    maps = []
    for images, left, right in _chunks(first, second, dtype):
        moments = _moments(images, "valid")
        maps.append(_maps(moments.take(left), moments.take(right), "valid")[0].mean(1).mT)
    return torch.cat(maps)


def ms_ssim(first: Array, second: Array, dtype: torch.dtype = torch.float64) -> Tensor:
    """MS-SSIM of N pairs of pictures, (N,) in 0..1, over the scales of `scale_weights`; see `ssim`.

    Between scales, pictures are halved by 2x2 means. Contrast and structure below 0 count as 0.
    """
    weights = scale_weights(*_check_pairs(first, second))
    return torch.cat([_ms_ssim(images, left, right, weights) for images, left, right in _chunks(first, second, dtype)])


def scale_weights(height: int, width: int) -> tuple[float, ...]:
    """Weights of as many of the five scales as the window fits, finest first, sum 1: three at 64 px, five from 176 on.

    Scores over unequal numbers of scales do not compare: state it. Raises InputError for a side below 11.
    """
    count = sum(min(height, width) >> scale >= WINDOW for scale in range(len(WEIGHTS)))
    if not count:
        raise InputError(f"pictures are {height}x{width}; the {WINDOW}x{WINDOW} window needs sides of {WINDOW} or more")
    kept = WEIGHTS[:count]
    return tuple(weight / sum(kept) for weight in kept)


@dataclass(frozen=True)
class Diversity:
    """Mean and population std over groups of the groups' mean MS-SSIM; lower = more diverse."""

    mean: float
    std: float
    groups: int
    pairs: int
    scales: int


def ms_ssim_diversity(
    images: Array, groups: Sequence[Hashable], pairs: int = PAIRS, seed: int = 0, dtype: torch.dtype = torch.float64
) -> Diversity:
    """MS-SSIM of different pictures of one group (class or caption), `pairs` of a group at most, means over groups.

    Pairs (i < j) are drawn without replacement by `seed` and the group's name alone. Groups of one picture are left
    out. Raises InputError where that is all of them, or `groups` has not one entry a picture.
    """
    if len(groups) != len(images) or pairs < 1:
        raise InputError(f"{len(groups)} groups of {len(images)} pictures and {pairs} pairs came; give each its group")
    rows: dict[Hashable, list[int]] = {}
    for row, group in enumerate(groups):
        rows.setdefault(group, []).append(row)
    chosen = [_some_pairs(np.array(own), group, pairs, seed) for group, own in rows.items() if len(own) > 1]
    if not chosen:
        raise InputError(f"{len(images)} pictures lie in {len(rows)} groups of one; diversity needs two of a group")
    weights = scale_weights(*_sides(images))
    means = [float(_group_values(images, left, right, weights, dtype).mean()) for left, right in chosen]
    count = sum(len(left) for left, _ in chosen)
    return Diversity(float(np.mean(means)), float(np.std(means)), len(chosen), count, len(weights))


def _some_pairs(rows: np.ndarray, group: Hashable, pairs: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Rows (P,), (P,) of different pairs of a group, i < j."""
    every = len(rows) * (len(rows) - 1) // 2
    rng = np.random.default_rng([seed, crc32(str(group).encode())])
    numbers = np.sort(rng.choice(every, pairs, replace=False)) if pairs < every else np.arange(every)
    second = ((1 + np.sqrt(1 + 8 * numbers)) / 2).astype(np.int64)  # pairs in the order 01, 02, 12, 03, 13, 23, ...
    return rows[numbers - second * (second - 1) // 2], rows[second]


def _group_values(
    images: Array, left: np.ndarray, right: np.ndarray, weights: tuple[float, ...], dtype: torch.dtype
) -> Tensor:
    step, values = _step(images), []
    for start in range(0, len(left), step):
        pair = np.stack([left[start : start + step], right[start : start + step]])
        used, places = np.unique(pair, return_inverse=True)  # a picture's own part is worked out once
        a, b = torch.from_numpy(places.reshape(pair.shape))
        values.append(_ms_ssim(_unit(images[used], dtype), a, b, weights))
    return torch.cat(values)


class _Moments(NamedTuple):
    """Pictures (N, C, H, W) with the local means and variances (N, C, h, w) of their pixels."""

    pixels: Tensor
    mean: Tensor
    variance: Tensor

    def take(self, rows: Tensor) -> _Moments:
        return _Moments(*(each[rows.to(each.device)] for each in self))


@torch.no_grad()
def _ms_ssim(images: Tensor, left: Tensor, right: Tensor, weights: tuple[float, ...]) -> Tensor:
    value = images.new_ones(len(left))
    for scale, weight in enumerate(weights):
        images = F.avg_pool2d(images, 2) if scale else images
        moments = _moments(images, "valid")
        whole, contrast = _factors(moments.take(left), moments.take(right), "valid")
        value = value * (whole if scale == len(weights) - 1 else contrast).clamp_min(0) ** weight
    return value


@torch.no_grad()
def _moments(pixels: Tensor, border: Border) -> _Moments:
    mean = _blur(pixels, border)
    return _Moments(pixels, mean, _blur(pixels**2, border) - mean**2)


def _factors(first: _Moments, second: _Moments, border: Border) -> tuple[Tensor, Tensor]:
    """Means (N,) of luminance times contrast and structure, and of contrast and structure alone."""
    whole, contrast = _maps(first, second, border)
    return whole.mean((1, 2, 3)), contrast.mean((1, 2, 3))


@torch.no_grad()
def _maps(first: _Moments, second: _Moments, border: Border) -> tuple[Tensor, Tensor]:
    """The same as maps (N, C, w, h)."""
    product = first.mean * second.mean
    contrast = 2 * (_blur(first.pixels * second.pixels, border) - product) + C2
    contrast = contrast / (first.variance + second.variance + C2)
    luminance = (2 * product + C1) / (first.mean**2 + second.mean**2 + C1)
    return luminance * contrast, contrast


def _blur(maps: Tensor, border: Border) -> Tensor:
    """The Gaussian window's mean at every place, (..., H, W) to (..., w, h), turned over: two plain matrix products.

    On CPUs these are far quicker than a convolution; nothing here minds that rows and columns change places.
    """
    rows, columns = (_window(side, border).to(maps) for side in maps.shape[-2:])
    return (maps @ columns.T).mT @ rows.T


def _window(side: int, border: Border) -> Tensor:
    """(places, side): each row the window around one place, folded back at the ends where it is reflected."""
    reach = WINDOW // 2
    offsets = torch.arange(-reach, reach + 1)
    bell = torch.exp(-(offsets.double() ** 2) / (2 * SIGMA**2))
    centres = torch.arange(reach, side - reach) if border == "valid" else torch.arange(side)
    places = centres[:, None] + offsets
    inside = (places >= 0) & (places < side)
    weights = (bell / bell.sum()) * (inside | (border == "reflect"))
    folded = (side - 1 - (side - 1 - places.abs()).abs()).clamp(0, side - 1)
    return torch.zeros(len(centres), side, dtype=torch.float64).scatter_add_(1, folded, weights)


def _chunks(first: Array, second: Array, dtype: torch.dtype) -> Iterator[tuple[Tensor, Tensor, Tensor]]:
    """Pairs in runs: the pictures of both sides, and the places of the first and the second among them."""
    step = _step(first)
    for start in range(0, len(first), step):
        sides = [_unit(each[start : start + step], dtype) for each in (first, second)]
        places = torch.arange(len(sides[0]))
        yield torch.cat([sides[0], sides[1].to(sides[0].device)]), places, places + len(places)


def _step(images: Array) -> int:
    return max(1, ELEMENTS // int(np.prod(images.shape[1:])))


def _check_pairs(first: Array, second: Array) -> tuple[int, int]:
    if tuple(first.shape) != tuple(second.shape):
        raise InputError(f"pictures are {tuple(first.shape)} and {tuple(second.shape)}; expected two of a shape")
    return _sides(first)


def _sides(images: Array) -> tuple[int, int]:
    """Height and width. Raises InputError where `images` are no pictures."""
    shape, stored = tuple(images.shape), _stored(images)
    if len(shape) != 4 or not shape[0] or shape[3 if stored else 1] not in (1, 3):
        layout = "(N, H, W, C) in uint8" if stored else "(N, C, H, W) in floats"
        raise InputError(f"pictures are {shape}; expected {layout} with 1 or 3 channels and at least one picture")
    return (shape[1], shape[2]) if stored else (shape[2], shape[3])


def _stored(images: Array) -> bool:
    return images.dtype in (np.uint8, torch.uint8)


def _unit(images: Array, dtype: torch.dtype) -> Tensor:
    """Pictures as `dtype` from 0 to 1, (N, C, H, W). Raises InputError for floats of another range, and NaN."""
    pixels = torch.from_numpy(np.array(images, order="C")) if isinstance(images, np.ndarray) else images.detach()
    if _stored(images):
        return pixels.permute(0, 3, 1, 2).to(dtype) / 255
    low, high = float(pixels.min()), float(pixels.max())
    if not (low >= 0 and high <= 1):
        raise InputError(f"pixels lie in {low:g} to {high:g}; expected 0 to 1, (x + 1) / 2 of a generator's output")
    return pixels.to(dtype)
