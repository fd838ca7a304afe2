"""The colour-consistency loss of StackGAN++ (Zhang et al. 2018)."""

from __future__ import annotations

from torch import Tensor

from seqgan.losses.means import Mean, mean


def colour_loss(image: Tensor, smaller: Tensor, covariance: float = 5.0) -> Mean:
    """How far the colours of a picture are from those of the same picture at a smaller scale.

    image (B, 3, H, W), smaller (B, 3, h, w), which is taken as it is: no gradient goes to it. Squared differences of
    the mean colours and, times `covariance`, of the 3x3 covariances of the pixels' colours, each a mean over its
    numbers (as coded; the paper adds them up). Published with weight 50 without text and 0 with text.
    """
    (mu, sigma), (mu_small, sigma_small) = colour_statistics(image), colour_statistics(smaller.detach())
    return mean((mu - mu_small).square()) + covariance * mean((sigma - sigma_small).square())


def colour_statistics(image: Tensor) -> tuple[Tensor, Tensor]:
    """image (B, 3, H, W); returns the mean colour (B, 3) and the covariance over pixels (B, 3, 3), divided by H W."""
    pixels = image.float().flatten(2)  # (B, 3, HW)
    mu = pixels.mean(2, keepdim=True)
    centred = pixels - mu
    return mu.squeeze(2), centred @ centred.transpose(1, 2) / pixels.shape[2]
