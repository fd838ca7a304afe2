"""Distances and weights by hand."""

import math

import pytest
import torch

from seqgan.losses.functional import feature_l1, figure_weight, gaussian_kl, gaussian_kl_between, pyramid_l1


def test_the_prior_itself_costs_nothing() -> None:
    assert gaussian_kl(torch.zeros(2, 3), torch.zeros(2, 3)).value.item() == 0
    assert gaussian_kl(torch.ones(2, 3), torch.zeros(2, 3)).value.item() == pytest.approx(0.5)


def test_the_divergence_of_two_gaussians_is_torchs() -> None:
    mu, logvar, mu2, logvar2 = torch.randn(4, 5, 3, generator=torch.Generator().manual_seed(0))
    one, other = (torch.distributions.Normal(m, (v / 2).exp()) for m, v in ((mu, logvar), (mu2, logvar2)))
    wanted = torch.distributions.kl_divergence(one, other).mean()
    torch.testing.assert_close(gaussian_kl_between((mu, logvar), (mu2, logvar2)).value, wanted)
    nothing = torch.zeros_like(mu)
    torch.testing.assert_close(
        gaussian_kl_between((mu, logvar), (nothing, nothing)).value, gaussian_kl(mu, logvar).value
    )


def test_equal_frames_are_no_distance_apart() -> None:
    frames = torch.rand(2, 3, 8, 8)
    assert pyramid_l1(frames, frames).value.item() == 0
    assert pyramid_l1(frames, frames + 0.5).value.item() == pytest.approx(1.0, abs=1e-5)  # both sizes


def test_a_weight_moves_the_mean() -> None:
    real, fake = torch.zeros(1, 3, 4, 8), torch.zeros(1, 3, 4, 8)
    fake[..., 4:] = 1.0
    weight = torch.ones(1, 1, 4, 8)
    weight[..., 4:] = 3.0
    assert pyramid_l1(fake, real, weight).value.item() == pytest.approx(0.75 + 0.5)


def test_features_are_measured_by_the_size_of_the_real_ones() -> None:
    real = torch.full((2, 4), 2.0)
    assert feature_l1(real * 1.5, real).value.item() == pytest.approx(0.5)


def test_small_figures_weigh_more() -> None:
    boxes = torch.tensor([[[0.5, 0.5, 0.5, 0.5], [0.125, 0.125, 0.25, 0.25], [0.0, 0.0, 0.0, 0.0]]])
    weight = figure_weight(boxes, (8, 8), 2.0)[0, 0]
    assert weight[7, 0] == 1
    assert weight[4, 4].item() == pytest.approx(1 + 2 * math.sqrt(0.05 / 0.25))
    assert weight[0, 0].item() == pytest.approx(1 + 2 * math.sqrt(0.05 / 0.0625))
