"""Film frames from panels: the picture enlarged to fill its area, the caption as type in a band below it.

layout = plan_layout((1280, 720), aspects=[7 / 4], captions=["Mia walks."], stack=FontStack.default())
frame = compose(layout, picture, "Mia walks.", stack)          # an RGB picture of 1280x720
"""

from __future__ import annotations

from dataclasses import dataclass

from PIL import Image, ImageDraw

from studio.media.captions import Colour, SetCaption, draw_caption, fit, line_height, wrap
from studio.media.fonts import FontStack

BACKDROP: Colour = (18, 19, 23)
INK: Colour = (240, 238, 232)
CARD: Colour = (222, 222, 218)
CARD_INK: Colour = (92, 94, 100)
# A picture that fills its area once at most this share of its height or width is cut is cut; otherwise it is shown
# whole with bars beside it. 7:4 panels on a 16:9 frame lose 1.5 %; heads stay on at twice that.
MAX_CROP = 0.04
Window = tuple[float, float, float]
"""(left, top, size) of what is seen of a picture, in shares of it."""
WHOLE: Window = (0.0, 0.0, 1.0)


@dataclass(frozen=True)
class Box:
    """A rectangle in pixels; right and bottom lie just outside."""

    left: int
    top: int
    right: int
    bottom: int

    @property
    def width(self) -> int:
        """Pixels across."""
        return self.right - self.left

    @property
    def height(self) -> int:
        """Pixels down."""
        return self.bottom - self.top


@dataclass(frozen=True)
class FrameLayout:
    """Where picture and caption lie in every frame of one film; `band` is None when captions are not shown."""

    size: tuple[int, int]
    picture: Box
    band: Box | None
    text: Box | None
    font_size: int
    smallest: int


def plan_layout(
    size: tuple[int, int], aspects: list[float], captions: list[str] | None, stack: FontStack
) -> FrameLayout:
    """One layout for a whole film, so that nothing jumps from panel to panel.

    Args:
        size: width and height of the frame in pixels.
        aspects: width / height of each picture.
        captions: what must fit in the band; None or nothing but blanks leaves the whole frame to the picture.
        stack: the fonts that captions are set in.
    """
    width, height = size
    font_size, smallest = _font_sizes(size)
    if not captions or not any(caption.strip() for caption in captions):
        return FrameLayout(size, Box(0, 0, width, height), None, None, font_size, smallest)
    margin, padding = round(width * 0.04), round(font_size * 0.6)
    lines = max(len(wrap(caption, width - 2 * margin, font_size, stack)) for caption in captions)
    band = min(lines, _most_lines(size)) * line_height(font_size) + 2 * padding
    picture = max(_fitted((width, height - band), aspect)[1] for aspect in aspects)
    top = (height - picture - band) // 2
    below = Box(0, top + picture, width, top + picture + band)
    text = Box(margin, below.top + padding, width - margin, below.bottom - padding)
    return FrameLayout(size, Box(0, top, width, top + picture), below, text, font_size, smallest)


def _font_sizes(size: tuple[int, int]) -> tuple[int, int]:
    normal = max(11, round(min(size) * 0.044))
    return normal, max(9, round(normal * 0.62))


def _most_lines(size: tuple[int, int]) -> int:
    return 2 if size[0] >= size[1] * 1.2 else 4


def _fitted(area: tuple[int, int], aspect: float) -> tuple[int, int]:
    """Size of a picture of this aspect in an area: the area itself where a small cut gets there, else inside it."""
    wide = area[0] / area[1]
    if min(wide, aspect) / max(wide, aspect) >= 1 - MAX_CROP:
        return area
    if aspect > wide:
        return area[0], max(1, round(area[0] / aspect))
    return max(1, round(area[1] * aspect)), area[1]


def compose(
    layout: FrameLayout, picture: Image.Image, caption: str, stack: FontStack, window: Window = WHOLE
) -> Image.Image:
    """One RGB frame: the picture (what is seen of it) in its area, the caption in the band."""
    frame = Image.new("RGB", layout.size, BACKDROP)
    place(frame, picture, layout.picture, window)
    write_caption(frame, layout, caption, stack)
    return frame


def place(frame: Image.Image, picture: Image.Image, box: Box, window: Window = WHOLE) -> None:
    """Enlarge (or reduce) a window of `picture` by Lanczos into the middle of `box`, in place."""
    left, top, width, height = fitted_box(box, picture.size)
    frame.paste(enlarge(picture, (width, height), window), (left, top))


def fitted_box(box: Box, size: tuple[int, int]) -> tuple[int, int, int, int]:
    """Left, top, width and height in pixels that a picture of a size takes in the middle of `box`."""
    width, height = _fitted((box.width, box.height), size[0] / size[1])
    return box.left + (box.width - width) // 2, box.top + (box.height - height) // 2, width, height


def enlarge(picture: Image.Image, size: tuple[int, int], window: Window = WHOLE) -> Image.Image:
    """A window of `picture` as RGB at `size` by Lanczos, cut evenly on the longer side where the aspects differ.

    The window need not begin or end on a pixel, so that one that moves slowly does not jump.
    """
    left, top, share = window
    across, down = picture.width * share, picture.height * share
    scale = min(across / size[0], down / size[1])
    width, height = size[0] * scale, size[1] * scale
    left, top = left * picture.width + (across - width) / 2, top * picture.height + (down - height) / 2
    box = (max(0.0, left), max(0.0, top), min(picture.width, left + width), min(picture.height, top + height))
    return flatten(picture).resize(size, Image.Resampling.LANCZOS, box=box)


def flatten(picture: Image.Image) -> Image.Image:
    """`picture` as RGB, what is transparent on white."""
    if "A" not in picture.getbands() and "transparency" not in picture.info:
        return picture.convert("RGB")
    rgba = picture.convert("RGBA")
    return Image.alpha_composite(Image.new("RGBA", rgba.size, "white"), rgba).convert("RGB")


def write_caption(frame: Image.Image, layout: FrameLayout, caption: str, stack: FontStack) -> SetCaption | None:
    """Draw the caption in the band of a composed frame, in place; None where there is no band or no text."""
    if layout.text is None or not caption.strip():
        return None
    text = layout.text
    set_caption = fit(caption, (text.width, text.height), layout.font_size, layout.smallest, stack)
    draw_caption(frame, set_caption, (text.left, text.top, text.right, text.bottom), INK, stack)
    return set_caption


def placeholder(size: tuple[int, int], heading: str, text: str, stack: FontStack) -> Image.Image:
    """A neutral card for a panel without a picture: a heading, and the sentence that is to be drawn."""
    width, height = size
    card = Image.new("RGB", size, CARD)
    margin = max(2, round(min(size) * 0.06))
    ImageDraw.Draw(card).rectangle((margin, margin, width - margin - 1, height - margin - 1), outline=CARD_INK)
    font_size, smallest = _font_sizes(size)
    middle = round(height * 0.36)
    inner = (2 * margin, 2 * margin, width - 2 * margin, middle)
    font_size = round(font_size * 1.5)
    for words, box in ((heading, inner), (text, (inner[0], middle, inner[2], height - 2 * margin))):
        room = (box[2] - box[0], box[3] - box[1])
        if words.strip() and min(room) > smallest:
            draw_caption(card, fit(words, room, font_size, smallest, stack), box, CARD_INK, stack)
    return card
