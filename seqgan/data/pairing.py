"""Who is paired with whom for the mismatched pair."""

from __future__ import annotations

import numpy as np


def other_story(stories: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """For every row a row of another story: stories (N,) story numbers, N rows of at least two stories; returns (N,).

    Neighbours of one story can be true near-matches, so a shift by one row will not do (StoryGAN's code). Raises
    ValueError when all rows are of one story.
    """
    distinct = np.unique(stories)
    if len(distinct) < 2:
        raise ValueError(f"{len(stories)} rows of {len(distinct)} story; mismatched pairs need at least two stories")
    order = rng.permutation(distinct)
    partner = dict(zip(order, np.roll(order, 1), strict=True))
    rows = {story: np.flatnonzero(stories == story) for story in distinct}
    return np.array([rng.choice(rows[partner[story]]) for story in stories])


def from_other_source(rows: np.ndarray, sources: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """For every row (N,) of S stories any story of another source, (N,): sources (S,) by story.

    Not bound to a batch, so that one pair has a wrong one, too. Raises ValueError where all are of one source.
    """
    if len(np.unique(sources)) < 2:
        raise ValueError(f"{len(sources)} stories of one source; mismatched pairs need at least two sources")
    found = rng.integers(len(sources), size=len(rows))
    while len(same := np.flatnonzero(sources[found] == sources[rows])):
        found[same] = rng.integers(len(sources), size=len(same))
    return found
