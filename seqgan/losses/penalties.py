"""Zero-centred gradient penalties: R1 on real samples, R2 on generated ones (Mescheder et al. 2018, section 4.1)."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

from seqgan.losses.means import Mean, mean


def squared_gradient(critic: Callable[[Tensor], Tensor], samples: Tensor) -> Tensor:
    """Squared length of d critic / d samples for every sample, (N,), itself differentiable; in float32.

    samples (N, ...); critic: samples to logits (N,), each of its own sample alone (no batch norm: the sum of the logits
    is differentiated). Autocast is off inside: squares of small gradients do not live in half precision.
    Raises ValueError where the critic does not give one logit a sample.
    """
    points = samples.detach().float().requires_grad_(True)
    with torch.autocast(points.device.type, enabled=False):
        logits = critic(points)
        if logits.shape != points.shape[:1]:
            raise ValueError(
                f"the critic gave logits {tuple(logits.shape)} for {len(points)} samples; expected ({len(points)},): "
                "add up or average the logits of a sample"
            )
        (gradient,) = torch.autograd.grad(logits.sum(), points, create_graph=True)
    return gradient.flatten(1).square().sum(1)


def gradient_penalty(critic: Callable[[Tensor], Tensor], samples: Tensor, gamma: float) -> Mean:
    """gamma / 2 times the mean squared gradient at the samples: R1 at real ones, R2 at generated ones (R3GAN has both).

    Lazy (StyleGAN2, Karras et al. 2020, appendix B): computed at every k-th step alone, give k * gamma.
    """
    return gamma / 2 * mean(squared_gradient(critic, samples))
