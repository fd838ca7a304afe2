"""What `seqgan train` needs to know of the StoryGANs of sentence vectors: their settings, and how they become a task.

seqgan train storygan_pororo --data pororo        # R, published schedule
seqgan train svc_small --data clevr               # a baseline, small
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import torch
from torch import nn

from seqgan.checkpoints.format import load_discriminators, load_into, read_config, read_weights
from seqgan.checks import check_choice
from seqgan.config import to_dict
from seqgan.errors import CheckpointError, ConfigError, DataError
from seqgan.models.story_clusters import ClusterHead
from seqgan.models.story_contrast import PanelSentenceSpace
from seqgan.models.story_parts import VectorStoryGenerator
from seqgan.models.storygan_clevr import StoryGANClevrDiscriminators
from seqgan.models.storygan_paper import StoryGANPaperDiscriminators
from seqgan.models.storygan_pororo import StoryGANPororoDiscriminators
from seqgan.registry import build, sizes_of
from seqgan.text.vocab import Vocabulary
from seqgan.training.damsm_setup import of_data
from seqgan.training.loaded_judge import check_teachers, load_sequence_judge
from seqgan.training.runtime import Runtime
from seqgan.training.story_pictures import TEXTS, StoryPictures, check_sources, label_columns, train_and_held
from seqgan.training.tasks.story_teachers import StoryTeachers
from seqgan.training.tasks.storygan import StoryGANTask
from seqgan.training.tasks.storygan_settings import StoryGANTraining

CRITICS: dict[str, Callable[[Any], nn.Module]] = {
    "storygan_clevr": StoryGANClevrDiscriminators,
    "storygan_pororo": StoryGANPororoDiscriminators,
    "storygan_paper": StoryGANPaperDiscriminators,
}
"""Families of the task, and their discriminators."""
BASE = (4, 4)
"""Frames are 16 times this where a family has no other grid."""


@dataclass(frozen=True)
class StoryGANOptions:
    """Everything a run is started with, resolved. `family`: one of CRITICS; `network`: sizes of it that differ from its
    defaults and are not the data's; `text`: what tells a panel, see `seqgan.training.story_pictures`; `teachers`:
    trained judges of panels for `training.weights.labels`."""

    images: int
    family: str
    text: str = ""
    teachers: tuple[str, ...] = ()
    seed: int = 0
    network: dict[str, Any] = field(default_factory=dict)
    training: StoryGANTraining = field(default_factory=StoryGANTraining)
    loop: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        check_choice("family", self.family, CRITICS, ConfigError)
        if self.text:
            check_choice("text", self.text, TEXTS, ConfigError)


def storygan_task(
    options: StoryGANOptions, folder: Path, init: Path | None, runtime: Runtime
) -> tuple[StoryGANTask, dict[str, Any]]:
    """The task and what its checkpoint's config must hold. `init` is a checkpoint whose weights it starts from.

    Raises ConfigError, DataError, CheckpointError.
    """
    data, val = train_and_held(folder, options.text)
    words = _vocabulary(options, data, init)
    data, val = data.reading(words), val.reading(words)
    sizes = network_sizes(options, data)
    torch.manual_seed(options.seed)
    g, both = build(options.family, to_dict(sizes)), CRITICS[options.family](sizes)
    assert isinstance(g, VectorStoryGenerator), "all families of CRITICS are"
    training = replace(options.training, seed=options.seed)
    kept = {"image": training.frame_critic, "story": training.story_critic}
    d = nn.ModuleDict({name: part for name, part in both.named_children() if kept[name.partition("_")[0]]})
    _check_sides(sizes, training)
    _check_gate(sizes, training)
    if training.label_dropout and not g.reads_labels:
        raise ConfigError(f"{options.family} is told no labels, so none can be left out; set label_dropout=0, or train "
                          "storygan_pororo")  # fmt: skip
    if training.weights.contrast:
        d["contrast"] = PanelSentenceSpace(_features(d, "contrast"), sizes.text)
    if training.weights.clusters:
        d["clusters"] = ClusterHead(_features(d, "clusters"), training.clusters)
    if len(d):
        check_sources(data)
    if init:
        _start(options.family, g, d, init)
    grid = getattr(sizes, "grid", BASE)
    size = (16 * grid[0], 16 * grid[1])
    judges = [load_sequence_judge(name, runtime.device) for name in options.teachers]
    teachers = StoryTeachers(check_teachers(judges, size, data.about["groups"]), label_columns(data.about))
    if training.heard and not data.names:
        raise ConfigError(f"training.heard asks for labels, and {data.about['name']} has none; set it to 0")
    task = StoryGANTask(g, d, size, data, val, training, runtime, teachers if judges else None)
    config = {
        "family": options.family, "sizes": to_dict(sizes), "size": list(size), "text": data.text,
        "labels": list(data.names), "teachers": [each.info for each in judges],
        "trained_on": of_data(data.about) | {"name": data.about["name"]},
        "licence": f"MIT; trained on: {data.about['licence']}",
    }  # fmt: skip
    if words is not None:
        config["vocabulary"] = list(words.words)
    return task, config


def network_sizes(options: StoryGANOptions, data: StoryPictures) -> Any:
    """The sizes of the family's networks for the text, the labels and the stories of the data.

    Raises DataError where a released system, which reads or names labels, gets none.
    """
    labels = len(data.names)
    if not labels and options.family != "storygan_paper":
        raise DataError(f"{data.about['name']} has no labels, which {options.family} needs; train storygan_paper on it")
    known = {"text": data.vectors.shape[1], "labels": labels, "panels": data.panels}
    if data.vocabulary is not None:
        known["vocabulary"] = len(data.vocabulary)
    return sizes_of(options.family, {**known, **options.network}, "network")


def _vocabulary(options: StoryGANOptions, data: StoryPictures, init: Path | None) -> Vocabulary | None:
    """The words that the frame generator looks at: those of the checkpoint that it starts from, else those of the data;
    None where it looks at none."""
    if options.network.get("vocabulary"):
        raise ConfigError(
            "network.vocabulary is counted in the data; leave it out, or set it to 0 to look at sentences"
        )
    if options.network.get("frame") != "attngan" or "vocabulary" in options.network:
        return None
    known = read_config(init).get("vocabulary") if init else None
    return data.words() if known is None else Vocabulary(tuple(known))


def _features(d: nn.ModuleDict, weight: str) -> int:
    """How many numbers the frame discriminator sees at a place, which the loss of this weight reads."""
    if "image" not in d:
        raise ConfigError(f"training.weights.{weight} needs what the frame discriminator sees; set frame_critic=true")
    image: Any = d["image"]
    return image.features


def _check_sides(sizes: Any, training: StoryGANTraining) -> None:
    """No picture may be drawn that no loss looks at."""
    judged = training.weights.reconstruct or (training.frame_critic and training.weights.frame)
    if getattr(sizes, "sides", ()) and not judged:
        raise ConfigError(f"{sizes.frame} draws smaller pictures, too, and nothing looks at them; set "
                          "training.weights.reconstruct, or frame_critic=true, or frame to dcgan")  # fmt: skip


def _check_gate(sizes: Any, training: StoryGANTraining) -> None:
    """A gate's mask is drawn where, and only where, a loss asks for one; that of figures over a backdrop always."""
    gate, figure = getattr(sizes, "gate", False), training.weights.figure
    if figure and not gate and not getattr(sizes, "backdrop", 0):
        raise ConfigError("training.weights.figure asks for a mask that nothing draws; set network.gate=true or "
                          "network.backdrop, which storygan_paper has with frame dcgan, or figure to 0")  # fmt: skip
    if gate and not figure:
        raise ConfigError("network.gate draws a mask that no loss reaches; set training.weights.figure, to 1 for one, "
                          "or gate=false")  # fmt: skip


def _start(family: str, g: nn.Module, d: nn.Module, init: Path) -> None:
    came = read_config(init).get("family")
    if came != family:
        raise CheckpointError(f"{init} holds a {came!r}; expected {family} to start from")
    load_into(g, read_weights(init), init)
    load_discriminators(d, init)
