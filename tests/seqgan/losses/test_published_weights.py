"""The published weightings of the matching loss, undecided, right, and term by term."""

from __future__ import annotations

import math

import pytest
import torch

from seqgan.losses.matching import (
    ATTNGAN,
    ATTNGAN_PAPER,
    GAN,
    GAN_CLS,
    HOUSE_FRAME,
    STACKGAN_V2,
    STACKGAN_V2_PAPER,
    STORYGAN,
    TAC_GAN,
    MatchingWeights,
    PairLogits,
    matching_d_loss,
    matching_g_loss,
)

LN2, ZERO = math.log(2), torch.zeros(4)
REAL, WRONG, FAKE = torch.tensor([0.3, 2.0]), torch.tensor([-0.7]), torch.tensor([0.1, -1.5])
ALONE = torch.tensor([1.1, 0.4]), torch.tensor([-0.2, 0.9]), torch.tensor([0.6, -0.3])


@pytest.mark.parametrize(
    ("weights", "d", "g"),
    [
        (GAN, 2, 1), (GAN_CLS, 2, 1), (TAC_GAN, 3, 1), (STACKGAN_V2, 6, 2), (STACKGAN_V2_PAPER, 4, 2),
        (ATTNGAN, 2, 2), (ATTNGAN_PAPER, 2, 1), (HOUSE_FRAME, 2.5, 1.5),
    ],
)  # fmt: skip
def test_undecided_networks(weights: MatchingWeights, d: float, g: float) -> None:
    """Of GAN-CLS 2 ln 2 (1 + 1/2 + 1/2), of AttnGAN 2 ln 2, of StackGAN++ 6 ln 2."""
    heads = weights.realism > 0
    pairs = PairLogits(ZERO, ZERO, ZERO, *([ZERO] * 3 if heads else []))
    assert sum(term.value.item() for term in matching_d_loss(pairs, weights).values()) == pytest.approx(d * LN2)
    assert matching_g_loss(ZERO, ZERO if heads else None, weights).value.item() == pytest.approx(g * LN2)


def test_gan_cls_and_storygan_weigh_alike() -> None:
    assert GAN_CLS == STORYGAN


def _up(logits: torch.Tensor) -> float:
    return -torch.sigmoid(logits).log().mean().item()


def _down(logits: torch.Tensor) -> float:
    return -(1 - torch.sigmoid(logits)).log().mean().item()


def test_attngan_as_printed_has_half_weights_and_no_wrong_pair() -> None:
    terms = matching_d_loss(PairLogits(REAL, None, FAKE, ALONE[0], ALONE[1]), ATTNGAN_PAPER)
    assert set(terms) == {"real", "fake", "realism"}
    expected = (_up(REAL) + _down(FAKE) + _up(ALONE[0]) + _down(ALONE[1])) / 2
    assert sum(term.value.item() for term in terms.values()) == pytest.approx(expected, rel=1e-5)
    g = matching_g_loss(FAKE, ALONE[1], ATTNGAN_PAPER).value.item()
    assert g == pytest.approx((_up(FAKE) + _up(ALONE[1])) / 2, rel=1e-5)


def test_attngan_as_released_takes_means_of_what_rises_and_of_what_falls() -> None:
    terms = matching_d_loss(PairLogits(REAL, WRONG, FAKE, ALONE[0], ALONE[1]), ATTNGAN)
    expected = (_up(REAL) + _up(ALONE[0])) / 2 + (_down(FAKE) + _down(WRONG) + _down(ALONE[1])) / 3
    assert sum(term.value.item() for term in terms.values()) == pytest.approx(expected, rel=1e-5)


def test_stackgan_v2_as_released_counts_the_wrong_picture_as_real() -> None:
    terms = matching_d_loss(PairLogits(REAL, WRONG, FAKE, *ALONE), STACKGAN_V2)
    pairs, alone = _up(REAL) + _down(WRONG) + _down(FAKE), _up(ALONE[0]) + _down(ALONE[1]) + _up(ALONE[2])
    assert sum(term.value.item() for term in terms.values()) == pytest.approx(pairs + alone, rel=1e-5)


def test_a_plain_gan_asks_for_no_wrong_pairs() -> None:
    assert set(matching_d_loss(PairLogits(REAL, None, FAKE), GAN)) == {"real", "fake"}
    assert set(matching_d_loss(PairLogits(REAL, WRONG, FAKE), GAN)) == {"real", "fake"}


def test_what_weighs_and_is_missing_is_asked_for() -> None:
    with pytest.raises(ValueError, match="no logits for the mismatched pairs"):
        matching_d_loss(PairLogits(REAL, None, FAKE), GAN_CLS)
    with pytest.raises(ValueError, match="realism of mismatched pictures"):
        matching_d_loss(PairLogits(REAL, WRONG, FAKE, REAL, FAKE), STACKGAN_V2)


def test_pairs_are_set_against_each_other_by_the_same_weights() -> None:
    terms = matching_d_loss(PairLogits(ZERO, ZERO, ZERO, ZERO, ZERO, ZERO), STACKGAN_V2, "relativistic")
    assert {name: term.value.item() / LN2 for name, term in terms.items()} == pytest.approx(
        {"wrong": 1, "fake": 1, "realism": 1}
    )
