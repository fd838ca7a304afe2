"""Adversarial criteria: what a discriminator and a generator pay for their logits, chosen by name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch.nn.functional as F
from torch import Tensor

from seqgan.checks import check_choice
from seqgan.errors import ConfigError
from seqgan.losses.means import Mean, mean


@dataclass(frozen=True)
class Criterion:
    """Costs per logit: `up` and `down` of the discriminator, where a logit should rise or fall; `generator` of the
    generator, for logits of its own samples.

    `paired` (relativistic): a logit that should fall is read as its distance from the logit of the matched real pair in
    the same row, which so rises with it and has no cost of its own.
    """

    up: Callable[[Tensor], Tensor]
    down: Callable[[Tensor], Tensor]
    generator: Callable[[Tensor], Tensor]
    paired: bool = False

    def d_real(self, real: Tensor) -> Mean:
        """The discriminator's cost of logits that should rise, mean; not asked for where `paired`."""
        return mean(self.up(real))

    def d_fake(self, fake: Tensor, real: Tensor) -> Mean:
        """The discriminator's cost of logits that should fall, mean; real (same shape) counts only where `paired`."""
        return mean(self.down(self._read(fake, real)))

    def g_fake(self, fake: Tensor, real: Tensor | None = None) -> Mean:
        """The generator's cost of its samples' logits, mean. Raises ValueError where a needed `real` is absent."""
        return mean(self.generator(self._read(fake, real)))

    def _read(self, fake: Tensor, real: Tensor | None) -> Tensor:
        if not self.paired:
            return fake
        if real is None:
            raise ValueError("a paired criterion got no logits of the real pairs; give them, in the same rows")
        if fake.shape != real.shape:
            raise ValueError(
                f"paired logits have shapes {tuple(fake.shape)} and {tuple(real.shape)}; expected equal ones"
            )
        return fake - real


def _fall(logits: Tensor) -> Tensor:
    return F.softplus(logits)


def _rise(logits: Tensor) -> Tensor:
    return F.softplus(-logits)


CRITERIA = {
    "bce": Criterion(_rise, _fall, _rise),
    "hinge": Criterion(lambda x: F.relu(1 - x), lambda x: F.relu(1 + x), lambda x: -x),
    "lsgan": Criterion(lambda x: (x - 1).square(), lambda x: x.square(), lambda x: (x - 1).square()),
    "relativistic": Criterion(_rise, _fall, _rise, paired=True),
}
"""bce: log(1 + exp(-+logit)), non-saturating (Goodfellow et al. 2014). hinge: max(0, 1 -+ logit), -logit (Lim and Ye
2017; Miyato et al. 2018). lsgan: squared distance from 1 and 0 (Mao et al. 2017, eq. 9, without its halves, as HDGAN
has it). relativistic: bce of differences, log(1 + exp(fake - real)) and log(1 + exp(real - fake)) (RpGAN,
Jolicoeur-Martineau 2018; R3GAN, Huang et al. 2024, eq. 2)."""


def criterion_named(name: str) -> Criterion:
    """The criterion of a name. Raises ConfigError naming the nearest one."""
    return CRITERIA[check_choice("adversarial criterion", name, CRITERIA, ConfigError)]
