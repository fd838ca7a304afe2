"""Unknown words: each is read as the nearest known word of its class, or is left alone.

A word is compared, by the frozen sentence encoder, with every known word (the anchors) and with everyday words that the
story world lacks (`assets/text/other_words.txt`). All vectors are centred on the mean of both lists, which takes out
what short texts have in common; a word's vector is joined from a few texts with it (`CARRIERS`). A word is mapped when
three things hold: it is near enough to its nearest anchor (`near`), that anchor is nearer than any anchor of another
meaning (`ahead`), and nearer than any word the world lacks (`apart`). Many words of one meaning count as one. Carriers
and thresholds were chosen with `scripts/choose_mapping.py` on the choosing part of `assets/text/unknown_words.yaml`;
the method is the house's own.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol
from weakref import WeakKeyDictionary

import numpy as np

from seqgan.text.lexicon import CLASSES, Lexicon
from seqgan.text.wording import bases, word_list

CARRIERS = ("{}", "a {} in a story")
"""A word's feature: the joined vectors of these texts. Chosen with the thresholds, on the choosing part."""
CACHED = 20_000
"""Words remembered by a mapper (each with its answer only)."""


class Encoder(Protocol):
    """What turns texts into unit vectors: `seqgan.text.frozen.SentenceEncoder` is one."""

    def encode(self, texts: Iterable[str], /) -> np.ndarray:
        """Vectors (N, D) of N texts."""
        ...


@dataclass(frozen=True)
class Thresholds:
    """near: least similarity to the nearest anchor; ahead: least lead over another meaning; apart: over the rest."""

    near: float = 0.38
    ahead: float = 0.06
    apart: float = 0.0


@dataclass(frozen=True)
class Match:
    """What an unknown word is read as: class, the known word that says it, id, and the centred cosine in [-1, 1]."""

    kind: str
    word: str
    id: str
    score: float


@dataclass(frozen=True)
class Scores:
    """What decides about one word: the nearest anchor's class, word and id, and the three figures to compare."""

    kind: str
    word: str
    id: str
    near: float
    ahead: float
    apart: float

    def passes(self, least: Thresholds) -> bool:
        """Whether the word is mapped under these thresholds."""
        return self.near >= least.near and self.ahead >= least.ahead and self.apart >= least.apart


class WordMapper:
    """Maps words of any language to known words of one lexicon. Answers are remembered; safe for threads."""

    def __init__(self, lexicon: Lexicon, encoder: Encoder, thresholds: Thresholds | None = None) -> None:
        """Encodes nothing yet: the anchors are encoded with the first word that needs them (about 0.3 s)."""
        self.lexicon, self.encoder, self.thresholds = lexicon, encoder, thresholds or Thresholds()
        self._anchors = [(kind, word, ident) for kind in CLASSES for word, ident in lexicon.words.get(kind, {}).items()]
        self._answers: dict[tuple[str, tuple[str, ...]], Match | None] = {}
        self._vectors: tuple[np.ndarray, np.ndarray, np.ndarray] | None = None
        self._names: dict[str, float] = {}
        self._first: np.ndarray | None = None
        self._lock = threading.RLock()

    def map(self, word: str, kinds: Sequence[str] = CLASSES) -> Match | None:
        """The known word that `word` is read as, among `kinds` (class names); None to ignore it."""
        return self.map_all([word], kinds)[0]

    def map_all(self, words: Sequence[str], kinds: Sequence[str] = CLASSES) -> list[Match | None]:
        """As `map` for many words at once, which encodes the new ones in one batch."""
        asked = tuple(kind for kind in CLASSES if kind in kinds)
        keys = [(word, asked) for word in words]
        with self._lock:
            if len(self._answers) > CACHED:
                self._answers.clear()
            new = list(dict.fromkeys(key for key in keys if key not in self._answers))
            self._answers.update(zip(new, self._decide([word for word, _ in new], asked), strict=True))
            return [self._answers[key] for key in keys]

    def _decide(self, words: list[str], kinds: tuple[str, ...]) -> list[Match | None]:
        exact = [self.lexicon.find(word.lower(), kinds) for word in words]
        unsure = [word for word, found in zip(words, exact, strict=True) if found is None]
        scored = dict(zip(unsure, self.scores(unsure, kinds), strict=True))
        return [self._match(*found, 1.0) if found else self._judge(scored[word])
                for word, found in zip(words, exact, strict=True)]  # fmt: skip

    def _judge(self, scores: Scores | None) -> Match | None:
        if scores is None or not scores.passes(self.thresholds):
            return None
        return self._match(scores.kind, scores.word, scores.id, scores.near)

    def _match(self, kind: str, word: str, ident: str, score: float) -> Match:
        """Say it with a word that the reader of the text knows: the anchor itself, else the id's first such word."""
        own = self.lexicon.by_id(ident).words if kind == "character" else ()
        others = (other for other, same in self.lexicon.words[kind].items() if same == ident)
        says = next((each for each in (word, *own, *others) if self._spoken(each)), word)
        return Match(kind, says, ident, score)

    def _spoken(self, phrase: str) -> bool:
        return all(part in self.lexicon.vocabulary for part in phrase.split())

    def scores(self, words: Sequence[str], kinds: Sequence[str] = CLASSES) -> list[Scores | None]:
        """The figures for each word, among the anchors of `kinds`; None where these classes have no word."""
        picked = [i for i, anchor in enumerate(self._anchors) if anchor[0] in kinds]
        if not picked or not words:
            return [None] * len(words)
        anchors, others, mean = self._encoded()
        queries = _centred(self._features(list(words)), mean)
        near, far = _similar(queries, anchors[picked]), _similar(queries, others).max(1, initial=-1.0)
        return [self._figures(row, picked, float(other)) for row, other in zip(near, far, strict=True)]

    def name_likeness(self, words: Sequence[str]) -> list[float]:
        """How much more each word (capitalised) is like a first name than like any other word, in [-2, 2]."""
        if not words or not self.lexicon.given:
            return [0.0] * len(words)
        with self._lock:
            fresh = [word for word in dict.fromkeys(words) if word not in self._names]
            anchors, others, mean = self._encoded()
            vectors = _centred(self._features(fresh), mean) if fresh else np.zeros((0, len(mean)))
            given = self._given(mean)
            usual = _similar(vectors, np.concatenate([anchors, others])).max(1, initial=-1.0)
            found = _similar(vectors, given).max(1, initial=-1.0) - usual
            self._names.update(zip(fresh, map(float, found), strict=True))
            return [self._names[word] for word in words]

    def _given(self, mean: np.ndarray) -> np.ndarray:
        """Centred vectors of the lexicon's first names."""
        if self._first is None:
            self._first = _centred(self._features(list(self.lexicon.given)), mean)
        return self._first

    def _figures(self, row: np.ndarray, picked: list[int], other: float) -> Scores:
        best = int(row.argmax())
        kind, word, ident = self._anchors[picked[best]]
        rivals = [float(value) for value, i in zip(row, picked, strict=True) if self._anchors[i][2] != ident]
        near = float(row[best])
        return Scores(kind, word, ident, near, near - max(rivals, default=-1.0), near - other)

    def _encoded(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Centred unit vectors of anchors (A, D) and of the words the world lacks (B, D), and the mean (D)."""
        if self._vectors is None:
            lacking = [word for word in word_list("other_words") if self._lacks(word)]
            every = self._features([*(word for _, word, _ in self._anchors), *lacking])
            mean, count = every.mean(0), len(self._anchors)
            self._vectors = _centred(every[:count], mean), _centred(every[count:], mean), mean
        return self._vectors

    def _features(self, words: list[str]) -> np.ndarray:
        """(N, D) features of words: the vectors of every carrier with the word in it, side by side."""
        vectors = self.encoder.encode([carrier.format(word) for carrier in CARRIERS for word in words])
        return np.concatenate(np.split(vectors, len(CARRIERS)), axis=1)

    def _lacks(self, word: str) -> bool:
        return not any(base in table for base in bases(word) for table in self.lexicon.words.values())


def _centred(vectors: np.ndarray, mean: np.ndarray) -> np.ndarray:
    moved = vectors - mean
    return moved / np.maximum(np.linalg.norm(moved, axis=1, keepdims=True), 1e-6)


def _similar(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Dot products (N, M) of rows; by einsum, because BLAS threads cost far more than they save at this size."""
    return np.einsum("nd,md->nm", one, other)


_mappers: WeakKeyDictionary[Lexicon, WordMapper] = WeakKeyDictionary()
_mappers_lock = threading.Lock()


def mapper_for(lexicon: Lexicon, encoder: Encoder) -> WordMapper:
    """The one mapper of a lexicon in this process, so that its anchors and answers are kept; made anew for another
    encoder."""
    with _mappers_lock:
        mapper = _mappers.get(lexicon)
        if mapper is None or mapper.encoder is not encoder:
            mapper = _mappers[lexicon] = WordMapper(lexicon, encoder)
        return mapper
