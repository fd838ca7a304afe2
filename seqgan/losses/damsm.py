"""The matching loss of pictures and captions by words and regions (DAMSM; AttnGAN, Xu et al. 2018, eq. 7 to 14).

scores = word_scores(regions, words, pad_mask)                 # (images, captions)
terms = damsm_terms(scores, sentence_scores(codes, sent), class_mates(classes))
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

from seqgan.losses.means import Mean, mean

SMALLEST = 1e-8
"""Of the product of two lengths, where a cosine divides by it."""


@dataclass(frozen=True)
class Gammas:
    """The three sharpnesses, as released: of a word's look at regions, of the words' vote, of the choice in the batch.

    `root`: the vote is raised to 1 / gamma2, as eq. 10 is printed; it then tends to the best word as gamma2 grows. The
    released code leaves the root out (and its gammas were chosen so).
    """

    attend: float = 4.0
    vote: float = 5.0
    choose: float = 10.0
    root: bool = False


RELEASED, PRINTED = Gammas(), Gammas(root=True)


def word_attention(regions: Tensor, words: Tensor, pad_mask: Tensor, gammas: Gammas = RELEASED) -> Tensor:
    """Which regions every word of every caption reads in every picture (eq. 8 and 9).

    regions (I, D, H, W), words (J, D, L), pad_mask (J, L), True = padding; returns (I, J, L, H * W), 1 over regions.
    """
    likeness = torch.einsum("idr,jdl->ijlr", regions.flatten(2), words)
    likeness = likeness.masked_fill(pad_mask[None, :, :, None], float("-inf"))
    return F.softmax(gammas.attend * F.softmax(likeness, 2), 3)  # over words, then over regions


def word_scores(regions: Tensor, words: Tensor, pad_mask: Tensor, gammas: Gammas = RELEASED) -> Tensor:
    """R of every picture and caption by their words, times gamma3 (eq. 7 to 10); shapes as `word_attention`; (I, J)."""
    regions, words = regions.float(), words.float()
    attention = word_attention(regions, words, pad_mask, gammas)
    context = torch.einsum("ijlr,idr->ijld", attention, regions.flatten(2))
    cosines = F.cosine_similarity(context, words.transpose(1, 2)[None], dim=3, eps=SMALLEST)  # (I, J, L)
    votes = (gammas.vote * cosines).masked_fill(pad_mask[None], float("-inf")).logsumexp(2)
    return gammas.choose * (votes / gammas.vote if gammas.root else votes)


def sentence_scores(codes: Tensor, sent: Tensor, gammas: Gammas = RELEASED) -> Tensor:
    """Cosines of pictures' codes (I, D) and sentences (J, D), times gamma3; (I, J)."""
    return gammas.choose * F.cosine_similarity(codes.float()[:, None], sent.float()[None], dim=2, eps=SMALLEST)


def damsm_terms(words: Tensor, sentences: Tensor, mates: Tensor | None = None) -> dict[str, Mean]:
    """Cross-entropies of both posteriors, P(D|Q) in w0 and s0, P(Q|D) in w1 and s1 (eq. 11 to 13; their sum is eq. 14).

    words, sentences (N, N): rows are pictures, columns captions, pairs on the diagonal. mates (N, N) bool: pairs that
    are no negatives (what is on the diagonal does not count), those of one class as released.
    """
    terms = {}
    for name, scores in (("w", words), ("s", sentences)):
        scores = without_mates(scores, mates)
        own = torch.arange(len(scores), device=scores.device)
        terms[f"{name}0"] = mean(F.cross_entropy(scores, own, reduction="none"))
        terms[f"{name}1"] = mean(F.cross_entropy(scores.T, own, reduction="none"))
    return terms


def class_mates(classes: Tensor) -> Tensor:
    """classes (N,) to the pairs of one class, (N, N) bool."""
    return classes[:, None] == classes[None]


def without_mates(scores: Tensor, mates: Tensor | None) -> Tensor:
    """Scores (N, N) with -inf at mates (N, N) that are not on the diagonal."""
    if mates is None:
        return scores
    others = ~torch.eye(len(scores), dtype=torch.bool, device=scores.device)
    return scores.masked_fill(mates & others, float("-inf"))
