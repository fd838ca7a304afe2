"""Panels of a data set that look alike: clusters by k-means over small pictures of them, found once."""

from __future__ import annotations

import numpy as np

from seqgan.checks import check_range
from seqgan.errors import ConfigError
from seqgan.training.story_pictures import StoryPictures

SMALL = (8, 8)
"""Height and width of the pictures that are compared."""
ROUNDS, STARTS = 50, 3
"""Of k-means at most, and how often it begins anew; the closest clusters are kept."""
AT_ONCE = 1024


def clusters_of(data: StoryPictures, count: int, seed: int) -> np.ndarray:
    """The cluster of every clip, (C,) int64 from 0 to `count` - 1, by its middle frame; -1 for clips that no story of
    `data` holds. Raises ConfigError for fewer clips than clusters."""
    from seqgan.opencv import cv2  # training without clusters needs none

    clips = np.unique(data.stories)
    check_range("training.clusters", count, 2, len(clips), ConfigError)
    pictures = [data.frames_of(clips[k : k + AT_ONCE], SMALL, None) for k in range(0, len(clips), AT_ONCE)]
    rows = np.concatenate([each.flatten(1).numpy() for each in pictures]).astype(np.float32)
    cv2.setRNGSeed(seed)
    criteria = (cv2.TERM_CRITERIA_MAX_ITER, ROUNDS, 0.0)
    _, found, _ = cv2.kmeans(rows, count, np.empty(0), criteria, STARTS, cv2.KMEANS_PP_CENTERS)
    of_clip = np.full(len(data.starts) - 1, -1)
    of_clip[clips] = found.reshape(-1)
    return of_clip
