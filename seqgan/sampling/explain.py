"""Which words did a picture read, and where? AttnGAN's sheet (Xu et al. 2018, figures 4 and 5): every stage's picture,
and at each map that attends to words the five words it attends to most, as heat over the picture.

    explain_sheet([sampler.explain("a small red bird", seed=0)])       # uint8 (H, W, 3)
    told(drawn.reading)                                               # lines for people

As released: with T words a share counts as attention above 2/T, and words are ranked by what they have above 4/T.
House: a map that is flat shows no heat (the release divides by 0), and a tenth of the places show theirs in any case.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PIL import Image

from seqgan.sampling.frame import Drawn
from seqgan.sampling.typeset import CELL, GAP, NORMAL, cell, labelled_row, stacked, text_block
from seqgan.text.captions import LONGEST, CaptionReading

SHOWN = 5
"""Words of a map that are shown."""
RAMP = np.array([[12, 8, 60], [120, 28, 109], [237, 105, 37], [252, 255, 164]], np.float32)
"""Colours of heat from none to all, equally far apart."""
OPAQUE = 0.72
ALWAYS = 0.1
"""Share of the places whose heat is shown even where none has twice an even share."""


def most_attended(attention: np.ndarray, count: int = SHOWN) -> list[int]:
    """Numbers of the words with the most attention, the most first.

    Args:
        attention: shares (L, S, S) that sum to 1 over the L words.
        count: how many, at most L.
    """
    words = len(attention)
    strong = np.where(attention > 4 / words, attention, 0).sum((1, 2))
    order = np.lexsort((-attention.sum((1, 2)), -strong))  # the last key counts first
    return [int(number) for number in order[:count]]


def heat(share: np.ndarray, words: int, side: int) -> np.ndarray:
    """The attention (S, S) to one of `words` words as heat (side, side) from 0 to 1, enlarged softly."""
    kept = np.where(share >= min(2 / words, np.quantile(share, 1 - ALWAYS)), share, 0)
    soft = np.asarray(Image.fromarray(kept.astype(np.float32)).resize((side, side), Image.Resampling.BILINEAR))
    low, span = soft.min(), soft.max() - soft.min()
    return (soft - low) / span if span > 1e-6 else np.zeros_like(soft)


def over(pixels: np.ndarray, warmth: np.ndarray) -> np.ndarray:
    """A grey picture (H, W, 3) uint8 with heat (H, W) laid over it, uint8."""
    grey = np.asarray(Image.fromarray(pixels).convert("L"), np.float32)[..., None]
    place = warmth * (len(RAMP) - 1)
    low = np.minimum(place.astype(int), len(RAMP) - 2)
    colour = RAMP[low] + (RAMP[low + 1] - RAMP[low]) * (place - low)[..., None]
    cover = OPAQUE * (0.35 + 0.65 * warmth)[..., None]
    return (grey * (1 - cover) + colour * cover).round().astype(np.uint8)


def told(reading: CaptionReading) -> list[str]:
    """What became of the words of a caption, a line each: read, ignored or cut, read as a whole."""
    ignored, cut = "ignored, for the model does not know them", f"cut, for it reads {LONGEST} words"
    if reading.whole:
        ignored, cut = "not known by themselves", f"beyond the {LONGEST} words that it reads one by one"
    lines = [f"read: {' '.join(reading.words) or 'nothing'}"]
    if reading.ignored:
        lines.append(f"{ignored}: {', '.join(reading.ignored)}")
    if reading.cut:
        lines.append(f"{cut}: {' '.join(reading.cut)}")
    if reading.whole:
        lines.append("read as a whole, too: what the sentence means, as far as that is like what the model learnt")
    return lines


def explain_sheet(drawn: Sequence[Drawn]) -> np.ndarray:
    """A block of pictures and heat maps for each of `drawn`, one below the other; uint8 (H, W, 3)."""
    return stacked([strip for each in drawn for strip in _block(each)])


def _block(drawn: Drawn) -> list[Image.Image]:
    columns = max(SHOWN, len(drawn.pictures))
    width = columns * (CELL + GAP) - GAP
    strips = [text_block(f"{drawn.caption}  (seed {drawn.seed})", width, NORMAL, bold=True)]
    strips += [text_block(line, width, quiet=True) for line in told(drawn.reading)]
    sides = [f"{side} x {side}" for side in drawn.pictures]
    strips.append(labelled_row([cell(each) for each in drawn.pictures.values()], sides, width))
    for side, attention in drawn.attention.items():
        strips.append(text_block(f"attention at {side} x {side}, share of the picture that reads a word", width))
        strips.append(_words(drawn, attention, width))
    return strips


def _words(drawn: Drawn, attention: np.ndarray, width: int) -> Image.Image:
    picture, words = np.asarray(cell(drawn.picture)), drawn.reading.words
    chosen = most_attended(attention)
    maps = [Image.fromarray(over(picture, heat(attention[number], len(words), CELL))) for number in chosen]
    labels = [f"{words[number]} {100 * attention[number].mean():.0f} %" for number in chosen]
    return labelled_row(maps, labels, width)
