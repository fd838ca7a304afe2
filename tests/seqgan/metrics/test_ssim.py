"""SSIM, MS-SSIM and diversity: written-down values, closed forms, scikit-image, torchmetrics."""

from __future__ import annotations

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from skimage.data import astronaut
from skimage.metrics import structural_similarity
from torch import Tensor

from seqgan.errors import InputError
from seqgan.metrics import ssim as module
from seqgan.metrics.ssim import WEIGHTS, Border, ms_ssim, ms_ssim_diversity, scale_weights, ssim


def _golden_pair() -> tuple[np.ndarray, np.ndarray]:
    """(64, 64, 3) float64, a photograph and the same with noise."""
    clean = astronaut()[::8, ::8] / 255
    return clean, np.clip(clean + 0.1 * np.random.RandomState(0).randn(64, 64, 3), 0, 1)


def _channels_first(*pictures: np.ndarray) -> list[Tensor]:
    return [torch.from_numpy(picture.transpose(2, 0, 1)[None].copy()) for picture in pictures]


def _random(count: int, height: int, width: int, seed: int = 0) -> Tensor:
    """Smooth random pictures (count, 3, height, width) float64."""
    coarse = torch.rand(count, 3, height // 4, width // 4, generator=torch.Generator().manual_seed(seed))
    return F.interpolate(coarse.double(), size=(height, width), mode="bilinear")


@pytest.mark.parametrize(
    ("border", "value"), [("valid", 0.7735198810), ("reflect", 0.7395094072), ("zero", 0.7800169899)]
)
def test_golden(border: Border, value: float) -> None:
    a, b = _channels_first(*_golden_pair())
    assert float(ssim(a, b, border)) == pytest.approx(value, abs=1e-9)
    assert float(ssim(a.numpy(), b, border, dtype=torch.float32)) == pytest.approx(value, abs=1e-5)


def test_golden_of_luma_and_of_stored_pictures() -> None:
    a, b = _golden_pair()
    luma = [torch.from_numpy(picture @ [0.299, 0.587, 0.114])[None, None] for picture in (a, b)]
    assert float(ssim(*luma)) == pytest.approx(0.8523883276, abs=1e-9)
    stored = [np.rint(picture * 255).astype(np.uint8)[None] for picture in (a, b)]
    assert float(ssim(*stored)) == pytest.approx(0.7735376, abs=1e-7)
    assert float(ssim(*(torch.from_numpy(picture) for picture in stored))) == float(ssim(*stored))


def test_closed_forms() -> None:
    black, white = torch.zeros(2, 3, 16, 12), torch.ones(2, 3, 16, 12)
    for border in ("valid", "reflect"):
        np.testing.assert_allclose(ssim(black, white, border), [9.99900010e-05] * 2, rtol=1e-8)
    noise = torch.rand(3, 1, 24, 40, generator=torch.Generator().manual_seed(0))
    np.testing.assert_allclose(ssim(noise, noise), np.ones(3))
    np.testing.assert_allclose(ms_ssim(noise, noise), np.ones(3))


@pytest.mark.parametrize("shape", [(32, 56), (11, 11), (57, 33)])
def test_agrees_with_scikit_image(shape: tuple[int, int]) -> None:
    rng = np.random.default_rng(0)
    a = rng.random((*shape, 3))
    b = np.clip(a + 0.2 * rng.standard_normal(a.shape), 0, 1)
    wanted = structural_similarity(
        a, b, gaussian_weights=True, sigma=1.5, use_sample_covariance=False, data_range=1, channel_axis=2
    )
    assert float(ssim(*_channels_first(a, b))) == pytest.approx(wanted, abs=1e-10)


def test_reflect_agrees_with_torchmetrics_batch_by_batch() -> None:
    from torchmetrics.functional.image import structural_similarity_index_measure  # a slow import

    a, b = _random(3, 32, 48), _random(3, 32, 48, seed=1)
    theirs = structural_similarity_index_measure(a, b, data_range=1.0, reduction="none")
    np.testing.assert_allclose(ssim(a, b, "reflect"), theirs, atol=1e-10)


@pytest.mark.parametrize("side", [64, 176])
def test_ms_ssim_agrees_with_torchmetrics_but_for_the_border_of_its_last_scale(side: int) -> None:
    from torchmetrics.functional.image import multiscale_structural_similarity_index_measure  # a slow import

    a = _random(1, side, side)[:, :1]
    b = (a + 0.1 * torch.randn(a.shape, generator=torch.Generator().manual_seed(0))).clamp(0, 1)
    weights = scale_weights(side, side)
    theirs = multiscale_structural_similarity_index_measure(
        a, b, data_range=1.0, betas=weights, normalize="relu", reduction="none"
    )
    last = [F.avg_pool2d(each, 2 ** (len(weights) - 1)) for each in (a, b)]
    borders = (ssim(*last) / ssim(*last, "reflect")) ** weights[-1]
    np.testing.assert_allclose(ms_ssim(a, b), theirs * borders, rtol=1e-8)


def test_as_many_scales_as_fit() -> None:
    assert [len(scale_weights(side, 200)) for side in (11, 21, 22, 44, 64, 88, 175, 176, 500)] == [
        1, 1, 2, 3, 3, 4, 4, 5, 5,
    ]  # fmt: skip
    assert scale_weights(300, 64) == pytest.approx(np.array(WEIGHTS[:3]) / sum(WEIGHTS[:3]))
    assert sum(scale_weights(256, 256)) == pytest.approx(1)
    with pytest.raises(InputError, match="10x64"):
        scale_weights(10, 64)


def test_one_scale_is_ssim_clipped_at_zero() -> None:
    a = _random(4, 20, 20)
    np.testing.assert_allclose(ms_ssim(a, a.flip(0)), ssim(a, a.flip(0)).clamp_min(0))
    assert float(ssim(a, 1 - a).max()) < 0
    assert float(ms_ssim(a, 1 - a).max()) == 0


def test_runs_of_any_length_give_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    a, b = _random(7, 32, 32), _random(7, 32, 32, seed=1)
    whole = ssim(a, b), ms_ssim(a, b), ms_ssim_diversity(a, [0, 0, 0, 1, 1, 1, 1])
    monkeypatch.setattr(module, "ELEMENTS", 2 * a[0].numel())
    np.testing.assert_allclose(ssim(a, b), whole[0], atol=1e-12)
    np.testing.assert_allclose(ms_ssim(a, b), whole[1], atol=1e-12)
    assert ms_ssim_diversity(a, [0, 0, 0, 1, 1, 1, 1]).mean == pytest.approx(whole[2].mean, abs=1e-12)


def test_diversity_is_the_mean_of_groups_means_over_different_pictures() -> None:
    images = _random(6, 64, 64)
    groups = ["b", "a", "b", "a", "b", "alone"]
    pairs = [[(0, 2), (0, 4), (2, 4)], [(1, 3)]]
    means = [
        float(torch.cat([ms_ssim(images[i : i + 1], images[j : j + 1]) for i, j in group]).mean()) for group in pairs
    ]
    found = ms_ssim_diversity(images, groups)
    assert (found.mean, found.std) == pytest.approx((np.mean(means), np.std(means)), abs=1e-12)
    assert (found.groups, found.pairs, found.scales) == (2, 4, 3)


def test_diversity_of_copies_is_one_and_of_stored_pictures_that_of_floats() -> None:
    stored = (_random(4, 32, 32) * 255).round().byte()
    kept = np.ascontiguousarray(stored.permute(0, 2, 3, 1).numpy())
    kept.flags.writeable = False  # as a memory map is
    found = ms_ssim_diversity(kept, [0, 0, 1, 1])
    assert found.mean == pytest.approx(ms_ssim_diversity(stored.double() / 255, [0, 0, 1, 1]).mean, abs=1e-12)
    assert ms_ssim_diversity(kept[[0, 0, 0]], np.zeros(3, np.int64).tolist()).mean == pytest.approx(1)


def test_pairs_are_drawn_by_seed_and_group_alone() -> None:
    images = _random(12, 16, 16)
    groups = [0] * 8 + [1] * 4
    few = ms_ssim_diversity(images, groups, pairs=5, seed=3)
    assert few == ms_ssim_diversity(images, groups, pairs=5, seed=3)
    assert few.mean != ms_ssim_diversity(images, groups, pairs=5, seed=4).mean
    assert few.pairs == 10
    order = [*range(8, 12), *range(8)]
    assert ms_ssim_diversity(images[order], [1] * 4 + [0] * 8, pairs=5, seed=3).mean == pytest.approx(few.mean)


def test_all_pairs_of_a_large_group_come_once() -> None:
    rows = np.arange(300) * 2
    first, second = module._some_pairs(rows, "x", 10**6, 0)
    assert (first < second).all()
    assert len({*zip(first.tolist(), second.tolist(), strict=True)}) == len(first) == 300 * 299 // 2
    first, second = module._some_pairs(rows, "x", 400, 0)
    assert (first < second).all()
    assert len({*zip(first.tolist(), second.tolist(), strict=True)}) == 400


def test_bad_pictures_are_refused() -> None:
    good = torch.zeros(2, 3, 16, 16)
    with pytest.raises(InputError, match="expected two of a shape"):
        ssim(good, good[:1])
    with pytest.raises(InputError, match=r"-1 to 1; expected 0 to 1, \(x \+ 1\) / 2"):
        ssim(good + 1, torch.cat([good[:1] - 1, good[:1] + 1]))
    with pytest.raises(InputError, match="nan"):
        ssim(good, good * torch.nan)
    with pytest.raises(InputError, match=r"\(N, H, W, C\) in uint8"):
        ssim(good.byte(), good.byte())
    with pytest.raises(InputError, match=r"\(N, C, H, W\) in floats"):
        ssim(good.permute(0, 2, 3, 1), good.permute(0, 2, 3, 1))
    with pytest.raises(InputError, match="10x16"):
        ssim(good[:, :, :10], good[:, :, :10])
    with pytest.raises(InputError, match='did you mean "reflect"'):
        ssim(good, good, "reflected")  # type: ignore[arg-type]


def test_groups_that_do_not_fit_are_refused() -> None:
    good = torch.zeros(3, 3, 16, 16)
    with pytest.raises(InputError, match="2 groups of 3 pictures"):
        ms_ssim_diversity(good, [0, 1])
    with pytest.raises(InputError, match="3 groups of one"):
        ms_ssim_diversity(good, [0, 1, 2])
