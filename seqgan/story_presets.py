"""Recipes of the StoryGANs of sentence vectors: as published, as printed, and small forms with their baselines.

(name, origin, what it does, settings)
"""

from __future__ import annotations

from typing import Any

Settings = dict[str, Any]
CLEVR = {"box_filter": True, "mean_story": True, "first_sentence": True, "single_first": True, "padded_classes": True}
"""As `seqgan.models.storygan_clevr.RELEASED`, as plain values, so that presets are listed without torch."""
_HALVING = {"schedule": "halving", "halve_every": 20.0, "clip": 0.0}
_PORORO = 10_191 * 5
"""Training panels of Pororo-SV by the newer split, for lengths in epochs."""
_SMALL = {
    "gist": "map", "frame": "dcgan", "critics": "house", "z": 16, "code": 128, "lower": 256, "width": 32, "d_width": 32,
    "noise": 0.1, "scales": True,
}  # fmt: skip
"""At full noise, and with a background that weighs as much as things, ten thousand panels teach no places."""
_TRAINING = {
    "batch": 8, "frames": 0, "lr_g": 1e-3, "lr_d": 1e-3, "half_life": 10_000, "g_steps": 1, "augment": "translation",
    "weights": {"frame": 0.2, "story": 0.2, "g_classes": 0.2, "kl": 0.01, "reconstruct": 10.0, "things": 15.0},
}  # fmt: skip


def _small(context: str, **training: Any) -> Settings:
    return {"images": 240_000, "family": "storygan_paper", "network": {**_SMALL, "context": context},
            "training": {**_TRAINING, **training}}  # fmt: skip


STORY_PRESETS: tuple[tuple[str, str, str, Settings], ...] = (
    ("storygan_clevr", "official", "StoryGAN as released for CLEVR-SV, schedule and all",
     {"images": 120 * 40_000, "family": "storygan_clevr", "network": {"quirks": CLEVR},
      "training": {"shifted_pairs": True, "weights": {"g_classes": 0.4}}, "loop": _HALVING}),
    ("storygan_pororo", "official", "StoryGAN as trained on Pororo-SV, its schedule; what it gets wrong is mended",
     {"images": 150 * _PORORO, "family": "storygan_pororo",
      "training": {"batch": 4, "frames": 20, "lr_d": 1e-4}, "loop": _HALVING}),
    ("storygan_paper", "paper", "StoryGAN as printed: i_t feeds Text2Gist, an ordered story discriminator",
     {"images": 120 * 40_000, "family": "storygan_paper", "loop": _HALVING}),
    ("imagegan_small", "house", "every panel for itself, told its sentence and its story",
     _small("imagegan", story_critic=False)),
    ("svc_small", "house", "the story's code beside a GRU of sentences, a story discriminator", _small("svc")),
    ("svfn_small", "house", "the story's code under filters of each sentence, no recurrence", _small("svfn")),
    ("storygan_small", "house", "StoryGAN: a GRU of sentences, Text2Gist, both discriminators", _small("text2gist")),
)  # fmt: skip
