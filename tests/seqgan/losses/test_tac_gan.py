"""The class terms of TAC-GAN by hand."""

from __future__ import annotations

import math

import pytest
import torch

from seqgan.errors import ConfigError
from seqgan.losses.tac_gan import class_loss, tac_gan_d_classes

CLASSES = torch.tensor([0, 2, 1])


@pytest.mark.parametrize(("kind", "cost"), [("softmax", math.log(4)), ("sigmoid", math.log(2))])
def test_an_undecided_head(kind: str, cost: float) -> None:
    assert class_loss(torch.zeros(3, 4), CLASSES, kind).value.item() == pytest.approx(cost)


@pytest.mark.parametrize("kind", ["softmax", "sigmoid"])
def test_a_right_head_costs_nothing_and_unknown_classes_are_left_out(kind: str) -> None:
    right = 120 * torch.nn.functional.one_hot(CLASSES, 4).float() - 60
    assert class_loss(right, CLASSES, kind).value.item() < 1e-6
    known = torch.tensor([0, -1, -1])
    logits = torch.randn(3, 4)
    torch.testing.assert_close(class_loss(logits, known, kind).value, class_loss(logits[:1], known[:1], kind).value)
    assert class_loss(logits, torch.full((3,), -1), kind).value.item() == 0


def test_the_released_form_is_a_yes_or_no_for_each_class() -> None:
    logits = torch.tensor([[1.0, -2.0]])
    expected = (math.log1p(math.exp(-1)) + math.log1p(math.exp(-2))) / 2
    assert class_loss(logits, torch.tensor([0]), "sigmoid").value.item() == pytest.approx(expected, rel=1e-5)


def test_the_wrong_picture_has_its_own_class_and_the_generated_one_that_of_the_text() -> None:
    says = lambda classes: 60 * torch.nn.functional.one_hot(classes, 4).float()  # noqa: E731
    wrong = torch.tensor([3, 3, 0])
    terms = tac_gan_d_classes(says(CLASSES), says(wrong), says(CLASSES), CLASSES, wrong)
    assert {name: round(term.value.item(), 6) for name, term in terms.items()} == {
        "class_real": 0, "class_wrong": 0, "class_fake": 0,
    }  # fmt: skip


def test_another_kind_is_refused() -> None:
    with pytest.raises(ConfigError, match="kind of class loss 'softmaxx' does not exist"):
        class_loss(torch.zeros(1, 2), torch.tensor([0]), "softmaxx")
