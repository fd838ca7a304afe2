"""Draw the ten backdrops of the shipped cast pack as vector art, with Fluent set pieces standing on them.

    python scripts/draw_backdrops.py --from package --to assets/cast/fluent/settings

Each is 896x512, calm in the lower half where the figures stand, in daylight; `ID-sky.png` is white where the sky (in
the room: the window) shows, so that the stage can put dusk, stars and clouds there. Needs resvg-py (extra `data`). `--from`
is the unpacked npm package @lobehub/fluent-emoji-3d 1.1.0 (MIT, (c) Microsoft Corporation), as for make_cast.py.
"""

# Drawings read best with one shape a line, however long its coordinates are.
# ruff: noqa: E501

from __future__ import annotations

import argparse
import io
import math
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import resvg_py
from make_cast import SET_PIECES, source
from PIL import Image, ImageEnhance

WIDTH, HEIGHT = 896, 512


@dataclass
class Scene:
    """One backdrop in the making: SVG of the sky, then layers of SVG text and set pieces from back to front."""

    sky: str
    layers: list[str | tuple[str, float, float, float, bool, float]] = field(default_factory=list)

    def svg(self, *shapes: str) -> Scene:
        """Add vector shapes."""
        self.layers.append("".join(shapes))
        return self

    def stand(self, piece: str, x: float, foot: float, size: float, flip: bool = False, light: float = 1.0) -> Scene:
        """Stand set piece `piece` with the middle of its foot at (x, foot), `size` pixels wide, `light` its brightness."""
        self.layers.append((piece, x, foot, size, flip, light))
        return self


def gradient(name: str, *stops: str, across: bool = False) -> str:
    """A linear gradient definition, from above to below (or across), its colours evenly spaced."""
    parts = "".join(f'<stop offset="{i / (len(stops) - 1):.3f}" stop-color="{c}"/>' for i, c in enumerate(stops))
    way = 'x2="1" y2="0"' if across else 'x2="0" y2="1"'
    return f'<defs><linearGradient id="{name}" x1="0" y1="0" {way}>{parts}</linearGradient></defs>'


def rect(x: float, y: float, w: float, h: float, fill: str, more: str = "") -> str:
    """A rectangle."""
    return f'<rect x="{x}" y="{y}" width="{w}" height="{h}" fill="{fill}" {more}/>'


def oval(x: float, y: float, rx: float, ry: float, fill: str, more: str = "") -> str:
    """An ellipse around (x, y)."""
    return f'<ellipse cx="{x}" cy="{y}" rx="{rx}" ry="{ry}" fill="{fill}" {more}/>'


def poly(points: str, fill: str, more: str = "") -> str:
    """A polygon."""
    return f'<polygon points="{points}" fill="{fill}" {more}/>'


def hills(level: float, swing: float, waves: float, phase: float, fill: str) -> str:
    """A rolling ground from `level` down to the lower edge."""
    top = " ".join(
        f"{x},{level - swing * math.sin(2 * math.pi * waves * x / WIDTH + phase):.1f}" for x in range(0, WIDTH + 17, 16)
    )
    return poly(f"0,{HEIGHT} {top} {WIDTH + 16},{HEIGHT}", fill)


def cloud(x: float, y: float, size: float, alpha: float = 0.85) -> str:
    """A round white cloud."""
    puffs = ((0, 0, 1.0), (-0.9, 0.18, 0.66), (0.95, 0.16, 0.7), (0.42, -0.25, 0.62))
    shapes = "".join(oval(x + dx * size, y + dy * size, r * size, r * size * 0.6, "#fff") for dx, dy, r in puffs)
    return f'<g opacity="{alpha}">{shapes}</g>'


def sky(*stops: str, clouds: tuple[tuple[float, float, float], ...] = ()) -> str:
    """A sky of the given colours from above to below, with clouds (x, y, size)."""
    return gradient("sky", *stops) + rect(0, 0, WIDTH, HEIGHT, "url(#sky)") + "".join(cloud(*each) for each in clouds)


def spots(places: str, shape: Callable[[float, float], str]) -> str:
    """Repeat a shape at the places given as `x,y x,y ...`."""
    return "".join(shape(*(float(v) for v in place.split(","))) for place in places.split())


def firs(foot: float, height: float, step: float, fill: str, phase: float = 0.0) -> str:
    """A far line of pointed trees."""
    trees = []
    for i in range(int(WIDTH / step) + 3):
        x = (i - 1 + phase) * step
        h = height * (0.72 + 0.28 * math.sin(i * 2.4 + phase * 9))
        trees.append(poly(f"{x - step * 0.62},{foot} {x},{foot - h:.1f} {x + step * 0.62},{foot}", fill))
    return "".join(trees)


def tuft(fill: str) -> Callable[[float, float], str]:
    """Three blades of grass."""
    return lambda x, y: poly(f"{x - 9},{y} {x - 6},{y - 13} {x - 3},{y} {x},{y - 18} {x + 3},{y} {x + 7},{y - 12} {x + 9},{y}",
                             fill)  # fmt: skip


def forest() -> Scene:
    """Deep green wood: trunks and firs at both sides, a mossy clearing."""
    scene = Scene(sky("#8fd3c8", "#d9f2d0"))
    scene.svg(firs(300, 210, 58, "#5fa889"), firs(318, 180, 46, "#3f8a68", 0.4), firs(334, 130, 38, "#2c6e4f", 0.2))
    scene.svg(gradient("g", "#3f8f3c", "#27672c"), hills(318, 7, 1.5, 0.6, "url(#g)"))
    scene.svg(oval(448, 452, 330, 66, "#5aa84a", 'opacity="0.55"'))
    scene.svg(spots("210,352 330,338 560,344 700,350 262,498 640,500 452,340", tuft("#2f7a31")))
    for piece, x, foot, size in (("evergreen", 196, 352, 190), ("tree", 712, 352, 200), ("evergreen", 800, 372, 236)):
        scene.stand(piece, x, foot, size, light=0.86)
    scene.stand("tree", 84, 392, 270, light=0.92).stand("evergreen", 10, 430, 270)
    return scene.stand("evergreen", 884, 440, 280).stand("log", 118, 440, 74).stand("herb", 800, 446, 60)


def beach() -> Scene:
    """Turquoise sea, yellow sand, a palm on the left and a rock with a palm on the right."""
    scene = Scene(sky("#4fb7f0", "#c4ecff", "#fff3d6", clouds=((600, 70, 44), (300, 110, 32))))
    scene.svg(gradient("sea", "#1692c9", "#2cc7cf", "#8be8dc"), rect(0, 208, WIDTH, 130, "url(#sea)"))
    scene.svg(spots("120,240 420,232 620,258 300,272 760,240", lambda x, y: rect(x, y, 70, 3, "#fff", 'opacity="0.5"')))
    scene.svg(poly("520,208 560,186 610,178 660,190 700,208", "#3f9d6b"))
    scene.svg(
        gradient("sand", "#ffe29a", "#f3c266"), hills(330, 10, 1, 0.4, "#ffffff"), hills(338, 10, 1, 0.4, "url(#sand)")
    )
    scene.svg(oval(470, 440, 340, 46, "#ffedb8", 'opacity="0.7"'))
    scene.stand("palm", 92, 418, 300).stand("palm", 836, 376, 210, True, 0.94).stand("rock", 846, 392, 110, True)
    return scene.stand("shell", 200, 420, 44).stand("crab", 760, 420, 46)


def igloo(x: float, foot: float, size: float) -> str:
    """A dome of snow blocks."""
    dome = f'<path d="M{x - size},{foot} A{size},{size * 0.92} 0 0 1 {x + size},{foot} Z" fill="#e9f4ff" stroke="#a9c6e6"/>'
    rings = "".join(
        f'<path d="M{x - size * k:.0f},{foot - size * h:.0f} Q{x},{foot - size * (h + 0.12):.0f} '
        f'{x + size * k:.0f},{foot - size * h:.0f}" fill="none" stroke="#a9c6e6" stroke-width="3"/>'
        for k, h in ((0.95, 0.25), (0.83, 0.5), (0.58, 0.74))
    )
    door = f'<path d="M{x - 30},{foot} A30,40 0 0 1 {x + 30},{foot} Z" fill="#35507c"/>'
    return dome + rings + door


def snow() -> Scene:
    """White hills under a pale sky, firs, an igloo, blue shadows."""
    scene = Scene(sky("#9cc8ee", "#e8f4fd", clouds=((250, 80, 36), (690, 60, 42))))
    scene.svg(poly("0,300 120,170 210,240 330,130 470,270 600,160 740,262 830,190 896,250 896,340 0,340", "#b9d2ea"))
    scene.svg(poly("330,130 285,170 318,182 340,172 370,184 374,172", "#fff"))
    scene.svg(poly("600,160 560,190 590,200 610,190 640,202 644,190", "#fff"))
    scene.svg(firs(330, 74, 40, "#6f9fb0"), hills(312, 16, 1.2, 1.0, "#dcebf8"))
    scene.svg(gradient("s", "#ffffff", "#dbe9f7"), hills(346, 9, 0.9, 2.4, "url(#s)"))
    scene.svg(oval(450, 452, 320, 40, "#ffffff"), spots("240,400 690,420", lambda x, y: oval(x, y, 70, 9, "#cfe1f3")))
    scene.svg(igloo(742, 372, 96))
    scene.stand("evergreen", 62, 400, 230).stand("evergreen", 196, 352, 130, light=0.95).stand(
        "evergreen", 878, 404, 190
    )
    # Snow lies on the firs as white caps.
    return scene.svg(spots("62,188 50,238 78,262 196,236", lambda x, y: oval(x, y, 22, 8, "#fff", 'opacity="0.9"')))


def street() -> Scene:
    """A row of houses, a pavement and a grey road."""
    scene = Scene(sky("#8ec4f2", "#e3eef6", clouds=((150, 60, 34), (640, 44, 38))))
    blocks = ((0, 150, 90), (110, 110, 70), (300, 130, 80), (430, 90, 70), (520, 150, 90), (760, 120, 80))
    scene.svg("".join(rect(x, y, w, 260, "#b4c3d6") for x, y, w in blocks))
    for piece, x, size in (("office", 84, 236), ("store", 308, 220), ("hotel", 528, 226), ("department", 790, 250)):
        scene.stand(piece, x, 350, size)
    scene.svg(rect(0, 344, WIDTH, 40, "#cfd3da"), rect(0, 378, WIDTH, 8, "#9ea5b2"))
    scene.svg("".join(rect(x, 344, 3, 34, "#b3b9c4") for x in range(40, WIDTH, 86)))
    scene.svg(gradient("road", "#6d737f", "#565b66"), rect(0, 386, WIDTH, 130, "url(#road)"))
    scene.svg("".join(rect(x, 440, 92, 12, "#f4f1e2") for x in range(-30, WIDTH, 172)))
    return scene.stand("light", 196, 372, 44).stand("tree", 668, 364, 100)


def desert() -> Scene:
    """Orange dunes, pyramids, cacti and a hot sky."""
    scene = Scene(sky("#58b4e8", "#ffe3b0", "#ffcf8f"))
    scene.svg(poly("520,300 650,120 780,300", "#e2a457"), poly("650,120 780,300 690,300", "#bd7c3b"))
    scene.svg(poly("410,300 490,190 570,300", "#dd9b50"), poly("490,190 570,300 515,300", "#b87738"))
    scene.svg(
        hills(292, 22, 1.1, 0.2, "#eda24f"), gradient("d", "#f4a950", "#db7c33"), hills(330, 16, 0.8, 2.6, "url(#d)")
    )
    scene.svg("".join(f'<path d="M{x},{y} q60,-14 120,0 t120,0" fill="none" stroke="#c96f2c" stroke-width="4" opacity="0.5"/>'
                      for x, y in ((60, 396), (360, 378), (610, 420), (250, 470), (560, 490))))  # fmt: skip
    scene.stand("cactus", 96, 420, 220).stand("cactus", 838, 396, 150, True).stand("rock", 780, 400, 70, light=0.85)
    return scene.stand("camel", 300, 318, 76, light=0.95)


def meadow() -> Scene:
    """Lime hills full of small flowers, a farm house and a white fence."""
    scene = Scene(sky("#5fbcf5", "#d8f3ff", clouds=((170, 76, 46), (470, 50, 36), (720, 96, 42))))
    scene.svg(hills(262, 30, 1.0, 2.2, "#a8dc6c"), hills(290, 20, 1.3, 0.4, "#93d054"))
    scene.stand("house", 706, 310, 190).stand("tree", 560, 290, 92, light=1.05).stand("tree", 70, 318, 120, light=1.06)
    scene.svg(gradient("m", "#9ade4e", "#66bb35"), hills(320, 8, 0.8, 1.0, "url(#m)"))
    posts = "".join(rect(x, 300, 12, 50, "#fffdf5", 'rx="4"') for x in range(10, 330, 44))
    scene.svg(rect(0, 312, 330, 8, "#fffdf5"), rect(0, 330, 330, 8, "#fffdf5"), posts)
    for colour, places in (
        ("#ff6fa3", "40,372 150,392 250,370 640,372 760,392 868,378 96,470 820,470 700,440"),
        ("#fff7d0", "90,386 200,366 330,360 590,364 690,398 810,366 40,440 868,440 180,440"),
        ("#b06be8", "20,400 120,366 300,384 560,380 730,366 846,404 150,500 760,500"),
    ):
        scene.svg(spots(places, lambda x, y, c=colour: oval(x, y, 8, 7, c) + oval(x, y, 3, 3, "#ffd23f")))
    return scene.svg(spots("380,370 500,372 420,500 560,496 300,480 640,480", tuft("#55a52c")))


def room() -> Scene:
    """A warm living room: wallpaper, wooden floor, rug, a window, couch and lamp, shelf and plant."""
    pane = gradient("sky", "#86cdf7", "#dff3ff") + rect(356, 62, 184, 160, "url(#sky)")
    scene = Scene(pane)
    # The wall leaves a hole where the window is, so that the sky shows through it.
    wall = f"M0,0H{WIDTH}V360H0Z M356,62V222H540V62Z"
    scene.svg(f'<path d="{wall}" fill="#f6c99a" fill-rule="evenodd"/>')
    scene.svg("".join(rect(x, 0, 22, 360, "#f2bd88") for x in (20, 92, 164, 236, 308, 564, 636, 708, 780, 852)))
    scene.svg('<rect x="348" y="54" width="200" height="176" fill="none" stroke="#fffaf0" stroke-width="16"/>')
    scene.svg(rect(444, 60, 9, 164, "#fffaf0"), rect(356, 138, 184, 9, "#fffaf0"), rect(332, 230, 232, 14, "#fffaf0"))
    scene.svg(poly("322,44 372,44 356,150 326,240", "#d95d6a"), poly("574,44 524,44 540,150 570,240", "#d95d6a"))
    scene.svg(rect(306, 36, 284, 12, "#8f5a38", 'rx="6"'), rect(0, 340, WIDTH, 22, "#fff4e2"))
    scene.svg(gradient("f", "#b9793f", "#9a5f2e"), rect(0, 360, WIDTH, 160, "url(#f)"))
    scene.svg("".join(rect(0, y, WIDTH, 3, "#84502a") for y in (388, 424, 466)))
    scene.svg(
        "".join(
            rect(x, y, 3, h, "#84502a") for x, y, h in ((150, 360, 28), (500, 360, 28), (320, 388, 36), (720, 388, 36))
        )
    )
    scene.svg(
        oval(448, 452, 300, 46, "#4f77b8"), oval(448, 452, 262, 37, "#7ea2d8"), oval(448, 452, 200, 26, "#4f77b8")
    )
    scene.stand("couch", 150, 396, 290).stand("plant", 842, 404, 132).stand("frame", 176, 150, 110)
    scene.svg(rect(660, 190, 150, 12, "#8f5a38"), rect(660, 112, 150, 12, "#8f5a38"))
    return scene.stand("books", 700, 192, 62).stand("books", 768, 114, 56, True).stand("shell", 780, 192, 34)


def peak(x: float, foot: float, height: float, half: float) -> str:
    """A mountain with a lit side, a dark side and a cap of snow."""
    top = foot - height
    k = 0.3
    lit = poly(f"{x - half},{foot} {x},{top} {x + half},{foot}", "#8a9bb5")
    dark = poly(
        f"{x},{top} {x + half},{foot} {x + half * 0.2},{foot} {x - half * 0.06},{top + height * 0.45}", "#667893"
    )
    cap = poly(f"{x - half * k},{top + height * k} {x},{top} {x + half * k},{top + height * k} "
               f"{x + half * 0.14},{top + height * 0.24} {x},{top + height * 0.38} {x - half * 0.13},{top + height * 0.25}",
               "#fff")  # fmt: skip
    return lit + dark + cap


def lake() -> Scene:
    """Grey mountains with snow caps over a blue lake, pines, a pebble shore and a tent."""
    scene = Scene(sky("#6aa9e0", "#dcecf8", clouds=((110, 60, 34), (520, 50, 30))))
    scene.svg(peak(160, 250, 170, 210), peak(720, 250, 190, 230), peak(440, 250, 225, 230))
    scene.svg(firs(256, 44, 26, "#2f6b5c"), gradient("w", "#5fa3d8", "#2b69b0"), rect(0, 252, WIDTH, 120, "url(#w)"))
    scene.svg(
        poly("340,252 440,330 540,252", "#8fb4da", 'opacity="0.55"'),
        poly("640,252 720,316 800,252", "#8fb4da", 'opacity="0.5"'),
    )
    scene.svg(
        spots(
            "80,282 300,300 560,290 700,330 200,338 420,348", lambda x, y: rect(x, y, 90, 3, "#d9ecff", 'opacity="0.6"')
        )
    )
    scene.svg(
        gradient("b", "#a3a58d", "#82836c"), hills(362, 8, 1.2, 0.5, "#6d8a4a"), hills(374, 7, 1.2, 0.5, "url(#b)")
    )
    scene.svg(spots("60,420 150,470 260,408 380,490 520,402 640,480 720,418 840,470 460,440 310,450",
                    lambda x, y: oval(x, y, 15, 7, "#b9bba6") + oval(x + 20, y + 7, 9, 5, "#74755f")))  # fmt: skip
    scene.stand("evergreen", 60, 390, 160, light=0.88).stand("evergreen", 140, 376, 110, light=0.88)
    return scene.stand("tent", 800, 398, 170).stand("rock", 226, 398, 60)


def tower(x: float, width: float, top: float) -> str:
    """A stone tower of the castle wall with battlements and a pointed window."""
    teeth = "".join(rect(x + i * width / 5, top - 22, width / 7, 24, "#b9a5cf") for i in range(5))
    window = f'<path d="M{x + width * 0.36},{top + 110} v-34 a{width * 0.14},26 0 0 1 {width * 0.28},0 v34 Z" fill="#4b3a6e"/>'
    return (
        rect(x, top, width, 340 - top, "#b9a5cf")
        + rect(x + width * 0.72, top, width * 0.28, 340 - top, "#9d88b8")
        + teeth
        + window
    )


def castle() -> Scene:
    """A courtyard of lilac stone: the castle at the back, a tower at each side, banners, a flagged floor."""
    scene = Scene(sky("#8a9df0", "#f7d3ec", clouds=((190, 110, 28), (690, 66, 36))))
    scene.svg(hills(300, 10, 1.0, 0.4, "#8fc07a")).stand("castle", 448, 342, 306)
    scene.svg(rect(110, 262, 190, 90, "#cdbbe0"), rect(596, 262, 190, 90, "#cdbbe0"))
    scene.svg("".join(rect(x, 246, 24, 20, "#cdbbe0") for x in (122, 162, 202, 242, 600, 640, 680, 720)))
    scene.svg(tower(-10, 140, 120), tower(766, 140, 120))
    for x in (60, 836):
        scene.svg(
            poly(f"{x - 26},250 {x + 26},250 {x + 26},330 {x},312 {x - 26},330", "#d8385e"),
            oval(x, 278, 11, 11, "#ffd34d"),
        )
    scene.svg(gradient("c", "#d9cbe6", "#b8a4cc"), rect(0, 338, WIDTH, 180, "url(#c)"))
    rows = ((338, 372), (372, 416), (416, 470), (470, 540))
    for row, (y, end) in enumerate(rows):
        shade = []
        for i in range(-8, 9):
            if (i + row) % 2 == 0:
                near, far = 60 + (end - 338) * 0.75, 60 + (y - 338) * 0.75
                shade.append(poly(f"{448 + i * far:.0f},{y} {448 + (i + 1) * far:.0f},{y} {448 + (i + 1) * near:.0f},{end} "
                                  f"{448 + i * near:.0f},{end}", "#a994c0", 'opacity="0.38"'))  # fmt: skip
        scene.svg("".join(shade))
    return scene


def space() -> Scene:
    """A dark sky full of stars, planets, a rocket and a saucer over the grey ground of a moon."""
    stars = "".join(
        oval(
            (i * 7919 + i * i * 131) % 887, (i * 3571 + i * i * 89) % 331, 1.4 + i % 3 * 0.8, 1.4 + i % 3 * 0.8, "#fff"
        )
        for i in range(90)
    )
    scene = Scene(gradient("sky", "#0b0a2a", "#2b1a5e", "#51307f") + rect(0, 0, WIDTH, HEIGHT, "url(#sky)"))
    glow = oval(470, 190, 420, 70, "#8a4fc0", 'opacity="0.28" transform="rotate(-14 470 190)"')
    scene.svg(glow, stars).stand("earth", 664, 170, 118).stand("planet", 300, 150, 130)
    scene.svg(gradient("l", "#aeb0c6", "#7d7f9c"), hills(344, 9, 1.4, 0.8, "url(#l)"))
    for x, y, rx in ((180, 470, 66), (720, 478, 74), (430, 374, 46), (610, 400, 38), (330, 420, 34), (520, 486, 44)):
        scene.svg(oval(x, y, rx, rx * 0.22, "#6c6e8c"), oval(x, y + 4, rx * 0.9, rx * 0.16, "#9294b0"))
    return scene.stand("rocket", 104, 400, 230).stand("saucer", 812, 240, 150)


SCENES: dict[str, Callable[[], Scene]] = {
    "forest": forest, "beach": beach, "snow": snow, "street": street, "desert": desert, "meadow": meadow, "room": room,
    "lake": lake, "castle": castle, "space": space,
}  # fmt: skip


def rasterise(shapes: str) -> Image.Image:
    """Draw SVG shapes on a transparent sheet of 896x512."""
    text = f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}">{shapes}</svg>'
    return Image.open(io.BytesIO(bytes(resvg_py.svg_to_bytes(svg_string=text)))).convert("RGBA")


def set_piece(package: Path, layer: tuple[str, float, float, float, bool, float]) -> Image.Image:
    """Return a transparent sheet with one set piece on it."""
    piece, x, foot, size, flip, light = layer
    art = Image.open(source(package, SET_PIECES[piece])).convert("RGBA")
    art = art.crop(art.getchannel("A").point([255 * (v > 12) for v in range(256)]).getbbox())
    scale = size / art.width
    art = art.resize((round(size), round(art.height * scale)), Image.Resampling.LANCZOS)
    art = art.transpose(Image.Transpose.FLIP_LEFT_RIGHT) if flip else art
    tinted = ImageEnhance.Brightness(art.convert("RGB")).enhance(light)
    tinted.putalpha(art.getchannel("A"))
    sheet = Image.new("RGBA", (WIDTH, HEIGHT))
    sheet.paste(tinted, (round(x - size / 2), round(foot - tinted.height)))
    return sheet


def draw(package: Path, scene: Scene) -> tuple[Image.Image, Image.Image]:
    """Return the backdrop (RGB) and its sky mask (grey, white where the sky shows)."""
    front = Image.new("RGBA", (WIDTH, HEIGHT))
    for layer in scene.layers:
        front.alpha_composite(rasterise(layer) if isinstance(layer, str) else set_piece(package, layer))
    whole = Image.new("RGBA", (WIDTH, HEIGHT), "#222")
    whole.alpha_composite(rasterise(scene.sky))
    whole.alpha_composite(front)
    return whole.convert("RGB"), front.getchannel("A").point(lambda v: 255 - v)


def main() -> None:
    """Read the command line and draw."""
    parser = argparse.ArgumentParser(description="Draw the backdrops of the shipped cast pack.")
    parser.add_argument("--from", dest="package", type=Path, required=True, help="the unpacked npm package")
    parser.add_argument("--to", type=Path, default=Path(__file__).parents[1] / "assets/cast/fluent/settings")
    parser.add_argument("--only", nargs="*", choices=sorted(SCENES), default=sorted(SCENES))
    options = parser.parse_args()
    options.to.mkdir(parents=True, exist_ok=True)
    for name in options.only:
        picture, sky_mask = draw(options.package, SCENES[name]())
        picture.save(options.to / f"{name}.webp", quality=90, method=6)
        sky_mask.save(options.to / f"{name}-sky.png", optimize=True)
    print(f"{len(options.only)} backdrops in {options.to}")


if __name__ == "__main__":
    main()
