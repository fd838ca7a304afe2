"""The per-sample convolution against convolutions done one by one."""

import torch
import torch.nn.functional as F

from seqgan.layers.dynamic_filter import per_sample_conv1d, per_sample_conv2d


def test_equals_separate_convolutions() -> None:
    generator = torch.Generator().manual_seed(0)
    signal = torch.randn(3, 4, 5, 7, generator=generator)
    kernels = torch.randn(3, 6, 4, 3, 3, generator=generator)
    expected = torch.cat([F.conv2d(signal[n : n + 1], kernels[n], padding=1) for n in range(3)])
    torch.testing.assert_close(per_sample_conv2d(signal, kernels), expected)


def test_is_not_a_box_sum_times_a_gate() -> None:
    """The released StoryGAN layer gives the same result for every kernel of equal values in another order."""
    signal = torch.zeros(1, 1, 3, 3)
    signal[0, 0, 1, 1] = 1
    kernel = torch.arange(9.0).reshape(1, 1, 1, 3, 3)
    assert torch.equal(per_sample_conv2d(signal, kernel)[0, 0], kernel[0, 0, 0].flip(0, 1))


def test_one_axis_equals_separate_convolutions() -> None:
    generator = torch.Generator().manual_seed(0)
    signal, kernels = torch.randn(3, 4, 9, generator=generator), torch.randn(3, 2, 4, 5, generator=generator)
    for padding, length in ((0, 5), (2, 9)):
        rows = [F.conv1d(signal[n : n + 1], kernels[n], padding=padding) for n in range(3)]
        found = per_sample_conv1d(signal, kernels, padding)
        torch.testing.assert_close(found, torch.cat(rows))
        assert found.shape == (3, 2, length)
