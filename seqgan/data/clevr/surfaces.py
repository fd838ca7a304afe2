"""What is seen of each thing of a scene, what the others shade, and what metal mirrors; each panel takes its part."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from seqgan.data.clevr.camera import Camera
from seqgan.data.clevr.light import STRENGTHS, Lamps, covered, floor_light, lamp_light, shaded
from seqgan.data.clevr.scene import MATERIALS, Thing
from seqgan.data.clevr.solids import centre_of, distance, normals

PAINTS = np.array([(87, 87, 87), (173, 35, 35), (42, 75, 215), (29, 105, 20), (129, 74, 25), (129, 38, 192),
                   (41, 208, 208), (255, 238, 51)], np.float32) / 255  # fmt: skip
"""CLEVR's colours; it takes them as linear light."""
METAL = MATERIALS.index("metal")
DIFFUSE, AMBIENT = np.float32(1.8), np.float32(0.128)
"""Of rubber: the lamps' light, and that from all around."""
SHEEN = (0.05, 12)
"""Strength and sharpness of the lamps' image in rubber."""
MIRROR, SKY, ZENITH = np.float32(0.95), np.float32(0.09), np.float32(0.045)
"""What metal gives back of what it sees, and how bright it is at the horizon and overhead."""
LOBES = ((2.0, 7), (1.6, 80))
"""Strength and sharpness of the lamps' images in metal: a wide one, and a glint."""


@dataclass(frozen=True)
class Surface:
    """n samples of the finer grid where a thing is seen, hidden or not, in a scene of K things.

    `rows` (n,) of the grid, `depths` (n,), `lamps` (n, 3 lamps, 3 colours) light that leaves towards the camera,
    `around` (n,); `hidden` (n, 3 lamps, K) and `covered` (n, K): what each thing takes of them. Of metal also
    `ground` (n,) rows of the floor's pixels that it mirrors, -1 for `beyond` (n, 3), and of mirrored things their
    distances `far` (n, K) and light `mirrored` (n, K, 3).
    """

    paint: np.ndarray
    metal: bool
    rows: np.ndarray
    depths: np.ndarray
    lamps: np.ndarray
    around: np.ndarray
    hidden: np.ndarray
    covered: np.ndarray
    ground: np.ndarray
    beyond: np.ndarray
    far: np.ndarray
    mirrored: np.ndarray

    def light(self, there: int, floor: np.ndarray) -> np.ndarray:
        """Linear light (n, 3) when the first `there` things are, on a floor of light (pixels, 3)."""
        left = np.prod(1 - self.hidden[..., :there], -1)
        direct = np.einsum("nl,nlc->nc", left, self.lamps)
        if not self.metal:
            open_ = np.clip(1 - self.covered[:, :there].sum(1), 0, 1)
            return direct + (self.around * open_)[:, None] * self.paint
        seen = np.where((self.ground < 0)[:, None], self.beyond, floor[self.ground])
        nearest = self.far[:, :there].argmin(1)
        rows = np.arange(len(nearest))
        other = np.isfinite(self.far[rows, nearest])
        seen[other] = self.mirrored[rows[other], nearest[other]]
        return direct + MIRROR * seen * self.paint


def surface_of(thing: Thing, things: tuple[Thing, ...], lamps: Lamps, camera: Camera, size: int, fine: int) -> Surface:
    """What is seen of a thing through a grid of `fine` x `fine` samples over `size` x `size` pixels."""
    rows, depths, rays = seen_at(thing, camera, fine)
    points = camera.place.astype(np.float32) + depths[:, None] * rays
    rays = rays / np.linalg.norm(rays, axis=1, keepdims=True)
    facing = normals(thing, points)
    mirror = rays - 2 * np.einsum("nc,nc->n", rays, facing)[:, None] * facing
    paint, metal = PAINTS[thing.colour], thing.material == METAL
    come = lamp_light(points, facing, lamps)
    strengths = STRENGTHS * paint
    if metal:
        sent = _image(points, mirror, lamps, LOBES)[..., None] * strengths
    else:
        sheen = _image(points, mirror, lamps, (SHEEN,))
        sent = DIFFUSE * come[..., None] * strengths + sheen[..., None] * STRENGTHS
    others = [_others(thing, other, points, facing, lamps) for other in things]
    seen = _mirrored(thing, things, points, mirror, lamps, camera, size) if metal else _NOTHING
    return Surface(paint, metal, rows, depths, sent, np.full(len(rows), AMBIENT),
                   np.stack([hidden for hidden, _ in others], -1), np.stack([part for _, part in others], -1),
                   *seen)  # fmt: skip


def seen_at(thing: Thing, camera: Camera, fine: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Where a thing is seen if nothing hides it: n rows of the grid's samples, how far away, and their rays (n, 3)."""
    rows = _box(thing, camera, fine)
    rays = camera.rays(fine, rows)
    depths = distance(thing, camera.place.astype(np.float32), rays)
    hit = np.isfinite(depths)
    return rows[hit], depths[hit], rays[hit]


_NOTHING = (np.zeros(0, np.int64), np.zeros((0, 3), np.float32), np.zeros((0, 0), np.float32),
            np.zeros((0, 0, 3), np.float32))  # fmt: skip


def _box(thing: Thing, camera: Camera, fine: int) -> np.ndarray:
    """Rows of the grid's samples around a thing."""
    centre, reach = centre_of(thing), thing.radius
    corners = centre + reach * np.array([[x, y, z] for x in (-1, 1) for y in (-1, 1) for z in (-1, 1)])
    places = camera.project(corners) * fine
    left, top = np.clip(np.floor(places.min(0)), 0, fine).astype(int)
    right, low = np.clip(np.ceil(places.max(0)), 0, fine).astype(int)
    down, along = np.mgrid[top:low, left:right]
    return (down * fine + along).ravel()


def _image(points: np.ndarray, mirror: np.ndarray, lamps: Lamps, lobes: tuple[tuple[float, int], ...]) -> np.ndarray:
    """How bright the lamps' images are at points, (n, 3 lamps) float32, by strength and sharpness of their parts."""
    ways = lamps.places[None] - points[:, None]
    far = np.einsum("nlc,nlc->nl", ways, ways)
    along = np.einsum("nlc,nc->nl", ways, mirror) / np.sqrt(far)
    out = np.maximum(np.einsum("nlc,lc->nl", ways, lamps.aims) / np.sqrt(far), 0)
    along = np.maximum(along, 0)
    image = sum(np.float32(strength * sharp / 8) * along**sharp for strength, sharp in lobes)
    return image * out / far


def _others(
    thing: Thing, other: Thing, points: np.ndarray, facing: np.ndarray, lamps: Lamps
) -> tuple[np.ndarray, np.ndarray]:
    """What another thing takes of lamps (n, 3) and of the light from all around (n,); of itself a thing takes none."""
    if other is thing:
        return np.zeros((len(points), len(lamps.places)), np.float32), np.zeros(len(points), np.float32)
    return shaded(other, points, lamps), covered(other, points, facing)


def _mirrored(
    thing: Thing,
    things: tuple[Thing, ...],
    points: np.ndarray,
    ways: np.ndarray,
    lamps: Lamps,
    camera: Camera,
    size: int,
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """What metal sees along ways (n, 3): the floor's pixels, what is beyond them, and things."""
    ground, beyond = _floor_seen(points, ways, lamps, camera, size)
    far = np.full((len(points), len(things)), np.inf, np.float32)
    light = np.zeros((len(points), len(things), 3), np.float32)
    for number, other in enumerate(things):
        if other is not thing:
            far[:, number] = distance(other, points, ways)
            hit = np.isfinite(far[:, number])
            light[hit, number] = _plain_light(other, points[hit] + far[hit, number, None] * ways[hit], lamps)
    return ground, beyond, far, light


def _floor_seen(
    points: np.ndarray, ways: np.ndarray, lamps: Lamps, camera: Camera, size: int
) -> tuple[np.ndarray, np.ndarray]:
    """Rows of the floor's pixels where ways meet it, -1 outside the picture, and light (n, 3) of what is not in it."""
    down = ways[:, 2] < -0.01
    spots = points + ways * np.where(down, points[:, 2] / np.maximum(-ways[:, 2], 0.01), 0)[:, None]
    places = np.floor(camera.project(spots) * size).astype(np.int64)
    ahead = (spots - camera.place) @ camera.ahead > 0.1
    inside = down & ahead & ((places >= 0) & (places < size)).all(1)
    ground = np.where(inside, places[:, 1] * size + places[:, 0], -1)
    up = np.clip(ways[:, 2:], 0, 1)
    beyond = np.where(down[:, None], floor_light(spots, lamps), ZENITH + (SKY - ZENITH) * (1 - up))
    return ground, beyond


def _plain_light(thing: Thing, points: np.ndarray, lamps: Lamps) -> np.ndarray:
    """Light (n, 3) of a thing's surface as another sees it: without shadows, metal as rubber is."""
    come = lamp_light(points, normals(thing, points), lamps)
    return (DIFFUSE * come @ STRENGTHS + AMBIENT) * PAINTS[thing.colour]
