"""Words: how a story becomes token ids. Free of torch, so that data and the app may use it.

A story is tokenised as a whole, because a name that only this story knows ("a girl called Lily") becomes an entity
marker `@1`, `@2`, ... numbered by first appearance: a name never seen in training is then no harder than a seen one
(entity anonymisation, Hermann et al. 2015).
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

PAD, UNKNOWN = "<pad>", "<unk>"
MARKERS = tuple(f"@{number}" for number in range(1, 7))
_TOKEN = re.compile(r"[^\W\d_]+|'s\b|\d+|[^\w\s]", re.UNICODE)


def tokenize(sentence: str) -> list[str]:
    """Words, numbers, `'s` and single punctuation marks of a sentence, in their own case."""
    return _TOKEN.findall(sentence.replace("\u2019", "'"))


def is_name(token: str, known: Iterable[str] | dict[str, int]) -> bool:
    """True for a capitalised word that the vocabulary does not hold."""
    return token[:1].isupper() and token.lower() not in known


@dataclass(frozen=True)
class Vocabulary:
    """Known words in the order of their ids; the first entries are padding, unknown and the entity markers."""

    words: tuple[str, ...]

    def __post_init__(self) -> None:
        object.__setattr__(self, "_index", {word: number for number, word in enumerate(self.words)})

    @classmethod
    def build(cls, stories: Iterable[Sequence[str]], names: Iterable[str] = (), minimum: int = 2) -> Vocabulary:
        """Count the lower-case tokens of `stories`; `names` (story-given names) stay out and become markers."""
        left_out = {name.lower() for name in names}
        counts = Counter(token.lower() for story in stories for sentence in story for token in tokenize(sentence))
        kept = sorted(word for word, count in counts.items() if count >= minimum and word not in left_out)
        return cls((PAD, UNKNOWN, *MARKERS, *kept))

    def grown(self, other: Vocabulary) -> Vocabulary:
        """This vocabulary with the words that only `other` holds behind its own, so that old ids stay."""
        return Vocabulary((*self.words, *(word for word in other.words if word not in self)))

    def __len__(self) -> int:
        return len(self.words)

    def __contains__(self, word: str) -> bool:
        return word in self._index  # type: ignore[attr-defined]

    @property
    def hash(self) -> str:
        """Twelve hex digits that change when any word or its place changes."""
        return hashlib.sha256("\n".join(self.words).encode()).hexdigest()[:12]

    def encode_story(self, sentences: Sequence[str]) -> list[list[int]]:
        """Token ids of every sentence; never empty (an empty sentence is one unknown token)."""
        markers: dict[str, str] = {}
        return [[self._id(token, markers) for token in tokenize(text)] or [1] for text in sentences]

    def _id(self, token: str, markers: dict[str, str]) -> int:
        index: dict[str, int] = self._index  # type: ignore[attr-defined]
        if is_name(token, index):
            if token not in markers and len(markers) < len(MARKERS):
                markers[token] = MARKERS[len(markers)]
            return index[markers[token]] if token in markers else index[UNKNOWN]
        return index.get(token.lower(), index[UNKNOWN])
