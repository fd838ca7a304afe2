"""DAMSM's loss: golden figures, closed forms, the printed root, classes that are no negatives."""

from __future__ import annotations

import math

import pytest
import torch
from torch import Tensor

from seqgan.losses.damsm import (
    PRINTED,
    RELEASED,
    Gammas,
    class_mates,
    damsm_terms,
    sentence_scores,
    word_attention,
    word_scores,
)
from tests.golden.formula import Golden, normal

LENGTHS = torch.tensor([12, 9, 5])
CLASSES = {"none": None, "distinct": torch.tensor([0, 1, 2]), "shared": torch.tensor([0, 0, 1])}


def _wave(shape: tuple[int, ...], a: float, b: float) -> Tensor:
    return torch.sin(a * torch.arange(math.prod(shape), dtype=torch.float64) + b).reshape(shape).float()


def _mask(lengths: Tensor) -> Tensor:
    return torch.arange(int(lengths.max())) >= lengths[:, None]


def test_scores_attention_and_losses_are_the_released_ones() -> None:
    golden = Golden("attngan_losses")
    regions, words = normal("attngan/regions", 3, 256, 17, 17) * 0.5, normal("attngan/words", 3, 256, 12) * 0.3
    by_words = word_scores(regions, words, _mask(LENGTHS))
    by_sentences = sentence_scores(normal("attngan/cnn_code", 3, 256) * 0.5, normal("attngan/sent", 3, 256) * 0.5)
    golden.check("word_logits", by_words)
    golden.check("sent_logits", by_sentences)
    attention = word_attention(regions, words, _mask(LENGTHS)).unflatten(3, (17, 17))
    for pair, length in enumerate(LENGTHS.tolist()):
        golden.check(f"attention_{pair}", attention[pair, pair, :length])
    for name, classes in CLASSES.items():
        mates = None if classes is None else class_mates(classes)
        for term, value in damsm_terms(by_words, by_sentences, mates).items():
            assert value.value.item() == pytest.approx(float(golden.arrays[f"{term}_ids_{name}"]), rel=1e-5)


@pytest.mark.parametrize(("classes", "w0", "w1"), [([0, 1, 2], 3.547033, 1.100874), ([0, 0, 1], 3.082950, 0.830533)])
def test_words_of_waves(classes: list[int], w0: float, w1: float) -> None:
    scores = word_scores(_wave((3, 4, 3, 3), 0.7, 0.1), _wave((3, 4, 5), 1.3, 0.2), _mask(torch.tensor([5, 4, 2])))
    terms = damsm_terms(scores, scores, class_mates(torch.tensor(classes)))
    assert terms["w0"].value.item() == pytest.approx(w0, abs=2e-5)
    assert terms["w1"].value.item() == pytest.approx(w1, abs=2e-5)


@pytest.mark.parametrize(("classes", "s0", "s1"), [([0, 1, 2], 4.577445, 3.479165), ([0, 0, 1], 4.577332, 3.474771)])
def test_sentences_of_waves(classes: list[int], s0: float, s1: float) -> None:
    scores = sentence_scores(_wave((3, 4), 0.9, 0.3), _wave((3, 4), 1.1, 0.4))
    terms = damsm_terms(scores, scores, class_mates(torch.tensor(classes)))
    assert terms["s0"].value.item() == pytest.approx(s0, abs=2e-5)
    assert terms["s1"].value.item() == pytest.approx(s1, abs=2e-5)


def test_the_printed_vote_tends_to_the_best_word() -> None:
    regions, words, mask = torch.randn(2, 6, 3, 3), torch.randn(2, 6, 4), _mask(torch.tensor([4, 2]))
    attention = word_attention(regions, words, mask)
    context = torch.einsum("ijlr,idr->ijld", attention, regions.flatten(2))
    cosines = torch.nn.functional.cosine_similarity(context, words.transpose(1, 2)[None], dim=3)
    best = 10 * cosines.masked_fill(mask[None], -2).amax(2)
    for vote, loose in ((10.0, 1.5), (1e4, 2e-3)):
        torch.testing.assert_close(
            word_scores(regions, words, mask, Gammas(vote=vote, root=True)), best, atol=loose, rtol=0
        )
    assert (RELEASED.root, PRINTED.root) == (False, True)


def test_a_batch_of_one_costs_nothing_and_class_mates_are_no_negatives() -> None:
    one = damsm_terms(torch.tensor([[3.0]]), torch.tensor([[-2.0]]), class_mates(torch.tensor([4])))
    assert [term.value.item() for term in one.values()] == [0, 0, 0, 0]
    mates = damsm_terms(torch.zeros(2, 2), torch.zeros(2, 2), class_mates(torch.tensor([1, 1])))
    assert mates["w0"].value.item() == 0
    strangers = damsm_terms(torch.zeros(2, 2), torch.zeros(2, 2))
    assert strangers["s1"].value.item() == pytest.approx(math.log(2))
