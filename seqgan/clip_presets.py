"""Recipes of the clip systems: the full one, its ablations, and other gists.

(name, what it does, sizes of the network, training settings)
"""

from __future__ import annotations

from typing import Any

Settings = dict[str, Any]
_WEIGHTS: Settings = {
    "clip": 0.05, "frame": 0.05, "gist": 10.0, "kl": 3.0, "recon": 10.0, "moving": 8.0, "mask": 0.1,
}  # fmt: skip
_TRAINING: Settings = {
    "batch": 16, "lr_g": 5e-4, "lr_d": 5e-4, "half_life": 3_000, "alone": 30_000, "hidden": 0.25, "recon": "clip",
    "augment": "translation", "weights": _WEIGHTS,
}  # fmt: skip
"""Small recipes ask for the very clip first; see `seqgan.training.tasks.gtt2v`. With a kl of 0.1 the text's prior knows
no times of day after 5,000 clips, and clips are drawn from it."""
_NO_GIST: Settings = {"gist": "none", "text2filter": False}
_LAYERS: Settings = {"backdrop": 30, "palette": 24}
_GIST: Settings = {"background": "gist", **_LAYERS}
"""A gist that was learnt alone, from many more first frames than there is time for clips, stands behind what moves: a
background decoded anew was still a blur after 30,000 clips. In two layers, the backdrop with words of its own:
that is 1.6 levels of 255 off on val after 120,000 first frames. With the figure's words it was 3.0 after 310,000, and
in one layer 6.6, after 46,000 clips more."""

CLIP_PRESETS: tuple[tuple[str, str, Settings, Settings], ...] = (
    ("dt2v", "a clip straight from the text; discriminators that read no text", _NO_GIST, {"pairs": False}),
    ("pt2v", "the same with pairs of clip and text, matched and mismatched", _NO_GIST, {}),
    ("gt2v", "pt2v with a gist, drawn by the CVAE and read as it is", {**_GIST, "text2filter": False}, {}),
    ("t2v", "the full system: the text's filters read the gist", _GIST, {}),
    ("t2v_fast", "t2v with clips of 16 frames", {**_GIST, "frames": 16}, {}),
    ("t2v_128", "t2v with frames of 128x128, as wide as four million weights go",
     {**_GIST, "backdrop": 0, "base": [8, 8], "start": 64, "code": 64, "cond": 96, "still": 16}, {}),
    ("t2v_picture", "t2v that moves a picture it is given: it stands behind what moves, and its maps join the clip's",
     {"background": "gist", "gist": "picture", "skips": True}, {"weights": {**_WEIGHTS, "streams": 2.0, "mask": 0.0}}),
    ("gist_cvae", "the CVAE of the gist alone, standing still; gt2v and t2v start from it (--init)",
     {"clip": False, **_LAYERS}, {"clip_critic": False, "frame_critic": False, "batch": 64, "lr_g": 2e-3}),
)  # fmt: skip


def clip_settings(network: Settings, training: Settings) -> Settings:
    """The settings of a recipe."""
    return {"images": 40_000, "network": network, "training": {**_TRAINING, **training},
            "loop": {"sheet_every": 5_000, "save_every": 5_000, "log_every": 500}}  # fmt: skip
