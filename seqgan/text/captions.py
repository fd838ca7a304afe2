"""Captions as AttnGAN and its followers read them: lower-case words, numbers in a vocabulary. Free of torch.

vocabulary = CaptionVocabulary(words)
reading = vocabulary.read("This bird has a white-and-black crown, and it's small.")
reading.numbers, reading.ignored
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

LONGEST = 25
"""Words of a caption that are read, as the release evaluates birds; it was trained on 18 at most."""
SPECIAL, HIDDEN = ("<end>", "<hidden>"), 1
"""The first words of a vocabulary that training may hide words of: what stands behind a caption, and the number of a
hidden word, which also stands for a caption of which no word is known."""
_BROKEN = "\ufffd\ufffd"


def caption_words(caption: str) -> list[str]:
    """Words as the release takes them: runs of letters, digits and underscores; characters beyond ASCII are dropped."""
    found = re.findall(r"\w+", caption.replace(_BROKEN, " ").lower())
    plain = (word.encode("ascii", "ignore").decode("ascii") for word in found)
    return [word for word in plain if word]


@dataclass(frozen=True)
class CaptionReading:
    """What a caption says to a model: words with their numbers, words it does not know, words beyond LONGEST.
    `whole`: it reads the sentence as a whole beside them, by a frozen vector, so that all of it has some say."""

    words: tuple[str, ...]
    numbers: tuple[int, ...]
    ignored: tuple[str, ...]
    cut: tuple[str, ...]
    whole: bool = False


class CaptionVocabulary:
    """Words in the order of their numbers; number 0 ends a caption and pads it."""

    def __init__(self, words: Sequence[str]) -> None:
        self.words = tuple(words)
        self._numbers = {word: number for number, word in enumerate(self.words) if number}

    def __len__(self) -> int:
        return len(self.words)

    def read(self, caption: str) -> CaptionReading:
        """Read one caption. Nothing known in it leaves `numbers` empty."""
        words = caption_words(caption)
        known = [word for word in words if word in self._numbers]
        kept = known[:LONGEST]
        ignored = dict.fromkeys(word for word in words if word not in self._numbers)
        return CaptionReading(
            tuple(kept), tuple(self._numbers[word] for word in kept), tuple(ignored), tuple(known[LONGEST:])
        )
