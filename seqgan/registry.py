"""Names to networks: the explicit table of families that a checkpoint's config can ask for."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from seqgan.checks import nearest
from seqgan.config import from_dict
from seqgan.errors import CheckpointError
from seqgan.resources import assets_root, home

if TYPE_CHECKING:
    from torch import nn


def build(family: str, sizes: dict[str, Any]) -> nn.Module:
    """The generator of a family from plain sizes. Raises CheckpointError for an unknown family."""
    from seqgan.models.storygan import StoryGANSizes, StoryGenerator  # here, so that models can be listed without torch

    families = {"storygan": (StoryGANSizes, StoryGenerator)}
    if family not in families:
        raise CheckpointError(f"no model family {family!r}; {nearest(family, families)}")
    sizes_of, generator = families[family]
    return generator(from_dict(sizes_of, sizes))


def model_folders() -> dict[str, Path]:
    """Name -> folder of every installed checkpoint: those that ship, then those in `$SEQGAN_HOME/models`."""
    roots = (assets_root() / "models", home() / "models")
    return {path.parent.name: path.parent for root in roots for path in sorted(root.glob("*/config.json"))}


def find_model(name: str) -> Path:
    """The folder of a checkpoint by name or path. Raises CheckpointError that lists what is installed."""
    installed = model_folders()
    if name in installed:
        return installed[name]
    if (Path(name) / "config.json").is_file():
        return Path(name)
    known = ", ".join(installed) or "none"
    raise CheckpointError(f"no model {name!r} is installed and it is no checkpoint folder; installed: {known}")
