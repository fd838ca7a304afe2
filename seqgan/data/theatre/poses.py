"""From a picture to a posed figure: the character's art for an action, or its `stand` picture turned, lifted or sunk.

A figure's unit is the longer side of its picture times the picture's scale. `Figure` is what the stage pastes: a
premultiplied RGBA array, the place of the feet in it, and the figure's own box without the marks around it.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from PIL import Image

from seqgan.data.theatre import marks
from seqgan.data.theatre.marks import Sheet
from seqgan.data.theatre.pack import CastPack, Character, Picture
from seqgan.data.theatre.world import Look

LANCZOS, BICUBIC = Image.Resampling.LANCZOS, Image.Resampling.BICUBIC


@dataclass(frozen=True)
class Figure:
    """A figure ready to paste: pixels (h, w, 4) uint8 premultiplied, feet (x, y) and box (x0, y0, x1, y1) in pixels."""

    pixels: np.ndarray
    feet: tuple[int, int]
    box: tuple[int, int, int, int]


@functools.lru_cache(maxsize=512)
def load_art(path: str, tint: tuple[int, int, int] | None = None) -> Image.Image:
    """Read a picture as RGBA, cropped to what is visible; pale cloth in its lower part takes the colour `tint`."""
    with Image.open(path) as image:
        art = image.convert("RGBA")
    box = art.getchannel("A").point([255 * (value > 24) for value in range(256)]).getbbox()
    art = art.crop(box) if box else art
    return _tinted(art, tint) if tint else art


def _tinted(art: Image.Image, tint: tuple[int, int, int]) -> Image.Image:
    """Multiply what is nearly white or grey below the middle of `art` with `tint`."""
    pixels = np.array(art)
    lower = pixels[round(0.6 * art.height) :]
    colour = lower[..., :3].astype(np.int32)
    pale = (colour.min(axis=2) > 150) & (np.ptp(colour, axis=2) < 44)
    lower[..., :3][pale] = (colour * np.array(tint) // 255)[pale]
    return Image.fromarray(pixels)


def facing(picture: Picture, place: str, turned: bool = False) -> tuple[bool, int]:
    """Return (flip?, forward = +1 right or -1 left): at the left a figure looks right, at the right it looks left, and
    elsewhere as its picture does, or the other way where it is `turned`."""
    free = {"left": "right", "right": "left"}.get(picture.faces, "front") if turned else picture.faces
    wanted = {"left": "right", "right": "left"}.get(place, free)
    flip = picture.faces != "front" and wanted != picture.faces
    return flip, -1 if wanted == "left" else 1


def figure(
    pack: CastPack, who: str, action: str, place: str, look: Look, size: float, turned: bool = False
) -> Figure:  # fmt: skip
    """Draw one member of the cast doing `action`, its unit `size` pixels (before the picture's own scale)."""
    character = pack.characters[who]
    picture = character.art.get(action, character.art["stand"])
    unit = max(4, round(size * picture.scale))
    work = min(max(2 * unit, 96), max(unit, 1024))
    flip, forward = facing(picture, place, turned)
    sheet = Sheet(work, forward)
    art = _dressed(picture, look, min(work, 512) if work < 512 else work)
    art = art.transpose(Image.Transpose.FLIP_LEFT_RIGHT) if flip else art
    bare = load_art(str(picture.path), picture.tint)
    sheet.bare = bare.height / max(bare.size)
    box = _pose(character, action)(sheet, art, pack)
    return _finish(sheet, box, unit)


def thing(path: str, size: float) -> Figure:
    """Draw a prop whose longer side is `size` pixels, standing on its lower edge."""
    art = load_art(path)
    scale = size / max(art.size)
    art = art.resize((max(1, round(art.width * scale)), max(1, round(art.height * scale))), LANCZOS)
    return Figure(premultiply(art), (art.width // 2, art.height), (0, 0, art.width, art.height))


def premultiply(image: Image.Image) -> np.ndarray:
    """RGBA picture to a premultiplied uint8 array (h, w, 4), in integers."""
    pixels = np.asarray(image.convert("RGBA")).astype(np.uint16)
    colour = pixels[..., :3] * pixels[..., 3:] + 128
    return np.concatenate([(colour + (colour >> 8)) >> 8, pixels[..., 3:]], axis=2).astype(np.uint8)


def _dressed(picture: Picture, look: Look, unit: int) -> Image.Image:
    """The picture with its longer side `unit` pixels, wearing the hat or scarf of `look`."""
    art = load_art(str(picture.path), picture.tint)
    scale = unit / max(art.size)
    art = art.resize((max(1, round(art.width * scale)), max(1, round(art.height * scale))), LANCZOS)
    if look.item == "hat":
        return marks.hat(art, picture.hat or (0.5, 0.1, 0.4, 0.0), look.colour)
    if look.item == "scarf":
        tall = art.height > 1.8 * art.width
        default = (0.5, 0.24, 0.24, 0.0) if tall else (0.5, 0.5, 0.5, 0.0)
        return marks.scarf(art, picture.scarf or default, look.colour)
    return art


def _finish(sheet: Sheet, box: tuple[int, int, int, int], unit: int) -> Figure:
    """Crop the sheet to what is on it and reduce it to the wanted unit."""
    crop = sheet.image.getbbox() or (0, 0, 1, 1)
    scale = unit / sheet.unit
    size = (max(1, round((crop[2] - crop[0]) * scale)), max(1, round((crop[3] - crop[1]) * scale)))
    small = sheet.image.crop(crop).resize(size, LANCZOS)
    feet = (round((sheet.origin[0] - crop[0]) * scale), round((sheet.origin[1] - crop[1]) * scale))
    inner = tuple(round((value - crop[i % 2]) * scale) for i, value in enumerate(box))
    return Figure(premultiply(small), feet, (inner[0], inner[1], inner[2], inner[3]))


def _turned(sheet: Sheet, art: Image.Image, degrees: float) -> Image.Image:
    """The art leaning `degrees` forward (negative: backward), cropped to what is visible."""
    turned = art.rotate(-degrees * sheet.forward, BICUBIC, expand=True)
    return turned.crop(turned.getbbox() or (0, 0, 1, 1))


def _shrunk(art: Image.Image, scale: float) -> Image.Image:
    return art.resize((max(1, round(art.width * scale)), max(1, round(art.height * scale))), LANCZOS)


def _units(sheet: Sheet, art: Image.Image) -> tuple[float, float]:
    """Half the width and the height of the art in units."""
    return art.width / sheet.unit / 2, art.height / sheet.unit


Box = tuple[int, int, int, int]


def _plain(sheet: Sheet, art: Image.Image, pack: CastPack) -> Box:
    sheet.shadow(min(0.5, _units(sheet, art)[0] * 0.95))
    return sheet.paste(art, (0, 0))


def _walk(sheet: Sheet, art: Image.Image, pack: CastPack, lean: float = 0.0) -> Box:
    art = _turned(sheet, art, lean)
    half, _ = _units(sheet, art)
    sheet.shadow(half * 0.8)
    marks.footprints(sheet, -half * 0.85)
    return sheet.paste(art, (0, 0))


def _run(sheet: Sheet, art: Image.Image, pack: CastPack, lean: float = 0.0) -> Box:
    art = _turned(sheet, art, lean)
    half, height = _units(sheet, art)
    sheet.shadow(half * 0.7)
    marks.speed_lines(sheet, -half, height)
    _mark(sheet, pack, "dust", (-half - 0.08, 0.0), 0.3, marks.puffs, -half)
    return sheet.paste(art, (0, 0.02))


def _jump(sheet: Sheet, art: Image.Image, pack: CastPack) -> Box:
    half, height = _units(sheet, art)
    sheet.shadow(min(0.42, half + 0.05), strength=110)
    for x in (-0.5, 0.0, 0.5):
        x *= min(half, 0.4) * 1.4
        sheet.line([(x, 0.08), (x, 0.2)], 0.045, marks.WHITE)
    # Tall figures jump less high, so that they stay in the frame.
    return sheet.paste(art, (0, 0.36 if height < 1.6 * half * 2 else 0.19))


def _sleep(sheet: Sheet, art: Image.Image, pack: CastPack, upright: bool = True) -> Box:
    # Upright figures lie down on their back; a four-legged one seen from the side lies on its belly.
    art = _turned(sheet, art, -90) if upright else art.crop((0, 0, art.width, round(art.height * 0.74)))
    half, height = _units(sheet, art)
    sheet.shadow(half + 0.1)
    marks.cushion(sheet, half)
    box = sheet.paste(art, (0, 0.1 if upright else 0.07))
    head = -half * 0.55 if upright else half * 0.45
    for i, size in enumerate((0.11, 0.15, 0.19)):
        marks.letter_z(sheet, (head - 0.1 + 0.19 * i, height + 0.13 + 0.11 * i), size)
    return box


def _dance(sheet: Sheet, art: Image.Image, pack: CastPack, lean: float = 0.0) -> Box:
    art = _turned(sheet, art, lean)
    half, height = _units(sheet, art)
    sheet.shadow(half * 0.8)
    box = sheet.paste(art, (0, 0))
    # Beside a slim figure, above a wide one, so that neighbours keep their faces.
    side, low = (0.26, height - 0.06) if half > 0.35 else (max(half, 0.2), height * 0.62)
    marks.note(sheet, (side + 0.06, low), 0.3, (255, 70, 160))
    marks.note(sheet, (-side - 0.24, low + 0.08), 0.3, (120, 80, 255))
    return box


def _wave(sheet: Sheet, art: Image.Image, pack: CastPack) -> Box:
    half, height = _units(sheet, art)
    sheet.shadow(min(0.5, half))
    box = sheet.paste(art, (0, 0))
    side = half + 0.12
    _mark(sheet, pack, "hand", (side, height * 0.62), 0.36, _glove, side, height * 0.62)
    marks.arcs(sheet, (side + 0.02, height * 0.62 + 0.14), 0.24, -10, 60, 2)
    return box


def _wave_art(sheet: Sheet, art: Image.Image, pack: CastPack) -> Box:
    half, height = _units(sheet, art)
    sheet.shadow(min(0.5, half))
    box = sheet.paste(art, (0, 0))
    # The art raises the arm at the left of the picture, wherever the figure stands.
    side = -1 if sheet.forward > 0 else 1
    centre = (side * (half - 0.2), min(height, sheet.bare) - 0.2)
    marks.arcs(sheet, centre, 0.25, *((115, 180) if side < 0 else (0, 65)), 2)
    return box


def _bow(sheet: Sheet, art: Image.Image, pack: CastPack) -> Box:
    art = _turned(sheet, art, 42)
    half, height = _units(sheet, art)
    sheet.shadow(half * 0.8)
    marks.ticks(sheet, height + 0.06)
    return sheet.paste(art, (0, 0))


def _swim(sheet: Sheet, art: Image.Image, pack: CastPack) -> Box:
    art = _turned(sheet, art, 14)
    half, _ = _units(sheet, art)
    width = max(half + 0.1, 0.5)
    marks.waves(sheet, width, 0.36, back=True)
    seen = art.crop((0, 0, art.width, round(art.height * 0.7)))
    box = sheet.paste(seen, (0, 0.12))
    marks.waves(sheet, width, 0.27)
    return box


def _juggle(sheet: Sheet, art: Image.Image, pack: CastPack) -> Box:
    art = _shrunk(art, 0.86)
    half, height = _units(sheet, art)
    sheet.shadow(min(0.5, half))
    box = sheet.paste(art, (0, 0))
    marks.balls(sheet, height + 0.02, max(0.36, half))
    return box


def _ride(sheet: Sheet, art: Image.Image, pack: CastPack) -> Box:
    art = _shrunk(_turned(sheet, art, 6), 0.7)
    sheet.shadow(0.5)
    _mark(sheet, pack, "bicycle", (0.0, 0.0), 1.0, marks.bicycle)
    return sheet.paste(art, (-0.06, 0.4))


def _cartwheel(sheet: Sheet, art: Image.Image, pack: CastPack, turn: float = 180.0) -> Box:
    art = _turned(sheet, art, turn)
    half, height = _units(sheet, art)
    sheet.shadow(half * 0.7)
    box = sheet.paste(art, (0, 0))
    reach = max(half, height / 2) + 0.02
    marks.arcs(sheet, (0, height / 2), reach, 20, 70, 1)
    marks.arcs(sheet, (0, height / 2), reach, 200, 250, 1)
    return box


def _glove(sheet: Sheet, x: float, y: float) -> None:
    """A raised white hand, for packs that bring none."""
    for lean in (-0.1, -0.03, 0.04, 0.11):
        sheet.line([(x + lean * 0.6, y + 0.1), (x + lean * 1.3, y + 0.27)], 0.045, marks.WHITE)
    sheet.dot((x, y + 0.1), 0.1, marks.WHITE)


def _mark(
    sheet: Sheet, pack: CastPack, name: str, foot: tuple[float, float], size: float,
    drawn: Callable[..., None], *places: float,
) -> None:  # fmt: skip
    """Lay the pack's own picture of a mark, or draw the house's."""
    mark = pack.marks.get(name)
    if mark is None:
        drawn(sheet, *places)
        return
    art = load_art(str(mark.path))
    scale = size * sheet.unit / max(art.size)
    art = art.resize((max(1, round(art.width * scale)), max(1, round(art.height * scale))), LANCZOS)
    ahead = "right" if sheet.forward > 0 else "left"
    if mark.faces not in ("front", ahead):
        art = art.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    sheet.paste(art, foot)


Pose = Callable[[Sheet, Image.Image, CastPack], Box]

_POSES: dict[str, Pose] = {
    "stand": _plain,
    "walk": functools.partial(_walk, lean=9.0),
    "run": functools.partial(_run, lean=20.0),
    "jump": _jump,
    "dance": functools.partial(_dance, lean=-14.0),
    "sleep": _sleep,
    "wave": _wave,
    "bow": _bow,
    "swim": _swim,
    "juggle": _juggle,
    "ride": _ride,
    "cartwheel": _cartwheel,
}
"""How the `stand` picture does an action that has no art of its own."""

_ART_MARKS: dict[str, Pose] = {
    "walk": _walk,
    "run": _run,
    "jump": _jump,
    "dance": _dance,
    "wave": _wave_art,
    "cartwheel": functools.partial(_cartwheel, turn=0.0),
}
"""What is drawn around the art of an action; the other actions' art speaks for itself."""


def _pose(character: Character, action: str) -> Pose:
    if action in character.art:
        return _ART_MARKS.get(action, _plain)
    if action == "sleep" and character.art["stand"].faces != "front":
        return functools.partial(_sleep, upright=False)
    return _POSES[action]
