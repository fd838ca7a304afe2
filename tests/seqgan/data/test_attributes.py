"""Stories in attribute vectors: the published format, drawn, read back, refused where damaged."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from seqgan.data.attributes import FILE, GROUPS, LABELS, SLOT, read_stories, synthetic_stories, write_synthetic
from seqgan.errors import DataError, InputError


def test_vectors_are_cumulative_and_one_hot() -> None:
    stories = synthetic_stories(9, seed=3)
    assert stories.vectors.shape == (9, 4, 75) and stories.images.shape == (9, 4, 64, 64, 3)
    np.testing.assert_allclose(stories.vectors[..., -3:] - (0.6563113, 0.75449026, 0), 0, atol=1e-6)
    slots = stories.vectors[..., :72].reshape(9, 4, 4, SLOT)
    for panel in range(4):
        assert not slots[:, panel, panel + 1 :].any()
        np.testing.assert_array_equal(slots[:, panel, : panel + 1], slots[:, 3, : panel + 1])
    for group in np.split(slots[:, 3, :, :LABELS], np.cumsum(GROUPS)[:-1], axis=-1):
        assert (group.sum(-1) == 1).all()
    assert np.abs(slots[:, 3, :, LABELS : LABELS + 2]).max() <= 3
    np.testing.assert_array_equal(stories.labels[:, 3], slots[:, 3, :, :LABELS].max(1))


def test_every_panel_adds_an_object() -> None:
    images = synthetic_stories(5).images.astype(int)
    changed = (images[:, 1:] != images[:, :-1]).any(-1).mean((2, 3))
    assert ((changed > 0) & (changed < 0.2)).all()


def test_written_and_read_and_split(tmp_path: Path) -> None:
    write_synthetic(tmp_path, 20)
    write_synthetic(tmp_path, 30)  # is there already
    stories = read_stories(tmp_path)
    np.testing.assert_array_equal(stories.vectors, synthetic_stories(20).vectors)
    train, val = stories.parts()
    assert (len(train), len(val)) == (18, 2)
    assert [path.name for path in tmp_path.iterdir()] == [FILE]


def test_what_is_wrong_is_told(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=f"holds no {FILE}"):
        read_stories(tmp_path)
    np.savez(tmp_path / FILE, vectors=np.zeros((2, 4, 13)), images=np.zeros((2, 4, 64, 64, 3), np.uint8))
    with pytest.raises(DataError, match=r"vectors of .* have shape \(2, 4, 13\)"):
        read_stories(tmp_path)
    np.savez(tmp_path / FILE, vectors=np.zeros((2, 4, 75)))
    with pytest.raises(DataError, match="images"):
        read_stories(tmp_path)
    (tmp_path / FILE).write_bytes(b"no archive")
    with pytest.raises(DataError, match="cannot be read"):
        read_stories(tmp_path)
    with pytest.raises(InputError, match="stories is 0"):
        synthetic_stories(0)
