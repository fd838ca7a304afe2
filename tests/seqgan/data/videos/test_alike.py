"""Copies of a film count as one source."""

from __future__ import annotations

import numpy as np

from seqgan.data.videos.alike import clip_print, one_source
from tests.fixtures.make_videos import scene


def test_a_copy_of_lower_quality_has_the_same_print() -> None:
    clip = scene(1, 8, (64, 64))
    noisy = (clip.astype(int) + np.random.default_rng(0).integers(-2, 3, clip.shape)).clip(0, 255).astype(np.uint8)
    prints = [clip_print(each) for each in (clip, noisy, scene(2, 8, (64, 64)))]
    assert [len(each) for each in prints] == [48, 48, 48]
    assert one_source(["a", "b", "c"], [[each] for each in prints]) == {"a": "a", "b": "a", "c": "c"}


def test_plain_frames_have_none() -> None:
    assert clip_print(np.zeros((8, 64, 64, 3), np.uint8)) == ""
    assert one_source(["a", "b"], [[""], [""]]) == {"a": "a", "b": "b"}


def test_sources_of_several_videos_are_joined_as_a_whole() -> None:
    found = one_source(["g1", "g1", "g2", "g3"], [["0" * 48], ["5" * 48], ["5" * 48], ["a" * 48]])
    assert found == {"g1": "g1", "g2": "g1", "g3": "g3"}
