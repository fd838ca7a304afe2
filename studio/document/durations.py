"""How long a panel is shown, in whole milliseconds."""

from __future__ import annotations

import re
from functools import lru_cache

from studio.document.schema import Board, Panel

PER_WORD_MS = 300
EXTRA_MS = 300
SHORTEST_MS = 1500
_DENSE = re.compile("[\u2e80-\ua4cf\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff\u0e00-\u0eff]")
"""Scripts written without spaces between words: Han, kana, Hangul, Thai and Lao."""


def is_dense(char: str) -> bool:
    """Whether a character is of a script that is written without spaces between words."""
    return _DENSE.match(char) is not None


def count_words(text: str) -> int:
    """Count words as a reader would: by spaces, and two characters to a word in scripts that use none."""
    spaced, dense = _DENSE.subn(" ", text)
    return (dense + 1) // 2 + sum(1 for word in spaced.split() if any(map(str.isalnum, word)))


@lru_cache(maxsize=4096)
def default_duration_ms(text: str) -> int:
    """Return 300 ms a word + 300 ms, at least 1500 ms (the rule of Storyboarder); remembered, for pages ask often."""
    return max(SHORTEST_MS, PER_WORD_MS * count_words(text) + EXTRA_MS)


def duration_of(panel: Panel) -> int:
    """Return how long a panel is shown, in ms: its own duration, else the default rule."""
    return default_duration_ms(panel.text) if panel.duration_ms is None else panel.duration_ms


def total_duration(board: Board) -> int:
    """Return how long the whole board is shown, in ms."""
    return sum(duration_of(panel) for panel in board.panels)
