"""Figures of whole stories: FSD in both forms, retrieval, consistency, what is carried on."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import Tensor

from seqgan.errors import InputError
from seqgan.metrics.frechet import frechet_distance
from seqgan.metrics.stories import (
    KINETICS,
    carried_hits,
    fsd,
    neighbour_consistency,
    story_batches,
    story_codes,
    story_r_precision,
)


def _stories(count: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, (count, 2, 16, 24, 3), dtype=np.uint8)


def _means(batch: Tensor) -> Tensor:
    return batch.mean((3, 4)).flatten(1)


def test_as_published_feeds_raw_stories_and_drops_the_rest() -> None:
    stories = _stories(120)
    batches = list(story_batches(stories, "as_published"))
    assert [tuple(batch.shape) for batch in batches] == [(50, 3, 2, 16, 24)] * 2
    np.testing.assert_allclose(batches[0][3, 1, 1], stories[3, 1, :, :, 1] / 127.5 - 1, atol=1e-6)
    with pytest.raises(InputError, match="less than 50"):
        list(story_batches(stories[:49], "as_published"))
    with pytest.raises(InputError, match="corrected"):
        list(story_batches(stories, "correct"))  # type: ignore[arg-type]


def test_corrected_keeps_all_of_them_at_the_networks_size_and_range() -> None:
    grey = np.full((51, 2, 16, 24, 3), 51, np.uint8)  # 0.2
    batches = list(story_batches(grey))
    assert [tuple(batch.shape) for batch in batches] == [(50, 3, 2, 75, 112), (1, 3, 2, 75, 112)]
    wanted = (0.2 - torch.tensor(KINETICS.mean)) / torch.tensor(KINETICS.std)
    np.testing.assert_allclose(batches[1][0, :, 1, 30, 50], wanted, atol=1e-5)


def test_fsd_is_the_frechet_distance_of_what_the_network_says() -> None:
    real, drawn = _stories(60), _stories(60, 1)
    assert fsd(real, real, _means) == pytest.approx(0, abs=1e-9)
    published = [stories[:50].astype(np.float64).mean((2, 3)) / 127.5 - 1 for stories in (real, drawn)]
    flat = [each.transpose(0, 2, 1).reshape(50, -1) for each in published]
    assert fsd(real, drawn, _means, "as_published") == pytest.approx(frechet_distance(*flat), rel=1e-4)
    assert fsd(real, drawn, _means) != pytest.approx(fsd(real, drawn, _means, "as_published"), rel=1e-2)


def test_story_codes_know_the_order_and_keep_distances() -> None:
    features = np.random.default_rng(0).standard_normal((40, 4, 50))
    codes = story_codes(features)
    assert codes.shape == (40, 256)
    np.testing.assert_array_equal(codes, story_codes(features))
    assert np.abs(codes - story_codes(features[:, ::-1])).max() > 1
    apart = [np.linalg.norm((each[:20] - each[20:]).reshape(20, -1), axis=1) for each in (codes, features)]
    assert (apart[0] / apart[1]).mean() == pytest.approx(1, abs=0.05)


def test_stories_find_their_texts() -> None:
    codes, names = np.eye(30), [f"story {number}" for number in range(30)]
    assert story_r_precision(codes, codes, names, count=10).tolist() == [1] * 30
    assert story_r_precision(np.ones((30, 4)), np.ones((30, 4)), names, count=9).tolist() == [pytest.approx(0.1)] * 30
    wrong = story_r_precision(np.roll(codes, 1, 0), codes, names, trials=200, count=10)
    assert wrong.max() == 0 or wrong.mean() < 0.1  # first only where the story it shows is not among the others: tied
    with pytest.raises(InputError, match="distractors were asked"):
        story_r_precision(codes, codes, names)


def test_neighbours_of_a_frozen_story_are_one_and_of_noise_zero() -> None:
    rng = np.random.default_rng(0)
    frozen = np.repeat(rng.standard_normal((200, 1, 64)), 3, 1)
    assert neighbour_consistency(frozen).mean() == pytest.approx(1, abs=0.05)
    assert neighbour_consistency(rng.standard_normal((200, 3, 64))).mean() == pytest.approx(0, abs=0.05)
    same = np.ones((5, 3, 8))
    np.testing.assert_allclose(neighbour_consistency(same), 0, atol=1e-12)
    with pytest.raises(InputError, match="two stories"):
        neighbour_consistency(frozen[:1])


def test_what_is_carried_on() -> None:
    true = np.array([[[1, 0], [1, 1], [0, 1]], [[0, 0], [0, 0], [1, 1]]])
    seen = np.array([[[1, 0], [1, 0], [0, 1]], [[0, 0], [0, 0], [1, 1]]])
    hits, there = carried_hits(true, seen)
    assert hits.tolist() == [1, 0] and there.tolist() == [2, 0]
