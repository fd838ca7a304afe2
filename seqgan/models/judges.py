"""Judges: networks that look at one panel, picture or clip and say what it shows. Used to measure generators, never to
train them."""

from __future__ import annotations

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

DETAILS = 2
"""Fine attention maps of a character: it may wear something on its head or round its neck."""
PLACE = 6
"""Numbers that `attend` adds to the features: place, spread, sureness."""


@dataclass(frozen=True)
class JudgeSizes:
    """What a judge answers, in the column order of the label space, and how wide it is.

    things: yes/no columns, the characters first. characters: how many of them. panel: classes of each group that a
    panel has once (setting, time, weather, shot). actor: classes of each group that a panel has once a character
    (action, look, size, place).
    """

    things: int
    characters: int
    panel: tuple[int, ...]
    actor: tuple[int, ...]
    width: int = 32

    @property
    def columns(self) -> int:
        """Length of the vector of logits."""
        return self.things + sum(self.panel) + self.characters * sum(self.actor)


class PanelJudge(nn.Module):
    """A residual CNN of three scales; every character and prop looks for itself with its own attention map (house).

    A character is looked at twice: as a whole on the coarse map, and for what it wears on a map twice as fine, where
    its attention starts from the coarse one. Reads (N, 3, H, W) in [-1, 1], H and W multiples of 8, and gives logits
    (N, columns): the yes/no columns, the panel groups, then every actor group as (characters, classes). About 1.2 M
    parameters at width 32.
    """

    def __init__(self, sizes: JudgeSizes) -> None:
        super().__init__()
        self.sizes = sizes
        w, deep = sizes.width, 4 * sizes.width
        self.fine = nn.Sequential(
            nn.Conv2d(3, w, 4, 2, 1, bias=False), nn.BatchNorm2d(w), nn.ReLU(), Residual(w, w),
            Residual(w, 2 * w, 2), Residual(2 * w, 2 * w),
        )  # fmt: skip
        self.coarse = nn.Sequential(Residual(2 * w, deep, 2), Residual(deep, deep), Residual(deep, deep))
        self.look = nn.Conv2d(deep, sizes.things, 1)
        self.down = nn.Conv2d(deep, 2 * w, 1)
        self.detail = Residual(2 * w, 2 * w)
        self.detail_look = nn.Conv2d(2 * w, DETAILS * sizes.characters, 1)
        self.near = nn.Parameter(torch.full((DETAILS * sizes.characters, 1, 1), 0.5))
        self.hidden = nn.Linear(deep + PLACE, deep)
        self.around = nn.Linear(2 * deep, deep)
        self.worn = nn.Linear(DETAILS * (2 * w + PLACE), deep)
        self.present = EachLinear(sizes.things, deep, 1)
        self.panel = nn.Linear(deep, sum(sizes.panel))
        self.actor = nn.Linear(2 * deep, sum(sizes.actor))
        self.own = EachLinear(sizes.characters, 2 * deep, sum(sizes.actor))

    def forward(self, frames: Tensor) -> Tensor:
        """Logits (N, columns) in float32."""
        fine = self.fine(frames)
        coarse = self.coarse(fine)
        around = self.around(torch.cat([coarse.mean((2, 3)), coarse.amax((2, 3))], 1))  # (N, C)
        maps = self.look(coarse)
        things = F.relu(self.hidden(attend(coarse, maps)) + around[:, None])  # (N, things, C)
        worn = F.relu(self.worn(self._worn(fine, coarse, maps)))  # (N, characters, C)
        each = torch.cat([things[:, : self.sizes.characters], worn], 2)
        actor = (self.actor(each) + self.own(each)).split(list(self.sizes.actor), 2)  # what all share, and each its own
        parts = [self.present(things).flatten(1), self.panel(F.relu(around)), *(part.flatten(1) for part in actor)]
        return torch.cat(parts, 1).float()

    def _worn(self, fine: Tensor, coarse: Tensor, maps: Tensor) -> Tensor:
        """What every character's detail maps lie on, (N, characters, DETAILS * (C / 2 + PLACE))."""
        detail = self.detail(fine + F.interpolate(self.down(coarse), scale_factor=2, mode="nearest"))
        near = F.max_pool2d(maps[:, : self.sizes.characters], 3, 1, 1)  # a hat sits above what tells who it is
        near = F.interpolate(near, scale_factor=2, mode="nearest").repeat_interleave(DETAILS, 1)
        looked = attend(detail, self.detail_look(detail) + self.near * near)
        return looked.unflatten(1, (self.sizes.characters, DETAILS)).flatten(2)


@dataclass(frozen=True)
class PictureJudgeSizes:
    """What a judge of single pictures answers, the classes of each label group in order, and how wide it is."""

    groups: tuple[int, ...]
    width: int = 16


class PictureJudge(nn.Module):
    """A residual CNN of three scales, whose last map is read by its mean and by its peaks (house). It begins at full
    size, for what tells styles apart is fine: flat colours, gradients, outlines.

    Reads (N, 3, H, W) in [-1, 1] and gives logits (N, columns), the groups one after another.
    """

    def __init__(self, sizes: PictureJudgeSizes) -> None:
        super().__init__()
        self.sizes = sizes
        w, deep = sizes.width, 8 * sizes.width
        self.trunk = nn.Sequential(
            nn.Conv2d(3, w, 3, 1, 1, bias=False), nn.BatchNorm2d(w), nn.ReLU(), Residual(w, 2 * w, 2),
            Residual(2 * w, 2 * w), Residual(2 * w, 4 * w, 2), Residual(4 * w, 4 * w), Residual(4 * w, deep, 2),
        )  # fmt: skip
        self.answers = nn.Linear(2 * deep, sum(sizes.groups))

    def forward(self, frames: Tensor) -> Tensor:
        """Logits (N, columns) in float32."""
        maps = self.trunk(frames)  # (N, C, H/8, W/8)
        return self.answers(torch.cat([maps.mean((2, 3)), maps.amax((2, 3))], 1)).float()


@dataclass(frozen=True)
class ClipJudgeSizes:
    """What a judge of clips answers, the classes of each label group in order, and how wide it is."""

    groups: tuple[int, ...]
    width: int = 16


class ClipJudge(nn.Module):
    """Five 3-D convolutions with ReLU and a linear layer a label group, as in Li et al. 2018, which prints no sizes;
    batch norms, and a last map read by its mean and by its peaks, are the house's.

    Reads clips (N, 3, T, H, W) in [-1, 1], T, H and W of 16 or more. At width 16 its features are 256 numbers.
    Time is halved but twice: of fewer frames than a kernel is long, oneDNN's bfloat16 gradients are not finite.
    """

    def __init__(self, sizes: ClipJudgeSizes) -> None:
        super().__init__()
        self.sizes = sizes
        w, deep = sizes.width, 8 * sizes.width
        self.trunk = nn.Sequential(
            _seen(3, w, (1, 2, 2)), _seen(w, 2 * w, (2, 2, 2)), _seen(2 * w, 4 * w, (2, 2, 2)),
            _seen(4 * w, deep, (1, 2, 2)), _seen(deep, deep, (1, 1, 1)),
        )  # fmt: skip
        self.answers = nn.Linear(2 * deep, sum(sizes.groups))

    def features(self, clips: Tensor) -> Tensor:
        """Rows (N, 16 width) in float32, for distances between sets of clips."""
        maps = self.trunk(clips)  # (N, C, T/4, H/16, W/16)
        return torch.cat([maps.mean((2, 3, 4)), maps.amax((2, 3, 4))], 1).float()

    def forward(self, clips: Tensor) -> Tensor:
        """Logits (N, columns) in float32, the groups one after another."""
        return self.answers(self.features(clips)).float()


def _seen(ins: int, outs: int, stride: tuple[int, int, int]) -> nn.Sequential:
    """A 3x3x3 convolution of a clip with batch norm and ReLU; stride of time, height and width."""
    return nn.Sequential(nn.Conv3d(ins, outs, 3, stride, 1, bias=False), nn.BatchNorm3d(outs), nn.ReLU())


def attend(features: Tensor, maps: Tensor) -> Tensor:
    """What lies under every map, where (mean and spread) and how surely: (N, maps, C + PLACE), float32.

    features (N, C, h, w); maps (N, maps, h, w), logits of attention over places.
    """
    flat = maps.flatten(2).float()  # (N, maps, h*w)
    weight = flat.softmax(2)
    grid = _grid(features.shape[2], features.shape[3]).to(weight)
    place = weight @ grid  # (N, maps, 4): means of x, y, x^2, y^2
    spread = (place[..., 2:] - place[..., :2] ** 2).clamp(min=1e-6).sqrt()
    sure = torch.stack([flat.amax(2), flat.logsumexp(2)], 2)
    under = weight.to(features.dtype) @ features.flatten(2).transpose(1, 2)
    return torch.cat([under.float(), place[..., :2], spread, sure], 2)


class Residual(nn.Module):
    """Two 3x3 convolutions with batch norm beside a shortcut (He et al. 2016)."""

    def __init__(self, inputs: int, outputs: int, stride: int = 1) -> None:
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False), nn.BatchNorm2d(outputs), nn.ReLU(),
            nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False), nn.BatchNorm2d(outputs),
        )  # fmt: skip
        same = inputs == outputs and stride == 1
        self.shortcut = nn.Identity() if same else nn.Conv2d(inputs, outputs, stride, stride)

    def forward(self, x: Tensor) -> Tensor:
        """(N, inputs, H, W) to (N, outputs, H/stride, W/stride)."""
        return F.relu(self.body(x) + self.shortcut(x))


class EachLinear(nn.Module):
    """A linear layer of its own for each of `count` rows."""

    def __init__(self, count: int, inputs: int, outputs: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.randn(count, inputs, outputs) * inputs**-0.5)
        self.bias = nn.Parameter(torch.zeros(count, outputs))

    def forward(self, x: Tensor) -> Tensor:
        """(N, count, inputs) to (N, count, outputs)."""
        return torch.einsum("nki,kio->nko", x, self.weight.to(x.dtype)) + self.bias


def _grid(height: int, width: int) -> Tensor:
    """x, y, x^2 and y^2 of cell centres in [-1, 1], (h*w, 4)."""
    y, x = torch.meshgrid(_centres(height), _centres(width), indexing="ij")
    return torch.stack([x, y, x**2, y**2], -1).flatten(0, 1)


def _centres(count: int) -> Tensor:
    return (2 * torch.arange(count) + 1) / count - 1
