"""Pictures with words around them, on white: labelled tables, lines of text. Pillow and the shipped font do it all."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from seqgan.resources import asset

CELL = 128
"""Pixels a side of a picture on a sheet."""
GAP, MARGIN, SMALL, NORMAL = 8, 16, 12, 15
INK, QUIET = (24, 24, 28), (104, 106, 112)


@lru_cache(maxsize=8)
def font(size: int, bold: bool = False) -> ImageFont.FreeTypeFont:
    """DejaVu Sans of that many pixels."""
    return ImageFont.truetype(str(asset("fonts", f"DejaVuSans{'-Bold' * bold}.ttf")), size)


def line_height(size: int) -> int:
    """Pixels from one line to the next."""
    return round(size * 1.35)


def wrapped(text: str, width: int, size: int, bold: bool = False) -> list[str]:
    """Text in lines of at most `width` pixels, broken at blanks; a longer word is shortened."""
    lines: list[str] = []
    line = ""
    for word in text.split():
        tried = f"{line} {word}".strip()
        if line and font(size, bold).getlength(tried) > width:
            lines.append(line)
            tried = word
        line = shortened(tried, width, size, bold)
    return [*lines, line] if line else lines


def shortened(text: str, width: int, size: int, bold: bool = False) -> str:
    """Text of at most `width` pixels, its end cut with an ellipsis where it is longer."""
    if font(size, bold).getlength(text) <= width:
        return text
    while text and font(size, bold).getlength(f"{text}…") > width:
        text = text[:-1]
    return f"{text}…"


def text_block(text: str, width: int, size: int = SMALL, bold: bool = False, quiet: bool = False) -> Image.Image:
    """Lines of text on white, `width` pixels wide."""
    lines = wrapped(text, width, size, bold)
    block = Image.new("RGB", (width, line_height(size) * len(lines) + GAP // 2), "white")
    pen = ImageDraw.Draw(block)
    for number, line in enumerate(lines):
        pen.text((0, number * line_height(size)), line, font=font(size, bold), fill=QUIET if quiet else INK)
    return block


def cell(pixels: np.ndarray, side: int = CELL) -> Image.Image:
    """A picture (H, W, 3) uint8 at `side` pixels: every pixel as a square where it is enlarged, else by Lanczos."""
    image = Image.fromarray(pixels)
    way = Image.Resampling.NEAREST if side >= image.width else Image.Resampling.LANCZOS
    return image.resize((side, side), way)


def labelled_row(images: Sequence[Image.Image], labels: Sequence[str], width: int) -> Image.Image:
    """Pictures side by side, from the left, each with its text below it, in a strip of `width` pixels."""
    tall = max(image.height for image in images)
    below = [wrapped(label, image.width, SMALL) for image, label in zip(images, labels, strict=True)]
    strip = Image.new("RGB", (width, tall + max(map(len, below)) * line_height(SMALL) + GAP), "white")
    pen, left = ImageDraw.Draw(strip), 0
    for image, lines in zip(images, below, strict=True):
        strip.paste(image, (left, tall - image.height))
        for number, line in enumerate(lines):
            pen.text((left, tall + 2 + number * line_height(SMALL)), line, font=font(SMALL), fill=INK)
        left += image.width + GAP
    return strip


def stacked(strips: Sequence[Image.Image]) -> np.ndarray:
    """Strips below one another inside a margin; uint8 (H, W, 3)."""
    width = max(strip.width for strip in strips)
    sheet = Image.new("RGB", (width + 2 * MARGIN, sum(strip.height for strip in strips) + 2 * MARGIN), "white")
    top = MARGIN
    for strip in strips:
        sheet.paste(strip, (MARGIN, top))
        top += strip.height
    return np.array(sheet)


def table(
    rows: Sequence[Sequence[np.ndarray]], row_labels: Sequence[str], column_labels: Sequence[str], side: int = CELL
) -> np.ndarray:
    """Pictures in rows and columns, what a row shows above it and what a column shows below the last one; "" labels
    nothing. uint8 (H, W, 3)."""
    width = len(column_labels) * (side + GAP) - GAP
    strips: list[Image.Image] = []
    for number, (row, label) in enumerate(zip(rows, row_labels, strict=True)):
        if label:
            strips.append(text_block(label, width))
        last = number == len(rows) - 1
        names = column_labels if last else [""] * len(row)
        strips.append(labelled_row([cell(each, side) for each in row], names, width))
    return stacked(strips)
