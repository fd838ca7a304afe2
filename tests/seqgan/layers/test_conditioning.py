"""Conditioning augmentation: the mean without noise, the right spread with it."""

import torch

from seqgan.layers.conditioning import ConditioningAugmentation
from seqgan.losses.functional import gaussian_kl


def test_mean_without_noise_and_linear_in_noise() -> None:
    augment = ConditioningAugmentation(8, 3)
    x = torch.randn(5, 8, generator=torch.Generator().manual_seed(1))
    cond, mu, logvar = augment(x, None)
    assert torch.equal(cond, mu)
    shifted, _, _ = augment(x, torch.ones(5, 3))
    torch.testing.assert_close(shifted - mu, (0.5 * logvar).exp())


def test_mu_may_be_negative() -> None:
    x = torch.randn(64, 8, generator=torch.Generator().manual_seed(2))
    _, mu, logvar = ConditioningAugmentation(8, 3)(x, None)
    assert (mu < 0).any() and (logvar < 0).any()


def test_divergence_of_a_unit_gaussian_is_zero() -> None:
    zero = torch.zeros(4, 6)
    assert gaussian_kl(zero, zero).value.item() == 0
    torch.testing.assert_close(gaussian_kl(torch.full((4, 6), 2.0), zero).value, torch.tensor(2.0))
