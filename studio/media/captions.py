"""Captions as real type: wrapped, balanced, shrunk where they must be, and never wider or taller than their box."""

from __future__ import annotations

import functools
import math
import unicodedata
from dataclasses import dataclass

from PIL import Image, ImageDraw

from studio.media.fonts import FontStack, Run

LINE_SPACING = 1.28  # of the font size: roomy enough for DejaVu's ascenders and descenders
ELLIPSIS = "…"
# A line never starts with these.
CLOSING = "。，、！？；：」』）》】〉.,!?;:)]}’”%"
# A line never ends with these.
OPENING = "「『（《【〈([{‘“"
ZERO_WIDTH_JOINER = "\u200d"
JOINED = ("Mn", "Mc", "Me", "Cf", "Sk")  # marks, selectors, joiners, skin tones: part of what stands before them
Colour = tuple[int, int, int]


@dataclass(frozen=True)
class SetCaption:
    """A caption ready to draw: its lines, the font size in pixels, and whether its end is cut off."""

    lines: tuple[str, ...]
    size: int
    cut: bool = False

    @property
    def line_height(self) -> int:
        """Pixels from one baseline to the next."""
        return line_height(self.size)

    @property
    def height(self) -> int:
        """Pixels of the whole block."""
        return len(self.lines) * self.line_height


def line_height(size: int) -> int:
    """Pixels from one baseline to the next at a font size."""
    return round(size * LINE_SPACING)


def one_line(text: str) -> str:
    """`text` without control characters, its white space folded to single blanks."""
    kept = (" " if char.isspace() else char for char in text if char.isspace() or unicodedata.category(char) != "Cc")
    return " ".join("".join(kept).split())


def width_of(text: str, size: int, stack: FontStack) -> float:
    """Advance width of `text` in pixels."""
    return sum(_run_width(run, size) for run in stack.runs(text))


@functools.lru_cache(maxsize=16384)
def _run_width(run: Run, size: int) -> float:
    if run.face is None:
        return len(run.text) * size * 0.6
    font, scale = run.face.at(size)
    return font.getlength(run.text) * scale


def wrap(text: str, width: float, size: int, stack: FontStack) -> list[str]:
    """`text` in lines of at most `width` pixels: broken at blanks and between CJK characters, else in mid-word."""
    lines: list[str] = []
    line = ""
    for piece in _pieces(text):
        if line and width_of((line + piece).rstrip(), size, stack) > width:
            lines.append(line.rstrip())
            line = ""
        line += piece
        while len(line) > 1 and width_of(line.rstrip(), size, stack) > width:
            cut = _longest_start(line, width, size, stack)
            lines.append(line[:cut])
            line = line[cut:]
    return [*lines, line.rstrip()] if line.strip() else lines


def _pieces(text: str) -> list[str]:
    """Stretches that stay on one line: words with the blanks after them, single CJK characters with their stops."""
    pieces: list[str] = []
    for char in one_line(text):
        if pieces and not _may_break(pieces[-1][-1], char):
            pieces[-1] += char
        else:
            pieces.append(char)
    return pieces


def _may_break(before: str, char: str) -> bool:
    if char == " " or unicodedata.category(char) in JOINED or before in OPENING + ZERO_WIDTH_JOINER:
        return False
    if before == " ":
        return True
    return char not in CLOSING and (_stands_alone(char) or _stands_alone(before))


def _stands_alone(char: str) -> bool:
    return unicodedata.east_asian_width(char) in "WF" and unicodedata.category(char) in ("Lo", "So")


def _longest_start(text: str, width: float, size: int, stack: FontStack) -> int:
    low, high = 1, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if width_of(text[:middle], size, stack) <= width else (low, middle - 1)
    return low


def fit(text: str, box: tuple[int, int], size: int, smallest: int, stack: FontStack) -> SetCaption:
    """Set `text` in a box (width, height): at `size` if it fits, else down to `smallest`, else cut with an ellipsis."""
    width, height = box
    for pixels in range(size, smallest - 1, -1):
        lines = wrap(text, width, pixels, stack)
        if len(lines) * line_height(pixels) <= height:
            return SetCaption(tuple(_balanced(lines, text, width, pixels, stack) if len(lines) > 1 else lines), pixels)
    return _cut(text, box, min(size, smallest), stack)


def _cut(text: str, box: tuple[int, int], size: int, stack: FontStack) -> SetCaption:
    lines = wrap(text, box[0], size, stack)[: max(1, box[1] // line_height(size))]
    last = lines[-1]
    while last and width_of(last + ELLIPSIS, size, stack) > box[0]:
        last = last[:-1].rstrip()
    return SetCaption((*lines[:-1], last + ELLIPSIS), size, cut=True)


def _balanced(lines: list[str], text: str, width: int, size: int, stack: FontStack) -> list[str]:
    """The same number of lines in the narrowest width that gives it, so that no line holds one lonely word."""
    low, high = max(math.ceil(width_of(piece.rstrip(), size, stack)) for piece in _pieces(text)), width
    while low < high:
        middle = (low + high) // 2
        if len(wrap(text, middle, size, stack)) <= len(lines):
            high = middle
        else:
            low = middle + 1
    return wrap(text, high, size, stack) if high <= width else lines


def draw_caption(
    canvas: Image.Image,
    caption: SetCaption,
    box: tuple[int, int, int, int],
    colour: Colour,
    stack: FontStack,
    centred: bool = True,
) -> None:
    """Draw a set caption in the middle (or from the left) of a box (left, top, right, bottom) of an RGB picture."""
    left, top, right, bottom = box
    y = top + (bottom - top - caption.height) // 2
    for line in caption.lines:
        indent = (right - left - width_of(line, caption.size, stack)) / 2 if centred else 0
        _draw_line(canvas, line, (left + indent, y), caption.size, colour, stack)
        y += caption.line_height


def _draw_line(
    canvas: Image.Image, line: str, at: tuple[float, int], size: int, colour: Colour, stack: FontStack
) -> None:
    x, baseline = at[0], at[1] + round(line_height(size) / 2 + size * 0.36)
    runs = stack.runs(line)
    if any(unicodedata.bidirectional(char) in ("R", "AL") for char in line[:1]):
        runs = runs[::-1]  # each run shapes itself; a line that begins right to left puts its runs so too
    for run in runs:
        if run.face is not None:
            _draw_run(canvas, run, (x, baseline), size, colour)
        x += _run_width(run, size)


def _draw_run(canvas: Image.Image, run: Run, at: tuple[float, int], size: int, colour: Colour) -> None:
    assert run.face is not None, "a run without a face has nothing to draw"
    font, scale = run.face.at(size)
    if scale == 1:
        ImageDraw.Draw(canvas).text(at, run.text, font=font, fill=colour, anchor="ls", embedded_color=True)
        return
    # Bitmap faces (colour emoji) come in their own size: drawn apart, scaled, laid on.
    ascent, descent = font.getmetrics()
    stamp = Image.new("RGBA", (max(1, round(font.getlength(run.text))), ascent + descent))
    ImageDraw.Draw(stamp).text((0, ascent), run.text, font=font, anchor="ls", embedded_color=True)
    small = (max(1, round(stamp.width * scale)), max(1, round(stamp.height * scale)))
    stamp = stamp.resize(small, Image.Resampling.LANCZOS)
    canvas.paste(stamp, (round(at[0]), at[1] - round(ascent * scale)), stamp)
