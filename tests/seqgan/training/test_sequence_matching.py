"""Ridge regression from pictures to words: it finds the text of a story it never saw."""

from __future__ import annotations

import numpy as np
import pytest

from seqgan.errors import DataError
from seqgan.metrics.stories import story_r_precision
from seqgan.training.sequence_matching import WordMatcher

NAMES = [f"name{letter}" for letter in "abcdefghijkl"]


def _panels(count: int, seed: int) -> tuple[np.ndarray, list[str]]:
    """Features that show who is there, under noise, and captions that name them."""
    rng = np.random.default_rng(seed)
    there = rng.random((count, len(NAMES))) < 0.3
    shown = there @ np.random.default_rng(9).standard_normal((len(NAMES), 40))
    texts = ["the " + " and ".join(np.array(NAMES)[row]) for row in there]
    return shown + 0.1 * rng.standard_normal(shown.shape), texts


def test_stories_find_their_texts_by_what_was_fitted_on_others() -> None:
    matcher = WordMatcher.fit(*_panels(600, 0))
    features, texts = _panels(300, 1)
    stories = [texts[start : start + 3] for start in range(0, 300, 3)]
    pictures, told = matcher.pictures(features.reshape(100, 3, 40)), matcher.texts(stories)
    strings = [" | ".join(story) for story in stories]
    assert story_r_precision(pictures, told, strings, count=50).mean() > 0.95
    chance = story_r_precision(np.random.default_rng(0).permutation(pictures), told, strings, count=50)
    assert chance.mean() < 0.1


def test_a_caption_of_unknown_words_says_no_more_than_the_mean() -> None:
    matcher = WordMatcher.fit(*_panels(50, 0))
    first, second = matcher.texts([["zebra"], ["quagga okapi"]])
    np.testing.assert_array_equal(first, second)


def test_captions_without_a_common_word_cannot_be_matched() -> None:
    with pytest.raises(DataError, match="leave 'match' out"):
        WordMatcher.fit(np.eye(2), ["one", "two"])
