"""Draws by words."""

from __future__ import annotations

import numpy as np

from seqgan.data.hashed import hashed


def test_draws_are_even_and_depend_on_seed_and_words_alone() -> None:
    drawn = np.array([hashed(0, "word", str(number)) for number in range(2000)])
    assert drawn.min() >= 0 and drawn.max() < 1
    np.testing.assert_allclose(np.histogram(drawn, 4, (0, 1))[0] / 2000, 0.25, atol=0.03)
    assert hashed(0, "word", "1") == drawn[1] != hashed(1, "word", "1")
