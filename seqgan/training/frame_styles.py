"""How well a generator's noise is a style: what its style encoder reads in pictures, and what comes of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from seqgan.data.pictures import PictureData
from seqgan.errors import DataError
from seqgan.metrics.style import r_squared
from seqgan.sampling.frame import FrameSampler
from seqgan.text.captions import caption_words


def recovered(sampler: FrameSampler, drawn: np.ndarray, seeds: Sequence[int]) -> float:
    """R2 of the noise that the style encoder reads in pictures (N, H, W, 3) uint8 drawn from seeds (N,)."""
    true = np.stack([sampler.noise(seed) for seed in seeds])
    return r_squared(true, np.stack([sampler.style(picture) for picture in drawn]))


def transferred(
    sampler: FrameSampler, data: PictureData, drivers: np.ndarray, seed: int, group: str,
    judge: Callable[[np.ndarray], np.ndarray],
) -> np.ndarray:  # fmt: skip
    """Whether a caption that names no style, drawn in the style of each driver (N, H, W, 3), has the driver's label of
    `group`, (N,) in {0, 1}; `judge` says labels (N,) of pictures. The captions are of pictures of other sources, chosen
    by `seed`. Raises DataError where all captions name one."""
    plain, rng = _plain(data, group), np.random.default_rng(seed)
    captions = [_other(plain, record["source"], rng) for record in data.records]
    styles = np.stack([sampler.style(driver) for driver in drivers])
    drawn = np.stack([picture for _, picture in sampler.draw(captions, [seed] * len(captions), styles, strict=False)])
    return (judge(drawn) == data.labels[group]).astype(float)


def _plain(data: PictureData, group: str) -> list[tuple[str, str]]:
    """Source and text of the captions in which no label of the group is named."""
    names = {word for name in data.names[group] for word in caption_words(name)}
    told = zip(data.records, data.captions, strict=True)
    return [(record["source"], text) for record, own in told for text in own if not names & set(caption_words(text))]


def _other(plain: Sequence[tuple[str, str]], source: str, rng: np.random.Generator) -> str:
    others = [text for came, text in plain if came != source]
    if not others:
        raise DataError("every caption of another source names a style; leave 'styles' out")
    return others[int(rng.integers(len(others)))]
