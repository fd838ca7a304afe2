"""The matching-aware loss (GAN-CLS, Reed et al. 2016), written once: matched up, mismatched down, generated down."""

from __future__ import annotations

from dataclasses import dataclass

from torch import Tensor

from seqgan.losses.functional import towards


@dataclass(frozen=True)
class MatchingWeights:
    """Weights of the pairs, and of an unconditional term where the discriminator has such a head."""

    real: float = 1.0
    wrong: float = 0.5
    fake: float = 0.5
    realism: float = 0.0


STORYGAN = MatchingWeights()
"""1, 1/2, 1/2 without an unconditional head: StackGAN stage I and all three StoryGANs."""
HOUSE_FRAME = MatchingWeights(realism=0.5)
"""The same with an unconditional head at half weight."""


@dataclass(frozen=True)
class PairLogits:
    """Logits of the three pairs (N,), and of realism on real and generated samples."""

    real: Tensor
    wrong: Tensor
    fake: Tensor
    realism_real: Tensor | None = None
    realism_fake: Tensor | None = None


def matching_d_loss(logits: PairLogits, weights: MatchingWeights) -> dict[str, Tensor]:
    """Named terms of a discriminator step; their sum is the loss."""
    terms = {
        "real": weights.real * towards(logits.real, True),
        "wrong": weights.wrong * towards(logits.wrong, False),
        "fake": weights.fake * towards(logits.fake, False),
    }
    if logits.realism_real is not None and logits.realism_fake is not None:
        both = towards(logits.realism_real, True) + towards(logits.realism_fake, False)
        terms["realism"] = weights.realism * 0.5 * both
    return terms


def matching_g_loss(match: Tensor, realism: Tensor | None, weights: MatchingWeights) -> Tensor:
    """The non-saturating loss of a generator: its pairs towards real."""
    loss = towards(match, True)
    return loss if realism is None else loss + weights.realism * towards(realism, True)
