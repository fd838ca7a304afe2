"""Mismatched pairs come from another story, always."""

import numpy as np
import pytest

from seqgan.data.pairing import other_story


@pytest.mark.parametrize("seed", range(5))
def test_partner_is_of_another_story(seed: int) -> None:
    stories = np.array([0, 0, 0, 3, 3, 7])
    rows = other_story(stories, np.random.default_rng(seed))
    assert (stories[rows] != stories).all()


def test_one_story_has_no_partner() -> None:
    with pytest.raises(ValueError, match="at least two stories"):
        other_story(np.zeros(4, int), np.random.default_rng(0))
