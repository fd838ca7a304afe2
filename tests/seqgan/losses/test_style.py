"""The loss of the style encoder by hand."""

from __future__ import annotations

import pytest
import torch

from seqgan.losses.style import style_loss


def test_squares_are_summed_over_numbers_and_averaged_over_pictures() -> None:
    z, found = torch.tensor([[1.0, 2.0], [0.0, 0.0]]), torch.tensor([[0.0, 0.0], [3.0, 0.0]])
    assert style_loss(z, found).value.item() == pytest.approx((1 + 4 + 9) / 2)
    assert style_loss(z, z).value.item() == 0


def test_noise_of_another_size_is_told() -> None:
    with pytest.raises(ValueError, match=r"noise is \(2, 3\) and what was found \(2, 4\)"):
        style_loss(torch.zeros(2, 3), torch.zeros(2, 4))
