"""Copy the chosen pictures of the Fluent emoji into the cast pack that ships.

    npm pack @lobehub/fluent-emoji-3d@1.1.0 && tar xf lobehub-fluent-emoji-3d-1.1.0.tgz
    python scripts/make_cast.py --from package --to assets/cast/fluent

The files are copied byte for byte (256x256 RGBA WebP) and only renamed: the npm package names them by code points.
`cast.yaml` is written by hand and stays as it is. Art: (c) Microsoft Corporation, MIT, packaged by LobeHub.
"""

from __future__ import annotations

import argparse
import shutil
import sys
from pathlib import Path

_WOMAN, _MAN = "-1f3fe-200d-2640-fe0f", "-1f3fb-200d-2642-fe0f"
_ACTIONS = {
    "stand": "1f9cd", "walk": "1f6b6", "run": "1f3c3", "ride": "1f6b4", "swim": "1f3ca",
    "juggle": "1f939", "cartwheel": "1f938", "wave": "1f64b", "bow": "1f647",
}  # fmt: skip
_HUMANS = {
    **{f"mia-{action}": code + _WOMAN for action, code in _ACTIONS.items()},
    **{f"max-{action}": code + _MAN for action, code in _ACTIONS.items()},
    **{f"robin-{action}": f"{code}-1f3fd" for action, code in _ACTIONS.items()},
    "mia-dance": "1f483-1f3fe",
    "max-dance": "1f57a-1f3fb",
}
_OTHERS = {
    "cat": "1f408", "rabbit": "1f407", "owl": "1f989", "penguin": "1f427", "turtle": "1f422", "pig": "1f416",
    "robot": "1f916", "dragon": "1f409", "unicorn": "1f984",
}  # fmt: skip
_PROPS = {
    "ball": "26bd", "umbrella": "2602-fe0f", "gift": "1f381", "balloon": "1f388", "kite": "1fa81", "book": "1f4d5",
    "guitar": "1f3b8", "cake": "1f382", "apple": "1f34e", "flower": "1f337", "lantern": "1f3ee", "key": "1f511",
    "drum": "1f941", "camera": "1f4f7", "bell": "1f514", "crown": "1f451", "boat": "26f5", "star": "2b50",
    "clock": "23f0", "telescope": "1f52d", "trophy": "1f3c6", "teddy": "1f9f8", "mushroom": "1f344", "broom": "1f9f9",
}  # fmt: skip
_MARKS = {"bicycle": "1f6b2", "zzz": "1f4a4", "dust": "1f4a8", "hand": "1f44b"}

PICTURES: dict[str, str] = {
    **_HUMANS,
    **_OTHERS,
    **{f"prop-{name}": code for name, code in _PROPS.items()},
    **{f"mark-{name}": code for name, code in _MARKS.items()},
}
"""Picture name in the pack -> lower-case code points, the file name in the npm package."""

SET_PIECES: dict[str, str] = {
    "evergreen": "1f332", "tree": "1f333", "palm": "1f334", "cactus": "1f335", "plant": "1fab4", "house": "1f3e1",
    "hut": "1f6d6", "castle": "1f3f0", "rocket": "1f680", "planet": "1fa90", "saucer": "1f6f8", "rock": "1faa8",
    "office": "1f3e2", "store": "1f3ea", "hotel": "1f3e8", "department": "1f3ec", "light": "1f6a6",
    "couch": "1f6cb-fe0f", "frame": "1f5bc-fe0f", "earth": "1f30d", "door": "1f6aa", "shell": "1f41a",
    "camel": "1f42a", "fountain": "26f2", "blossom": "1f33c", "log": "1fab5", "tent": "1f3d5-fe0f", "herb": "1f33f",
    "books": "1f4da", "crater": "1f311", "crab": "1f980", "car": "1f697",
}  # fmt: skip
"""Pictures that `draw_backdrops.py` pastes into the settings."""


def source(folder: Path, code: str) -> Path:
    """Return the file of code points `code` in an unpacked npm package (its root or its `assets`).

    Raises:
        SystemExit: if the file is missing, with the package that holds it.
    """
    for place in (folder / "assets", folder):
        if (place / f"{code}.webp").is_file():
            return place / f"{code}.webp"
    sys.exit(f"error: {folder} holds no {code}.webp; unpack npm @lobehub/fluent-emoji-3d 1.1.0 and name its folder")


def copy_pictures(package: Path, pack: Path) -> int:
    """Copy every picture of PICTURES from `package` to `pack`/pictures and return how many there are."""
    target = pack / "pictures"
    target.mkdir(parents=True, exist_ok=True)
    for name, code in PICTURES.items():
        shutil.copyfile(source(package, code), target / f"{name}.webp")
    return len(PICTURES)


def main() -> None:
    """Read the command line and copy."""
    parser = argparse.ArgumentParser(description="Copy the Fluent pictures of the shipped cast pack.")
    parser.add_argument("--from", dest="package", type=Path, required=True, help="the unpacked npm package")
    parser.add_argument("--to", type=Path, default=Path(__file__).parents[1] / "assets" / "cast" / "fluent")
    options = parser.parse_args()
    print(f"{copy_pictures(options.package, options.to)} pictures in {options.to / 'pictures'}")


if __name__ == "__main__":
    main()
