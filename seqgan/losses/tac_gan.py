"""The class terms of TAC-GAN (Dash et al. 2017), on top of the matching loss with weights `TAC_GAN`.

Discriminator: matching_d_loss(logits, TAC_GAN) and tac_gan_d_classes(...), six terms of weight 1. Generator:
matching_g_loss(match, None, TAC_GAN) and class_loss(fake, classes).
"""

from __future__ import annotations

import torch.nn.functional as F
from torch import Tensor

from seqgan.checks import check_choice
from seqgan.errors import ConfigError
from seqgan.losses.means import Mean

KINDS = ("softmax", "sigmoid")


def class_loss(logits: Tensor, classes: Tensor, kind: str = "softmax") -> Mean:
    """How far class logits (B, K) are from the classes (B,) int64; rows of class -1 (unknown) are left out.

    softmax (house, and what the paper calls cross-entropy): -log of the class's share, mean over rows. sigmoid (as
    released): each class a yes or no, set against one-hot rows, mean over rows and classes. Raises ConfigError for
    another kind.
    """
    check_choice("kind of class loss", kind, KINDS, ConfigError)
    known = classes >= 0
    rows, targets = logits.float()[known], classes[known]
    if kind == "softmax":
        return Mean.ratio(F.cross_entropy(rows, targets, reduction="sum"), known.sum())
    hot = F.one_hot(targets, logits.shape[1]).float()
    return Mean.ratio(F.binary_cross_entropy_with_logits(rows, hot, reduction="sum"), known.sum() * logits.shape[1])


def tac_gan_d_classes(
    real: Tensor, wrong: Tensor, fake: Tensor, classes: Tensor, wrong_classes: Tensor, kind: str = "softmax"
) -> dict[str, Mean]:
    """Named class terms of a discriminator step, of weight 1 each: logits (B, K) of the real, the mismatched and the
    generated picture, all three under the text of the real one.

    classes (B,) are those of the real picture, which the generated one should have as well; wrong_classes (B,) those of
    the mismatched picture itself, not of the text it came with.
    """
    return {
        "class_real": class_loss(real, classes, kind),
        "class_wrong": class_loss(wrong, wrong_classes, kind),
        "class_fake": class_loss(fake, classes, kind),
    }
