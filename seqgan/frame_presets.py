"""Recipes of the single-frame systems: the weights that each was published with, in small sizes and in its own.

(name, origin, what it does, family, sizes, training)
"""

from __future__ import annotations

from typing import Any

Settings = dict[str, Any]
GAN = {"wrong": 0.0, "fake": 1.0}
STACKGAN_V2_PAPER = {"wrong": 0.0, "fake": 1.0, "realism": 1.0, "realism_real": 1.0, "realism_fake": 1.0}
STACKGAN_V2 = {**STACKGAN_V2_PAPER, "wrong": 1.0, "realism_wrong": 1.0}
ATTNGAN = {"real": 1 / 2, "wrong": 1 / 3, "fake": 1 / 3, "realism": 1.0, "realism_real": 1 / 2, "realism_fake": 1 / 3}
ATTNGAN_PAPER = {
    "real": 1 / 2, "wrong": 0.0, "fake": 1 / 2, "match": 1 / 2, "realism": 1 / 2, "realism_real": 1 / 2,
    "realism_fake": 1 / 2,
}  # fmt: skip
NONE = {"real": 0.0, "wrong": 0.0, "fake": 0.0, "match": 0.0}
"""No game at all: the generator learns by other terms alone."""
HDGAN = {"realism": 1.0, "realism_real": 1 / 2, "realism_wrong": 1 / 2, "realism_fake": 1.0}
"""As `seqgan.losses.matching` names them; here as plain numbers, so that presets are listed without torch."""

_CLS = {"z": 32, "width": 32, "d_width": 32}
_STAGES = {"cond": 64, "z": 32, "width": 24, "d_width": 24, "residuals": 1, "scales": [16, 32, 64]}
_V2 = {**_STAGES, "width": 64}
_STACK = {"cond": 64, "z": 32, "width": 64, "d_width": 32, "first": 16, "second": 64, "activation": "none"}
_NESTED = {"cond": 64, "z": 32, "width": 256, "halved": [16, 32, 64], "scales": [16, 32, 64], "d_width": 256,
           "patches": None}  # fmt: skip
_TAC = {"cond": 128, "z": 32, "width": 32, "d_width": 32, "size": 64}
_SMALL: dict[str, Any] = {"augment": "translation", "lr_g": 5e-4, "lr_d": 1e-3}
_START = {"reconstruct": 10.0}
"""All small recipes start alike: see `FrameWeights.reconstruct`."""

SMALL_PRESETS: tuple[tuple[str, str, str, str, Settings, Settings], ...] = (
    ("gan_small", "house", "a GAN told the sentence, without mismatched pairs", "gan_cls_house", _CLS,
     {"matching": GAN}),
    ("gan_cls_small", "house", "GAN-CLS: mismatched pairs are fakes, too", "gan_cls_house", _CLS, {}),
    ("gan_cls_start_small", "house", "a supervised start for gan_cls_small, by pictures alone: many times as fast",
     "gan_cls_house", _CLS, {"matching": NONE, "lr_g": 1e-3}),
    ("gan_int_small", "house", "GAN-INT: sentences between two are drawn, too", "gan_cls_house", _CLS,
     {"matching": GAN, "weights": {"between": 1.0}}),
    ("gan_cls_int_small", "house", "both", "gan_cls_house", _CLS, {"weights": {"between": 1.0}}),
    ("tac_gan_small", "house", "TAC-GAN: the discriminator names the class, too", "tac_gan", _TAC,
     {"matching": {"wrong": 1.0, "fake": 1.0}, "weights": {"classes": 1.0}, "label": "subgroup"}),
    ("stackgan_stage1_small", "house", "StackGAN's first stage, 16 pixels", "stackgan_stage1", _STACK,
     {"weights": {"kl": 2.0}}),
    ("stackgan_small", "house", "StackGAN's second stage, 64 pixels; --init a first", "stackgan", _STACK,
     {"matching": ATTNGAN, "weights": {"kl": 2.0}}),
    ("stackgan_v2_small", "house", "StackGAN++: 16, 32 and 64 pixels", "stackgan_v2", _V2,
     {"matching": STACKGAN_V2, "weights": {"kl": 2.0}}),
    ("attngan_small", "house", "AttnGAN: words guide 16 to 32 to 64 pixels", "attngan", _STAGES,
     {"matching": ATTNGAN, "weights": {"kl": 1.0, "damsm": 5.0}}),
    ("hdgan_small", "house", "HDGAN: nested pictures of 16, 32 and 64 pixels", "hdgan", _NESTED,
     {"matching": HDGAN, "weights": {"kl": 4.0}, "adversarial": "lsgan"}),
    ("hdgan_super_small", "house", "128 pixels on top of a trained hdgan_small, which stays as it is; --init it",
     "hdgan_super", _NESTED, {"matching": HDGAN, "weights": {"enlarged": 1.0}, "adversarial": "lsgan"}),
)  # fmt: skip


_OWN: dict[str, Any] = {"near": 0.0}
"""Published recipes take any other caption as the wrong one."""
_BIRDS = 8_855
"""Training pictures of CUB, for lengths in epochs."""
_FLOWERS, _COCO = 7_034, 82_783
_PICTURES = {"kl": 1.0, "damsm": 5.0}

PUBLISHED_PRESETS: tuple[tuple[str, str, str, str, Settings, Settings, int, Settings], ...] = (
    ("gan_cls_birds", "paper", "GAN-CLS at its published sizes, 64 pixels", "gan_cls", {},
     {"batch": 64}, 600 * _BIRDS, {"schedule": "halving", "halve_every": 100.0}),
    ("gan_cls_int_birds", "paper", "GAN-CLS-INT at its published sizes, 64 pixels", "gan_cls", {},
     {"batch": 64, "weights": {"between": 1.0}}, 600 * _BIRDS, {"schedule": "halving", "halve_every": 100.0}),
    ("tac_gan_flowers", "paper", "TAC-GAN at its published sizes, 128 pixels", "tac_gan", {},
     {"batch": 64, "matching": {"wrong": 1.0, "fake": 1.0}, "weights": {"classes": 1.0}}, 200 * _FLOWERS,
     {"schedule": "constant"}),
    ("stackgan_coco_stage1", "official", "StackGAN's first stage as released for COCO, 64 pixels",
     "stackgan_stage1", {}, {"batch": 128, "weights": {"kl": 2.0}}, 120 * _COCO,
     {"schedule": "halving", "halve_every": 20.0}),
    ("stackgan_coco", "official", "StackGAN's second stage as released for COCO, 256 pixels; --init a first",
     "stackgan", {}, {"batch": 40, "matching": ATTNGAN, "weights": {"kl": 2.0}}, 100 * _COCO,
     {"schedule": "halving", "halve_every": 20.0}),
    ("stackgan_v2_birds", "official", "StackGAN++ as released for birds, 64 to 256 pixels", "stackgan_v2", {},
     {"batch": 24, "matching": STACKGAN_V2, "weights": {"kl": 2.0}}, 600 * _BIRDS, {"schedule": "constant"}),
    ("attngan_birds", "official", "AttnGAN as released for birds, 64 to 256 pixels", "attngan", {},
     {"batch": 20, "matching": ATTNGAN, "weights": _PICTURES}, 600 * _BIRDS, {"schedule": "constant"}),
    ("attngan_coco", "official", "AttnGAN as released for COCO, 64 to 256 pixels", "attngan",
     {"width": 48, "d_width": 96, "residuals": 3},
     {"batch": 14, "matching": ATTNGAN, "weights": {"kl": 1.0, "damsm": 50.0}}, 120 * _COCO,
     {"schedule": "constant"}),
    ("attngan_paper", "paper", "AttnGAN as printed: half weights, no mismatched pairs, R(Q, D) with its root",
     "attngan", {}, {"batch": 20, "matching": ATTNGAN_PAPER, "weights": _PICTURES, "gammas": {"root": True}},
     600 * _BIRDS, {"schedule": "constant"}),
    ("hdgan_birds", "official", "HDGAN as released for birds, 64 to 256 pixels", "hdgan", {},
     {"batch": 10, "matching": HDGAN, "weights": {"kl": 4.0}, "adversarial": "lsgan"}, 500 * _BIRDS,
     {"schedule": "halving", "halve_every": 100.0}),
    ("hdgan_birds_512", "house", "512 pixels on top of a trained hdgan_birds, which stays as it is; --init it",
     "hdgan_super", {}, {"batch": 10, "matching": HDGAN, "weights": {"enlarged": 1.0}, "adversarial": "lsgan"},
     80 * _BIRDS, {"schedule": "halving", "halve_every": 100.0}),
)  # fmt: skip
"""The same with images to see and settings of the loop: sizes, batches, weights and schedules as published."""


def small(family: str, sizes: dict[str, Any], training: dict[str, Any]) -> dict[str, Any]:
    """The settings of a small recipe."""
    whole = {**_SMALL, **training, "weights": {**_START, **training.get("weights", {})}}
    return {"images": 200_000, "family": family, "network": sizes, "training": whole}


def published(
    family: str, sizes: dict[str, Any], training: dict[str, Any], images: int, loop: dict[str, Any]
) -> dict[str, Any]:
    """The settings of a published recipe, whose gradients are not clipped."""
    return {"images": images, "family": family, "network": sizes, "training": {**_OWN, **training},
            "loop": {"clip": 0.0, **loop}}  # fmt: skip
