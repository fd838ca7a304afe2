"""Divergences and distances that every task shares."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor

from seqgan.losses.means import Mean, mean


def gaussian_kl(mu: Tensor, logvar: Tensor) -> Mean:
    """KL(N(mu, diag exp(logvar)) || N(0, I)), mean over samples and dimensions (StackGAN eq. 2, as coded)."""
    return 0.5 * mean(mu.square() + logvar.exp() - 1 - logvar)


def gaussian_kl_between(one: tuple[Tensor, Tensor], other: tuple[Tensor, Tensor]) -> Mean:
    """KL(N(mu1, diag exp(logvar1)) || N(mu2, diag exp(logvar2))), mean over samples and dimensions: of a CVAE's
    posterior and its learned prior (Sohn et al. 2015); with N(0, I) as the other it is `gaussian_kl`."""
    (mu, logvar), (mu2, logvar2) = one, other
    apart = (mu - mu2).square() + logvar.exp()
    return 0.5 * mean(apart * (-logvar2).exp() - 1 - logvar + logvar2)


def pyramid_l1(fake: Tensor, real: Tensor, weight: Tensor | None = None) -> Mean:
    """Mean absolute difference at full and at quarter size, added (house); frames (N, 3, H, W), weight (N, 1, H, W)."""
    difference = (fake - real).abs()
    full = mean(difference) if weight is None else Mean.ratio((weight * difference).sum(), 3 * weight.sum())
    small = (F.avg_pool2d(fake, 4) - F.avg_pool2d(real, 4)).abs()
    return full + mean(small)


def feature_l1(fake: Tensor, real: Tensor) -> Mean:
    """Mean absolute difference of discriminator features, relative to the size of the real ones (house)."""
    real = real.float().detach()
    return Mean.ratio((fake.float() - real).abs().sum(), real.abs().sum())


def figure_weight(boxes: Tensor, size: tuple[int, int], extra: float | Tensor) -> Tensor:
    """Weights of a reconstruction (N, 1, H, W): 1 on the ground, more on figures and most on small ones (house).

    boxes (N, S, 4): centre x and y, width and height in shares of the frame; all zero where there is none. A figure
    of a twentieth of the frame has 1 + `extra`, others by the root of their area; `extra` is one for all or (N, S).
    """
    y, x = ((torch.arange(n, device=boxes.device) + 0.5) / n for n in size)
    tall = ((y - boxes[..., 1, None]).abs() < boxes[..., 3, None] / 2).float()  # (N, S, H)
    wide = ((x - boxes[..., 0, None]).abs() < boxes[..., 2, None] / 2).float()  # (N, S, W)
    area = (boxes[..., 2] * boxes[..., 3]).clamp(min=1e-3)
    inside = tall[..., None] * wide[..., None, :]  # (N, S, H, W)
    each = (extra * (0.05 / area).sqrt())[..., None, None]  # (N, S, 1, 1)
    return 1 + (each * inside).amax(1, keepdim=True)
