"""EmojiStyles from small packages in the published formats."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from seqgan.data.check import check_data
from seqgan.data.emoji_styles import PAIRS, STYLES, Concept, on_white, plain, prepare_emoji_styles, read_concepts
from seqgan.data.pictures import PictureData
from seqgan.errors import DataError

NAMES = ["red apple", "woman juggling", "man juggling", "flag: Chad", "one o’clock", "grey wolf", "family"]
CODES = ["1F34E", "1F939-200D-2640-FE0F", "1F939-200D-2642-FE0F", "1F1F9-1F1E9", "1F550", "1F43A", "1F468-200D-1F466"]
GROUPS = [4, 1, 1, 9, 5, 3, 1]
"""The flag is no picture of a thing, and the family is not in the MIT repository of Fluent."""


def _put(path: Path, data: Any) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(data), encoding="utf-8")


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    root = tmp_path_factory.mktemp("sources")
    rows = list(zip(NAMES, CODES, GROUPS, strict=True))
    entries = [{"label": n, "hexcode": c, "group": g, "subgroup": g, "tags": ["A tag", "two", "three", "four"]}
               for n, c, g in rows]  # fmt: skip
    _put(root / "emojibase" / "en" / "data.json", [*entries, {"label": "sign", "hexcode": "1F1E6"}])
    _put(root / "emojibase" / "meta" / "groups.json", {"subgroups": {str(g): f"sub-{g}" for g in range(10)}})
    for source, side, colour in (("noto-emoji", 128, "#ff0000"), ("twemoji", 36, "#00ff00")):
        # a wide icon, drawn in the middle of a square
        body = {"body": f'<path fill="{colour}" d="M0 0h{2 * side}v{side}h-{2 * side}z"/>', "width": 2 * side}
        icons = {f"icon-{number}": body for number in range(len(CODES))}
        _put(root / source / "icons.json", {"icons": icons, "aliases": {"other": {"parent": "icon-0"}}, "height": side})
        chars = {plain(code.lower()): f"icon-{number}" for number, code in enumerate(CODES)}
        _put(root / source / "chars.json", chars | {"1f34e": "other"})
    (root / "fluent-emoji-3d" / "assets").mkdir(parents=True)
    for code in CODES:
        Image.new("RGBA", (256, 256), (0, 0, 255, 128)).save(
            root / "fluent-emoji-3d" / "assets" / f"{code.lower()}.webp", lossless=True
        )
    return {path.name: path for path in root.iterdir()}


def test_concepts_are_pictures_of_things(sources: dict[str, Path]) -> None:
    concepts = read_concepts(sources["emojibase"])
    assert [concept.name for concept in concepts] == [name for name in NAMES if name not in ("flag: Chad", "family")]
    assert [concept.base for concept in concepts] == ["red apple", "juggling", "juggling", "clock face", "grey wolf"]
    assert concepts[0].captions("noto") == (
        "red apple", "red apple, noto style", "a noto picture of red apple", "a tag, two, three",
    )  # fmt: skip


def test_pictures_of_three_styles(sources: dict[str, Path], tmp_path: Path) -> None:
    about = prepare_emoji_styles(tmp_path / "e", 32, 0, sources, progress=False)
    assert sum(about["counts"].values()) == 15
    assert about["labels"]["style"] == ["fluent", "noto", "twemoji"]
    data = PictureData.open(tmp_path / "e", tuple(about["counts"]))
    middle, corner = data.images[:, 16, 16], data.images[:, 1, 1]
    colours = {"noto": [255, 0, 0], "twemoji": [0, 255, 0], "fluent": [127, 127, 255]}
    for row, style in enumerate(data.labels["style"]):
        name = data.names["style"][style]
        assert middle[row].tolist() == colours[name]
        assert corner[row].tolist() == (colours["fluent"] if name == "fluent" else [255, 255, 255])
    again = prepare_emoji_styles(tmp_path / "f", 32, 0, sources, progress=False)
    assert again["hash"] == about["hash"]
    assert [p for p in check_data(tmp_path / "e") if "near" not in p and "alike" not in p] == []


def test_no_base_concept_crosses_a_split_and_pairs_hold_one_style() -> None:
    concepts = [Concept(f"c{number}", f"thing {number}", (), "g", "s") for number in range(4000)]
    splits = {concept.code: [concept.split(style, 0) for style in STYLES] for concept in concepts}
    whole = {name for each in splits.values() for name in each if len(set(each)) == 1}
    assert whole == {"train", "val", "test"}
    mixed = [each for each in splits.values() if len(set(each)) > 1]
    assert all(sorted(each)[:1] != ["val"] and each.count("train") == 2 for each in mixed)
    rest = sum("train" in each for each in splits.values())
    for name, share in PAIRS.items():
        assert sum(name in each for each in mixed) / rest == pytest.approx(share, abs=0.02)
    both = [Concept(str(number), f"{who} cooking", (), "g", "s") for number, who in enumerate(("man", "woman"))]
    for seed in range(20):
        sides = {"train" if "train" in c.split(style, seed) or "pairs" in c.split(style, seed) else c.split(style, seed)
                 for c in both for style in STYLES}  # fmt: skip
        assert len(sides) == 1


def test_on_white_is_exact() -> None:
    picture = Image.fromarray(np.full((256, 256, 4), (10, 20, 30, 51), np.uint8))
    assert on_white(picture, 64)[0, 0].tolist() == [206, 208, 210]  # 0.2 of the colour, 0.8 of white


def test_what_is_missing_is_named(sources: dict[str, Path], tmp_path: Path) -> None:
    with pytest.raises(DataError, match="seqgan data fetch emojibase"):
        prepare_emoji_styles(tmp_path / "e", 32, 0, {**sources, "emojibase": tmp_path}, progress=False)
    with pytest.raises(DataError, match="seqgan data fetch fluent-emoji-3d"):
        prepare_emoji_styles(tmp_path / "e", 32, 0, {**sources, "fluent-emoji-3d": tmp_path}, progress=False)
    with pytest.raises(DataError, match="size"):
        prepare_emoji_styles(tmp_path / "e", 48, 0, sources, progress=False)
    assert not (tmp_path / "e").exists()
