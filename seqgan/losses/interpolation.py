"""GAN-INT (Reed et al. 2016, eq. 5): the generator is trained on sentences between sentences, too.

Only the generator's loss sees them. The discriminator has no real picture of a sentence that nobody wrote; what it has
learnt about pictures and sentences is what it says of these.
"""

from __future__ import annotations

import torch
from torch import Tensor

from seqgan.errors import ConfigError
from seqgan.losses.adversarial import criterion_named
from seqgan.losses.means import Mean

MIDWAY = 0.5
"""The share of the first sentence, fixed in paper and release."""


def between(sent: Tensor, beta: float | Tensor = MIDWAY) -> Tensor:
    """beta * a + (1 - beta) * b of the rows a of the first half of a batch and b of the second, in order.

    sent (B, D); beta a number, or (B // 2,) where each pair has its own. Returns (B // 2, D): the last row of an odd
    batch is in no pair, and a batch of one has none. The release's second type, midpoints moved along b - a by as much
    as its length either way, is beta uniform in [-1/2, 3/2].
    """
    half = len(sent) // 2
    share = beta[:, None] if isinstance(beta, Tensor) else beta
    return share * sent[:half] + (1 - share) * sent[half : 2 * half]


def with_between(sent: Tensor, beta: float | Tensor = MIDWAY) -> Tensor:
    """The sentences (B, D) of a generator's step with those between them behind, (B + B // 2, D)."""
    return torch.cat([sent, between(sent, beta)])


def interpolated_g_loss(match: Tensor, count: int, weight: float = 1.0, criterion: str = "bce") -> Mean:
    """The generator's loss where `match` (N,) are logits of pictures drawn from `with_between`, `count` of them from
    sentences of the batch: one mean over all N, in which those between weigh `weight` (1 as released).

    Non-saturating, as released; eq. 5 is printed with log(1 - D). Raises ConfigError for a criterion of paired logits,
    for there is no real picture to pair those between with.
    """
    game = criterion_named(criterion)
    if game.paired:
        raise ConfigError(f"GAN-INT has no paired criterion like {criterion}; choose bce, hinge or lsgan")
    cost = game.generator(match.float())
    return Mean.ratio(cost[:count].sum() + weight * cost[count:].sum(), len(match))
