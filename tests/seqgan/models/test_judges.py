"""Judges of panels and clips: columns, size, independence of samples, and that its parts do what their words say."""

from __future__ import annotations

import pytest
import torch

from seqgan.models.judges import PLACE, ClipJudge, ClipJudgeSizes, EachLinear, JudgeSizes, PanelJudge, attend

SIZES = JudgeSizes(things=5, characters=3, panel=(4, 3), actor=(6, 2), width=4)


@pytest.fixture(scope="module")
def judge() -> PanelJudge:
    torch.manual_seed(0)
    return PanelJudge(SIZES).eval().requires_grad_(False)


def test_columns_are_counted_in_the_order_of_the_label_space(judge: PanelJudge) -> None:
    assert SIZES.columns == 5 + 7 + 3 * 8
    logits = judge(torch.randn(2, 3, 32, 56))
    assert logits.shape == (2, SIZES.columns)
    assert logits.dtype == torch.float32


def test_the_shipped_width_fits_its_budget() -> None:
    sizes = JudgeSizes(36, 12, (10, 3, 3, 3), (12, 9, 3, 4))
    parameters = sum(p.numel() for p in PanelJudge(sizes).parameters())
    assert 1_000_000 < parameters < 1_500_000
    assert 2 * parameters < 4 * 2**20


def test_a_panel_is_judged_alone(judge: PanelJudge) -> None:
    frames = torch.randn(5, 3, 64, 112)
    torch.testing.assert_close(judge(frames)[2:3], judge(frames[2:3]), atol=1e-5, rtol=1e-5)


def test_attention_reads_what_lies_under_its_peak() -> None:
    features = torch.randn(1, 7, 4, 6)
    maps = torch.full((1, 2, 4, 6), -50.0)
    maps[0, 0, 1, 2] = maps[0, 1, 3, 5] = 50.0
    seen = attend(features, maps)
    assert seen.shape == (1, 2, 7 + PLACE)
    torch.testing.assert_close(seen[0, 0, :7], features[0, :, 1, 2])
    torch.testing.assert_close(seen[0, 1, :7], features[0, :, 3, 5])
    centre = torch.tensor([(2 * 2 + 1) / 6 - 1, (2 * 1 + 1) / 4 - 1])
    torch.testing.assert_close(seen[0, 0, 7:9], centre)
    torch.testing.assert_close(seen[0, 0, 9:11], torch.full((2,), 1e-3))  # no spread but the floor
    torch.testing.assert_close(seen[0, 0, 11:], torch.tensor([50.0, 50.0]))


def test_even_attention_is_the_mean() -> None:
    features = torch.randn(2, 3, 4, 4)
    torch.testing.assert_close(attend(features, torch.zeros(2, 1, 4, 4))[:, 0, :3], features.mean((2, 3)))


def test_each_row_has_a_layer_of_its_own() -> None:
    layer = EachLinear(2, 3, 4)
    x = torch.randn(5, 2, 3)
    expected = torch.stack([x[:, k] @ layer.weight[k] + layer.bias[k] for k in range(2)], 1)
    torch.testing.assert_close(layer(x), expected)


def test_gradients_are_finite_for_a_flat_picture() -> None:
    judge = PanelJudge(SIZES)
    judge(torch.zeros(2, 3, 32, 56)).square().mean().backward()
    assert all(torch.isfinite(p.grad).all() for p in judge.parameters() if p.grad is not None)


def test_a_clip_is_judged_alone_and_its_motion_counts() -> None:
    torch.manual_seed(0)
    judge = ClipJudge(ClipJudgeSizes((3, 2), width=4)).eval().requires_grad_(False)
    clips = torch.randn(3, 3, 16, 32, 48)
    features = judge.features(clips)
    assert features.shape == (3, 64) and features.dtype == torch.float32 and judge(clips).shape == (3, 5)
    torch.testing.assert_close(judge(clips)[1:2], judge(clips[1:2]), atol=1e-5, rtol=1e-5)
    assert not torch.allclose(features, judge.features(clips.flip(2)), atol=1e-3)


def test_the_clip_judge_of_the_recipe_has_the_features_that_are_told() -> None:
    judge = ClipJudge(ClipJudgeSizes((20, 60, 15)))
    assert judge.answers.in_features == 256 and sum(p.numel() for p in judge.parameters()) < 1_000_000
