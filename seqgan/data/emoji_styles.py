"""EmojiStyles: emoji of three styles (Noto, Twemoji, Fluent) with their names and tags, a benchmark anyone can make.

    seqgan data fetch noto-emoji    # and twemoji, fluent-emoji-3d, emojibase
    seqgan data prepare emoji-styles -o data/emoji-styles

A picture is one concept (an emoji without skin tones; no flags, symbols, keycaps or components) in one style, on
white. Its captions: "{name}", "{name}, {style} style", "a {style} picture of {name}", "{tag}, {tag}, {tag}". Splits are
by base concept, all styles and genders of one on one side; of a fourth of the training concepts one style is held out
in `test_pairs` and `val_pairs`: a concept and a style that were seen, together for the first time.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from seqgan.checks import check_choice
from seqgan.data.fetch import fetched_folder
from seqgan.data.hashed import hashed
from seqgan.data.manifest import Record
from seqgan.data.pictures import Picture, write_pictures
from seqgan.errors import DataError
from seqgan.resources import asset

RENDERED = 256
"""Pixels a side at which art is read or rasterised; sizes divide it."""
SIZES = ("32", "64", "128", "256")
STYLES = {"noto": "noto-emoji", "twemoji": "twemoji", "fluent": "fluent-emoji-3d"}
"""Style, as captions name it -> what `seqgan data fetch` calls its source."""
GROUPS = {0: "smileys", 1: "people", 3: "nature", 4: "food", 5: "travel", 6: "activities", 7: "objects"}
"""Groups of emojibase whose emoji are pictures of something."""
PERSONS = frozenset(("man", "woman", "person", "men", "women", "people"))
ALIKE = {"o’clock": "clock face", "thirty": "clock face", "bubble": "bubble"}
"""A word of a name -> the base concept of all that have it: some differ by less than two pictures of one thing do."""
TAGS = 3
SHARES = {"test": 0.05, "val": 0.05}
"""Shares of base concepts that no style of is trained on."""
PAIRS = {"test_pairs": 0.20, "val_pairs": 0.05}
"""Shares of the other concepts of which one style is held out."""
LICENCE = ("art: Noto Emoji Apache-2.0 (c) Google; Twemoji CC BY 4.0 (c) Twitter and contributors; Fluent Emoji MIT "
           "(c) Microsoft Corporation; names: emojibase MIT (c) Miles Johnson")  # fmt: skip


@dataclass(frozen=True)
class Concept:
    """An emoji: code points in lower case with dashes, its name, tags, group and subgroup."""

    code: str
    name: str
    tags: tuple[str, ...]
    group: str
    subgroup: str

    @property
    def base(self) -> str:
        """The name without words for a person's gender, so that no variant of a concept crosses a split."""
        for word, base in ALIKE.items():
            if word in self.name.replace("-", " ").split():
                return base
        return " ".join(word for word in self.name.split() if word not in PERSONS) or self.name

    def captions(self, style: str) -> tuple[str, ...]:
        """What may be said of its picture in a style."""
        named = (self.name, f"{self.name}, {style} style", f"a {style} picture of {self.name}")
        return (*named, ", ".join(self.tags[:TAGS])) if self.tags else named

    def split(self, style: str, seed: int) -> str:
        """Which split its picture in a style belongs to."""
        drawn, past = hashed(seed, "concept", self.base), 0.0
        for name, share in SHARES.items():
            past += share
            if drawn < past:
                return name
        pair, past = hashed(seed, "pair", self.code), 0.0
        held = list(STYLES)[int(len(STYLES) * hashed(seed, "style", self.code))]
        for name, share in PAIRS.items():
            past += share
            if pair < past:
                return name if style == held else "train"
        return "train"


Draw = Callable[[str], Image.Image | None]
"""A concept's code to its picture, RGBA at RENDERED pixels a side; None where the style lacks it."""


def prepare_emoji_styles(
    out: Path | str, size: int = 64, seed: int = 0, folders: Mapping[str, Path] | None = None, progress: bool = True
) -> Record:
    """Write the data set; returns dataset.json's record.

    `folders` says where a source of `STYLES`, or "emojibase", lies; by default where `seqgan data fetch` put it. Only
    concepts that all three styles have are used. Raises DataError where a source is missing or broken.
    """
    check_choice("size", str(size), SIZES, DataError)
    where = {name: fetched_folder(name) for name in (*STYLES.values(), "emojibase")} | dict(folders or {})
    concepts = read_concepts(where["emojibase"])
    art = {
        "noto": _svg_art(where["noto-emoji"]), "twemoji": _svg_art(where["twemoji"]),
        "fluent": _fluent_art(where["fluent-emoji-3d"]),
    }  # fmt: skip
    about = {
        "name": "emoji-styles", "size": [size, size], "crop": [size, size], "flip": False, "mismatch": "caption",
        "seed": seed, "licence": LICENCE,
    }  # fmt: skip
    return write_pictures(out, _pictures(concepts, art, size, seed), about, progress)


def _pictures(concepts: list[Concept], art: Mapping[str, Draw], size: int, seed: int) -> Iterator[Picture]:
    for concept in concepts:
        drawn = {style: draw(concept.code) for style, draw in art.items()}
        for style, picture in drawn.items():
            if picture is None or None in drawn.values():
                break
            labels = {"class": concept.name, "style": style, "group": concept.group, "subgroup": concept.subgroup}
            pixels, split = on_white(picture, size), concept.split(style, seed)
            yield Picture(f"{concept.code}--{style}", split, concept.captions(style), pixels, labels, concept.base)


def read_concepts(folder: Path) -> list[Concept]:
    """The emoji that are pictures of something, in the order of emojibase, without those of Fluent that are not MIT.

    Raises DataError where the folder is not that of emojibase.
    """
    entries = read_json(folder / "en" / "data.json", "emojibase")
    subgroups = read_json(folder / "meta" / "groups.json", "emojibase")["subgroups"]
    refused = refused_codes()
    found = []
    for entry in entries:
        code = entry["hexcode"].lower()
        if entry.get("group") in GROUPS and plain(code) not in refused:
            name, tags = entry["label"].lower(), tuple(tag.lower() for tag in entry.get("tags", ()))
            group, subgroup = GROUPS[entry["group"]], subgroups[str(entry["subgroup"])]
            found.append(Concept(code, name, tags, group, subgroup))
    return found


def plain(code: str) -> str:
    """Code points without the presentation sign FE0F, which sources write or leave out as they like."""
    return "-".join(part for part in code.split("-") if part != "fe0f")


def on_white(picture: Image.Image, size: int) -> np.ndarray:
    """An RGBA picture of RENDERED pixels a side on white, uint8 (size, size, 3); integer arithmetic throughout."""
    pixels = np.asarray(picture, np.uint32)
    alpha = pixels[..., 3:]
    flat = (pixels[..., :3] * alpha + 255 * (255 - alpha) + 127) // 255  # (R, R, 3)
    step = RENDERED // size
    sums = flat.reshape(size, step, size, step, 3).sum((1, 3))
    return ((sums + step * step // 2) // (step * step)).astype(np.uint8)


def _svg_art(folder: Path) -> Draw:
    """The SVG bodies of an Iconify package."""
    icons, names = (read_json(folder / file, folder.name) for file in ("icons.json", "chars.json"))
    known = {plain(code.lower()): name for code, name in names.items()}
    return partial(_draw_svg, icons, known)


def _draw_svg(icons: dict[str, Any], known: Mapping[str, str], code: str) -> Image.Image | None:
    try:
        import resvg_py
    except ImportError:
        raise DataError("drawing SVG needs resvg-py; install the extra: pip install 'seqgan-studio[data]'") from None
    name = known.get(plain(code))
    name = icons.get("aliases", {}).get(name, {}).get("parent", name)
    icon = icons["icons"].get(name)
    if icon is None:
        return None
    drawn = resvg_py.svg_to_bytes(svg_string=_svg(icon, icons), width=RENDERED, height=RENDERED)
    return Image.open(BytesIO(bytes(drawn))).convert("RGBA")


def _svg(icon: dict[str, Any], icons: dict[str, Any]) -> str:
    """An icon in the middle of a square; its sides stand in it or at the top of the file (Iconify's default is 16)."""
    width, height = (icon.get(side, icons.get(side, 16)) for side in ("width", "height"))
    side = max(width, height)
    box = f"{(width - side) / 2} {(height - side) / 2} {side} {side}"
    spaces = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
    return f'<svg {spaces} viewBox="{box}">{icon["body"]}</svg>'


def _fluent_art(folder: Path) -> Draw:
    """The stills of Fluent Emoji, a WebP an emoji."""
    files = {plain(path.stem): path for path in (folder / "assets").glob("*.webp")}
    if not files:
        raise DataError(f"{folder} holds no stills; run 'seqgan data fetch fluent-emoji-3d' first")

    def draw(code: str) -> Image.Image | None:
        if plain(code) not in files:
            return None
        with Image.open(files[plain(code)]) as picture:
            return picture.convert("RGBA").resize((RENDERED, RENDERED))

    return draw


def refused_codes() -> set[str]:
    """Plain code points of the Fluent pictures that are not in Microsoft's MIT repository."""
    lines = asset("data", "fluent_not_mit.txt").read_text(encoding="utf-8").splitlines()
    return {plain(line.strip()) for line in lines if line and not line.startswith("#")}


def read_json(path: Path, source: str) -> Any:
    """What a JSON file of a fetched source holds. Raises DataError, which names the source, where it cannot be read."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise DataError(f"{path} cannot be read ({error}); run 'seqgan data fetch {source}' first") from None
