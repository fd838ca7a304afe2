"""Which installed checkpoints draw what, told by their configs alone: free of torch, so that a menu opens at once."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path

from seqgan.errors import CheckpointError
from seqgan.registry import find_model, model_folders

FRAME_FAMILIES = (
    "attngan", "hdgan_super", "hdgan", "stackgan_v2", "stackgan", "gan_cls_house", "tac_gan", "gan_cls",
    "stackgan_stage1",
)  # fmt: skip
"""Families that draw a picture from a caption (`seqgan.models.frames.SYSTEMS`), the best first."""
STORY_FAMILY = "storygan"
CLIP_FAMILY = "gtt2v"
STYLE = "style-encoder"
"""Folder of the style encoder below a generator's checkpoint."""
FAVOURITE = "emoji-attngan"
"""The model of frames that is taken where none is named, if it is installed."""


def draws(folder: Path) -> str:
    """What a checkpoint draws: "story", "frame", "clip", or "" (a judge, an encoder). A config that cannot be read
    counts as a story's, so that whoever opens it is told what is wrong."""
    path = folder / "config.json"
    try:
        return _draws(path, path.stat().st_mtime)
    except OSError:
        return "story"


@lru_cache(maxsize=64)
def _draws(config: Path, _saved: float) -> str:
    try:
        found = json.loads(config.read_text(encoding="utf-8"))
        family = found.get("family", STORY_FAMILY)
    except (OSError, ValueError, AttributeError):
        return "story"
    if family in FRAME_FAMILIES:
        return "frame" if found.get("text_encoder") else ""
    return {STORY_FAMILY: "story", CLIP_FAMILY: "clip"}.get(family, "")


def frame_models() -> list[str]:
    """Names of the installed checkpoints that draw captions, the best first: the favourite, then by family and name."""
    found = {name: folder for name, folder in model_folders().items() if draws(folder) == "frame"}
    return sorted(found, key=lambda name: (name != FAVOURITE, _rank(found[name]), name))


def _rank(folder: Path) -> int:
    return FRAME_FAMILIES.index(_family(folder) or "")


def _family(folder: Path) -> str | None:
    """The family of a checkpoint, None where its config cannot be read: loading it says why."""
    try:
        return json.loads((folder / "config.json").read_text(encoding="utf-8")).get("family")
    except (OSError, ValueError, AttributeError):
        return None


def frame_model(name: str | None = None, styled: bool = False) -> str:
    """The model that draws captions: the named one, else the best that is installed; where it is to be `styled`, the
    best that has a style encoder, if any has.

    Raises CheckpointError where there is none, saying how to get one, or where the named one draws something else.
    """
    if name is None:
        if found := frame_models():
            folders = model_folders()
            able = [each for each in found if styled and (folders[each] / STYLE).is_dir()]
            return (able or found)[0]
        raise CheckpointError(
            "no model that draws captions is installed; train one (seqgan train attngan_small --data DATA) or convert "
            "a published one (seqgan convert attngan FILES -o DIR), and name its folder: --model DIR"
        )
    family = _family(folder := find_model(name))
    if family is not None and draws(folder) != "frame":
        lacks = "came without a text encoder" if family in FRAME_FAMILIES else f"is of family {family}"
        known = ", ".join(frame_models()) or "none"
        raise CheckpointError(f"{name} {lacks}, so that it draws no captions; installed models that do: {known}")
    return name


def moves(gist: str, background: str) -> bool:
    """Whether a clip model of that gist and background moves a picture that it is given: the picture itself stands
    behind what is drawn."""
    return gist in ("picture", "frame") and background == "gist"


def clip_models(moving: bool = False) -> list[str]:
    """Names of the installed checkpoints that draw clips, in order; of those alone that move a picture if `moving`, and
    else the ones first that need none."""
    found = {name: folder for name, folder in model_folders().items() if draws(folder) == "clip"}
    if moving:
        return sorted(name for name in found if _gist(found[name])[1])
    return sorted(found, key=lambda name: (needs_picture(found[name]), name))


def needs_picture(folder: Path) -> bool:
    """Whether a checkpoint of clips draws nothing without a picture to move."""
    return _gist(folder)[0] == "picture"


def _gist(folder: Path) -> tuple[str, bool]:
    """The kind of gist of a checkpoint of clips, and whether it moves a picture; nothing where it cannot be read."""
    try:
        sizes = json.loads((folder / "config.json").read_text(encoding="utf-8"))["sizes"]
        gist, background = str(sizes.get("gist", "")), str(sizes.get("background", ""))
    except (OSError, ValueError, AttributeError, KeyError, TypeError):
        return "", False
    return gist, moves(gist, background)


def clip_model(name: str | None = None, moving: bool = False) -> str:
    """The model that draws clips: the named one, else the first that is installed; with `moving`, the first that moves
    a picture. Raises CheckpointError where there is none, saying how to get one, or where the named one draws something
    else."""
    if name is None:
        if found := clip_models(moving):
            return found[0]
        preset, what = ("t2v_picture", "moves a picture") if moving else ("t2v", "draws clips")
        raise CheckpointError(
            f"no model that {what} is installed; train one (seqgan train {preset} --data DATA) and name its folder: "
            "--model DIR"
        )
    if (family := _family(find_model(name))) not in (None, CLIP_FAMILY):
        known = ", ".join(clip_models()) or "none"
        raise CheckpointError(
            f"{name} is of family {family}, so that it draws no clips; installed models that do: {known}"
        )
    return name
