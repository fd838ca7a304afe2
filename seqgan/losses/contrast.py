"""Panels and sentences that find each other (InfoNCE, van den Oord et al. 2018), as later StoryGANs have it."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor

from seqgan.losses.damsm import class_mates, sentence_scores, without_mates
from seqgan.losses.means import Mean, mean


def info_nce(panels: Tensor, sentences: Tensor, sources: Tensor) -> Mean:
    """-log of the share that a panel's own sentence has among those of other sources, and the same of a sentence and
    its panel, half each: exp(10 cos) of own over exp(10 cos) of own and others.

    panels, sentences (N, D), pairs row by row; sources (N,): what is of one source, as all panels of a story are, is
    no negative. Without negatives it is 0. Sharpness 10 as in Word-Level StoryGAN.
    """
    scores = without_mates(sentence_scores(panels, sentences), class_mates(sources))  # (N, N)
    own = torch.arange(len(scores), device=scores.device)
    both = [mean(F.cross_entropy(each, own, reduction="none")) for each in (scores, scores.T)]
    return 0.5 * (both[0] + both[1])
