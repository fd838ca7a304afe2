"""The colour-consistency loss by hand."""

from __future__ import annotations

import pytest
import torch

from seqgan.losses.colour import colour_loss, colour_statistics


def test_colours_that_agree_cost_nothing_at_any_size() -> None:
    small = torch.rand(2, 3, 4, 4)
    large = small.repeat_interleave(2, 2).repeat_interleave(2, 3)
    assert colour_loss(large, small).value.item() == pytest.approx(0, abs=1e-12)
    assert colour_loss(large, small.flip(2, 3)).value.item() == pytest.approx(0, abs=1e-12)  # places do not count


def test_means_and_covariances_by_hand() -> None:
    grey = torch.zeros(1, 3, 2, 2)
    assert colour_loss(grey + 0.5, grey).value.item() == pytest.approx(0.25)
    stripes = grey.clone()
    stripes[:, 0] = torch.tensor([[1.0, 1.0], [-1.0, -1.0]])  # red: mean 0, variance 1; one of nine covariances
    assert colour_loss(stripes, grey).value.item() == pytest.approx(5 / 9)


def test_statistics_are_those_of_torch() -> None:
    image = torch.rand(2, 3, 5, 7)
    mu, sigma = colour_statistics(image)
    torch.testing.assert_close(mu, image.mean((2, 3)))
    for found, one in zip(sigma, image, strict=True):
        torch.testing.assert_close(found, torch.cov(one.flatten(1), correction=0))


def test_the_smaller_picture_gets_no_gradient() -> None:
    image, smaller = torch.rand(1, 3, 4, 4, requires_grad=True), torch.rand(1, 3, 2, 2, requires_grad=True)
    colour_loss(image, smaller).value.backward()
    assert smaller.grad is None and image.grad is not None and bool(image.grad.any())
