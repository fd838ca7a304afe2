"""The named training recipes, as a table of differences from a family's base."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from seqgan.checks import nearest
from seqgan.clip_presets import CLIP_PRESETS, clip_settings
from seqgan.errors import ConfigError
from seqgan.frame_presets import PUBLISHED_PRESETS, SMALL_PRESETS, published, small
from seqgan.story_presets import STORY_PRESETS


@dataclass(frozen=True)
class Preset:
    """A recipe: its kind of task, whose truth it follows, and the settings that differ from the base."""

    name: str
    kind: str
    origin: str
    about: str
    settings: dict[str, Any] = field(default_factory=dict)


_READING_ONLY = {"reconstruct": 0.0, "adversarial": 0.0, "features": 0.0}

PRESETS = (
    Preset("storygan_theatre_reading", "story", "house", "reads who does what, and where; draws nothing",
           {"images": 600_000, "training": {"batch": 32, "lr_g": 1e-3, "weights": _READING_ONLY}}),
    Preset("storygan_theatre", "story", "house", "draws theatre stories; start it with --init from a reading run",
           {"images": 450_000, "training": {"text_rate": 0.1}}),
    *(Preset(name, "storygan", origin, about, settings) for name, origin, about, settings in STORY_PRESETS),
    *(Preset(name, "clip", "house", about, clip_settings(*rest)) for name, about, *rest in CLIP_PRESETS),
    Preset("theatre_judge", "judge", "house", "says what a theatre panel shows; trained on real panels alone",
           {"images": 440_000, "loop": {"decay_from": 0.55, "sheet_every": 40_000, "save_every": 20_000}}),
    Preset("damsm_small", "damsm", "house", "words and regions of pictures, on EfficientNet-Lite0: for AttnGAN",
           {"images": 100_000, "loop": {"sheet_every": 10_000, "save_every": 20_000}}),
    Preset("picture_judge", "picture_judge", "house", "says what a picture shows; trained on real pictures alone",
           {"images": 120_000, "training": {"shift": 3, "light": 0.02, "soften": 0.15},
            "loop": {"decay_from": 0.4, "sheet_every": 20_000, "save_every": 20_000}}),
    Preset("story_judge", "story_judge", "house", "says who and what a story's panel shows; for figures of stories",
           {"images": 120_000, "training": {"shift": 3, "light": 0.04, "soften": 0.25},
            "loop": {"decay_from": 0.4, "sheet_every": 20_000, "save_every": 20_000}}),
    Preset("clip_judge", "clip_judge", "house", "says who does what where in a clip; for figures of clips",
           {"images": 60_000, "training": {"batch": 32, "shift": 3, "light": 0.04, "soften": 0.25, "half_life": 2_000},
            "loop": {"decay_from": 0.4, "sheet_every": 10_000, "save_every": 10_000}}),
    Preset("style_small", "style", "house", "which noise was this picture drawn from? --set generator=CHECKPOINT",
           {"images": 200_000, "loop": {"sheet_every": 20_000, "save_every": 20_000}}),
    Preset("text-encoder", "text", "house", "char-CNN-RNN, by pictures; with --distil by published embeddings",
           {"images": 200_000, "loop": {"sheet_every": 20_000, "save_every": 20_000}}),
    *(Preset(each[0], "frame", each[1], each[2], small(*each[3:])) for each in SMALL_PRESETS),
    *(Preset(each[0], "frame", each[1], each[2], published(*each[3:])) for each in PUBLISHED_PRESETS),
)  # fmt: skip


def preset(name: str) -> Preset:
    """The preset of a name. Raises ConfigError naming the nearest one."""
    table = {each.name: each for each in PRESETS}
    if name not in table:
        raise ConfigError(f"no preset {name!r}; {nearest(name, table)}")
    return table[name]
