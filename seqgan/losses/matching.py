"""The matching-aware loss (GAN-CLS, Reed et al. 2016), written once: matched up, mismatched down, generated down."""

from __future__ import annotations

from dataclasses import dataclass

from torch import Tensor

from seqgan.losses.adversarial import criterion_named
from seqgan.losses.means import Mean


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


def matching_d_loss(logits: PairLogits, weights: MatchingWeights, criterion: str = "bce") -> dict[str, Mean]:
    """Named terms of a discriminator step; their sum is the loss. `criterion`: bce, hinge, lsgan or relativistic.

    Relativistic (house, after R3GAN, which has no text): every pair that should fall is set against the matched pair of
    its own row. "fake" compares the real and the generated sample under the same text (real minus fake), "wrong" the
    same real sample under its own and under another text (real minus wrong), "realism" real and generated sample by the
    head that reads no text; there is no "real" term, for the matched pair rises in all of them. With wrong + fake =
    real, as published, every logit gets the gradient of bce while all logits are equal.
    """
    game = criterion_named(criterion)
    terms = {} if game.paired else {"real": weights.real * game.d_real(logits.real)}
    terms["wrong"] = weights.wrong * game.d_fake(logits.wrong, logits.real)
    terms["fake"] = weights.fake * game.d_fake(logits.fake, logits.real)
    if logits.realism_real is not None and logits.realism_fake is not None:
        down = game.d_fake(logits.realism_fake, logits.realism_real)
        both = down if game.paired else game.d_real(logits.realism_real) + down
        terms["realism"] = weights.realism * 0.5 * both
    return terms


def matching_g_loss(
    match: Tensor, realism: Tensor | None, weights: MatchingWeights, criterion: str = "bce",
    match_real: Tensor | None = None, realism_real: Tensor | None = None,
) -> Mean:  # fmt: skip
    """The non-saturating loss of a generator: the logits (N,) of its pairs should rise.

    Relativistic needs the logits of the real pairs in the same rows, without gradient: the generated ones should rise
    above these. Raises ValueError where they are missing.
    """
    game = criterion_named(criterion)
    loss = game.g_fake(match, match_real)
    return loss if realism is None else loss + weights.realism * game.g_fake(realism, realism_real)
