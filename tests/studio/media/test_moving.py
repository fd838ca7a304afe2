"""Enlarged clips."""

from __future__ import annotations

import numpy as np

from studio.media.moving import enlarged

CLIP = np.random.default_rng(0).integers(0, 255, (3, 48, 64, 3)).astype(np.uint8)


def test_once_changes_nothing() -> None:
    assert all(np.array_equal(picture, frame) for picture, frame in zip(enlarged(CLIP, 1), CLIP, strict=True))


def test_enlarged_pictures_are_as_many_times_as_large() -> None:
    assert [picture.size for picture in enlarged(CLIP, 4)] == [(256, 192)] * 3
