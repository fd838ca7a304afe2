"""The figure stream of a frame generator: who stands in a panel, where, and a picture of each, laid over the ground.

House. Scenes that are composed of a recurring cast are drawn as layers: VGAN (Vondrick et al. 2016) has one foreground
over a background, CP-CSV (Song et al. 2020) gates the figure against the ground; here every member of the cast and
every prop has a layer of its own. A picture is drawn on a canvas of its own, so that what someone looks like is learnt
apart from where they stand, and is laid into its rectangle by a separable resampling that is differentiable.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from seqgan.layers.blocks import same_block, up_block
from seqgan.layers.resample import resample
from seqgan.models.worn import WornItems

CANVAS = 48
"""Height and width of the picture of one figure."""
ACTORS, PROPS = 3, 2
"""The most actors and props that a panel shows."""
PER_ACTOR = 3
"""Numbers of the noise that belong to an actor; the actors take theirs in order from left to right."""


@dataclass(frozen=True)
class Figures:
    """What condition and noise say of every thing: presence logits (N, E), states (N, E, S), its own noise (N, E, 3),
    boxes (N, E, 4) and where in its picture it wears something, worn (N, E, 4); and of the panel: light (N, 3).

    A box is centre x, centre y, width and height in shares of the frame, `worn` in shares of the figure's own box;
    light multiplies colours in [0, 1].
    """

    present: Tensor
    states: Tensor
    noise: Tensor
    boxes: Tensor
    worn: Tensor
    light: Tensor


class FigureGenerator(nn.Module):
    """Condition and noise to figures, and figures over a ground.

    dense: draw every slot, the empty ones with zero alpha, instead of those that are there alone. The same frames by
    more work, but by no choice that depends on the data: what can be exported as one graph.
    """

    def __init__(self, cond: int, things: int, characters: int, state: int = 64, width: int = 64) -> None:
        """`things` counts the characters, which come first, and the props."""
        super().__init__()
        self.characters, self.state, self.dense = characters, state, False
        self.cast = nn.Linear(cond, characters * state)
        self.prop_present = nn.Linear(cond, things - characters)
        self.prop_states = nn.Parameter(torch.randn(things - characters, state))
        self.present = nn.Linear(state, 1)
        self.scene = nn.Linear(cond, 3 * width)
        self.group = nn.Linear(state, 3 * width)
        self.box = nn.Sequential(
            nn.Linear(state + 3 * width, 3 * width), nn.ReLU(), nn.Linear(3 * width, 3 * width), nn.ReLU(),
            nn.Linear(3 * width, 4),
        )  # fmt: skip
        self.light = nn.Linear(3 * width, 3)
        self.sway = nn.Linear(PER_ACTOR, 2, bias=False)
        nn.init.zeros_(self.sway.weight)
        self.project = nn.Linear(state + 1, 4 * width * (CANVAS // 16) ** 2)
        self.paint = nn.Sequential(
            nn.BatchNorm2d(4 * width), nn.ReLU(), up_block(4 * width, 5 * width // 2),
            up_block(5 * width // 2, 3 * width // 2), same_block(3 * width // 2, 3 * width // 2),
            up_block(3 * width // 2, width), same_block(width, width), nn.ConvTranspose2d(width, 4, 4, 2, 1),
        )  # fmt: skip
        self.worn = WornItems(state + 1, width // 2)

    def read(self, cond: Tensor, cast: Tensor, z: Tensor) -> Figures:
        """The figures that cond (N, Dc) tells of, with what is remembered of everyone, cast (N, characters, S), moved
        by z (N, ACTORS * PER_ACTOR)."""
        own = self.cast(cond).unflatten(1, (self.characters, self.state)) + cast  # (N, C, S)
        present = torch.cat([self.present(own)[..., 0], self.prop_present(cond)], 1).float()  # (N, E)
        states = torch.cat([own, self.prop_states.to(own.dtype).expand(cond.shape[0], -1, -1)], 1)  # (N, E, S)
        among = (present.sigmoid()[..., None] * self.group(states).float().relu()).sum(1)  # (N, 3W), who else is there
        scene = torch.relu(self.scene(cond).float() + among)  # (N, 3W)
        about = torch.cat([states.float(), scene[:, None].expand(-1, states.shape[1], -1)], 2)
        middle, extent = self.box(about).float().chunk(2, 2)
        middle, extent = 0.5 + 0.25 * middle, 0.4 * torch.exp(0.5 * extent.clamp(-4, 2))
        noise = self._own(present, middle[..., 0], z)  # (N, E, 3)
        boxes = torch.cat([middle + self.sway(noise).float(), extent], 2)  # (N, E, 4)
        worn = self.worn.boxes(_looking(states, noise))  # (N, E, 4)
        return Figures(present, states, noise, boxes, worn, self.light(scene).float().sigmoid())

    def forward(self, figures: Figures, ground: Tensor) -> Tensor:
        """Lay the figures over a ground (N, 3, H, W) in [-1, 1]; returns frames like it."""
        slots, there = self._chosen(figures.present)
        if self.dense or (self.training and not there.any()):  # in training other processes wait for this one's norms
            return self._dense(figures, slots, there, ground)
        if not there.any():
            return ground
        pictures = self.pictures(_pick(figures.states, slots)[there], _pick(figures.noise, slots)[there])
        light = nn.functional.pad(figures.light, (0, 1), value=1.0)[there.nonzero()[:, 0]]  # (M, 4)
        placed = _layers(pictures * light[..., None, None], _pick(figures.boxes, slots), there, ground.shape[2:])
        return _composed(placed, ground)

    def _dense(self, figures: Figures, slots: Tensor, there: Tensor, ground: Tensor) -> Tensor:
        """The same frames from all slots (N, K), in order from back to front; those not `there` cover nothing."""
        boxes = _pick(figures.boxes, slots)
        order = _bottom(boxes, there).argsort(1)
        slots, there, boxes = slots.gather(1, order), there.gather(1, order), _pick(boxes, order)
        pictures = self.pictures(_pick(figures.states, slots).flatten(0, 1), _pick(figures.noise, slots).flatten(0, 1))
        light = nn.functional.pad(figures.light, (0, 1), value=1.0)[:, None] * there[..., None]  # (N, K, 4)
        placed = resample(pictures * light.flatten(0, 1)[..., None, None], boxes.flatten(0, 1), ground.shape[2:])
        return _composed(placed.unflatten(0, slots.shape).unbind(1), ground)

    def pictures(self, states: Tensor, noise: Tensor) -> Tensor:
        """states (M, S), noise (M, 3); pictures (M, 4, canvas, canvas): premultiplied colour and alpha in [0, 1].

        Of the noise a picture knows only which way the figure may look, one of two: in between there is nothing.
        """
        states = _looking(states, noise)  # (M, S + 1)
        x = self.project(states).unflatten(1, (-1, CANVAS // 16, CANVAS // 16))  # (M, 4W, 3, 3)
        x = self.paint(x).float().sigmoid()  # (M, 4, canvas, canvas)
        return self.worn(states, torch.cat([x[:, :3] * x[:, 3:], x[:, 3:]], 1))

    def _chosen(self, present: Tensor) -> tuple[Tensor, Tensor]:
        """The likeliest things, (N, slots) columns, and which of them are there at all."""
        actors = present[:, : self.characters].topk(min(ACTORS, self.characters), 1)
        props = present[:, self.characters :]
        props = props.topk(min(PROPS, props.shape[1]), 1)
        slots = torch.cat([actors.indices, props.indices + self.characters], 1)
        return slots, torch.cat([actors.values, props.values], 1) > 0

    def _own(self, present: Tensor, x: Tensor, z: Tensor) -> Tensor:
        """Everyone's own noise (N, E, 3): the actors that are there take theirs from left to right, props have none."""
        acts = (present > 0) & (torch.arange(present.shape[1], device=present.device) < self.characters)
        rank = x.masked_fill(~acts, torch.inf).argsort(1).argsort(1).clamp(max=ACTORS - 1)  # (N, E)
        return _pick(z.unflatten(1, (ACTORS, PER_ACTOR)), rank) * acts[..., None]


def _looking(states: Tensor, noise: Tensor) -> Tensor:
    """States (..., S) with which way each looks by its noise (..., 3), one of two: (..., S + 1)."""
    return torch.cat([states, torch.where(noise[..., 2:] > 0, 1.0, -1.0).to(states.dtype)], -1)


def _pick(values: Tensor, rows: Tensor) -> Tensor:
    """values (N, E, D), rows (N, K); returns (N, K, D)."""
    return values.gather(1, rows[..., None].expand(-1, -1, values.shape[2]))


def _layers(pictures: Tensor, boxes: Tensor, there: Tensor, size: Sequence[int]) -> tuple[Tensor, ...]:
    """Layers (N, 4, H, W) from back to front, what stands lower being nearer; nothing where nobody is."""
    depth = _bottom(boxes, there).argsort(1).argsort(1)  # (N, slots)
    depth = depth - (~there).sum(1, keepdim=True)  # the absent come first
    placed = resample(pictures, boxes[there], size)  # (M, 4, H, W)
    panels, depth = there.nonzero()[:, 0], depth[there]
    layers = []
    for level in range(int(depth.max()) + 1):
        own = (depth == level).nonzero().flatten()
        layers.append(placed.new_zeros(len(there), *placed.shape[1:]).index_copy(0, panels[own], placed[own]))
    return tuple(layers)


def _bottom(boxes: Tensor, there: Tensor) -> Tensor:
    """Where each of boxes (N, K, 4) stands, (N, K); the absent far behind."""
    return (boxes[..., 1] + boxes[..., 3] / 2).masked_fill(~there, -torch.inf)


def _composed(layers: Sequence[Tensor], ground: Tensor) -> Tensor:
    """Layers (N, 4, H, W), premultiplied, from back to front over a ground (N, 3, H, W) in [-1, 1]."""
    frame = (ground.float() + 1) / 2
    for layer in layers:
        frame = layer[:, :3] + (1 - layer[:, 3:]) * frame
    return (2 * frame - 1).clamp(-1, 1)  # the filter's weights add up to one only nearly
