"""The adversarial criteria at known logits, and what each makes of the three pairs."""

import math

import pytest
import torch

from seqgan.errors import ConfigError
from seqgan.losses.adversarial import CRITERIA, criterion_named
from seqgan.losses.matching import HOUSE_FRAME, STORYGAN, PairLogits, matching_d_loss, matching_g_loss

REAL, FAKE = torch.tensor([2.0, 0.0]), torch.tensor([-1.0, 3.0])


def _softplus(*values: float) -> float:
    return sum(math.log1p(math.exp(value)) for value in values) / len(values)


@pytest.mark.parametrize(
    ("name", "real", "fake", "generator"),
    [
        ("bce", _softplus(-2, 0), _softplus(-1, 3), _softplus(1, -3)),
        ("hinge", (0 + 1) / 2, (0 + 4) / 2, (1 - 3) / 2),
        ("lsgan", (1 + 1) / 2, (1 + 9) / 2, (4 + 4) / 2),
    ],
)
def test_costs_at_known_logits(name: str, real: float, fake: float, generator: float) -> None:
    game = criterion_named(name)
    assert game.d_real(REAL).value.item() == pytest.approx(real)
    assert game.d_fake(FAKE, REAL).value.item() == pytest.approx(fake)
    assert game.g_fake(FAKE).value.item() == pytest.approx(generator)


def test_relativistic_costs_are_of_differences() -> None:
    game = criterion_named("relativistic")
    assert game.d_fake(FAKE, REAL).value.item() == pytest.approx(_softplus(-3, 3))
    assert game.g_fake(FAKE, REAL).value.item() == pytest.approx(_softplus(3, -3))
    torch.testing.assert_close(game.d_fake(FAKE + 7, REAL + 7).value, game.d_fake(FAKE, REAL).value)


@pytest.mark.parametrize("name", CRITERIA)
def test_discriminator_and_generator_pull_apart(name: str) -> None:
    game, fake, real = criterion_named(name), torch.full((3,), 0.5, requires_grad=True), torch.zeros(3)
    (down,) = torch.autograd.grad(game.d_fake(fake, real).value, fake)
    (up,) = torch.autograd.grad(game.g_fake(fake, real).value, fake)
    assert (down > 0).all() and (up < 0).all()


def test_relativistic_pairs_are_real_minus_wrong_and_real_minus_fake() -> None:
    real, wrong, fake = torch.tensor([1.0, 4.0]), torch.tensor([0.0, 2.0]), torch.tensor([3.0, -1.0])
    terms = matching_d_loss(PairLogits(real, wrong, fake), STORYGAN, "relativistic")
    assert terms.keys() == {"wrong", "fake"}
    assert terms["wrong"].value.item() == pytest.approx(0.5 * _softplus(-1, -2))
    assert terms["fake"].value.item() == pytest.approx(0.5 * _softplus(2, -5))


def test_relativistic_gradients_are_those_of_bce_while_all_logits_are_zero() -> None:
    gradients = {}
    for name in ("bce", "relativistic"):
        leaves = [torch.zeros(4, requires_grad=True) for _ in range(5)]
        terms = matching_d_loss(PairLogits(*leaves), HOUSE_FRAME, name)
        loss = torch.stack([term.value for term in terms.values()]).sum()
        gradients[name] = torch.stack(torch.autograd.grad(loss, leaves))
    torch.testing.assert_close(gradients["relativistic"], gradients["bce"])
    assert (gradients["bce"].abs() > 0).all()


def test_hinge_keeps_the_published_weights() -> None:
    terms = matching_d_loss(PairLogits(*(torch.zeros(4) for _ in range(5))), HOUSE_FRAME, "hinge")
    assert {name: term.value.item() for name, term in terms.items()} == {
        "real": 1,
        "wrong": 0.5,
        "fake": 0.5,
        "realism": 0.5,
    }


def test_the_generator_is_set_against_the_real_pairs() -> None:
    loss = matching_g_loss(FAKE, FAKE, HOUSE_FRAME, "relativistic", REAL, REAL + 1)
    assert loss.value.item() == pytest.approx(_softplus(3, -3) + 0.5 * _softplus(4, -2))


def test_missing_or_unequal_real_logits_are_told() -> None:
    with pytest.raises(ValueError, match="got no logits of the real pairs"):
        matching_g_loss(FAKE, None, STORYGAN, "relativistic")
    with pytest.raises(ValueError, match=r"\(2,\) and \(1,\); expected equal"):
        matching_g_loss(FAKE, None, STORYGAN, "relativistic", REAL[:1])


def test_an_unknown_criterion_names_the_nearest() -> None:
    with pytest.raises(ConfigError, match='"hinge"'):
        matching_d_loss(PairLogits(REAL, REAL, FAKE), STORYGAN, "hing")
