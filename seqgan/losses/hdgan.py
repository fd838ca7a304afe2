"""Losses of HDGAN (Zhang, Xie and Yang 2018): two games at every scale, least squares as released."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

from seqgan.errors import ConfigError
from seqgan.losses.adversarial import Criterion, criterion_named
from seqgan.losses.functional import gaussian_kl
from seqgan.losses.means import Mean, mean

BIRDS_KL = 4.0
"""Weight of the divergence on birds and flowers, as released; on COCO it is 2."""


@dataclass(frozen=True)
class ScaleLogits:
    """Logits of one scale: pairs (B,) and realism (B, 1, h, w), of three pictures under one and the same sentence.

    The wrong picture is a real photograph of another sentence.
    """

    pair_real: Tensor
    pair_wrong: Tensor
    pair_fake: Tensor
    image_real: Tensor
    image_wrong: Tensor
    image_fake: Tensor


def hdgan_d_loss(scales: Mapping[int, ScaleLogits], criterion: str = "lsgan") -> dict[str, Mean]:
    """Named terms of a discriminator step, `pair_64`, `image_64`, ...; their sum is the loss (as released).

    pair: matched up, mismatched and generated down by half. image: generated down, both photographs up by half.
    Raises ConfigError for a criterion of paired logits, which has no place for the wrong picture's realism.
    """
    game, terms = _single(criterion), {}
    for side, told in scales.items():
        down = game.d_fake(told.pair_wrong, told.pair_real) + game.d_fake(told.pair_fake, told.pair_real)
        terms[f"pair_{side}"] = game.d_real(told.pair_real) + 0.5 * down
        up = game.d_real(told.image_real) + game.d_real(told.image_wrong)
        terms[f"image_{side}"] = game.d_fake(told.image_fake, told.image_real) + 0.5 * up
    return terms


def hdgan_g_loss(pair: Mapping[int, Tensor], image: Mapping[int, Tensor], criterion: str = "lsgan") -> dict[str, Mean]:
    """Named terms of a generator step: logits of its pairs (B,) and of its pictures (B, 1, h, w), by side, should
    rise; the divergence comes on top. Raises ConfigError as `hdgan_d_loss`."""
    game = _single(criterion)
    pairs = {f"pair_{side}": game.g_fake(logits) for side, logits in pair.items()}
    return pairs | {f"image_{side}": game.g_fake(logits) for side, logits in image.items()}


def log_sigma_kl(mu: Tensor, log_sigma: Tensor) -> Mean:
    """KL(N(mu, diag sigma^2) || N(0, I)) from the log of sigma, mean over samples and dimensions."""
    return gaussian_kl(mu, 2 * log_sigma)


def enlarged_l1(large: Tensor, small: Tensor) -> Mean:
    """Mean absolute difference of pictures (B, 3, 2H, 2W) from smaller ones (B, 3, H, W), enlarged bilinearly and
    without gradient: what holds the 512-pixel variant to the generator below it."""
    enlarged = F.interpolate(small.detach(), size=large.shape[2:], mode="bilinear", align_corners=False)
    return mean((large - enlarged).abs())


def ranking_hinge(image: Tensor, sent: Tensor, margin: float = 0.2) -> Mean:
    """Unit vectors (B, D) of pictures and of their sentences: every other sentence of the batch, and every other
    picture, should be further away than the own one by `margin`; summed over pairs (as released), a mean of batches."""
    scores = image @ sent.T  # (B, B), rows pictures, columns sentences
    own = scores.diagonal()
    cost = F.relu(margin - own[:, None] + scores) + F.relu(margin - own[None] + scores)
    other = ~torch.eye(len(scores), dtype=torch.bool, device=scores.device)
    return Mean.ratio(cost[other].sum(), 1)


def _single(name: str) -> Criterion:
    game = criterion_named(name)
    if game.paired:
        raise ConfigError(f"HDGAN has no paired criterion like {name}; choose lsgan, hinge or bce")
    return game
