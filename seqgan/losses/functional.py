"""Criteria on logits, divergences and distances that every task shares."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor


def towards(logits: Tensor, real: bool) -> Tensor:
    """Binary cross-entropy of logits against all-real or all-fake: log(1 + exp(-+logit)), mean."""
    return F.softplus(-logits if real else logits).mean()


def gaussian_kl(mu: Tensor, logvar: Tensor) -> Tensor:
    """KL(N(mu, diag exp(logvar)) || N(0, I)), mean over samples and dimensions (StackGAN eq. 2, as coded)."""
    return 0.5 * (mu.square() + logvar.exp() - 1 - logvar).mean()


def pyramid_l1(fake: Tensor, real: Tensor, weight: Tensor | None = None) -> Tensor:
    """Mean absolute difference at full and at quarter size, added (house); frames (N, 3, H, W), weight (N, 1, H, W)."""
    difference = (fake - real).abs()
    full = difference.mean() if weight is None else (weight * difference).mean() / weight.mean()
    small = (F.avg_pool2d(fake, 4) - F.avg_pool2d(real, 4)).abs()
    return full + small.mean()


def feature_l1(fake: Tensor, real: Tensor) -> Tensor:
    """Mean absolute difference of discriminator features, relative to the size of the real ones (house)."""
    return (fake.float() - real.float().detach()).abs().mean() / real.float().detach().abs().mean().clamp(min=1e-6)


def figure_weight(masks: Tensor, size: tuple[int, int], extra: float) -> Tensor:
    """Weights of a reconstruction: 1 on the ground, 1 + `extra` on figures; masks (N, S, h, w) to (N, 1, H, W)."""
    covered = masks.amax(1, keepdim=True)
    return 1 + extra * F.interpolate(covered, size=size, mode="bilinear", align_corners=False)


def finite(terms: dict[str, Tensor]) -> bool:
    """True when every term is a number."""
    return bool(torch.isfinite(torch.stack([term.detach() for term in terms.values()])).all())
