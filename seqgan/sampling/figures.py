"""The papers' figures of a model of captions: samples, sizes, attention, rows between two points, styles.

    for name, sheet in figures(sampler, captions, seed=0): ...       # "samples", uint8 (H, W, 3), ...

The kinds are those of the papers: attention and stages of AttnGAN, captions by sizes of HDGAN, samples, rows and styles
of GAN-CLS.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from seqgan.errors import InputError
from seqgan.sampling.explain import explain_sheet
from seqgan.sampling.frame import FrameSampler
from seqgan.sampling.typeset import table

SAMPLES, COLUMNS, STEPS, DRIVERS = 16, 4, 8, 4


def figures(
    sampler: FrameSampler, captions: Sequence[str], seed: int = 0, drivers: Sequence[np.ndarray] = ()
) -> Iterator[tuple[str, np.ndarray]]:
    """Draw every figure that a model can give, (name, uint8 (H, W, 3)): "samples", "explain", "interpolation"; "sizes"
    of a model with several; "styles" of one with a style encoder.

    Args:
        sampler: the model.
        captions: what is drawn; the first alone has samples, the first two are the ends of the row of sentences.
        seed: of the first sample; the others follow it.
        drivers: pictures (H, W, 3) uint8 whose style is taken; without any, samples of the first caption.

    Raises:
        InputError: if there is no caption, or one cannot be drawn.
    """
    if not captions:
        raise InputError("no caption came to draw figures of; give --caption, once or more, or --data")
    drawn = [sampler.explain(caption, seed) for caption in captions]
    yield "samples", samples(sampler, captions[0], seed)
    yield "explain", explain_sheet(drawn)
    if len(drawn[0].pictures) > 1:
        sizes = [f"{side} x {side}" for side in drawn[0].pictures]
        yield "sizes", table([list(each.pictures.values()) for each in drawn], captions, sizes)
    yield "interpolation", interpolation(sampler, captions, seed)
    if sampler.style_encoder is not None:
        yield "styles", styles(sampler, captions, seed, drivers)


def samples(sampler: FrameSampler, caption: str, seed: int) -> np.ndarray:
    """Sixteen samples of one caption, seeds from `seed` on."""
    seeds = range(seed, seed + SAMPLES)
    pictures = [picture for _, picture in sampler.draw([caption] * SAMPLES, seeds)]
    rows = [pictures[start : start + COLUMNS] for start in range(0, SAMPLES, COLUMNS)]
    label = f"{caption}  (seeds {seed} to {seed + SAMPLES - 1})"
    return table(rows, [label, *[""] * (len(rows) - 1)], [""] * COLUMNS)


def interpolation(sampler: FrameSampler, captions: Sequence[str], seed: int) -> np.ndarray:
    """A row from the noise of one seed to that of the next, and, of two captions, a row from one to the other."""
    rows = [_between_noises(sampler, captions[0], seed)]
    labels = [f"noise of seed {seed} to that of seed {seed + 1}: {captions[0]}"]
    if len(captions) > 1:
        rows.append([picture for _, picture in sampler.between(captions[0], captions[1], STEPS, seed)])
        labels.append(f"sentence to sentence, seed {seed}: {captions[0]} - {captions[1]}")
    return table(rows, labels, [""] * STEPS)


def _between_noises(sampler: FrameSampler, caption: str, seed: int) -> list[np.ndarray]:
    """On the great circle: every mixture is as long as noise is, which on a straight line it is not."""
    turns = np.linspace(0, np.pi / 2, STEPS)
    one, two = sampler.noise(seed), sampler.noise(seed + 1)
    z = np.stack([np.cos(turn) * one + np.sin(turn) * two for turn in turns])
    return [picture for _, picture in sampler.draw([caption] * STEPS, [seed] * STEPS, z)]


def styles(sampler: FrameSampler, captions: Sequence[str], seed: int, drivers: Sequence[np.ndarray] = ()) -> np.ndarray:
    """Drivers (a row each, first column) by captions (a column each): what a caption shows in the style of a driver."""
    if not drivers:
        drawn = sampler.draw([captions[0]] * DRIVERS, range(seed, seed + DRIVERS))
        drivers = [picture for _, picture in drawn]
    rows = []
    for driver in drivers:
        z = np.repeat(sampler.style(driver)[None], len(captions), 0)
        rows.append([_middle(driver), *(picture for _, picture in sampler.draw(captions, [seed] * len(captions), z))])
    return table(rows, [""] * len(rows), ["style of", *captions])


def _middle(picture: np.ndarray) -> np.ndarray:
    """The middle square of a picture, which is what a style is read from."""
    edge = min(picture.shape[:2])
    top, left = (picture.shape[0] - edge) // 2, (picture.shape[1] - edge) // 2
    return picture[top : top + edge, left : left + edge]
