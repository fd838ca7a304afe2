"""Backdrops at any size: cut for the shot, coloured for the time of day and the weather, in integers.

The sky mask of a setting says where sun, moon and stars may show; without one the upper third fades into the picture.
Colours are 0..255; products of two bytes are divided by 256, so that the same bytes come out on every machine.
"""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageDraw

from seqgan.data.theatre.pack import Setting

Colour = tuple[int, int, int]

PAN = 0.06
"""Extra width of a backdrop (share of the frame), of which the staging noise shows one part or another."""
_CUT = {"far": (1.0, 1.0), "medium": (0.92, 1.0), "close": (0.62, 0.95)}
"""Shot -> (share of the picture's height that is seen, its lower edge)."""

_GROUND: dict[str, Colour] = {"dusk": (250, 188, 150), "night": (78, 92, 150)}
_INDOOR: dict[str, Colour] = {"dusk": (255, 206, 170), "night": (124, 118, 160)}
_SKY: dict[str, tuple[Colour, Colour]] = {
    "dusk": ((118, 84, 168), (255, 150, 84)),
    "night": ((8, 12, 44), (44, 56, 118)),
}
FIGURES: dict[str, Colour] = {"day": (256, 256, 256), "dusk": (256, 228, 206), "night": (190, 198, 232)}
"""Light on actors and props by time of day, 256 = as drawn."""
_GREY: dict[str, Colour] = {"rain": (128, 140, 158), "snow": (206, 216, 228)}


def backdrop(setting: Setting, time: str, weather: str, shot: str, size: tuple[int, int]) -> np.ndarray:
    """Return the backdrop as uint8 (H, W + pan room, 3) for a frame of `size` (H, W).

    `time` is day, dusk or night; `weather` clear, rain or snow (clear wherever the setting is indoor).
    """
    height, width = size
    wide = width + 2 * round(PAN * width / 2)
    weather = "clear" if setting.indoor else weather
    picture, mask, frame = _cut(setting, shot, (height, wide))
    pixels = _weathered(picture, mask, weather)
    if time != "day":
        pixels = _timed(pixels, mask, time, setting.indoor)
    canvas = Image.fromarray(pixels)
    if weather == "clear" and not setting.indoor:
        _heavens(canvas, mask, time, frame)
    if time == "night" and setting.lamp is not None:
        canvas = _lamp(canvas, setting.lamp, frame)
    if weather != "clear":
        _fall(canvas, weather, time, height)
    return np.asarray(canvas)


def _cut(setting: Setting, shot: str, size: tuple[int, int]) -> tuple[np.ndarray, np.ndarray, tuple[float, ...]]:
    """The picture (H, W, 3) and the sky mask (H, W) for the shot, and the frame (x0, y0, pixels per unit height)."""
    height, wide = size
    picture, mask = _open(setting)
    share, lower = _CUT[shot]
    cut_h = share * picture.height
    cut_w = cut_h * wide / height
    if cut_w > picture.width:
        cut_w, cut_h = picture.width, picture.width * height / wide
    x0, y0 = (picture.width - cut_w) / 2, max(0.0, lower * picture.height - cut_h)
    box = (x0, y0, x0 + cut_w, y0 + cut_h)
    seen = picture.resize((wide, height), Image.Resampling.LANCZOS, box)
    sky = mask.resize((wide, height), Image.Resampling.BOX, box)
    scale = height / cut_h
    return np.asarray(seen), np.asarray(sky), (x0, y0, scale, picture.width, picture.height)


def _open(setting: Setting) -> tuple[Image.Image, Image.Image]:
    """The setting's picture and sky mask; a pack without backdrops gets a meadow of two colours."""
    if setting.picture is None:
        picture = Image.new("RGB", (896, 512), (150, 205, 245))
        picture.paste((120, 185, 90), (0, 300, 896, 512))
    else:
        with Image.open(setting.picture) as image:
            picture = image.convert("RGB")
    if setting.sky is not None:
        with Image.open(setting.sky) as image:
            return picture, image.convert("L").resize(picture.size)
    if setting.indoor:
        return picture, Image.new("L", picture.size, 0)
    fade = np.clip(255 - np.arange(picture.height) * 720 // picture.height, 0, 255).astype(np.uint8)
    return picture, Image.fromarray(np.repeat(fade[:, None], picture.width, axis=1))


def _blend(pixels: np.ndarray, colour: np.ndarray, amount: np.ndarray | int) -> np.ndarray:
    """pixels towards colour by amount/255, all integers."""
    base = pixels.astype(np.int32)
    return (base + ((colour.astype(np.int32) - base) * amount + 127) // 255).astype(np.uint8)


def _weathered(pixels: np.ndarray, mask: np.ndarray, weather: str) -> np.ndarray:
    """Grey the picture and cover the sky for rain and snow."""
    if weather == "clear":
        return pixels
    grey = pixels.astype(np.int32).sum(axis=2, keepdims=True) // 3
    pixels = _blend(pixels, np.broadcast_to(grey, pixels.shape), 110 if weather == "rain" else 60)
    colour = np.array(_GREY[weather])
    pixels = _blend(pixels, colour, mask[..., None].astype(np.int32) * 9 // 10)
    if weather == "rain":
        return (pixels.astype(np.int32) * 205 // 256).astype(np.uint8)
    return _blend(pixels, np.array((246, 250, 255)), 60)


def _timed(pixels: np.ndarray, mask: np.ndarray, time: str, indoor: bool) -> np.ndarray:
    """Colour the ground for dusk or night and put the evening's sky where the mask is white."""
    light = np.array((_INDOOR if indoor else _GROUND)[time], np.int32)
    dark = (pixels.astype(np.int32) * light >> 8).astype(np.uint8)
    upper, lower = (np.array(colour, np.int32) for colour in _SKY[time])
    rows = np.arange(pixels.shape[0], dtype=np.int32)[:, None, None]
    sky = upper + (lower - upper) * np.minimum(rows * 2, pixels.shape[0]) // pixels.shape[0]
    return _blend(dark, sky, mask[..., None].astype(np.int32) * 7 // 8)


def _heavens(canvas: Image.Image, mask: np.ndarray, time: str, frame: tuple[float, ...]) -> None:
    """Paint sun, evening sun, or moon and stars behind everything that hides the sky."""
    layer = Image.new("RGB", canvas.size)
    shown = Image.new("L", canvas.size)
    pens = (ImageDraw.Draw(layer), ImageDraw.Draw(shown))
    x0, y0, scale, width, height = frame

    def disc(x: float, y: float, radius: float, colour: Colour | None) -> None:
        px, py, r = (x * width - x0) * scale, (y * height - y0) * scale, radius * height * scale
        box = (round(px - r), round(py - r), round(px + r), round(py + r))
        pens[0].ellipse(box, fill=colour or (0, 0, 0))
        pens[1].ellipse(box, fill=255 if colour else 0)

    if time == "day":
        disc(0.3, 0.15, 0.09, (255, 244, 190))
        disc(0.3, 0.15, 0.068, (255, 216, 64))
    elif time == "dusk":
        disc(0.32, 0.36, 0.15, (255, 178, 96))
        disc(0.32, 0.36, 0.11, (255, 224, 130))
    else:
        for i in range(60):
            disc(i * 617 % 997 / 997, (i * i * 53 + i * 197) % 499 / 900, (0.008, 0.005, 0.006)[i % 3], (255, 250, 214))
        disc(0.7, 0.17, 0.085, (255, 240, 178))
        disc(0.735, 0.15, 0.072, None)
    seen = np.asarray(shown).astype(np.uint16) * mask // 255
    canvas.paste(layer, (0, 0), Image.fromarray(seen.astype(np.uint8)))


def _lamp(canvas: Image.Image, place: tuple[float, float], frame: tuple[float, ...]) -> Image.Image:
    """Add the warm light of a lamp around `place` (shares of the picture)."""
    x0, y0, scale, width, height = frame
    rows, columns = np.mgrid[0 : canvas.height, 0 : canvas.width]
    px, py = round((place[0] * width - x0) * scale), round((place[1] * height - y0) * scale)
    reach = max(1, round(0.62 * height * scale))
    far = ((rows - py) ** 2 + (columns - px) ** 2) * 255 // (reach * reach)
    glow = np.clip(255 - far, 0, 255)[..., None]
    lit = np.asarray(canvas).astype(np.int32) + np.array((120, 88, 30)) * glow // 255
    return Image.fromarray(np.clip(lit, 0, 255).astype(np.uint8))


def _fall(canvas: Image.Image, weather: str, time: str, height: int) -> None:
    """Draw streaks of rain or flakes of snow over the whole picture, at fixed places."""
    pen = ImageDraw.Draw(canvas)
    count = 120 if weather == "rain" else 110
    shade = {"day": 255, "dusk": 240, "night": 200}[time]
    for i in range(count):
        x, y = (i * 617 % 1009) / 1009 * canvas.width, (i * 389 % 743) / 743 * height
        if weather == "rain":
            length = height * (5 + i % 3) / 100
            end = (round(x - length * 0.35), round(y + length))
            pen.line((round(x), round(y), *end), fill=(shade - 60, shade - 30, shade), width=max(1, height // 110))
        else:
            r = height * (9 + i % 3 * 3) / 1000
            pen.ellipse((round(x - r), round(y - r), round(x + r), round(y + r)), fill=(shade, shade, shade))
