"""Mismatched pairs come from another story, always."""

import numpy as np
import pytest

from seqgan.data.pairing import from_other_source, other_story


@pytest.mark.parametrize("seed", range(5))
def test_partner_is_of_another_story(seed: int) -> None:
    stories = np.array([0, 0, 0, 3, 3, 7])
    rows = other_story(stories, np.random.default_rng(seed))
    assert (stories[rows] != stories).all()


def test_one_story_has_no_partner() -> None:
    with pytest.raises(ValueError, match="at least two stories"):
        other_story(np.zeros(4, int), np.random.default_rng(0))


def test_a_wrong_story_is_of_another_episode_though_neighbours_fill_the_batch() -> None:
    """Overlapping windows of one episode, in order, as a batch may hold them: the next one would be a near-match."""
    sources = np.repeat([0, 1, 2], [20, 1, 3])
    rng = np.random.default_rng(0)
    for rows in (np.arange(20), np.array([5]), np.array([20, 20]), np.arange(24)):
        found = from_other_source(rows, sources, rng)
        assert found.shape == rows.shape and (sources[found] != sources[rows]).all()
        assert (sources[np.roll(rows, 1)] == sources[rows]).any()  # as the released code pairs them


def test_every_story_of_another_source_is_as_likely() -> None:
    sources, rng = np.repeat([0, 1, 2], [2, 1, 3]), np.random.default_rng(0)
    found = from_other_source(np.zeros(4000, int), sources, rng)
    counts = np.bincount(found, minlength=6)
    assert counts[:2].sum() == 0 and counts[2:].min() > 900 and counts[2:].max() < 1100


def test_one_source_has_no_wrong_story() -> None:
    with pytest.raises(ValueError, match="at least two sources"):
        from_other_source(np.arange(3), np.zeros(3, int), np.random.default_rng(0))
