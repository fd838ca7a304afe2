"""The matching-aware loss (GAN-CLS, Reed et al. 2016), written once: matched up, mismatched down, generated down."""

from __future__ import annotations

from dataclasses import dataclass

from torch import Tensor

from seqgan.losses.adversarial import Criterion, criterion_named
from seqgan.losses.means import Mean


@dataclass(frozen=True)
class MatchingWeights:
    """What every term weighs: first the discriminator's pairs, then the generator's terms, then what the discriminator
    says of pictures without their text, where it has such a head."""

    real: float = 1.0
    wrong: float = 0.5
    fake: float = 0.5
    match: float = 1.0
    """The generator's: its pairs should rise."""
    realism: float = 0.0
    """The generator's: its pictures, without their text, should rise."""
    realism_real: float = 0.0
    realism_wrong: float = 0.0
    """A mismatched picture is a real one, which rises too."""
    realism_fake: float = 0.0


GAN = MatchingWeights(wrong=0.0, fake=1.0)
"""No mismatched pairs: the conditional GAN that GAN-CLS is set against, and StackGAN's eq. 3 and 5 as printed."""
GAN_CLS = MatchingWeights()
"""1, 1/2, 1/2 without an unconditional head (Reed et al. 2016, algorithm 1): GAN-CLS, StackGAN stage I as released."""
STORYGAN = MatchingWeights()
"""The same: all three StoryGANs."""
HOUSE_FRAME = MatchingWeights(realism=0.5, realism_real=0.25, realism_fake=0.25)
"""The same with an unconditional head at half weight."""
TAC_GAN = MatchingWeights(wrong=1.0, fake=1.0)
"""Three pairs of weight 1; the class terms come on top (`seqgan.losses.tac_gan`)."""
STACKGAN_V2 = MatchingWeights(1.0, 1.0, 1.0, realism=1.0, realism_real=1.0, realism_wrong=1.0, realism_fake=1.0)
"""StackGAN++ as released: six terms of weight 1, added."""
STACKGAN_V2_PAPER = MatchingWeights(1.0, 0.0, 1.0, realism=1.0, realism_real=1.0, realism_fake=1.0)
"""StackGAN++ as printed: four terms of weight 1, no mismatched pairs."""
ATTNGAN = MatchingWeights(1 / 2, 1 / 3, 1 / 3, realism=1.0, realism_real=1 / 2, realism_fake=1 / 3)
"""AttnGAN as released, and ControlGAN, and StackGAN stage II: the mean of what rises and the mean of what falls."""
ATTNGAN_PAPER = MatchingWeights(
    1 / 2, 0.0, 1 / 2, match=1 / 2, realism=1 / 2, realism_real=1 / 2, realism_fake=1 / 2
)  # fmt: skip
"""AttnGAN as printed, eq. 4 (generator) and 5 (discriminator): half weights, no mismatched pairs."""


@dataclass(frozen=True)
class PairLogits:
    """Logits of the three pairs (N,), and of realism on real, generated and mismatched pictures.

    `wrong` may have other rows than the rest, or be None where its weight is 0.
    """

    real: Tensor
    wrong: Tensor | None
    fake: Tensor
    realism_real: Tensor | None = None
    realism_fake: Tensor | None = None
    realism_wrong: Tensor | None = None


def matching_d_loss(logits: PairLogits, weights: MatchingWeights, criterion: str = "bce") -> dict[str, Mean]:
    """Named terms of a discriminator step; their sum is the loss. `criterion`: bce, hinge, lsgan or relativistic.

    Relativistic (house, after R3GAN, which has no text): every pair that should fall is set against the matched pair of
    its own row. "fake" compares the real and the generated sample under the same text (real minus fake), "wrong" the
    same real sample under its own and under another text (real minus wrong), "realism" real and generated sample by the
    head that reads no text; there is no "real" term, for the matched pair rises in all of them. With wrong + fake =
    real, as published, every logit gets the gradient of bce while all logits are equal.

    A term of mismatched pairs without weight is left out. Raises ValueError where it has one and no logits came.
    """
    game = criterion_named(criterion)
    terms = {} if game.paired else {"real": weights.real * game.d_real(logits.real)}
    if weights.wrong:
        terms["wrong"] = weights.wrong * game.d_fake(_given(logits.wrong, "mismatched pairs"), logits.real)
    terms["fake"] = weights.fake * game.d_fake(logits.fake, logits.real)
    if logits.realism_real is not None and logits.realism_fake is not None:
        terms["realism"] = _realism(logits, logits.realism_real, logits.realism_fake, weights, game)
    return terms


def _realism(logits: PairLogits, real: Tensor, fake: Tensor, weights: MatchingWeights, game: Criterion) -> Mean:
    down = weights.realism_fake * game.d_fake(fake, real)
    if game.paired:
        return down
    term = weights.realism_real * game.d_real(real) + down
    if not weights.realism_wrong:
        return term
    return term + weights.realism_wrong * game.d_real(_given(logits.realism_wrong, "realism of mismatched pictures"))


def _given(logits: Tensor | None, what: str) -> Tensor:
    if logits is None:
        raise ValueError(f"there are no logits for the {what}, whose weight is not 0; give them")
    return logits


def matching_g_loss(
    match: Tensor, realism: Tensor | None, weights: MatchingWeights, criterion: str = "bce",
    match_real: Tensor | None = None, realism_real: Tensor | None = None,
) -> Mean:  # fmt: skip
    """The non-saturating loss of a generator: the logits (N,) of its pairs should rise.

    Relativistic needs the logits of the real pairs in the same rows, without gradient: the generated ones should rise
    above these. Raises ValueError where they are missing.
    """
    game = criterion_named(criterion)
    loss = weights.match * game.g_fake(match, match_real)
    return loss if realism is None else loss + weights.realism * game.g_fake(realism, realism_real)
