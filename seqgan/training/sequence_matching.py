"""A matching model of stories that needs no training by gradients: ridge regression from pictures to words (house).

For story R-precision where no DAMSM of the data is at hand: pooled EfficientNet-Lite0 features of training panels are
fitted to the words of their captions (tf-idf); a story's code is what its panels say, in their order, against what its
captions say. It is fitted to real training panels alone, so that no generator was trained with it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from seqgan.errors import DataError
from seqgan.metrics.stories import story_codes
from seqgan.text.captions import caption_words

WORDS = 2000
"""The most frequent words that are kept, of those that two captions have."""
RIDGE = 0.1
"""Penalty, as a share of the standardised features' own weight."""
CODE = 1024


@dataclass(frozen=True)
class WordMatcher:
    """Features (d,) of a panel to weights of V words, and captions to the same."""

    words: dict[str, int]
    rarity: np.ndarray
    centre: np.ndarray
    scale: np.ndarray
    weights: np.ndarray
    mean: np.ndarray

    @classmethod
    def fit(cls, features: np.ndarray, captions: Sequence[str]) -> WordMatcher:
        """Of panels (N, d) and their captions. Raises DataError where no word occurs twice."""
        counts = Counter(word for caption in captions for word in set(caption_words(caption)))
        kept = [word for word, count in counts.most_common(WORDS) if count > 1]
        if not kept:
            raise DataError(f"no word occurs in two of {len(captions)} captions; leave 'match' out of the metrics")
        words = {word: number for number, word in enumerate(kept)}
        rarity = np.log(len(captions) / np.array([counts[word] for word in kept])) + 1e-3  # a word in all tells nothing
        wanted = _weights(captions, words, rarity)
        centre, scale = features.mean(0), features.std(0) + 1e-6
        x, mean = (features - centre) / scale, wanted.mean(0)
        gram = x.T @ x
        weights = np.linalg.solve(gram + RIDGE * len(x) * np.eye(x.shape[1]), x.T @ (wanted - mean))
        return cls(words, rarity, centre, scale, weights, mean)

    def pictures(self, features: np.ndarray) -> np.ndarray:
        """Codes (S, CODE) of stories by their panels' features (S, T, d)."""
        return story_codes(((features - self.centre) / self.scale) @ self.weights, CODE)

    def texts(self, stories: Sequence[Sequence[str]]) -> np.ndarray:
        """Codes (S, CODE) of stories by a caption a panel."""
        told = np.stack([_weights(story, self.words, self.rarity) - self.mean for story in stories])
        return story_codes(told, CODE)


def _weights(captions: Sequence[str], words: dict[str, int], rarity: np.ndarray) -> np.ndarray:
    """tf-idf (N, V) of captions, each of length 1 or, where it knows no word, 0."""
    table = np.zeros((len(captions), len(words)))
    for row, caption in enumerate(captions):
        for word in set(caption_words(caption)) & words.keys():
            table[row, words[word]] = rarity[words[word]]
    return table / np.maximum(np.linalg.norm(table, axis=1, keepdims=True), 1e-12)
