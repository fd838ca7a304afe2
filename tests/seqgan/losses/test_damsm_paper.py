"""DAMSM's loss as printed: the exponent 1 / gamma2, the limit of R(Q, D), both posteriors."""

from __future__ import annotations

import pytest
import torch
import torch.nn.functional as F

from seqgan.losses.damsm import PRINTED, Gammas, damsm_terms, sentence_scores, word_attention, word_scores
from seqgan.losses.matching import ATTNGAN_PAPER, matching_g_loss


def _cosines(lengths: tuple[int, ...] = (5, 3, 1)) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor]:
    torch.manual_seed(0)
    regions, words = torch.randn(3, 6, 3, 3), torch.randn(3, 6, 5)
    mask = torch.arange(5) >= torch.tensor(lengths)[:, None]
    context = torch.einsum("ijlr,idr->ijld", word_attention(regions, words, mask), regions.flatten(2))
    return regions, words, mask, F.cosine_similarity(context, words.transpose(1, 2)[None], dim=3)


def test_the_printed_vote_is_the_root_of_a_sum_of_powers() -> None:
    regions, words, mask, cosines = _cosines()
    powers = (PRINTED.vote * cosines).exp().masked_fill(mask[None], 0).sum(2)
    expected = PRINTED.choose * (powers ** (1 / PRINTED.vote)).log()  # eq. 10
    torch.testing.assert_close(word_scores(regions, words, mask, PRINTED), expected)


def test_the_printed_vote_tends_to_the_maximum_as_gamma2_grows() -> None:
    regions, words, mask, cosines = _cosines()
    best = cosines.masked_fill(mask[None], -2).amax(2)
    errors = []
    for vote in (5.0, 50.0, 500.0, 5000.0):
        scores = word_scores(regions, words, mask, Gammas(vote=vote, choose=1.0, root=True))
        errors.append((scores - best).abs().max().item())
        assert (scores >= best - 1e-5).all() and errors[-1] <= torch.log(torch.tensor(5.0)) / vote + 1e-5
    assert errors == sorted(errors, reverse=True)
    released = word_scores(regions, words, mask, Gammas(vote=5000.0, choose=1.0))
    assert (released.abs() > 100).any()  # without the root there is no limit


@pytest.mark.parametrize("kind", ["w", "s"])
def test_both_posteriors(kind: str) -> None:
    """P(D|Q): the caption of a picture among all captions, softmax along a row; P(Q|D): along a column."""
    scores, other = torch.randn(4, 4), sentence_scores(torch.randn(4, 3), torch.randn(4, 3))
    both = (scores, other) if kind == "w" else (other, scores)
    terms = damsm_terms(*both)
    caption_of_picture, picture_of_caption = (F.softmax(scores, dim).diagonal() for dim in (1, 0))
    torch.testing.assert_close(terms[f"{kind}0"].value, -caption_of_picture.log().mean())
    torch.testing.assert_close(terms[f"{kind}1"].value, -picture_of_caption.log().mean())


def test_the_objective_adds_the_generators_terms_and_lambda_times_four() -> None:
    logits, scores = torch.randn(3), torch.randn(3, 3)
    four = damsm_terms(scores, 2 * scores)
    assert set(four) == {"w0", "w1", "s0", "s1"}
    damsm = sum((term.value for term in four.values()), torch.zeros(()))  # eq. 14
    g = matching_g_loss(logits, -logits, ATTNGAN_PAPER)
    whole = g + 5 * (four["w0"] + four["w1"] + four["s0"] + four["s1"])  # eq. 3
    torch.testing.assert_close(whole.value, g.value + 5 * damsm)
