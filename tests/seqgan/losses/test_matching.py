"""The matching-aware loss by hand."""

import math

import torch

from seqgan.losses.matching import HOUSE_FRAME, STORYGAN, PairLogits, matching_d_loss, matching_g_loss

LN2 = math.log(2)


def _logits(value: float = 0.0) -> torch.Tensor:
    return torch.full((4,), float(value))


def test_undecided_discriminator() -> None:
    terms = matching_d_loss(PairLogits(_logits(), _logits(), _logits()), STORYGAN)
    assert {name: round(term.value.item() / LN2, 5) for name, term in terms.items()} == {
        "real": 1,
        "wrong": 0.5,
        "fake": 0.5,
    }


def test_right_discriminator_has_no_loss() -> None:
    terms = matching_d_loss(PairLogits(_logits(60), _logits(-60), _logits(-60)), STORYGAN)
    assert sum(term.value.item() for term in terms.values()) < 1e-6


def test_realism_counts_both_sides() -> None:
    pairs = PairLogits(_logits(), _logits(), _logits(), _logits(), _logits())
    torch.testing.assert_close(matching_d_loss(pairs, HOUSE_FRAME)["realism"].value, torch.tensor(0.5 * LN2))


def test_generator_is_rewarded_for_real() -> None:
    torch.testing.assert_close(matching_g_loss(_logits(), None, STORYGAN).value, torch.tensor(LN2))
    torch.testing.assert_close(matching_g_loss(_logits(), _logits(), HOUSE_FRAME).value, torch.tensor(1.5 * LN2))
