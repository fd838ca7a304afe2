"""Names to networks: the explicit table of families that a checkpoint's config can ask for."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from seqgan.checks import nearest
from seqgan.config import from_dict
from seqgan.errors import CheckpointError
from seqgan.resources import assets_root, home

if TYPE_CHECKING:
    from torch import nn


FAMILIES = {
    "storygan": ("storygan", "StoryGANSizes", "StoryGenerator"),
    "storygan_clevr": ("storygan_clevr", "StoryGANClevrSizes", "StoryGANClevrGenerator"),
    "storygan_pororo": ("storygan_pororo", "StoryGANPororoSizes", "StoryGANPororoGenerator"),
    "storygan_paper": ("storygan_paper", "StoryGANPaperSizes", "StoryGANPaperGenerator"),
    "gtt2v": ("gtt2v", "GTT2VSizes", "GTT2VGenerator"),
    "attngan": ("attngan", "AttnGANSizes", "AttnGANGenerator"),
    "stackgan_v2": ("stackgan_v2", "StackGANv2Sizes", "StackGANv2Generator"),
    "hdgan": ("hdgan", "HDGANSizes", "HDGANGenerator"),
    "hdgan_super": ("hdgan", "HDGANSuperSizes", "HDGANSuper512"),
    "gan_cls": ("gan_cls", "GANCLSSizes", "GANCLSGenerator"),
    "gan_cls_house": ("gan_cls", "HouseGANCLSSizes", "HouseGANCLSGenerator"),
    "stackgan_stage1": ("stackgan", "StackGANSizes", "StageOneGenerator"),
    "stackgan": ("stackgan", "StackGANSizes", "StackGANGenerator"),
    "tac_gan": ("tac_gan", "TACGANSizes", "TACGANGenerator"),
    "style_encoder": ("style_encoder", "StyleEncoderSizes", "StyleEncoder"),
    "char_cnn_rnn": ("char_cnn_rnn", "CharTextSizes", "CharTextEncoder"),
    "damsm_text": ("damsm", "DamsmTextSizes", "DamsmTextEncoder"),
    "damsm": ("damsm", "DamsmSizes", "Damsm"),
    "clip_judge": ("judges", "ClipJudgeSizes", "ClipJudge"),
    "damsm_image": ("damsm", "DamsmImageSizes", "DamsmImageEncoder"),
}
"""Family -> its file in `seqgan.models`, its sizes and its network: the generator, an encoder, or a judge."""

PICKLES = (".pt", ".pth", ".ckpt", ".pkl", ".pickle", ".bin")
"""Endings of published weights that are pickles."""


def build(family: str, sizes: dict[str, Any]) -> nn.Module:
    """The network of a family from plain sizes. Raises CheckpointError for an unknown family."""
    return _of(family, 2)(sizes_of(family, sizes))


def sizes_of(family: str, sizes: dict[str, Any], where: str = "") -> Any:
    """The sizes of a family from plain ones; `where` they stand in a larger configuration, for messages. Raises
    CheckpointError for an unknown family, ConfigError for sizes that do not fit it."""
    return from_dict(_of(family, 1), sizes, where)


def _of(family: str, entry: int) -> Any:
    """The sizes (1) or the network (2) of a family."""
    if family not in FAMILIES:
        raise CheckpointError(f"no model family {family!r}; {nearest(family, FAMILIES)}")
    models = import_module(f"seqgan.models.{FAMILIES[family][0]}")  # here, so that models can be listed without torch
    return getattr(models, FAMILIES[family][entry])


def model_folders() -> dict[str, Path]:
    """Name -> folder of every installed checkpoint: those that ship, then those in `$SEQGAN_HOME/models`."""
    roots = (assets_root() / "models", home() / "models")
    return {path.parent.name: path.parent for root in roots for path in sorted(root.glob("*/config.json"))}


def pickle_advice(file: Path) -> str:
    """What to say of a file of weights that is a pickle: behind "it is"."""
    return (
        f"a {file.suffix} file: it can run code when it is opened, so it was left closed; convert it to a checkpoint "
        "folder: seqgan convert SYSTEM FILES -o DIR"
    )


def find_model(name: str) -> Path:
    """The folder of a checkpoint by name or path. Raises CheckpointError that lists what is installed."""
    installed = model_folders()
    if name in installed:
        return installed[name]
    if (Path(name) / "config.json").is_file():
        return Path(name)
    if Path(name).suffix.lower() in PICKLES:
        raise CheckpointError(f"{name} is {pickle_advice(Path(name))}")
    known = ", ".join(installed) or "none"
    raise CheckpointError(f"no model {name!r} is installed and it is no checkpoint folder; installed: {known}")
